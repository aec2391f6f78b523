/*
 * lower_formats.c - which functions print their variable arguments and do nothing else with them: what a
 * format attribute says of a declaration, the code of a definition says as well.
 */
#include "lower.h"

#include "str.h"

#include <string.h>

#define MAX_USES 64
#define MAX_DEPTH 4

struct looked {
	struct lower *l;
	unsigned uses, depth;
	bool printed;
};

static bool only_printed(struct looked *k, LLVMValueRef list);

static uint32_t flags_of_func(const struct lower *l, LLVMValueRef f)
{
	uint64_t n;
	return intmap_get(&l->func_of, (uintptr_t)f, &n) ? l->funcs.data[n].flags : 0;
}

static LLVMValueRef without_offset(LLVMValueRef v)
{
	while (LLVMIsAGetElementPtrInst(v))
		v = LLVMGetOperand(v, 0);
	return v;
}

static bool copy_only_printed(struct looked *k, LLVMValueRef copy)
{
	LLVMValueRef to = without_offset(LLVMGetOperand(copy, 0));
	if (k->depth == MAX_DEPTH || !LLVMIsAAllocaInst(to))
		return false;
	k->depth++;
	bool ok = only_printed(k, to);
	k->depth--;
	return ok;
}

/* What a call does with the list; a copy made into it is looked at where it is made. */
static bool call_only_prints(struct looked *k, LLVMValueRef call, LLVMValueRef list)
{
	LLVMValueRef callee = LLVMGetCalledValue(call);
	if (!LLVMIsAFunction(callee))
		return false;
	const char *name = LLVMGetValueName2(callee, &(size_t){0});
	if (str_starts(name, "llvm.va_copy"))
		return without_offset(LLVMGetOperand(call, 1)) != without_offset(list) ||
		       copy_only_printed(k, call);
	if (LLVMGetIntrinsicID(callee))
		return str_starts(name, "llvm.va_") || str_starts(name, "llvm.lifetime.");
	bool prints = flags_of_func(k->l, callee) & IR_FUNC_FORMATS_LIST;
	k->printed |= prints;
	return prints;
}

static bool only_printed(struct looked *k, LLVMValueRef list)
{
	for (LLVMUseRef use = LLVMGetFirstUse(list); use; use = LLVMGetNextUse(use)) {
		LLVMValueRef user = LLVMGetUser(use);
		if (++k->uses > MAX_USES)
			return false;
		bool ok = LLVMIsAGetElementPtrInst(user)
		                  ? only_printed(k, user)
		                  : LLVMIsACallInst(user) && call_only_prints(k, user, list);
		if (!ok)
			return false;
	}
	return true;
}

/* The list that va_start() fills: NULL when there is none, or several. */
static LLVMValueRef list_started(LLVMValueRef f)
{
	LLVMValueRef found = NULL;
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
			LLVMValueRef callee = LLVMIsACallInst(i) ? LLVMGetCalledValue(i) : NULL;
			if (!callee || !LLVMIsAFunction(callee) || !LLVMGetIntrinsicID(callee) ||
			    !str_starts(LLVMGetValueName2(callee, &(size_t){0}), "llvm.va_start"))
				continue;
			LLVMValueRef list = without_offset(LLVMGetOperand(i, 0));
			if (found && found != list)
				return NULL;
			found = list;
		}
	return found && LLVMIsAAllocaInst(found) ? found : NULL;
}

static LLVMValueRef list_passed(const struct ir_func *func, LLVMValueRef f)
{
	unsigned n = LLVMCountParams(f);
	return n && n == func->nparams && strstr(func->params[n - 1].ctype, "va_list")
	               ? LLVMGetParam(f, n - 1)
	               : NULL;
}

static bool learn(struct lower *l, LLVMValueRef f)
{
	uint32_t n = lower_func(l, f),
	         flag = l->funcs.data[n].flags & IR_FUNC_VARIADIC ? IR_FUNC_FORMATS : IR_FUNC_FORMATS_LIST;
	if (LLVMIsDeclaration(f) || l->funcs.data[n].flags & flag)
		return false;
	struct looked k = {.l = l};
	LLVMValueRef list = flag == IR_FUNC_FORMATS ? list_started(f) : list_passed(&l->funcs.data[n], f);
	if (!list || !only_printed(&k, list) || !k.printed)
		return false;
	l->funcs.data[n].flags |= flag;
	return true;
}

void lower_formats(struct lower *l)
{
	bool more = true;
	for (unsigned round = 0; more && round < MAX_DEPTH; round++) {
		more = false;
		for (LLVMValueRef f = LLVMGetFirstFunction(l->module); f; f = LLVMGetNextFunction(f))
			if (!LLVMGetIntrinsicID(f))
				more |= learn(l, f);
	}
}
