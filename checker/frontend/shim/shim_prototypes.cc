// Functions that the main file declares and the unit does not define: code generation makes nothing of those that nobody
// calls. Those of headers are defined in another unit, which is asked.
#include "shim_prototypes.h"
#include "shim_prototypes.hh"

#include <clang/AST/GlobalDecl.h>

using namespace clang;

static ir_kind kind_of(QualType type)
{
	const Type *t = type.getCanonicalType().getTypePtr();
	const auto *b = llvm::dyn_cast<BuiltinType>(t);
	if (t->isVoidType())
		return IR_KIND_VOID;
	if (b && (b->getKind() == BuiltinType::Char_S || b->getKind() == BuiltinType::Char_U))
		return IR_KIND_CHAR;
	if (t->isArithmeticType() || t->isEnumeralType())
		return IR_KIND_NUMBER;
	if (t->isFunctionType())
		return IR_KIND_FUNCTION;
	if (t->isPointerType() || t->isReferenceType())
		return IR_KIND_POINTER;
	return t->isRecordType() ? IR_KIND_RECORD : IR_KIND_OTHER;
}

static shim_kinds kinds_of(QualType type)
{
	ir_kind kind = kind_of(type), to = IR_KIND_OTHER;
	if (kind == IR_KIND_POINTER)
		to = kind_of(type->getPointeeType());
	return {uint8_t(kind), uint8_t(to)};
}

static std::vector<shim_kinds> kinds_of(const FunctionDecl *fd)
{
	std::vector<shim_kinds> all;
	const auto *method = llvm::dyn_cast<CXXMethodDecl>(fd);
	if (method && method->isInstance())
		all.push_back(kinds_of(method->getThisType()));
	for (const ParmVarDecl *p : fd->parameters())
		all.push_back(kinds_of(p->getType()));
	return all;
}

namespace
{

const size_t max_prototypes = 20000;

class finder
{
	shim_unit &u;
	shim_wanted_type wanted;
	void *ctx;
	llvm::DenseMap<void *, bool> known; // by type: few types, many parameters
	std::vector<const FunctionDecl *> found;

	bool is_wanted(QualType type)
	{
		auto [at, fresh] = known.try_emplace(type.getAsOpaquePtr(), false);
		if (fresh && type->isPointerType()) {
			bool yes = wanted(ctx, shim_spell(u, type));
			known[type.getAsOpaquePtr()] = yes;
			return yes;
		}
		return at->second;
	}
	bool is_prototype(const FunctionDecl *fd)
	{
		return fd->getLocation().isFileID() && fd->isFirstDecl() && !fd->hasBody() && !fd->isImplicit() && !fd->isTemplated() &&
		       !fd->isInvalidDecl() && !llvm::isa<CXXMethodDecl>(fd) && fd->isExternallyVisible() &&
		       fd->getDeclName().isIdentifier() && u.sm().isInMainFile(fd->getLocation());
	}
	bool has_wanted(const FunctionDecl *fd)
	{
		for (const ParmVarDecl *p : fd->parameters())
			if (is_wanted(p->getType()))
				return true;
		return false;
	}

      public:
	finder(shim_unit &unit, shim_wanted_type w, void *c) : u(unit), wanted(w), ctx(c)
	{
	}
	void look(const DeclContext *in)
	{
		for (const Decl *d : in->noload_decls()) {
			if (llvm::isa<LinkageSpecDecl, NamespaceDecl>(d))
				look(llvm::cast<DeclContext>(d));
			const auto *fd = llvm::dyn_cast<FunctionDecl>(d);
			if (fd && found.size() < max_prototypes && is_prototype(fd) && has_wanted(fd))
				found.push_back(fd);
		}
	}
	const std::vector<const FunctionDecl *> &all() const
	{
		return found;
	}
};

} // namespace

extern "C" uint32_t shim_kinds_of(shim_unit *u, LLVMValueRef function, const shim_kinds **out)
{
	const auto *f = llvm::cast<llvm::Function>(llvm::unwrap(function));
	const auto *fd = llvm::dyn_cast_or_null<FunctionDecl>(u->codegen->GetDeclForMangledName(f->getName()));
	std::vector<shim_kinds> all = fd ? kinds_of(fd) : std::vector<shim_kinds>();
	*out = u->save_array(all);
	return all.size();
}

extern "C" uint32_t shim_prototypes(shim_unit *u, shim_wanted_type wanted, void *ctx, const shim_prototype **out)
{
	finder f(*u, wanted, ctx);
	f.look(u->ast().getTranslationUnitDecl());
	std::vector<shim_prototype> all;
	for (const FunctionDecl *fd : f.all()) {
		shim_prototype p = {u->save(u->codegen->GetMangledName(GlobalDecl(fd))), {}, u->save_array(kinds_of(fd))};
		shim_describe_declaration(*u, fd, &p.facts);
		p.facts.place = shim_place_of(*u, fd->getLocation());
		all.push_back(p);
	}
	*out = u->save_array(all);
	return all.size();
}
