/*
 * fate_unset.c - fields that a function fills where a call has succeeded and nowhere else: after a failure
 * nothing is in them, and a test of the field is one of the outcome.
 *
 *     if (load (file, &data, &error))
 *       self->data = data;
 *     if (!self->data) { propagate (error); return FALSE; }
 */
#include "fate.h"
#include "scan.h"

/* The field of a record behind a value that was not made here. */
static const struct ir_instruction *field_at(const struct ir_func *f, ir_val address)
{
	const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, address));
	return at && at->op == IR_ADDR && at->record && !(at->flags & IR_F_VARIABLE) ? at : NULL;
}

static bool same_field(const struct ir_func *f, const struct ir_instruction *a,
                       const struct ir_instruction *b)
{
	return b && a->record == b->record && a->imm == b->imm &&
	       ir_strip_casts(f, ir_operand(f, a, 0)) == ir_strip_casts(f, ir_operand(f, b, 0));
}

/* The condition asks for the outcome itself, not for what came of it. */
static bool asks_outcome(const struct fate *w, ir_val cond)
{
	ir_val v = ir_strip_casts(w->f, cond);
	const struct ir_instruction *in = ir_def(w->f, v);
	return w->result[v] ||
	       (in && in->op == IR_ICMP && w->result[ir_strip_casts(w->f, ir_operand(w->f, in, 0))]);
}

/* Only ways on which the call has succeeded come there. */
static bool behind_success(const struct fate *w, ir_block b)
{
	for (uint32_t n = 0; n < w->cfg->nrpo; n++) {
		const struct ir_instruction *t = ir_terminator(w->f, w->cfg->rpo[n]);
		int64_t c;
		if (t->op != IR_CONDBR || !asks_outcome(w, ir_operand(w->f, t, 0)) ||
		    !fate_condition(w, ir_operand(w->f, t, 0), (struct fate_edge){0}, &c))
			continue;
		ir_block failed = ir_succ(w->f, t, c ? 0 : 1), succeeded = ir_succ(w->f, t, c ? 1 : 0);
		if (cfg_dominates(w->cfg, succeeded, b) && failed != succeeded &&
		    !cfg_can_reach(w->cfg, failed, succeeded))
			return true;
	}
	return false;
}

/* The block is on another way than the call. */
static bool beside(const struct fate *w, ir_block b)
{
	return w->call && b != w->call->block && !cfg_can_reach(w->cfg, b, w->call->block) &&
	       !cfg_can_reach(w->cfg, w->call->block, b);
}

/* Something is put into the field, and only there. */
static bool filled_on_success(const struct fate *w, const struct ir_instruction *field)
{
	bool filled = false;
	for (ir_instr i = 1; i < w->f->ninstrs; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		if (in->op != IR_STORE || !same_field(w->f, field, field_at(w->f, ir_operand(w->f, in, 1))) ||
		    scan_null(w->f, ir_operand(w->f, in, 0)) || beside(w, in->block))
			continue;
		if (!behind_success(w, in->block))
			return false;
		filled = true;
	}
	return filled;
}

bool fate_unset(const struct fate *w, ir_val v)
{
	const struct ir_instruction *load = ir_def(w->f, v);
	bool pointer = load && load->op == IR_LOAD && w->f->vals[v].type == IR_TYPE_PTR;
	const struct ir_instruction *field = pointer ? field_at(w->f, ir_operand(w->f, load, 0)) : NULL;
	if (!field)
		return false;
	uint64_t key = ((uint64_t)ir_strip_casts(w->f, ir_operand(w->f, field, 0)) << 32) ^
	               ((uint64_t)field->record << 20) ^ (uint64_t)field->imm,
	         known;
	if (!intmap_get(w->unset, key, &known)) {
		known = filled_on_success(w, field);
		intmap_set(w->unset, key, known);
	}
	return known;
}
