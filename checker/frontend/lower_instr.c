#include "lower.h"

#include <llvm/Config/llvm-config.h>
#include <string.h>

/* Newer versions keep a switch's cases out of its operands. */
#if LLVM_VERSION_MAJOR >= 22
#define SWITCH_CASE(inst, k) LLVMGetSwitchCaseValue((inst), (k) + 1)
#else
#define SWITCH_CASE(inst, k) LLVMGetOperand((inst), 2 + 2 * (k))
#endif

static struct ir_instruction *last(struct body *b)
{
	return &b->instrs.data[b->instrs.len - 1];
}

static void emit_with_operands(struct body *b, enum ir_op op, LLVMValueRef inst)
{
	emit(b, op, inst);
	int n = LLVMGetNumOperands(inst);
	for (int k = 0; k < n; k++) {
		LLVMValueRef v = LLVMGetOperand(inst, (unsigned)k);
		if (!LLVMValueIsBasicBlock(v))
			add_value_operand(b, v);
	}
}

static void add_all_succs(struct body *b, LLVMValueRef inst)
{
	unsigned n = LLVMGetNumSuccessors(inst);
	for (unsigned k = 0; k < n; k++)
		add_succ(b, LLVMGetSuccessor(inst, k));
}

/* ---- memory ---- */

static int64_t store_size(struct body *b, LLVMTypeRef type)
{
	if (LLVMGetTypeKind(type) == LLVMScalableVectorTypeKind)
		return 0;
	return (int64_t)LLVMStoreSizeOfType(b->l->layout, type);
}

static void lower_alloca(struct body *b, LLVMValueRef inst)
{
	emit(b, IR_ALLOCA, inst);
	LLVMValueRef count = LLVMGetOperand(inst, 0);
	if (LLVMIsAConstantInt(count))
		last(b)->imm = (int64_t)(size_of_type(b->l, LLVMGetAllocatedType(inst)) *
		                         LLVMConstIntGetZExtValue(count));
}

static void memory_flags(struct body *b, LLVMValueRef inst)
{
	if (LLVMGetVolatile(inst))
		last(b)->flags |= IR_F_VOLATILE;
	if (LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic)
		last(b)->flags |= IR_F_ATOMIC;
}

static void lower_load(struct body *b, LLVMValueRef inst)
{
	emit_with_operands(b, IR_LOAD, inst);
	last(b)->imm = store_size(b, LLVMTypeOf(inst));
	memory_flags(b, inst);
}

static void lower_store(struct body *b, LLVMValueRef inst)
{
	emit_with_operands(b, IR_STORE, inst);
	last(b)->imm = store_size(b, LLVMTypeOf(LLVMGetOperand(inst, 0)));
	memory_flags(b, inst);
}

static void lower_gep(struct body *b, LLVMValueRef inst)
{
	LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(inst));
	if (kind != LLVMPointerTypeKind) { /* a vector of addresses */
		emit_with_operands(b, IR_OTHER, inst);
		return;
	}
	struct gep g = fold_gep(b->l, inst);
	emit(b, IR_ADDR, inst);
	last(b)->imm = g.offset;
	last(b)->record = g.record ? shim_record_of(b->l->shim, g.record) : 0;
	add_value_operand(b, LLVMGetOperand(inst, 0));
	if (!g.index)
		return;
	last(b)->flags |= IR_F_VARIABLE;
	last(b)->scale = g.scale;
	add_value_operand(b, g.index);
}

/* ---- arithmetic ---- */

static enum ir_bin binary(LLVMOpcode op)
{
	switch (op) {
	case LLVMAdd:
		return IR_ADD;
	case LLVMSub:
		return IR_SUB;
	case LLVMMul:
		return IR_MUL;
	case LLVMSDiv:
		return IR_SDIV;
	case LLVMUDiv:
		return IR_UDIV;
	case LLVMSRem:
		return IR_SREM;
	case LLVMURem:
		return IR_UREM;
	case LLVMShl:
		return IR_SHL;
	case LLVMLShr:
		return IR_LSHR;
	case LLVMAShr:
		return IR_ASHR;
	case LLVMAnd:
		return IR_AND;
	case LLVMOr:
		return IR_OR;
	case LLVMXor:
		return IR_XOR;
	default:
		return IR_BIN_OTHER;
	}
}

static enum ir_pred predicate(LLVMIntPredicate p)
{
	switch (p) {
	case LLVMIntEQ:
		return IR_EQ;
	case LLVMIntNE:
		return IR_NE;
	case LLVMIntUGT:
		return IR_UGT;
	case LLVMIntUGE:
		return IR_UGE;
	case LLVMIntULT:
		return IR_ULT;
	case LLVMIntULE:
		return IR_ULE;
	case LLVMIntSGT:
		return IR_SGT;
	case LLVMIntSGE:
		return IR_SGE;
	case LLVMIntSLT:
		return IR_SLT;
	default:
		return IR_SLE;
	}
}

