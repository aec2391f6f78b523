#include "lower.h"
#include "arena.h"
#include "intern.h"
#include "str.h"

#include <string.h>

/* Constant initialisers nest as their types do; tables beyond this size are data, not operations. */
#define MAX_DEPTH 32
#define MAX_SLOTS 65536

struct slots {
	struct lower *l;
	VEC(struct ir_slot) found;
};

bool constant_text(struct lower *l, LLVMValueRef global, const char **text)
{
	LLVMValueRef init = LLVMIsGlobalConstant(global) ? LLVMGetInitializer(global) : NULL;
	if (!init)
		return false;
	LLVMTypeRef type = LLVMTypeOf(init);
	if (LLVMGetTypeKind(type) != LLVMArrayTypeKind)
		return false;
	LLVMTypeRef elem = LLVMGetElementType(type);
	if (LLVMGetTypeKind(elem) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(elem) != 8)
		return false;
	size_t len = 0;
	const char *bytes = "";
	if (!LLVMIsNull(init)) { /* "" and {0} are no constant data */
		if (!LLVMIsAConstantDataArray(init) || !LLVMIsConstantString(init))
			return false;
		bytes = LLVMGetAsString(init, &len);
	}
	const char *end = len ? memchr(bytes, 0, len) : NULL;
	*text = intern_n(l->unit->strings, bytes, end ? (size_t)(end - bytes) : len);
	return true;
}

static LLVMValueRef function_behind(LLVMValueRef v)
{
	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		if (LLVMIsAFunction(v))
			return v;
		if (LLVMIsAGlobalAlias(v))
			v = LLVMAliasGetAliasee(v);
		else if (LLVMIsAConstantExpr(v) && LLVMGetNumOperands(v) == 1)
			v = LLVMGetOperand(v, 0);
		else
			return NULL;
	}
	return NULL;
}

static void find_slots(struct slots *s, LLVMValueRef init, uint64_t offset, int depth);

static void find_in_struct(struct slots *s, LLVMValueRef init, uint64_t offset, int depth)
{
	LLVMTypeRef type = LLVMTypeOf(init);
	unsigned n = (unsigned)LLVMGetNumOperands(init);
	for (unsigned k = 0; k < n; k++)
		find_slots(s, LLVMGetOperand(init, k), offset + LLVMOffsetOfElement(s->l->layout, type, k),
		           depth);
}

static void find_in_array(struct slots *s, LLVMValueRef init, uint64_t offset, int depth)
{
	uint64_t size = size_of_type(s->l, LLVMGetElementType(LLVMTypeOf(init)));
	unsigned n = (unsigned)LLVMGetNumOperands(init);
	for (unsigned k = 0; k < n; k++)
		find_slots(s, LLVMGetOperand(init, k), offset + k * size, depth);
}

static void find_slots(struct slots *s, LLVMValueRef init, uint64_t offset, int depth)
{
	if (depth > MAX_DEPTH || offset > UINT32_MAX || s->found.len >= MAX_SLOTS)
		return;
	if (LLVMIsAConstantStruct(init)) {
		find_in_struct(s, init, offset, depth + 1);
	} else if (LLVMIsAConstantArray(init)) {
		find_in_array(s, init, offset, depth + 1);
	} else {
		LLVMValueRef f = function_behind(init);
		if (!f)
			return;
		uint32_t func = lower_func(s->l, f);
		s->l->funcs.data[func].flags |= IR_FUNC_ADDRESS_TAKEN;
		vec_push(&s->found, (struct ir_slot){.offset = (uint32_t)offset, .func = func});
	}
}

static void lower_slots(struct lower *l, uint32_t global, LLVMValueRef v)
{
	LLVMValueRef init = LLVMGetInitializer(v);
	if (!init)
		return;
	struct slots s = {.l = l};
	find_slots(&s, init, 0, 0);
	struct ir_global *g = &l->globals.data[global];
	g->nslots = s.found.len;
	g->slots = ARENA_ARRAY(l->unit->arena, struct ir_slot, s.found.len + 1);
	if (s.found.len)
		memcpy(g->slots, s.found.data, s.found.len * sizeof *g->slots);
	vec_release(&s.found);
}

static void describe_from_source(struct lower *l, struct ir_global *g, LLVMValueRef v)
{
	struct intern *strings = l->unit->strings;
	struct shim_global facts;
	if (!shim_describe_global(l->shim, v, &facts))
		return;
	g->display = intern(strings, facts.display);
	g->ctype = intern(strings, facts.type.spelling);
	g->record = facts.type.record;
	g->pointee = facts.type.pointee;
	g->size = facts.type.size;
	g->is_volatile = facts.type.is_volatile;
	g->atomic = facts.type.atomic;
	g->loc = lower_shim_place(l, facts.place);
	LLVMValueRef owner = *facts.owner ? LLVMGetNamedFunction(l->module, facts.owner) : NULL;
	g->owner = owner ? lower_func(l, owner) : 0;
}

static void lower_global(struct lower *l, LLVMValueRef v)
{
	struct intern *strings = l->unit->strings;
	struct ir_global g = {0};
	size_t len;
	const char *name = LLVMGetValueName2(v, &len);
	g.name = g.display = intern_n(strings, name, len);
	g.ctype = intern(strings, "");
	LLVMLinkage linkage = LLVMGetLinkage(v);
	g.defined = !LLVMIsDeclaration(v);
	g.is_static = linkage == LLVMInternalLinkage || linkage == LLVMPrivateLinkage;
	g.thread_local_ = LLVMIsThreadLocal(v);
	g.constant = LLVMIsGlobalConstant(v);
	describe_from_source(l, &g, v);
	intmap_set(&l->global_of, (uintptr_t)v, l->globals.len);
	vec_push(&l->globals, g);
}

/* llvm.used and its kin are lists for the compiler; private strings are values, not variables. */
static bool is_variable(struct lower *l, LLVMValueRef v)
{
	const char *text;
	if (str_starts(FUNC_NAME(v), "llvm."))
		return false;
	return LLVMGetLinkage(v) != LLVMPrivateLinkage || !constant_text(l, v, &text);
}

void lower_globals(struct lower *l)
{
	vec_push(&l->globals, (struct ir_global){0});
	for (LLVMValueRef v = LLVMGetFirstGlobal(l->module); v; v = LLVMGetNextGlobal(v))
		if (is_variable(l, v))
			lower_global(l, v);
	for (LLVMValueRef v = LLVMGetFirstGlobal(l->module); v; v = LLVMGetNextGlobal(v)) {
		uint64_t index;
		if (intmap_get(&l->global_of, (uintptr_t)v, &index))
			lower_slots(l, (uint32_t)index, v);
	}
}
