/*
 * lent.c - a token that a field owns is lent to a callee, which also gets the object, and which ends what the
 * field holds before it looks at the token for the last time.
 */
#include "place.h"
#include "scan.h"
#include "ways.h"

#define MAX_HELPERS 2
#define MAX_LOADS 4 /* from the object to the field */

struct lending {
	const struct solution *s;
	uint32_t func, callee;
	ir_instr call;
	uint32_t arg;
	struct handle_place place;
};

/* The object that is also given to the call leads to the field. */
static bool object_goes_too(const struct lending *l, ir_val at)
{
	const struct ir_func *f = &l->s->program->unit->funcs[l->func];
	const struct ir_instruction *call = &f->instrs[l->call], *in;
	for (unsigned n = 0; n < MAX_LOADS; n++) {
		while ((in = ir_def(f, at = ir_strip_casts(f, at))) && in->op == IR_ADDR)
			at = ir_operand(f, in, 0);
		for (uint32_t k = 0; k < ir_nargs(call); k++)
			if (k != l->arg && ir_strip_casts(f, ir_arg(f, call, k)) == at)
				return true;
		if (!in || in->op != IR_LOAD)
			return false;
		at = ir_operand(f, in, 0);
	}
	return false;
}

static bool ends_at(const struct lending *l, ir_instr i)
{
	const struct program *p = l->s->program;
	const struct ir_func *g = &p->unit->funcs[l->callee];
	uint32_t callee = ir_is_call(&g->instrs[i]) ? ir_callee(g, &g->instrs[i]) : 0;
	return callee && cfg_reachable(p->cfgs[l->callee], g->instrs[i].block) &&
	       (place_ended_by(l->s, l->callee, i, l->place) ||
	        (!p->described[callee] && place_ended_in(l->s, callee, l->place, MAX_HELPERS)));
}

static bool keeps_reference(const struct lending *l, ir_val v)
{
	const struct ir_func *g = &l->s->program->unit->funcs[l->callee];
	for (ir_instr i = 1; i < g->ninstrs; i++)
		if (scan_gets(g, &g->instrs[i], v) &&
		    api_role_of(scan_model(l->s, g, &g->instrs[i]), API_ROLE_REF))
			return true;
	return false;
}

/* The token is used behind the end; in a next turn of a loop that may not come then. */
static ir_instr used_behind(const struct lending *l, ir_instr end, ir_val v)
{
	const struct ir_func *g = &l->s->program->unit->funcs[l->callee];
	const struct cfg *cfg = l->s->program->cfgs[l->callee];
	uint32_t loop = cfg->loop_of[g->instrs[end].block];
	for (ir_instr i = 1; i < g->ninstrs; i++) {
		if (!scan_gets(g, &g->instrs[i], v) || i == end)
			continue;
		bool turn = loop && cfg_in_loop(cfg, loop, g->instrs[i].block);
		ir_instr head = turn ? g->blocks[cfg->loops[loop].head].first : 0;
		if (ways_around(l->s, l->callee, end, i, &head, turn))
			return i;
	}
	return 0;
}

static bool judge(struct lending *l, struct lent *out)
{
	const struct program *p = l->s->program;
	const struct ir_func *g = &p->unit->funcs[l->callee];
	ir_val v = l->arg < g->nparams ? g->params[l->arg].val : 0;
	if (!v || keeps_reference(l, v))
		return false;
	for (ir_instr i = 1; i < g->ninstrs; i++) {
		ir_instr use = ends_at(l, i) ? used_behind(l, i, v) : 0;
		if (!use)
			continue;
		*out = (struct lent){
		        l->func,
		        l->call,
		        ir_arg(&p->unit->funcs[l->func], &p->unit->funcs[l->func].instrs[l->call], l->arg),
		        l->callee,
		        i,
		        use};
		return true;
	}
	return false;
}

static void look_at(const struct solution *s, uint32_t func, ir_instr call,
                    void (*each)(void *, const struct lent *), void *ctx)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	struct lending l = {.s = s, .func = func, .call = call, .callee = ir_callee(f, &f->instrs[call])};
	const struct ir_func *g = &p->unit->funcs[l.callee];
	for (l.arg = 0; l.arg < ir_nargs(&f->instrs[call]) && l.arg < g->nparams; l.arg++) {
		struct lent found;
		const struct ir_instruction *load =
		        ir_def(f, ir_strip_casts(f, ir_arg(f, &f->instrs[call], l.arg)));
		if (!program_is_token(p, g->params[l.arg].ctype) || !load || load->op != IR_LOAD)
			continue;
		l.place = place_of(s, func, ir_operand(f, load, 0));
		if (l.place.kind != PLACE_FIELD || !object_goes_too(&l, ir_operand(f, load, 0)) ||
		    !judge(&l, &found))
			continue;
		each(ctx, &found);
		return;
	}
}

void solve_lent(const struct solution *s, void (*each)(void *ctx, const struct lent *l), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !p->relevant[func])
			continue;
		for (PROGRAM_EACH_CALL(p, func, c))
			if (c->callee && p->cfgs[c->callee] && !p->described[c->callee] &&
			    cfg_reachable(p->cfgs[func], f->instrs[c->at].block))
				look_at(s, func, c->at, each, ctx);
	}
}
