/*
 * fate_kept.c - what is kept of an outcome, to be told later: its error in another variable, the first of
 * several, say; a count.
 */
#include "fate.h"

#include <string.h>

#define MAX_MERGES 4

/* Somebody gets the value who may tell of it. */
static bool handed_on(const struct fate *w, ir_val v, unsigned depth)
{
	for (uint32_t k = w->x->first[v]; k < w->x->first[v + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		uint32_t callee = ir_is_call(in) ? ir_callee(w->f, in) : 0;
		const struct api_func *d = callee ? w->s->program->described[callee] : NULL;
		bool copy = in->op == IR_CAST || in->op == IR_PHI;
		if (ir_is_call(in) && w->x->uses[k].operand > 0 && !(in->flags & IR_F_CLEANUP) &&
		    !api_role_of(d, API_ROLE_CLEANUP) && !scan_is_marker(w->s, w->f, in))
			return true;
		if (in->op == IR_RET || (in->op == IR_STORE && w->x->uses[k].operand == 0 &&
		                         !fate_is_local(w->f, ir_strip_casts(w->f, ir_operand(w->f, in, 1)))))
			return true;
		if (copy && depth < MAX_MERGES && handed_on(w, in->result, depth + 1))
			return true;
	}
	return false;
}

static bool variable_handed_on(const struct fate *w, ir_val local)
{
	for (uint32_t k = w->x->first[local]; k < w->x->first[local + 1]; k++) {
		const struct ir_instruction *in = &w->f->instrs[w->x->uses[k].by];
		if (in->op == IR_LOAD && handed_on(w, in->result, 0))
			return true;
	}
	return false;
}

bool fate_keeps(const struct fate *w, ir_val at)
{
	at = ir_strip_casts(w->f, at);
	return at != w->error_at && fate_is_local(w->f, at) && variable_handed_on(w, at);
}

bool fate_keeps_merged(const struct fate *w, ir_val merged)
{
	return handed_on(w, merged, 0);
}

/* What the condition compares with NULL; *if_set: the answer when there is something. */
static ir_val tested(const struct ir_func *f, ir_val cond, bool *if_set)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, cond));
	*if_set = true;
	for (; in && in->op == IR_BINOP && in->sub == IR_XOR; *if_set = !*if_set)
		in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	if (!in || in->op != IR_ICMP || !scan_null(f, ir_operand(f, in, 1)) ||
	    f->vals[ir_operand(f, in, 0)].type != IR_TYPE_PTR)
		return 0;
	*if_set = (in->sub == IR_NE) == *if_set;
	return ir_strip_casts(f, ir_operand(f, in, 0));
}

bool fate_asks_kept(const struct fate *w, ir_val cond, bool *if_set)
{
	ir_val v = tested(w->f, cond, if_set);
	const struct ir_instruction *in = v ? ir_def(w->f, v) : NULL;
	if (!in || !w->error_at || !w->error[v])
		return false;
	return in->op == IR_PHI    ? handed_on(w, v, 0)
	       : in->op == IR_LOAD ? fate_keeps(w, ir_operand(w->f, in, 0))
	                           : false;
}

/* ---- counts ---- */

/* Between the call and the block something was asked: what is done there is not done in each case. */
static bool is_one_case(const struct fate *w, ir_block b)
{
	for (ir_block from = w->call ? cfg_idom(w->cfg, b) : 0; from;
	     b = from, from = cfg_idom(w->cfg, from)) {
		if (ir_terminator(w->f, from)->op == IR_CONDBR && w->cfg->npreds[b] == 1)
			return true;
		if (from == w->call->block)
			return false;
	}
	return true;
}

/* `job->failed++` */
bool fate_counts_one(const struct fate *w, const struct ir_instruction *in)
{
	int64_t by;
	const struct ir_instruction *sum = ir_def(w->f, ir_strip_casts(w->f, ir_operand(w->f, in, 0)));
	return scan_counts(w->f, in) && scan_int(w->f, ir_operand(w->f, sum, 1), &by) &&
	       is_one_case(w, in->block);
}
