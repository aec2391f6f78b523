// Names that API models use: qualified, but without what changes from one library version or instance to the
// next.
#include "unit.hh"

#include <clang/AST/DeclTemplate.h>
#include <llvm/IR/Function.h>

using namespace clang;

static bool add_scope(const DeclContext *dc, std::string &out);

// False for scopes that no header can name: functions, anonymous namespaces and classes.
static bool add_named_scope(const NamedDecl *d, std::string &out)
{
	if (!add_scope(d->getDeclContext(), out) || !d->getIdentifier())
		return false;
	out += d->getName();
	out += "::";
	return true;
}

static bool add_scope(const DeclContext *dc, std::string &out)
{
	if (dc->isTranslationUnit())
		return true;
	if (const auto *ns = llvm::dyn_cast<NamespaceDecl>(dc))
		return ns->isInline() ? add_scope(ns->getDeclContext(), out) : add_named_scope(ns, out);
	if (const auto *record = llvm::dyn_cast<RecordDecl>(dc))
		return add_named_scope(record, out);
	return llvm::isa<LinkageSpecDecl, ExportDecl>(dc) && add_scope(dc->getParent(), out);
}

static std::string last_part(const FunctionDecl *fd)
{
	const auto *method = llvm::dyn_cast<CXXMethodDecl>(fd);
	if (llvm::isa<CXXConstructorDecl>(fd))
		return method->getParent()->getNameAsString();
	if (llvm::isa<CXXDestructorDecl>(fd))
		return "~" + method->getParent()->getNameAsString();
	return fd->getDeclName().getAsString();
}

shim_name shim_name_of(shim_unit &u, const FunctionDecl *fd)
{
	const auto *method = llvm::dyn_cast<CXXMethodDecl>(fd);
	std::string text;
	shim_name out = {"", fd->getNumParams(), false, false};
	out.nparams += method && method->isInstance();
	out.is_template = fd->getPrimaryTemplate() != nullptr;
	out.cplusplus = u.ast().getLangOpts().CPlusPlus && !fd->isExternC();
	if (!out.cplusplus)
		out.plain = fd->getIdentifier() ? u.save(fd->getName()) : "";
	else if (add_scope(fd->getDeclContext(), text))
		out.plain = u.save(text + last_part(fd));
	return out;
}

extern "C" void shim_delete_body(LLVMValueRef function)
{
	auto *f = llvm::cast<llvm::Function>(llvm::unwrap(function));
	f->deleteBody();
	f->setComdat(nullptr);
}

extern "C" bool shim_name_function(shim_unit *u, LLVMValueRef function, struct shim_name *out)
{
	const auto *f = llvm::cast<llvm::Function>(llvm::unwrap(function));
	const auto *fd =
	        llvm::dyn_cast_or_null<FunctionDecl>(u->codegen->GetDeclForMangledName(f->getName()));
	if (!fd)
		return false;
	*out = shim_name_of(*u, fd);
	return true;
}
