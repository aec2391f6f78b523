/*
 * never_kept.c - a function looks at its token only where a field of an object that it has just made says so,
 * which is still empty: the token is dropped.
 */
#include "scan.h"
#include "ways.h"

/* What makes an object that is all zero gave this value. */
static bool is_fresh(const struct solution *s, const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	const struct api_func *d = in && ir_is_call(in) ? scan_model(s, f, in) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_MAKE);
	return r && r->zeroed && r->handle.base == API_PATH_RETURN;
}

/* Something before `load` may have filled the field: a store to it, or a call that gets the object. */
static bool may_be_filled(const struct solution *s, uint32_t func, const struct ir_instruction *field,
                          ir_instr load)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val object = ir_strip_casts(f, ir_operand(f, field, 0));
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_instruction *to =
		        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1))) : NULL;
		bool fills = to && to->op == IR_ADDR && to->imm == field->imm && to->record == field->record;
		fills |= in->op == IR_STORE && ir_strip_casts(f, ir_operand(f, in, 0)) == object;
		fills |= in->op == IR_COPY || in->op == IR_FILL;
		for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++)
			fills |= ir_strip_casts(f, ir_arg(f, in, k)) == object;
		if (fills && ways_around(s, func, i, load, NULL, 0))
			return true;
	}
	return false;
}

/* The branch asks such a field, and where that is not empty leads to this block; 0: it does not. */
static ir_block dead_side(const struct solution *s, uint32_t func, const struct ir_instruction *branch,
                          ir_instr *load)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *cmp =
	        branch->op == IR_CONDBR ? ir_def(f, ir_operand(f, branch, 0)) : NULL;
	if (!cmp || cmp->op != IR_ICMP || (cmp->sub != IR_EQ && cmp->sub != IR_NE) ||
	    !scan_null(f, ir_operand(f, cmp, 1)))
		return 0;
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, ir_operand(f, cmp, 0)));
	const struct ir_instruction *field =
	        in && in->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0))) : NULL;
	if (!field || field->op != IR_ADDR || !field->record || (field->flags & IR_F_VARIABLE) ||
	    !is_fresh(s, f, ir_operand(f, field, 0)))
		return 0;
	*load = (ir_instr)(in - f->instrs);
	return may_be_filled(s, func, field, *load) ? 0 : ir_succ(f, branch, cmp->sub == IR_EQ);
}

/* The first of all places where the token is mentioned, if they all lie on that side; 0: some do not, or
 * there is none. */
static ir_instr only_used_in(const struct solution *s, uint32_t func, ir_val token, ir_block side)
{
	const struct use_index *x = scan_uses(s, func);
	ir_instr first = 0;
	for (uint32_t k = x->first[token]; k < x->first[token + 1]; k++) {
		ir_instr by = x->uses[k].by;
		if (!cfg_dominates(s->program->cfgs[func], side,
		                   s->program->unit->funcs[func].instrs[by].block))
			return 0;
		first = first ? first : by;
	}
	return first;
}

static void look_at(const struct solution *s, uint32_t func, uint32_t param,
                    void (*each)(void *, const struct never_kept *), void *ctx)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		ir_instr load = 0;
		ir_block side = f->instrs[i].op == IR_CONDBR && cfg_reachable(cfg, f->instrs[i].block)
		                        ? dead_side(s, func, &f->instrs[i], &load)
		                        : 0;
		ir_instr use = side && cfg->npreds[side] == 1
		                       ? only_used_in(s, func, f->params[param].val, side)
		                       : 0;
		if (!use)
			continue;
		each(ctx, &(struct never_kept){func, param, load, use});
		return;
	}
}

void solve_never_kept(const struct solution *s, void (*each)(void *ctx, const struct never_kept *n),
                      void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (uint32_t k = 0; p->cfgs[func] && k < f->nparams; k++)
			if (f->params[k].val && program_is_token(p, f->params[k].ctype))
				look_at(s, func, k, each, ctx);
	}
}
