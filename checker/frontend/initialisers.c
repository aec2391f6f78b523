/*
 * initialisers.c - `int fds[2] = {-1, -1}`, value by value: clang copies it from a constant without a name,
 * so that nothing would be known of the elements. Large ones stay copies: they are data.
 */
#include "lower.h"
#include "str.h"

#define MAX_VALUES 16
#define MAX_DEPTH 4

struct spelling {
	LLVMBuilderRef builder;
	LLVMValueRef to;
	LLVMTypeRef type; /* of all of it */
	LLVMValueRef path[MAX_DEPTH + 1];
	LLVMTypeRef index;
};

static unsigned nparts(LLVMTypeRef type)
{
	if (LLVMGetTypeKind(type) == LLVMStructTypeKind)
		return LLVMCountStructElementTypes(type);
	uint64_t n = LLVMGetArrayLength2(type);
	return n > MAX_VALUES ? MAX_VALUES + 1 : (unsigned)n;
}

static bool is_aggregate(LLVMTypeRef type)
{
	return LLVMGetTypeKind(type) == LLVMStructTypeKind || LLVMGetTypeKind(type) == LLVMArrayTypeKind;
}

static bool is_text(LLVMTypeRef type)
{
	if (LLVMGetTypeKind(type) != LLVMArrayTypeKind)
		return false;
	LLVMTypeRef elem = LLVMGetElementType(type);
	return LLVMGetTypeKind(elem) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(elem) == 8;
}

/* More than MAX_VALUES: it is not to be spelled. */
static unsigned count(LLVMValueRef v, unsigned depth)
{
	if (!v) /* a part of an expression */
		return MAX_VALUES + 1;
	LLVMTypeRef type = LLVMTypeOf(v);
	unsigned n = 0;
	if (!is_aggregate(type))
		return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? MAX_VALUES + 1 : 1;
	if (depth >= MAX_DEPTH || is_text(type))
		return MAX_VALUES + 1;
	for (unsigned k = 0; k < nparts(type) && n <= MAX_VALUES; k++)
		n += count(LLVMGetAggregateElement(v, k), depth + 1);
	return n;
}

static void store(struct spelling *s, LLVMValueRef v, unsigned depth)
{
	if (!is_aggregate(LLVMTypeOf(v))) {
		if (!LLVMIsUndef(v)) /* padding */
			LLVMBuildStore(
			        s->builder, v,
			        LLVMBuildInBoundsGEP2(s->builder, s->type, s->to, s->path, depth + 1, ""));
		return;
	}
	for (unsigned k = 0; k < nparts(LLVMTypeOf(v)); k++) {
		s->path[depth + 1] = LLVMConstInt(s->index, k, false);
		store(s, LLVMGetAggregateElement(v, k), depth + 1);
	}
}

/* The constant that the instruction copies, whole; NULL: it does something else. */
static LLVMValueRef copied(LLVMValueRef inst, LLVMTargetDataRef layout)
{
	LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
	if (!callee || !LLVMIsAFunction(callee) || !str_starts(FUNC_NAME(callee), "llvm.memcpy."))
		return NULL;
	LLVMValueRef from = LLVMIsAGlobalVariable(LLVMGetOperand(inst, 1)), size = LLVMGetOperand(inst, 2);
	LLVMValueRef v = from && LLVMIsGlobalConstant(from) ? LLVMGetInitializer(from) : NULL;
	bool whole = v && is_aggregate(LLVMTypeOf(v)) && LLVMIsAConstantInt(size) &&
	             LLVMConstIntGetZExtValue(size) == LLVMABISizeOfType(layout, LLVMTypeOf(v));
	return whole ? v : NULL;
}

static void spell_block(struct spelling *s, LLVMTargetDataRef layout, LLVMBasicBlockRef b)
{
	LLVMValueRef next;
	for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = next) {
		next = LLVMGetNextInstruction(i);
		LLVMValueRef v = copied(i, layout);
		if (!v || count(v, 0) > MAX_VALUES)
			continue;
		s->to = LLVMGetOperand(i, 0);
		s->type = LLVMTypeOf(v);
		LLVMPositionBuilderBefore(s->builder, i);
		LLVMSetCurrentDebugLocation2(s->builder, LLVMInstructionGetDebugLoc(i));
		store(s, v, 0);
		LLVMInstructionEraseFromParent(i);
	}
}

void spell_initialisers(LLVMModuleRef module)
{
	LLVMContextRef ctx = LLVMGetModuleContext(module);
	struct spelling s = {.builder = LLVMCreateBuilderInContext(ctx),
	                     .index = LLVMInt32TypeInContext(ctx)};
	s.path[0] = LLVMConstInt(s.index, 0, false);
	for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f))
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
			spell_block(&s, LLVMGetModuleDataLayout(module), b);
	LLVMDisposeBuilder(s.builder);
}
