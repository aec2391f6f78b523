// What the AST says of the module's functions, globals and local variables.
#include "shim_prototypes.hh"

#include <clang/AST/Attr.h>
#include <clang/AST/GlobalDecl.h>
#include <clang/Index/USRGeneration.h>
#include <llvm/IR/DebugProgramInstruction.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

using namespace clang;

static const FunctionDecl *function_of(shim_unit &u, llvm::StringRef linkage_name)
{
	const Decl *d = u.codegen->GetDeclForMangledName(linkage_name);
	return llvm::dyn_cast_or_null<FunctionDecl>(d);
}

static const char *usr_of(shim_unit &u, const Decl *d)
{
	llvm::SmallString<128> text;
	return index::generateUSRForDecl(d, text) ? "" : u.save(text);
}

static const CXXMethodDecl *lambda_body(const NamedDecl *d)
{
	const auto *method = llvm::dyn_cast<CXXMethodDecl>(d);
	return method && method->getParent()->isLambda() ? method : nullptr;
}

// People call it the lambda in that function.
static const char *display_of(shim_unit &u, const NamedDecl *d)
{
	const CXXMethodDecl *body = lambda_body(d);
	const Decl *around = body ? Decl::castFromDeclContext(body->getParent()->getDeclContext()) : nullptr;
	if (const auto *outer = llvm::dyn_cast_or_null<FunctionDecl>(around))
		return u.save(std::string(display_of(u, outer)) + "::(lambda)");
	std::string text;
	llvm::raw_string_ostream os(text);
	d->printQualifiedName(os);
	return u.save(text);
}

// ---- annotations ----

static void add_annotations(shim_unit &u, const Decl *d, const std::string &prefix,
                            std::vector<const char *> &out)
{
	for (const AnnotateAttr *a : d->specific_attrs<AnnotateAttr>()) {
		if (!llvm::StringRef(a->getAnnotation()).starts_with("cancelint:"))
			continue;
		const char *text = u.save(prefix + a->getAnnotation().str());
		if (std::find(out.begin(), out.end(), text) == out.end()) // saved strings are unique
			out.push_back(text);
	}
}

static std::vector<const char *> annotations_of(shim_unit &u, const FunctionDecl *fd)
{
	std::vector<const char *> out;
	std::vector<const FunctionDecl *> decls(fd->redecls_begin(), fd->redecls_end());
	for (const FunctionDecl *d : decls) {
		add_annotations(u, d, "", out);
		for (unsigned i = 0; i < d->getNumParams(); i++)
			add_annotations(u, d->getParamDecl(i), "arg" + std::to_string(i) + ":", out);
	}
	return out;
}

// ---- functions ----

static void add_params(shim_unit &u, const FunctionDecl *fd, struct shim_function *out)
{
	std::vector<shim_param> params;
	const auto *method = llvm::dyn_cast<CXXMethodDecl>(fd);
	if (method && method->isInstance())
		params.push_back({"this", shim_describe_type(u, method->getThisType())});
	for (const ParmVarDecl *p : fd->parameters())
		params.push_back({u.save(p->getName()), shim_describe_type(u, p->getType())});
	out->params = u.save_array(params);
	out->nparams = params.size();
}

static const FunctionDecl *newest(const FunctionDecl *fd)
{
	const FunctionDecl *definition = nullptr;
	return fd->hasBody(definition) ? definition : fd->getMostRecentDecl();
}

/* Formats of scanf() and strftime() are something else. */
static bool has_format(const FunctionDecl *fd, bool of_list)
{
	for (const auto *format : fd->specific_attrs<FormatAttr>()) {
		StringRef kind = format->getType()->getName();
		bool prints = kind == "printf" || kind == "gnu_printf" || kind == "syslog";
		if (prints && (format->getFirstArg() == 0) == of_list)
			return true;
	}
	return false;
}

