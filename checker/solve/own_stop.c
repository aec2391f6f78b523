/*
 * own_stop.c - threads that have a stop flag of their own: a loop asks it, and another function sets it.
 */
#include "flag.h"
#include "scan.h"

#define MAX_TERMS 6 /* depth of a condition */

static bool stores_to(const struct ir_func *f, const struct flag *flag, bool constant)
{
	int64_t c;
	struct flag at;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_STORE && (!constant || scan_int(f, ir_operand(f, in, 0), &c)) &&
		    flag_at(f, ir_operand(f, in, 1), &at) && flag_same(&at, flag))
			return true;
	}
	return false;
}

static bool set_elsewhere(const struct solution *s, uint32_t func, const struct flag *flag)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++)
		if (g != func && p->cfgs[g] && stores_to(&p->unit->funcs[g], flag, true))
			return true;
	return false;
}

static bool asks_flag(const struct solution *s, uint32_t func, ir_val cond, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, cond));
	struct flag at;
	if (!in || depth > MAX_TERMS)
		return false;
	if (in->op == IR_LOAD)
		return f->vals[in->result].type == IR_TYPE_INT && flag_at(f, ir_operand(f, in, 0), &at) &&
		       !stores_to(f, &at, false) && set_elsewhere(s, func, &at);
	bool terms = in->op == IR_ICMP || in->op == IR_BINOP || in->op == IR_PHI || in->op == IR_SELECT;
	for (uint32_t k = 0; terms && k < in->noperands; k++)
		if (asks_flag(s, func, ir_operand(f, in, k), depth + 1))
			return true;
	return false;
}

bool solve_has_own_stop(const struct solution *s, uint32_t func)
{
	const struct cfg *cfg = s->program->cfgs[func];
	for (uint32_t l = 1; cfg && l < cfg->nloops; l++)
		for (uint32_t k = 0; k < cfg->loops[l].nexits; k++) {
			const struct ir_instruction *t =
			        ir_terminator(cfg->func, cfg->loops[l].exits[k].from);
			if (t->op == IR_CONDBR && asks_flag(s, func, ir_operand(cfg->func, t, 0), 0))
				return true;
		}
	return false;
}
