// C types as people spell them, and the records behind LLVM's struct types.
#include "unit.hh"

#include <clang/AST/Attr.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/GlobalDecl.h>
#include <clang/AST/LambdaCapture.h>
#include <clang/AST/QualTypeNames.h>
#include <clang/AST/RecordLayout.h>
#include <clang/CodeGen/CodeGenABITypes.h>
#include <llvm/IR/DerivedTypes.h>

#include <algorithm>

using namespace clang;

// Pointers followed from a record the code touches; access paths are three fields deep.
static const uint32_t max_type_depth = 4;
static const size_t max_records = 20000;

static PrintingPolicy policy(shim_unit &u)
{
	PrintingPolicy p(u.ast().getLangOpts());
	p.AnonymousTagLocations = false;
	return p;
}

QualType shim_type_of(shim_unit &u, const RecordDecl *record)
{
#if CLANG_VERSION_MAJOR >= 22
	return u.ast().getCanonicalTagType(record);
#else
	return u.ast().getRecordType(record);
#endif
}

// typeof and decltype are ways to say a type, not its name; nullability is an annotation of it.
static QualType named(shim_unit &u, QualType t)
{
	AttributedType::stripOuterNullability(t);
	while (llvm::isa<TypeOfExprType, TypeOfType, DecltypeType>(t.getTypePtr())) {
		QualType next = t.getSingleStepDesugaredType(u.ast());
		if (next == t)
			break;
		t = next;
	}
	return t.getUnqualifiedType();
}

// A variable with a cleanup attribute is often declared by a macro, with a typedef made for that macro: the
// pointer behind it is the type people know.
QualType shim_variable_type(shim_unit &u, const VarDecl *v)
{
	QualType t = v->getType();
	const TypedefType *alias = v->hasAttr<CleanupAttr>() ? t->getAs<TypedefType>() : nullptr;
	if (alias && alias->desugar()->isPointerType())
		return alias->desugar();
	return t;
}

const char *shim_spell(shim_unit &u, QualType type)
{
	if (type.isNull())
		return "";
	QualType t = named(u, type);
	if (u.ast().getLangOpts().CPlusPlus && !t->isDependentType())
		return u.save(TypeName::getFullyQualifiedName(t, u.ast(), policy(u)));
	return u.save(t.getAsString(policy(u)));
}

static uint32_t number_of(shim_unit &u, const RecordDecl *r, uint32_t depth)
{
	r = r ? r->getDefinition() : nullptr;
	if (!r || r->isInvalidDecl() || r->isDependentType())
		return 0;
	auto known = u.numbers.find(r);
	if (known != u.numbers.end()) {
		u.depth[known->second] = std::min(u.depth[known->second], depth);
		return known->second;
	}
	if (depth > max_type_depth || u.decls.size() > max_records)
		return 0;
	uint32_t n = u.decls.size();
	u.numbers[r] = n;
	u.decls.push_back(r);
	u.depth.push_back(depth);
	return n;
}

static bool is_std_atomic(const RecordDecl *r)
{
	if (!r || !r->isInStdNamespace() || !r->getIdentifier())
		return false;
	llvm::StringRef n = r->getName();
	return n == "atomic" || n == "atomic_flag" || n == "__atomic_base" || n == "atomic_ref";
}

static uint32_t size_of(shim_unit &u, QualType t)
{
	if (t->isDependentType() || t->isIncompleteType() || t->isFunctionType() || t->isSizelessType() ||
	    t->isUndeducedType())
		return 0;
	const RecordDecl *r = t->getAsRecordDecl();
	if (r && r->isInvalidDecl())
		return 0;
	uint64_t n = u.ast().getTypeSizeInChars(t).getQuantity();
	return n > UINT32_MAX ? UINT32_MAX : n;
}

shim_type shim_describe_type(shim_unit &u, QualType type)
{
	shim_type out = {"", 0, 0, 0, 0, false, false};
	if (type.isNull())
		return out;
	out.spelling = shim_spell(u, type);
	out.size = size_of(u, type);
	QualType t = type.getCanonicalType();
	out.is_volatile = t.isVolatileQualified();
	if (const ArrayType *a = u.ast().getAsArrayType(t)) {
		t = u.ast().getBaseElementType(a);
		out.elem_size = size_of(u, t);
		out.is_volatile |= t.isVolatileQualified();
	}
	if (const AtomicType *a = t->getAs<AtomicType>()) {
		out.atomic = true;
		t = a->getValueType();
	}
	if (t->isPointerType() || t->isReferenceType())
		out.pointee = number_of(u, t->getPointeeType()->getAsRecordDecl(), u.asking_depth + 1);
	out.record = number_of(u, t->getAsRecordDecl(), u.asking_depth);
	out.atomic |= is_std_atomic(t->getAsRecordDecl());
	return out;
}