void shim_describe_declaration(shim_unit &u, const FunctionDecl *fd, struct shim_function *out)
{
	*out = {};
	u.asking_depth = 0;
	out->display = display_of(u, fd);
	out->usr = usr_of(u, fd);
	out->name = shim_name_of(u, fd);
	out->ret = shim_describe_type(u, fd->getReturnType());
	out->variadic = fd->isVariadic();
	out->formats = fd->isVariadic() && has_format(fd, false);
	out->formats_list = has_format(fd, true);
	out->artificial = fd->isImplicit() || fd->getLocation().isInvalid();
	add_params(u, fd, out);
	std::vector<const char *> notes = annotations_of(u, fd);
	out->annotations = u.save_array(notes);
	out->nannotations = notes.size();
}

extern "C" bool shim_describe_function(shim_unit *u, LLVMValueRef function, struct shim_function *out)
{
	const auto *f = llvm::cast<llvm::Function>(llvm::unwrap(function));
	const FunctionDecl *fd = function_of(*u, f->getName());
	if (!fd)
		return false;
	fd = newest(fd);
	shim_describe_declaration(*u, fd, out);
	out->place = f->isDeclaration() ? shim_place{"", 0, 0} : shim_place_of(*u, fd->getLocation());
	shim_argument_order(*u, fd, f, out);
	const auto *method = llvm::dyn_cast<CXXMethodDecl>(fd);
	if (method && method->getParent()->isLambda()) // the parser announces no definition for it
		u->tags.push_back(method->getParent());
	return true;
}

// ---- cleanups ----

static void note_cleanups(shim_unit &u, const FunctionDecl *fd)
{
	for (const Decl *d : fd->decls()) {
		const CleanupAttr *a = llvm::isa<VarDecl>(d) ? d->getAttr<CleanupAttr>() : nullptr;
		if (a && a->getFunctionDecl())
			u.cleanups.insert(u.codegen->GetMangledName(GlobalDecl(a->getFunctionDecl())));
	}
}

void shim_learn_cleanups(shim_unit &u)
{
	for (const llvm::Function &f : *u.module) {
		const FunctionDecl *fd = function_of(u, f.getName());
		if (!fd)
			continue;
		if (llvm::isa<CXXDestructorDecl>(fd))
			u.destructors.insert(f.getName());
		if (!f.isDeclaration())
			note_cleanups(u, newest(fd));
	}
}

extern "C" bool shim_is_cleanup(shim_unit *u, const char *linkage_name)
{
	return u->cleanups.contains(linkage_name);
}

extern "C" bool shim_is_destructor(shim_unit *u, const char *linkage_name)
{
	return u->destructors.contains(linkage_name);
}

static llvm::StringRef linkage_name(const llvm::DISubprogram *sp)
{
	return sp->getLinkageName().empty() ? sp->getName() : sp->getLinkageName();
}

extern "C" const char *shim_scope_function(shim_unit *u, LLVMMetadataRef scope)
{
	const auto *s = llvm::dyn_cast_or_null<llvm::DILocalScope>(llvm::unwrap(scope));
	const llvm::DISubprogram *sp = s ? s->getSubprogram() : nullptr;
	return sp ? u->save(linkage_name(sp)) : "";
}

// ---- variables ----

static void index_locals(shim_unit::function_locals &l)
{
	for (const Decl *d : l.function->decls())
		if (const auto *v = llvm::dyn_cast<VarDecl>(d))
			l.vars[v->getName()].push_back(v);
	for (const ParmVarDecl *p : l.function->parameters())
		l.vars[p->getName()].push_back(p);
}

static shim_unit::function_locals &locals_of(shim_unit &u, const llvm::DISubprogram *sp)
{
	std::unique_ptr<shim_unit::function_locals> &slot = u.locals[sp];
	if (!slot) {
		slot = std::make_unique<shim_unit::function_locals>();
		const FunctionDecl *fd = function_of(u, linkage_name(sp));
		if (fd) {
			slot->function = newest(fd);
			index_locals(*slot);
		}
	}
	return *slot;
}

// Variables of one name in different scopes of a function: the line tells them apart.
static const VarDecl *local_variable(shim_unit &u, const llvm::DISubprogram *sp, llvm::StringRef name,
                                     unsigned line)
{
	if (!sp)
		return nullptr;
	shim_unit::function_locals &l = locals_of(u, sp);
	auto group = l.vars.find(name);
	if (group == l.vars.end())
		return nullptr;
	for (const VarDecl *v : group->second)
		if (group->second.size() == 1 || u.sm().getPresumedLoc(v->getLocation()).getLine() == line)
			return v;
	return group->second.front();
}

