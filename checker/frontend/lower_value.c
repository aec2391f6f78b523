#include "lower.h"
#include "intern.h"

#include <string.h>

/* Aliases of aliases, casts of casts: nobody writes more. */
#define MAX_CONSTANT_DEPTH 16

enum ir_type_kind type_kind(LLVMTypeRef type)
{
	switch (LLVMGetTypeKind(type)) {
	case LLVMVoidTypeKind:
		return IR_TYPE_VOID;
	case LLVMIntegerTypeKind:
		return IR_TYPE_INT;
	case LLVMPointerTypeKind:
		return IR_TYPE_PTR;
	case LLVMHalfTypeKind:
	case LLVMBFloatTypeKind:
	case LLVMFloatTypeKind:
	case LLVMDoubleTypeKind:
	case LLVMX86_FP80TypeKind:
	case LLVMFP128TypeKind:
	case LLVMPPC_FP128TypeKind:
		return IR_TYPE_FLOAT;
	case LLVMStructTypeKind:
	case LLVMArrayTypeKind:
	case LLVMVectorTypeKind:
		return IR_TYPE_AGGREGATE;
	default:
		return IR_TYPE_OTHER;
	}
}

uint64_t size_of_type(struct lower *l, LLVMTypeRef type)
{
	if (!LLVMTypeIsSized(type) || LLVMGetTypeKind(type) == LLVMScalableVectorTypeKind)
		return 0;
	return LLVMABISizeOfType(l->layout, type);
}

/* ---- addresses ---- */

static uint32_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t r = a % b;
		a = b;
		b = r;
	}
	return a > UINT32_MAX ? 1 : (uint32_t)a;
}

static void add_index(struct gep *g, LLVMValueRef index, uint64_t size)
{
	if (LLVMIsAConstantInt(index)) {
		g->offset = (int64_t)((uint64_t)g->offset + (uint64_t)LLVMConstIntGetSExtValue(index) * size);
	} else if (!g->index) {
		g->index = index;
		g->scale = size > UINT32_MAX ? 1 : (uint32_t)size;
	} else {
		g->several = true;
		g->scale = common_divisor(g->scale, size);
	}
}

struct gep fold_gep(struct lower *l, LLVMValueRef gep)
{
	struct gep g = {0};
	LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
	unsigned n = (unsigned)LLVMGetNumOperands(gep);
	if (n > 2 && LLVMGetTypeKind(type) == LLVMStructTypeKind)
		g.record = type;
	add_index(&g, LLVMGetOperand(gep, 1), size_of_type(l, type));
	for (unsigned k = 2; k < n; k++) {
		LLVMValueRef index = LLVMGetOperand(gep, k);
		if (LLVMGetTypeKind(type) == LLVMStructTypeKind) {
			unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);
			g.offset += (int64_t)LLVMOffsetOfElement(l->layout, type, field);
			type = LLVMStructGetTypeAtIndex(type, field);
		} else {
			type = LLVMGetElementType(type);
			add_index(&g, index, size_of_type(l, type));
		}
	}
	return g;
}

/* ---- constants ---- */

static struct ir_value describe(struct lower *l, LLVMValueRef v, int depth);

static struct ir_value describe_global(struct lower *l, LLVMValueRef v)
{
	const char *text;
	uint64_t index = 0;
	if (constant_text(l, v, &text))
		return (struct ir_value){.kind = IR_VAL_STRING, .str = text};
	if (!intmap_get(&l->global_of, (uintptr_t)v, &index))
		return (struct ir_value){.kind = IR_VAL_OTHER};
	return (struct ir_value){.kind = IR_VAL_GLOBAL, .aux = (uint32_t)index};
}

static struct ir_value describe_offset(struct lower *l, LLVMValueRef v, int depth)
{
	struct gep g = fold_gep(l, v);
	struct ir_value base = describe(l, LLVMGetOperand(v, 0), depth + 1);
	if (g.index)
		return (struct ir_value){.kind = IR_VAL_OTHER};
	if (g.offset == 0)
		return base;
	if (base.kind == IR_VAL_STRING) {
		size_t n = strlen(base.str);
		if (g.offset > 0 && (uint64_t)g.offset <= n)
			return (struct ir_value){.kind = IR_VAL_STRING, .str = base.str + g.offset};
	}
	if (base.kind != IR_VAL_GLOBAL)
		return (struct ir_value){.kind = IR_VAL_OTHER};
	base.imm += g.offset;
	return base;
}