// ---- LLVM's struct types ----

static llvm::StringRef plain_name(const RecordDecl *r)
{
	if (r->getIdentifier())
		return r->getName();
	const TypedefNameDecl *alias = r->getTypedefNameForAnonDecl();
	return alias && alias->getIdentifier() ? alias->getName() : "";
}

static void index_tags(shim_unit &u)
{
	for (size_t i = 0; i < u.tags.size(); i++) { // to ask may read more of them
		const RecordDecl *r = u.tags[i];
		if (!r->isInvalidDecl() && !r->isDependentType() && r->isCompleteDefinition())
			u.by_name[plain_name(r)].push_back(r);
	}
	u.indexed = true;
}

// "class.ns::foo<a::b>::bar.12" -> "bar"
static llvm::StringRef last_component(llvm::StringRef name)
{
	name = name.substr(name.find('.') + 1);
	size_t start = 0, end = name.size();
	int nesting = 0;
	for (size_t i = 0; i < name.size(); i++) {
		char c = name[i];
		if (c == '<' || c == '(') {
			if (nesting++ == 0)
				end = i;
		} else if (c == '>' || c == ')') {
			nesting--;
		} else if (c == ':' && nesting == 0) {
			start = i + 1;
			end = name.size();
		}
	}
	if (end < start)
		return "";
	name = name.slice(start, end);
	return name.substr(0, name.find('.'));
}

// Converts every record of that name, so that LLVM's own types can be compared and no suffix need be guessed
// at.
static void convert_all(shim_unit &u, llvm::StringRef name)
{
	auto group = u.by_name.find(name);
	if (group == u.by_name.end())
		return;
	std::vector<const RecordDecl *> records;
	records.swap(group->second); // once is enough
	for (const RecordDecl *r : records) {
		llvm::Type *t = CodeGen::convertTypeForMemory(u.codegen->CGM(), shim_type_of(u, r));
		u.by_llvm.try_emplace(t, r);
	}
}

static const RecordDecl *find_base_part(shim_unit &u, llvm::StringRef name)
{
	llvm::StringRef whole = name.substr(0, name.rfind(".base"));
	const RecordDecl *found = nullptr;
	for (const auto &entry : u.by_llvm) {
		const auto *s = llvm::dyn_cast<llvm::StructType>(entry.first);
		if (s && s->hasName() && s->getName() == whole)
			found = entry.second;
	}
	return found;
}

extern "C" {

uint32_t shim_record_of(shim_unit *u, LLVMTypeRef struct_type)
{
	llvm::Type *t = llvm::unwrap(struct_type);
	auto *s = llvm::dyn_cast<llvm::StructType>(t);
	if (!s || !s->hasName())
		return 0;
	auto known = u->by_llvm.find(t);
	if (known == u->by_llvm.end()) {
		if (!u->indexed)
			index_tags(*u);
		llvm::StringRef last = last_component(s->getName());
		convert_all(*u, last);
		if (last == "anon")
			convert_all(*u, "");
		known = u->by_llvm.find(t);
	}
	const RecordDecl *r = known != u->by_llvm.end() ? known->second : nullptr;
	if (!r && s->getName().contains(".base"))
		r = find_base_part(*u, s->getName());
	if (known == u->by_llvm.end())
		u->by_llvm[t] = r;
	u->asking_depth = 0;
	return number_of(*u, r, 0);
}

} // extern "C"

// ---- fields ----

static void insert_by_offset(std::vector<shim_field> &fields, const shim_field &f)
{
	auto later = [](const shim_field &a, const shim_field &b) { return a.offset < b.offset; };
	fields.insert(std::upper_bound(fields.begin(), fields.end(), f, later), f);
}

