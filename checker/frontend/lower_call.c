#include "lower.h"
#include "str.h"

#include <string.h>

static struct ir_instruction *last(struct body *b)
{
	return &b->instrs.data[b->instrs.len - 1];
}

/* ---- intrinsics ---- */

/* What the compiler notes for itself and the program does not do. */
static bool is_note(const char *name)
{
	static const char *const notes[] = {"llvm.dbg.",      "llvm.lifetime.",  "llvm.assume",
	                                    "llvm.donothing", "llvm.invariant.", "llvm.experimental.noalias.",
	                                    "llvm.fake.use"};
	for (size_t k = 0; k < sizeof notes / sizeof *notes; k++)
		if (str_starts(name, notes[k]))
			return true;
	return false;
}

/* Intrinsics whose result is their first argument. */
static bool is_identity(const char *name)
{
	static const char *const same[] = {"llvm.expect",
	                                   "llvm.annotation",
	                                   "llvm.ptr.annotation",
	                                   "llvm.ssa.copy",
	                                   "llvm.threadlocal.address",
	                                   "llvm.launder.invariant",
	                                   "llvm.strip.invariant",
	                                   "llvm.ptrmask",
	                                   "llvm.preserve."};
	for (size_t k = 0; k < sizeof same / sizeof *same; k++)
		if (str_starts(name, same[k]))
			return true;
	return false;
}

static void lower_bulk(struct body *b, enum ir_op op, LLVMValueRef inst)
{
	emit(b, op, inst);
	add_value_operand(b, LLVMGetOperand(inst, 0));
	add_value_operand(b, LLVMGetOperand(inst, 1));
	LLVMValueRef size = LLVMGetOperand(inst, 2);
	if (LLVMIsAConstantInt(size))
		last(b)->imm = LLVMConstIntGetSExtValue(size);
}

static bool lower_intrinsic(struct body *b, LLVMValueRef inst, const char *name)
{
	if (!str_starts(name, "llvm."))
		return false;
	if (str_starts(name, "llvm.memcpy.") || str_starts(name, "llvm.memmove.")) {
		lower_bulk(b, IR_COPY, inst);
		return true;
	}
	if (str_starts(name, "llvm.memset.")) {
		lower_bulk(b, IR_FILL, inst);
		return true;
	}
	if (is_identity(name)) {
		emit(b, IR_CAST, inst);
		add_value_operand(b, LLVMGetOperand(inst, 0));
		return true;
	}
	if (str_starts(name, "llvm.type.test") || str_starts(name, "llvm.public.type.test"))
		return true; /* looked at where the call is: its answer is for the compiler */
	return is_note(name) && LLVMGetFirstUse(inst) == NULL;
}

/* ---- arguments ---- */

static void add_in_order(struct body *b, LLVMValueRef inst, const struct arg_order *order, unsigned nfixed)
{
	unsigned n = LLVMGetNumArgOperands(inst);
	uint32_t nparams = order->n - order->nhidden;
	for (uint32_t k = 0; k < nparams; k++) {
		if (order->places[k] < n)
			add_value_operand(b, LLVMGetOperand(inst, order->places[k]));
		else /* an empty struct: nothing is passed */
			add_value_operand(
			        b, LLVMGetUndef(LLVMInt1TypeInContext(LLVMGetTypeContext(LLVMTypeOf(inst)))));
	}
	for (unsigned k = nfixed; k < n; k++)
		add_value_operand(b, LLVMGetOperand(inst, k));
	for (uint32_t k = nparams; k < order->n; k++)
		add_value_operand(b, LLVMGetOperand(inst, order->places[k]));
}

/* Without a declaration to ask, only the return slot is known to be no argument of the source. */
static void add_plainly(struct body *b, LLVMValueRef inst)
{
	unsigned n = LLVMGetNumArgOperands(inst);
	bool slot = n && LLVMGetCallSiteEnumAttribute(inst, 1, b->l->attr_sret);
	for (unsigned k = slot ? 1 : 0; k < n; k++)
		add_value_operand(b, LLVMGetOperand(inst, k));
	if (slot)
		add_value_operand(b, LLVMGetOperand(inst, 0));
}

static void add_arguments(struct body *b, LLVMValueRef inst, LLVMValueRef callee)
{
	uint64_t func;
	bool direct = LLVMIsAFunction(callee) && intmap_get(&b->l->func_of, (uintptr_t)callee, &func);
	const struct arg_order *order = direct ? &b->l->orders.data[func] : NULL;
	unsigned nfixed = direct ? LLVMCountParams(callee) : 0;
	if (order && order->places && LLVMGetNumArgOperands(inst) >= nfixed)
		add_in_order(b, inst, order, nfixed);
	else
		add_plainly(b, inst);
}

/* How many of its last arguments the callee only prints. */
static uint8_t printed(const struct body *b, LLVMValueRef inst, LLVMValueRef callee)
{
	uint64_t func;
	bool direct = LLVMIsAFunction(callee) && intmap_get(&b->l->func_of, (uintptr_t)callee, &func);
	if (!direct || !(b->l->funcs.data[func].flags & IR_FUNC_FORMATS) || b->l->orders.data[func].nhidden)
		return 0;
	unsigned n = LLVMGetNumArgOperands(inst), nfixed = LLVMCountParams(callee);
	return n <= nfixed ? 0 : n - nfixed < UINT8_MAX ? (uint8_t)(n - nfixed) : UINT8_MAX;
}

