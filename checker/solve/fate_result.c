/*
 * fate_result.c - which values of a function are the outcome that is followed.
 */
#include "fate.h"

static bool same_field(const struct ir_func *f, ir_val a, ir_val b)
{
	const struct ir_instruction *x = ir_def(f, ir_strip_casts(f, a)),
	                            *y = ir_def(f, ir_strip_casts(f, b));
	return x && y && x->op == IR_ADDR && y->op == IR_ADDR && x->record && x->record == y->record &&
	       x->imm == y->imm;
}

/* What is read again from the field that it was just put into: `self->proxy = finish(); if (!self->proxy)`.
 */
static void read_again(struct fate *w, const struct ir_instruction *store)
{
	ir_val at = ir_operand(w->f, store, 1);
	for (ir_instr i = 1; i < w->f->ninstrs; i++)
		if (w->f->instrs[i].op == IR_STORE && &w->f->instrs[i] != store &&
		    same_field(w->f, ir_operand(w->f, &w->f->instrs[i], 1), at))
			return;
	for (ir_instr i = 1; i < w->f->ninstrs; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		bool behind = in->block == store->block ? in > store
		                                        : cfg_dominates(w->cfg, store->block, in->block);
		if (in->op == IR_LOAD && behind && same_field(w->f, ir_operand(w->f, in, 0), at))
			fate_result(w, in->result);
	}
}

/* The outcome, or what it is as a positive number: `-rc`. */
bool fate_is_result(const struct fate *w, ir_val v)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	int64_t c;
	if (v && !w->result[v] && in && in->op == IR_BINOP && in->sub == IR_SUB &&
	    scan_int(w->f, ir_operand(w->f, in, 0), &c) && c == 0)
		v = ir_strip_casts(w->f, ir_operand(w->f, in, 1));
	return v && w->result[v];
}

void fate_result(struct fate *w, ir_val v)
{
	if (!v || w->result[v])
		return;
	w->result[v] = true;
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_CAST || in->op == IR_PHI)
			fate_result(w, in->result);
		else if (in->op == IR_BINOP && fate_is_result(w, in->result))
			fate_error(w, in->result);
		else if (in->op == IR_STORE && w->x->uses[k].operand == 0)
			read_again(w, in);
	}
}