static void add_bases(shim_unit &u, const CXXRecordDecl *r, std::vector<shim_field> &fields)
{
	const ASTRecordLayout &layout = u.ast().getASTRecordLayout(r);
	for (const CXXBaseSpecifier &b : r->bases()) {
		const CXXRecordDecl *base = b.getType()->getAsCXXRecordDecl();
		if (!base || b.isVirtual() || base->isEmpty())
			continue;
		shim_type t = shim_describe_type(u, b.getType());
		uint64_t at = layout.getBaseClassOffset(base).getQuantity();
		insert_by_offset(fields, {"", static_cast<uint32_t>(at), t});
	}
}

// What a lambda captures has no name as a field: the variable's is the one people know.
static std::vector<llvm::StringRef> capture_names(const RecordDecl *r)
{
	std::vector<llvm::StringRef> names;
	const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(r);
	if (cxx && cxx->isLambda())
		for (const LambdaCapture &c : cxx->captures())
			names.push_back(c.capturesVariable() ? c.getCapturedVar()->getName() : "this");
	return names;
}

static void add_fields(shim_unit &u, const RecordDecl *r, std::vector<shim_field> &fields)
{
	std::vector<llvm::StringRef> captured = capture_names(r);
	for (const FieldDecl *f : r->fields()) {
		uint64_t bits = u.ast().getFieldOffset(f);
		shim_type t = shim_describe_type(u, f->getType());
		unsigned n = f->getFieldIndex();
		llvm::StringRef name = n < captured.size() ? captured[n] : f->getName();
		insert_by_offset(fields, {u.save(name), static_cast<uint32_t>(bits / 8), t});
	}
}

// What is run when an object of the class is called.
static const CXXMethodDecl *call_operator(const CXXRecordDecl *r)
{
	const CXXMethodDecl *only = nullptr;
	for (const CXXMethodDecl *m : r->methods()) {
		if (m->getOverloadedOperator() != OO_Call || m->isDeleted())
			continue;
		if (only || m->isDependentContext())
			return nullptr;
		only = m;
	}
	return only;
}

static const CXXMethodDecl *generic_call_operator(const CXXRecordDecl *r)
{
	if (!r->isGenericLambda())
		return nullptr;
	const FunctionTemplateDecl *t = r->getDependentLambdaCallOperator();
	const CXXMethodDecl *only = nullptr;
	for (const FunctionDecl *f : t->specializations()) {
		if (only)
			return nullptr;
		only = llvm::dyn_cast<CXXMethodDecl>(f);
	}
	return only;
}

static const char *call_name(shim_unit &u, const CXXRecordDecl *r)
{
	const CXXMethodDecl *m = call_operator(r);
	if (!m)
		m = generic_call_operator(r);
	return m && !m->isConsteval() ? u.save(u.codegen->GetMangledName(GlobalDecl(m))) : "";
}

static bool copies_itself(const CXXRecordDecl *r)
{
	for (const CXXConstructorDecl *c : r->ctors())
		if (c->isCopyConstructor() && c->isUserProvided())
			return true;
	return false;
}

static shim_record describe_record(shim_unit &u, const RecordDecl *r)
{
	shim_record out = {"", 0, r->isUnion(), nullptr, 0, false, false, false, false, ""};
	const SourceManager &sm = u.ast().getSourceManager();
	out.local = sm.isInMainFile(sm.getExpansionLoc(r->getLocation()));
	out.system = sm.isInSystemHeader(sm.getExpansionLoc(r->getLocation()));
	if (const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(r)) {
		out.own_destructor = cxx->hasUserDeclaredDestructor();
		out.own_copy = copies_itself(cxx);
	}
	std::string name;
	llvm::raw_string_ostream os(name);
	if (r->getIdentifier())
		r->getNameForDiagnostic(os, policy(u), true);
	else
		os << plain_name(r);
	out.name = u.save(name);
	out.size = size_of(u, shim_type_of(u, r));
	std::vector<shim_field> fields;
	if (const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(r)) {
		add_bases(u, cxx, fields);
		out.call = call_name(u, cxx);
	}
	add_fields(u, r, fields);
	out.fields = u.save_array(fields);
	out.nfields = fields.size();
	return out;
}

extern "C" uint32_t shim_records(shim_unit *u, const shim_record **out)
{
	u->records.assign(1, shim_record{"", 0, false, nullptr, 0, false, false, false, false, ""});
	for (size_t i = 1; i < u->decls.size(); i++) {
		u->asking_depth = u->depth[i];
		u->records.push_back(describe_record(*u, u->decls[i]));
	}
	u->asking_depth = 0;
	*out = u->records.data();
	return u->records.size();
}