/* Where the caller wants a returned object: its argument number plus 1; 0: the call returns none. */
static int64_t return_slot(struct body *b, LLVMValueRef inst)
{
	unsigned n = LLVMGetNumArgOperands(inst);
	for (unsigned k = 0; k < 2 && k < n; k++) {
		if (!LLVMGetCallSiteEnumAttribute(inst, k + 1, b->l->attr_sret))
			continue;
		ir_val v = value_of(b, LLVMGetOperand(inst, k));
		for (uint32_t arg = last(b)->noperands - 1; arg > 0; arg--)
			if (b->operands.data[last(b)->first_operand + arg] == v)
				return arg;
	}
	return 0;
}

/* ---- cleanups ---- */

static bool is_word(const char *token, uint32_t len, const char *word)
{
	return len == strlen(word) && memcmp(token, word, len) == 0;
}

/* Did a person write the call that stands at this place? */
static bool written(struct body *b, ir_loc loc, const char *name, bool destructor)
{
	struct lower *l = b->l;
	const struct ir_place *p = &l->locs.data[loc];
	uint32_t len;
	const char *token = shim_token(l->shim, l->files.data[p->file].path, p->line, p->col, &len);
	if (!token || !len)
		return false;
	if (destructor)
		return is_word(token, len, "delete") || *token == '~';
	return is_word(token, len, name);
}

static const char *source_name(struct body *b, const char *linkage_name)
{
	LLVMValueRef f = LLVMGetNamedFunction(b->l->module, linkage_name);
	uint64_t func;
	return f && intmap_get(&b->l->func_of, (uintptr_t)f, &func) ? b->l->funcs.data[func].display
	                                                            : linkage_name;
}

static bool made_for_cleanup(struct body *b, const char *name, ir_loc loc)
{
	bool destructor = shim_is_destructor(b->l->shim, name);
	if (!destructor && !shim_is_cleanup(b->l->shim, name))
		return false;
	return !written(b, loc, source_name(b, name), destructor);
}

/* The call itself, or a cleanup function it was inlined from. */
static bool is_cleanup(struct body *b, LLVMValueRef inst, LLVMValueRef callee)
{
	if (LLVMIsAFunction(callee) && made_for_cleanup(b, FUNC_NAME(callee), last(b)->loc))
		return true;
	LLVMMetadataRef place = LLVMInstructionGetDebugLoc(inst);
	while (place) {
		LLVMMetadataRef outer = LLVMDILocationGetInlinedAt(place);
		if (!outer)
			return false;
		const char *name = shim_scope_function(b->l->shim, LLVMDILocationGetScope(place));
		if (made_for_cleanup(b, name, lower_loc(b->l, outer)))
			return true;
		place = outer;
	}
	return false;
}

/* ---- calls ---- */

static bool never_returns(struct body *b, LLVMValueRef inst, LLVMValueRef callee)
{
	unsigned kind = b->l->attr_noreturn;
	if (LLVMGetCallSiteEnumAttribute(inst, LLVMAttributeFunctionIndex, kind))
		return true;
	return LLVMIsAFunction(callee) &&
	       LLVMGetEnumAttributeAtIndex(callee, LLVMAttributeFunctionIndex, kind);
}

static void add_targets(struct body *b, LLVMValueRef inst)
{
	if (!LLVMIsAInvokeInst(inst))
		return;
	add_succ(b, LLVMGetNormalDest(inst));
	add_succ(b, LLVMGetUnwindDest(inst));
}

static void lower_asm(struct body *b, LLVMValueRef inst)
{
	emit(b, IR_ASM, inst);
	unsigned n = LLVMGetNumArgOperands(inst);
	for (unsigned k = 0; k < n; k++)
		add_value_operand(b, LLVMGetOperand(inst, k));
}

void lower_call(struct body *b, LLVMValueRef inst)
{
	LLVMValueRef callee = LLVMGetCalledValue(inst);
	bool invoke = LLVMIsAInvokeInst(inst) != NULL;
	if (LLVMIsAInlineAsm(callee) && !invoke) {
		lower_asm(b, inst);
		return;
	}
	if (!invoke && LLVMIsAFunction(callee) && lower_intrinsic(b, inst, FUNC_NAME(callee)))
		return;
	ir_val target = callee_value(b, callee);
	emit(b, invoke ? IR_INVOKE : IR_CALL, inst);
	add_operand(b, target);
	add_arguments(b, inst, callee);
	last(b)->imm = return_slot(b, inst);
	last(b)->sub = printed(b, inst, callee);
	last(b)->scale = lower_class_called(b->l, callee);
	if (never_returns(b, inst, callee))
		last(b)->flags |= IR_F_NORETURN;
	if (is_cleanup(b, inst, callee))
		last(b)->flags |= IR_F_CLEANUP;
	add_targets(b, inst);
}