static enum ir_rmw rmw(LLVMAtomicRMWBinOp op)
{
	switch (op) {
	case LLVMAtomicRMWBinOpXchg:
		return IR_RMW_XCHG;
	case LLVMAtomicRMWBinOpAdd:
		return IR_RMW_ADD;
	case LLVMAtomicRMWBinOpSub:
		return IR_RMW_SUB;
	case LLVMAtomicRMWBinOpAnd:
		return IR_RMW_AND;
	case LLVMAtomicRMWBinOpOr:
		return IR_RMW_OR;
	case LLVMAtomicRMWBinOpXor:
		return IR_RMW_XOR;
	default:
		return IR_RMW_OTHER;
	}
}

static void lower_with_sub(struct body *b, enum ir_op op, int sub, LLVMValueRef inst)
{
	emit_with_operands(b, op, inst);
	last(b)->sub = (uint8_t)sub;
}

static uint32_t part_offset(struct lower *l, LLVMTypeRef type, LLVMValueRef inst)
{
	uint64_t at = 0;
	for (unsigned k = 0; k < LLVMGetNumIndices(inst); k++) {
		unsigned index = LLVMGetIndices(inst)[k];
		if (LLVMGetTypeKind(type) == LLVMStructTypeKind) {
			at += LLVMOffsetOfElement(l->layout, type, index);
			type = LLVMStructGetTypeAtIndex(type, index);
		} else {
			type = LLVMGetElementType(type);
			at += index * size_of_type(l, type);
		}
	}
	return at > UINT32_MAX ? 0 : (uint32_t)at;
}

static void lower_aggregate(struct body *b, enum ir_op op, LLVMValueRef inst)
{
	emit_with_operands(b, op, inst);
	last(b)->imm = LLVMGetNumIndices(inst) ? (int64_t)LLVMGetIndices(inst)[0] : 0;
	last(b)->scale = part_offset(b->l, LLVMTypeOf(LLVMGetOperand(inst, 0)), inst);
}

static void lower_phi(struct body *b, LLVMValueRef inst)
{
	emit(b, IR_PHI, inst);
	unsigned n = LLVMCountIncoming(inst);
	for (unsigned k = 0; k < n; k++) {
		uint64_t from = 0;
		intmap_get(&b->block_of, (uintptr_t)LLVMGetIncomingBlock(inst, k), &from);
		add_value_operand(b, LLVMGetIncomingValue(inst, k));
		b->phi_blocks.data[b->phi_blocks.len - 1] = (ir_block)from;
	}
}

/* ---- control ---- */

/* `do ... while (1)` has a condition that is none. */
static void lower_br(struct body *b, LLVMValueRef inst)
{
	bool conditional = LLVMGetNumSuccessors(inst) == 2;
	if (conditional && LLVMIsAConstantInt(LLVMGetCondition(inst))) {
		bool holds = LLVMConstIntGetZExtValue(LLVMGetCondition(inst)) != 0;
		emit(b, IR_BR, inst);
		add_succ(b, LLVMGetSuccessor(inst, holds ? 0 : 1));
		return;
	}
	emit(b, conditional ? IR_CONDBR : IR_BR, inst);
	if (conditional)
		add_value_operand(b, LLVMGetCondition(inst));
	add_all_succs(b, inst);
}

/* A coroutine that suspends goes on later, at case 0. That its caller goes on meanwhile is no way out of it.
 */
static LLVMBasicBlockRef resumed_at(LLVMValueRef inst)
{
	LLVMValueRef on = LLVMGetOperand(inst, 0);
	LLVMValueRef callee = LLVMIsACallInst(on) ? LLVMGetCalledValue(on) : NULL;
	if (!callee || !LLVMIsAFunction(callee) || strcmp(FUNC_NAME(callee), "llvm.coro.suspend") != 0)
		return NULL;
	unsigned n = LLVMGetNumSuccessors(inst);
	for (unsigned k = 0; k + 1 < n; k++)
		if (LLVMConstIntGetZExtValue(SWITCH_CASE(inst, k)) == 0)
			return LLVMGetSuccessor(inst, k + 1);
	return NULL;
}

static void lower_switch(struct body *b, LLVMValueRef inst)
{
	LLVMBasicBlockRef resumed = resumed_at(inst);
	if (resumed) {
		emit(b, IR_BR, inst);
		add_succ(b, resumed);
		return;
	}
	emit(b, IR_SWITCH, inst);
	add_value_operand(b, LLVMGetOperand(inst, 0));
	unsigned n = LLVMGetNumSuccessors(inst);
	add_succ(b, LLVMGetSwitchDefaultDest(inst));
	for (unsigned k = 0; k + 1 < n; k++) {
		add_value_operand(b, SWITCH_CASE(inst, k));
		add_succ(b, LLVMGetSuccessor(inst, k + 1));
	}
}

