/*
 * lock_moved.c - joins of a local variable whose thread was moved elsewhere before, or joined: they wait for
 * nothing.
 */
#include "lock_sides.h"
#include "scan.h"

#include <string.h>

static bool before(const struct cfg *cfg, const struct ir_instruction *a, const struct ir_instruction *b)
{
	return a->block == b->block ? a < b : cfg_dominates(cfg, a->block, b->block);
}

/* The call takes argument `k` by `T &&`, or joins it. */
static bool takes_out(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                      uint32_t k)
{
	uint32_t callee = ir_callee(f, in);
	const struct ir_func *g = &s->program->unit->funcs[callee];
	const char *type = callee && k < g->nparams ? g->params[k].ctype : "";
	size_t n = strlen(type);
	const struct api_role *join = api_role_of(scan_model(s, f, in), API_ROLE_JOIN);
	if (join && join->handle.base == API_PATH_ARG && join->handle.arg == k && !join->handle.deref)
		return !(in->flags & IR_F_CLEANUP);
	return n > 2 && strcmp(type + n - 2, "&&") == 0;
}

/* Every call that gets the variable comes before `moved`, or is clean-up. */
static bool is_last(const struct ir_func *f, const struct cfg *cfg, const struct use_index *x, ir_val at,
                    const struct ir_instruction *moved)
{
	for (uint32_t k = x->first[at]; k < x->first[at + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool used = ir_is_call(in) || (in->op == IR_STORE && x->uses[k].operand == 1);
		if (used && in != moved && !(in->flags & IR_F_CLEANUP) && !before(cfg, in, moved))
			return false;
	}
	return true;
}

bool lock_moved(const struct solution *s, uint32_t func, ir_instr join, ir_val of)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct use_index *x = scan_uses(s, func);
	ir_val at = ir_strip_casts(f, of);
	const struct ir_instruction *var = ir_def(f, at);
	if (!var || var->op != IR_ALLOCA)
		return false;
	for (uint32_t k = x->first[at]; k < x->first[at + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		for (uint32_t a = 0; ir_is_call(in) && a < ir_nargs(in); a++)
			if (ir_arg(f, in, a) == at && takes_out(s, f, in, a) &&
			    before(cfg, in, &f->instrs[join]) && is_last(f, cfg, x, at, in))
				return true;
	}
	return false;
}
