// Where the target's calling convention puts the parameters of the source.
#include "unit.hh"

#include <clang/CodeGen/CGFunctionInfo.h>
#include <clang/CodeGen/CodeGenABITypes.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/Function.h>

using namespace clang;
using clang::CodeGen::ABIArgInfo;
using clang::CodeGen::CGFunctionInfo;

// A function that is only named, as in a virtual table, may get or return what nobody here has defined.
static bool is_complete(const FunctionProtoType *proto)
{
	QualType result = proto->getReturnType();
	if (!result->isVoidType() && result->isIncompleteType())
		return false;
	for (QualType param : proto->param_types())
		if (param->isIncompleteType())
			return false;
	return true;
}

static const CGFunctionInfo *arrange(shim_unit &u, const FunctionDecl *fd)
{
	// Constructors and destructors have parameters of their own making.
	if (llvm::isa<CXXConstructorDecl, CXXDestructorDecl>(fd))
		return nullptr;
	CodeGen::CodeGenModule &cgm = u.codegen->CGM();
	const auto *proto = fd->getType()->getAs<FunctionProtoType>();
	if (!proto || !is_complete(proto))
		return nullptr;
	const auto *method = llvm::dyn_cast<CXXMethodDecl>(fd);
	if (method && method->isInstance())
		return &CodeGen::arrangeCXXMethodType(cgm, method->getParent(), proto, method);
	CanQualType canon = u.ast().getCanonicalType(fd->getType());
	return &CodeGen::arrangeFreeFunctionType(cgm, canon.castAs<FunctionProtoType>());
}

// How many arguments of the LLVM function a parameter takes; false for conventions that no target here uses.
static bool pieces(const ABIArgInfo &info, unsigned *before, unsigned *count)
{
	*before = info.getPaddingType() ? 1 : 0;
	switch (info.getKind()) {
	case ABIArgInfo::Direct:
	case ABIArgInfo::Extend:
		*count = 1;
		if (info.isDirect() && info.getCanBeFlattened())
			if (auto *s = llvm::dyn_cast<llvm::StructType>(info.getCoerceToType()))
				*count = s->getNumElements();
		return true;
	case ABIArgInfo::Indirect:
	case ABIArgInfo::IndirectAliased:
		*count = 1;
		return true;
	case ABIArgInfo::Ignore:
		*count = 0;
		return true;
	case ABIArgInfo::CoerceAndExpand:
		*count = info.getCoerceAndExpandTypeSequence().size();
		return true;
	default:
		return false;
	}
}

static bool map_arguments(const CGFunctionInfo &info, std::vector<uint32_t> &params,
                          std::vector<uint32_t> &hidden, unsigned *total)
{
	bool slot = info.getReturnInfo().isIndirect();
	unsigned slot_at = slot && info.getReturnInfo().isSRetAfterThis() ? 1 : 0, at = 0;
	for (const auto &arg : info.arguments()) {
		if (slot && at == slot_at)
			hidden.push_back(at++);
		unsigned before, count;
		if (!pieces(arg.info, &before, &count))
			return false;
		for (unsigned i = 0; i < before; i++)
			hidden.push_back(at++);
		params.push_back(count ? at++ : SHIM_NO_ARG);
		for (unsigned i = 1; i < count; i++)
			hidden.push_back(at++);
	}
	if (slot && at == slot_at)
		hidden.push_back(at++);
	*total = at;
	return true;
}

void shim_argument_order(shim_unit &u, const FunctionDecl *fd, const llvm::Function *f,
                         struct shim_function *out)
{
	out->order = nullptr;
	out->norder = 0;
	const CGFunctionInfo *info = arrange(u, fd);
	std::vector<uint32_t> params, hidden;
	unsigned total = 0;
	if (!info || !map_arguments(*info, params, hidden, &total) || total != f->arg_size())
		return;
	params.insert(params.end(), hidden.begin(), hidden.end());
	bool plain = params.size() == total;
	for (uint32_t i = 0; plain && i < total; i++)
		plain = params[i] == i;
	if (plain)
		return;
	out->order = u.save_array(params);
	out->norder = params.size();
}