static void lower_terminator(struct body *b, enum ir_op op, LLVMValueRef inst)
{
	emit_with_operands(b, op, inst);
	add_all_succs(b, inst);
}

/* asm goto: the assembly, and then a jump nobody can predict. */
static void lower_callbr(struct body *b, LLVMValueRef inst)
{
	emit_with_operands(b, IR_ASM, inst);
	ir_val target = last(b)->result;
	ir_instr n = emit(b, IR_INDIRECTBR, inst);
	b->instrs.data[n].result = 0;
	if (target) {
		b->vals.data[target].aux = n - 1;
		add_operand(b, target);
	}
	add_all_succs(b, inst);
}

static bool lower_control(struct body *b, LLVMValueRef inst, LLVMOpcode op)
{
	switch (op) {
	case LLVMBr:
#if LLVM_VERSION_MAJOR >= 23
	case LLVMCondBr:
#endif
		lower_br(b, inst);
		return true;
	case LLVMSwitch:
		lower_switch(b, inst);
		return true;
	case LLVMIndirectBr:
		lower_terminator(b, IR_INDIRECTBR, inst);
		return true;
	case LLVMRet:
		lower_terminator(b, IR_RET, inst);
		return true;
	case LLVMUnreachable:
		lower_terminator(b, IR_UNREACHABLE, inst);
		return true;
	case LLVMResume:
		lower_terminator(b, IR_RESUME, inst);
		return true;
	case LLVMCallBr:
		lower_callbr(b, inst);
		return true;
	case LLVMCall:
	case LLVMInvoke:
		lower_call(b, inst);
		return true;
	case LLVMPHI:
		lower_phi(b, inst);
		return true;
	case LLVMLandingPad:
		emit(b, IR_LANDINGPAD, inst);
		return true;
	case LLVMCatchSwitch:
	case LLVMCatchPad:
	case LLVMCatchRet:
	case LLVMCleanupPad:
	case LLVMCleanupRet:
		b->skipped_why = "its exceptions are those of Windows";
		return true;
	default:
		return false;
	}
}

static bool lower_memory(struct body *b, LLVMValueRef inst, LLVMOpcode op)
{
	switch (op) {
	case LLVMAlloca:
		lower_alloca(b, inst);
		return true;
	case LLVMLoad:
		lower_load(b, inst);
		return true;
	case LLVMStore:
		lower_store(b, inst);
		return true;
	case LLVMGetElementPtr:
		lower_gep(b, inst);
		return true;
	case LLVMAtomicRMW:
		lower_with_sub(b, IR_ATOMIC, rmw(LLVMGetAtomicRMWBinOp(inst)), inst);
		return true;
	case LLVMAtomicCmpXchg:
		emit_with_operands(b, IR_CMPXCHG, inst);
		return true;
	default:
		return false;
	}
}

static bool is_cast(LLVMOpcode op)
{
	switch (op) {
	case LLVMTrunc:
	case LLVMZExt:
	case LLVMSExt:
	case LLVMFPToUI:
	case LLVMFPToSI:
	case LLVMUIToFP:
	case LLVMSIToFP:
	case LLVMFPTrunc:
	case LLVMFPExt:
	case LLVMPtrToInt:
	case LLVMIntToPtr:
	case LLVMBitCast:
	case LLVMAddrSpaceCast:
	case LLVMFreeze:
		return true;
	default:
		return false;
	}
}

void lower_instr(struct body *b, LLVMValueRef inst)
{
	LLVMOpcode op = LLVMGetInstructionOpcode(inst);
	if (lower_control(b, inst, op) || lower_memory(b, inst, op))
		return;
	if (is_cast(op))
		emit_with_operands(b, IR_CAST, inst);
	else if (LLVMIsABinaryOperator(inst))
		lower_with_sub(b, IR_BINOP, binary(op), inst);
	else if (op == LLVMICmp)
		lower_with_sub(b, IR_ICMP, predicate(LLVMGetICmpPredicate(inst)), inst);
	else if (op == LLVMSelect)
		emit_with_operands(b, IR_SELECT, inst);
	else if (op == LLVMExtractValue)
		lower_aggregate(b, IR_EXTRACT, inst);
	else if (op == LLVMInsertValue)
		lower_aggregate(b, IR_INSERT, inst);
	else if (LLVMIsATerminatorInst(inst))
		b->skipped_why = "it ends a block in a way that is not known here";
	else
		emit_with_operands(b, IR_OTHER, inst);
}
