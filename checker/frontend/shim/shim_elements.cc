// What the instances of class templates hold: a container is known by its elements.
#include "shim_prototypes.h"
#include "shim_prototypes.hh"

#include <clang/AST/DeclTemplate.h>
#include <llvm/IR/Function.h>

using namespace clang;

namespace
{

const unsigned max_depth = 4; // pairs, smart pointers and structs on the way to what is wanted

class elements
{
	shim_unit &u;
	shim_wanted_type wanted;
	void *ctx;

	// Template arguments are canonical: `struct _GObject *` for what people call `GObject *`.
	bool is_wanted_alias(const RecordDecl *r)
	{
		llvm::StringRef name = r->getName().ltrim('_');
		if (name.empty() || name == r->getName())
			return false;
		TranslationUnitDecl *tu = u.ast().getTranslationUnitDecl();
		for (const NamedDecl *d : tu->lookup(&u.ast().Idents.get(name))) {
			const auto *alias = llvm::dyn_cast<TypedefNameDecl>(d);
			if (alias && alias->getUnderlyingType()->getAsRecordDecl() == r)
				return wanted(ctx, u.save((name + " *").str()));
		}
		return false;
	}
	bool pointer(QualType to, unsigned depth)
	{
		const RecordDecl *r = to->getAsRecordDecl();
		if (!r)
			return false;
		return wanted(ctx, shim_spell(u, u.ast().getPointerType(to.getUnqualifiedType()))) ||
		       is_wanted_alias(r) || record(r, depth + 1);
	}
	bool record(const RecordDecl *r, unsigned depth)
	{
		const auto *made = llvm::dyn_cast<ClassTemplateSpecializationDecl>(r);
		if (made)
			return arguments(made, depth);
		r = r->getDefinition();
		if (!r || depth > max_depth || r->isInvalidDecl() || r->isInStdNamespace())
			return false;
		for (const FieldDecl *f : r->fields())
			if (type(f->getType(), depth + 1))
				return true;
		return false;
	}

      public:
	elements(shim_unit &unit, shim_wanted_type w, void *c) : u(unit), wanted(w), ctx(c)
	{
	}
	bool type(QualType t, unsigned depth)
	{
		t = t.getNonReferenceType().getCanonicalType().getUnqualifiedType();
		if (depth > max_depth || t->isDependentType())
			return false;
		if (t->isPointerType())
			return pointer(t->getPointeeType(), depth);
		const RecordDecl *r = t->getAsRecordDecl();
		return r && (wanted(ctx, shim_spell(u, t)) || record(r, depth));
	}
	bool arguments(const ClassTemplateSpecializationDecl *made, unsigned depth)
	{
		for (const TemplateArgument &a : made->getTemplateArgs().asArray())
			if (a.getKind() == TemplateArgument::Type && type(a.getAsType(), depth + 1))
				return true;
		return false;
	}
};

} // namespace

extern "C" bool shim_holds(shim_unit *u, LLVMValueRef function, shim_wanted_type wanted, void *ctx)
{
	const auto *f = llvm::cast<llvm::Function>(llvm::unwrap(function));
	const auto *fd =
	        llvm::dyn_cast_or_null<CXXMethodDecl>(u->codegen->GetDeclForMangledName(f->getName()));
	const auto *made = fd ? llvm::dyn_cast<ClassTemplateSpecializationDecl>(fd->getParent()) : nullptr;
	return made && elements(*u, wanted, ctx).arguments(made, 0);
}