static struct ir_value describe_expr(struct lower *l, LLVMValueRef v, int depth)
{
	switch (LLVMGetConstOpcode(v)) {
	case LLVMGetElementPtr:
		return describe_offset(l, v, depth);
	case LLVMBitCast:
	case LLVMAddrSpaceCast:
	case LLVMIntToPtr:
	case LLVMPtrToInt:
		return describe(l, LLVMGetOperand(v, 0), depth + 1);
	default:
		return (struct ir_value){.kind = IR_VAL_OTHER};
	}
}

/* A pointer to a member function that is not virtual: {its address, what to add to `this`}. */
static struct ir_value describe_member(struct lower *l, LLVMValueRef v, int depth)
{
	struct ir_value first = {.kind = IR_VAL_OTHER};
	if (LLVMGetNumOperands(v) == 2 && LLVMIsAConstantExpr(LLVMGetOperand(v, 0)) &&
	    LLVMIsAConstantInt(LLVMGetOperand(v, 1)))
		first = describe(l, LLVMGetOperand(v, 0), depth + 1);
	return first.kind == IR_VAL_FUNC ? first : (struct ir_value){.kind = IR_VAL_OTHER};
}

static struct ir_value describe(struct lower *l, LLVMValueRef v, int depth)
{
	struct ir_value other = {.kind = IR_VAL_OTHER};
	if (depth > MAX_CONSTANT_DEPTH)
		return other;
	if (LLVMIsAConstantInt(v)) {
		if (LLVMGetIntTypeWidth(LLVMTypeOf(v)) > 64)
			return other;
		return (struct ir_value){.kind = IR_VAL_INT, .imm = LLVMConstIntGetSExtValue(v)};
	}
	if (LLVMIsAConstantPointerNull(v))
		return (struct ir_value){.kind = IR_VAL_NULL};
	if (LLVMIsUndef(v))
		return (struct ir_value){.kind = IR_VAL_UNDEF};
	if (LLVMIsAFunction(v))
		return (struct ir_value){.kind = IR_VAL_FUNC, .aux = lower_func(l, v)};
	if (LLVMIsAGlobalVariable(v))
		return describe_global(l, v);
	if (LLVMIsAGlobalAlias(v))
		return describe(l, LLVMAliasGetAliasee(v), depth + 1);
	if (LLVMIsAConstantExpr(v))
		return describe_expr(l, v, depth);
	if (LLVMIsAConstantStruct(v))
		return describe_member(l, v, depth);
	return other;
}

ir_val new_value(struct body *b, LLVMValueRef v, struct ir_value val)
{
	const char *none = intern(b->l->unit->strings, "");
	LLVMTypeRef type = LLVMTypeOf(v);
	val.type = type_kind(type);
	if (val.type == IR_TYPE_INT) {
		unsigned bits = LLVMGetIntTypeWidth(type);
		val.bits = bits > UINT16_MAX ? UINT16_MAX : (uint16_t)bits;
	}
	if (!val.str)
		val.str = none;
	val.name = none;
	val.ctype = none;
	ir_val n = b->vals.len;
	vec_push(&b->vals, val);
	intmap_set(&b->val_of, (uintptr_t)v, n);
	return n;
}

static ir_val constant(struct body *b, LLVMValueRef v)
{
	uint64_t known;
	if (intmap_get(&b->val_of, (uintptr_t)v, &known))
		return (ir_val)known;
	return new_value(b, v, describe(b->l, v, 0));
}

ir_val callee_value(struct body *b, LLVMValueRef v)
{
	return constant(b, v);
}

ir_val value_of(struct body *b, LLVMValueRef v)
{
	ir_val n = constant(b, v);
	if (b->vals.data[n].kind == IR_VAL_FUNC)
		b->l->funcs.data[b->vals.data[n].aux].flags |= IR_FUNC_ADDRESS_TAKEN;
	return n;
}