static const char *ctype_of(shim_unit &u, const VarDecl *v)
{
	if (!v)
		return "";
	const char *&spelling = u.ctypes[v];
	if (!spelling)
		spelling = shim_spell(u, shim_variable_type(u, v));
	return spelling;
}

static const llvm::DISubprogram *subprogram(const llvm::DIVariable *v)
{
	const auto *scope = llvm::dyn_cast_or_null<llvm::DILocalScope>(v->getScope());
	return scope ? scope->getSubprogram() : nullptr;
}

static void add_variable(shim_unit &u, const llvm::DbgVariableRecord &r)
{
	llvm::Value *value = r.getNumVariableLocationOps() == 1 ? r.getVariableLocationOp(0) : nullptr;
	const llvm::DILocalVariable *v = r.getVariable();
	if (!value || !v || v->getName().empty() || llvm::isa<llvm::Constant>(value))
		return;
	if (r.getExpression()->getFragmentInfo())
		return;
	const VarDecl *decl = local_variable(u, subprogram(v), v->getName(), v->getLine());
	const char *ctype = ctype_of(u, decl);
	if (!decl && v->isArtificial())
		if (const llvm::DISubprogram *sp = subprogram(v))
			if (const auto *m = llvm::dyn_cast_or_null<CXXMethodDecl>(locals_of(u, sp).function))
				ctype = m->isInstance() ? shim_spell(u, m->getThisType()) : "";
	bool inlined = r.getDebugLoc() && r.getDebugLoc()->getInlinedAt();
	bool storage = r.getType() == llvm::DbgVariableRecord::LocationType::Declare;
	u.variables.push_back({llvm::wrap(value), u.save(v->getName()), ctype, v->getLine(), storage, inlined});
}

extern "C" uint32_t shim_variables(shim_unit *u, LLVMValueRef function, const shim_variable **out)
{
	u->variables.clear();
	auto *f = llvm::cast<llvm::Function>(llvm::unwrap(function));
	for (llvm::Instruction &i : llvm::instructions(*f))
		for (llvm::DbgVariableRecord &r : llvm::filterDbgVars(i.getDbgRecordRange()))
			add_variable(*u, r);
	*out = u->variables.data();
	return u->variables.size();
}

// ---- globals ----

static const llvm::DIGlobalVariable *debug_of(const llvm::GlobalVariable *g)
{
	llvm::SmallVector<llvm::DIGlobalVariableExpression *, 1> list;
	g->getDebugInfo(list);
	return list.empty() ? nullptr : list.front()->getVariable();
}

static const char *owner_of(shim_unit &u, const VarDecl *v)
{
	const auto *fd = llvm::dyn_cast<FunctionDecl>(v->getDeclContext());
	if (!fd || llvm::isa<CXXConstructorDecl, CXXDestructorDecl>(fd))
		return "";
	return u.save(u.codegen->GetMangledName(GlobalDecl(fd)));
}

extern "C" bool shim_describe_global(shim_unit *u, LLVMValueRef global, struct shim_global *out)
{
	const auto *g = llvm::cast<llvm::GlobalVariable>(llvm::unwrap(global));
	const auto *v = llvm::dyn_cast_or_null<VarDecl>(u->codegen->GetDeclForMangledName(g->getName()));
	const llvm::DIGlobalVariable *debug = debug_of(g);
	if (!v && debug)
		v = local_variable(*u, subprogram(debug), debug->getName(), debug->getLine());
	if (!v)
		return false;
	u->asking_depth = 0;
	out->display = v->isStaticLocal() ? u->save(v->getName()) : display_of(*u, v);
	out->type = shim_describe_type(*u, shim_variable_type(*u, v));
	out->owner = v->isStaticLocal() ? owner_of(*u, v) : "";
	out->place = shim_place_of(*u, v->getLocation());
	return true;
}
