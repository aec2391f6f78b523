/*
 * counter.c - a counter that a loop does not compare with a small constant: after a few turns it is any
 * number. What the turns end or make would otherwise keep a state apart for each of its values.
 */
#include "scan.h"
#include "sim.h"

#define EXACT_TURNS 2  /* of a counter without a constant bound */
#define SMALL_BOUND 32 /* a loop up to a constant at most as large is walked through turn by turn */

static bool compares_with_small(const struct sim *m, const struct use_index *x, ir_val v)
{
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &m->f->instrs[x->uses[k].by];
		int64_t bound;
		if (by->op == IR_CAST && by->result > v && compares_with_small(m, x, by->result))
			return true;
		if (by->op == IR_ICMP && by->sub != IR_NE && by->sub != IR_EQ &&
		    scan_int(m->f, ir_operand(m->f, by, !x->uses[k].operand), &bound) &&
		    bound >= -SMALL_BOUND && bound <= SMALL_BOUND && bound != 0)
			return true;
	}
	return false;
}

/* The constant it begins with, if no other one comes from outside of the loop. */
static bool begins_with(const struct sim *m, const struct ir_instruction *phi, ir_val from_inside,
                        int64_t *first)
{
	bool found = false;
	for (uint32_t k = 0; k < phi->noperands; k++) {
		int64_t value;
		ir_val v = ir_operand(m->f, phi, k);
		if (v == from_inside || v == phi->result)
			continue;
		if (found || !scan_int(m->f, v, &value))
			return false;
		*first = value;
		found = true;
	}
	return found;
}

bool counter_runs_off(struct sim *m, ir_instr i, ir_block from, struct sval v)
{
	ir_val next = phi_operand(m, i, from);
	const struct ir_instruction *phi = &m->f->instrs[i], *step = ir_def(m->f, ir_strip_casts(m->f, next));
	struct symbol own = {.kind = SYM_RESULT, .a = i};
	int64_t first, by;
	if (m->f->vals[phi->result].type != IR_TYPE_INT || !step || step->op != IR_BINOP ||
	    (step->sub != IR_ADD && step->sub != IR_SUB) || !scan_int(m->f, ir_operand(m->f, step, 1), &by) ||
	    !by)
		return false;
	if (v.kind == SV_SYM)
		return v.off && v.id == sym_get(&m->t, own);
	if (v.kind != SV_CONST || !begins_with(m, phi, next, &first))
		return false;
	const struct use_index *x = scan_uses(m->sol, m->func);
	int64_t turns = (v.off - first) / by;
	return (turns >= EXACT_TURNS || turns <= -EXACT_TURNS) && !compares_with_small(m, x, phi->result) &&
	       !compares_with_small(m, x, next);
}
