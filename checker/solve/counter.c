/*
 * counter.c - a counter that a loop does not compare with a small constant: after a few turns it is any
 * number. What the turns free would otherwise keep a state apart for each of its values.
 */
#include "scan.h"
#include "sim.h"

#include "arena.h"

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

/* Handles, tasks and what is attached are told apart by the places they are kept at. Operations are, too, but
 * whoever completes many of them in a loop means another one in each turn. */
static bool minds_places(const struct api_func *d)
{
	static const enum api_role_kind kinds[] = {API_ROLE_CREATE, API_ROLE_RELEASE, API_ROLE_CANCEL,
	                                           API_ROLE_SPAWN,  API_ROLE_JOIN,    API_ROLE_CONNECT,
	                                           API_ROLE_ENTER,  API_ROLE_LEAVE};
	for (size_t k = 0; d && k < sizeof kinds / sizeof *kinds; k++)
		if (api_role_of(d, kinds[k]))
			return true;
	return false;
}

static bool does_more(const struct sim *m, uint32_t callee)
{
	const struct summary *sum = m->p->cfgs[callee] ? &m->sol->funcs[callee].summary : NULL;
	for (uint32_t k = 0; sum && k < sum->neffects; k++) {
		enum effect_kind e = sum->effects[k].kind;
		bool memory = e == EFFECT_RELEASE && (sum->effects[k].how & (END_PLAIN | END_COMPLETES));
		if (!memory && e != EFFECT_KEEP && e != EFFECT_WRITE && e != EFFECT_STORE)
			return true;
	}
	return false;
}

static bool only_frees(const struct sim *m, uint32_t loop)
{
	const struct cfg_loop *l = &m->cfg->loops[loop];
	for (uint32_t k = 0; k < l->nblocks; k++) {
		const struct ir_basic_block *b = &m->f->blocks[l->blocks[k]];
		for (ir_instr i = b->first; i < b->first + b->count; i++) {
			uint32_t callee =
			        ir_is_call(&m->f->instrs[i]) ? ir_callee(m->f, &m->f->instrs[i]) : 0;
			if (callee && (minds_places(m->p->described[callee]) || does_more(m, callee)))
				return false;
		}
	}
	return true;
}

enum { LOOP_UNKNOWN, LOOP_FREES, LOOP_MINDS };

static bool loop_only_frees(struct sim *m, ir_block head)
{
	uint32_t loop = m->cfg->loop_of[head];
	if (!loop)
		return false;
	if (!m->loop_kinds)
		m->loop_kinds = ARENA_ARRAY(m->scratch, uint8_t, m->cfg->nloops);
	if (m->loop_kinds[loop] == LOOP_UNKNOWN)
		m->loop_kinds[loop] = only_frees(m, loop) ? LOOP_FREES : LOOP_MINDS;
	return m->loop_kinds[loop] == LOOP_FREES;
}

bool counter_runs_off(struct sim *m, ir_instr i, ir_block from, struct sval v)
{
	ir_val next = phi_operand(m, i, from);
	const struct ir_instruction *phi = &m->f->instrs[i], *step = ir_def(m->f, ir_strip_casts(m->f, next));
	struct symbol own = {.kind = SYM_RESULT, .a = i};
	int64_t first, by;
	if (m->f->vals[phi->result].type != IR_TYPE_INT || !step || !loop_only_frees(m, phi->block) ||
	    step->op != IR_BINOP || (step->sub != IR_ADD && step->sub != IR_SUB) ||
	    !scan_int(m->f, ir_operand(m->f, step, 1), &by) || !by)
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
