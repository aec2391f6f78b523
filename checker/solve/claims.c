/*
 * claims.c - operations that whoever takes them out of a list or a slot completes, and a callback that
 * completes one whether or not it was still there.
 */
#include "claims.h"
#include "contained.h"
#include "scan.h"
#include "ways.h"

/* A function takes what is in a place from there, and completes it. */
struct claim {
	const struct solution *s;
	uint32_t func;
	ir_instr at; /* completes */
	ir_val value;
	struct handle_place place;
	bool slot;             /* the place holds the operation itself; else a container of several */
	ir_instr taken, asked; /* it is taken out; of a slot: compared with what is in it */
};

static const struct api_role *completes(const struct solution *s, const struct ir_func *f,
                                        const struct ir_instruction *in)
{
	const struct api_role *r =
	        ir_is_call(in) ? api_role_of(scan_model(s, f, in), API_ROLE_COMPLETE) : NULL;
	return r && r->when == API_ALWAYS && !r->idempotent ? r : NULL;
}

static bool shared_place(const struct handle_place *p)
{
	return p->kind == PLACE_FIELD || p->kind == PLACE_GLOBAL;
}

/* ---- who takes things out of it and completes them ---- */

static bool is_zero(const struct ir_func *f, ir_val v)
{
	int64_t n;
	return scan_null(f, v) || (scan_int(f, v, &n) && n == 0);
}

/* On the side where a comparison says that the place holds the value, the place is emptied. */
static bool empties(const struct solution *s, uint32_t func, const struct ir_instruction *branch,
                    ir_val value, struct claim *c)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *cmp = ir_def(f, ir_operand(f, branch, 0));
	if (!cmp || cmp->op != IR_ICMP || (cmp->sub != IR_EQ && cmp->sub != IR_NE))
		return false;
	for (uint32_t k = 0; k < 2; k++) {
		const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_operand(f, cmp, k)));
		if (!load || load->op != IR_LOAD || ir_strip_casts(f, ir_operand(f, cmp, 1 - k)) != value)
			continue;
		struct handle_place p = place_of(s, func, ir_operand(f, load, 0));
		ir_block held = ir_succ(f, branch, cmp->sub == IR_NE);
		for (ir_instr i = 1; shared_place(&p) && i < f->ninstrs; i++) {
			const struct ir_instruction *st = &f->instrs[i];
			if (st->op == IR_STORE && is_zero(f, ir_operand(f, st, 0)) &&
			    same_place(place_of(s, func, ir_operand(f, st, 1)), p) &&
			    cfg_dominates(s->program->cfgs[func], held, st->block)) {
				*c = (struct claim){s, func, 0, value,
				                    p, true, i, (ir_instr)(branch - f->instrs)};
				return true;
			}
		}
	}
	return false;
}

static bool takes_from_slot(const struct solution *s, uint32_t func, ir_val value, struct claim *c)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_CONDBR &&
		    cfg_reachable(s->program->cfgs[func], f->instrs[i].block) &&
		    empties(s, func, &f->instrs[i], value, c))
			return true;
	return false;
}

static bool from_container(const struct solution *s, uint32_t func, ir_val value, struct handle_place place)
{
	struct containers in = contained_in(s, func, value);
	for (uint32_t k = 0; k < in.n; k++)
		if (contained_is(&in.at[k], &place))
			return true;
	return false;
}

/* The call takes a handler back. */
static bool disconnects(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) &&
		    api_role_of(scan_model(s, f, &f->instrs[i]), API_ROLE_DISCONNECT))
			return true;
	return false;
}

static bool stores_to(const struct solution *s, uint32_t func, struct handle_place place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_STORE &&
		    same_place(place_of(s, func, ir_operand(f, &f->instrs[i], 1)), place))
			return true;
	return false;
}

/* What decides whether the claim's function comes to its end is something that the other function changes. */
static bool asks_what_other_sets(const struct claim *c, uint32_t other)
{
	const struct ir_func *f = &c->s->program->unit->funcs[c->func];
	const struct cfg *cfg = c->s->program->cfgs[c->func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct handle_place p = in->op == IR_LOAD ? place_of(c->s, c->func, ir_operand(f, in, 0))
		                                          : (struct handle_place){0};
		const struct ir_instruction *t = ir_terminator(f, in->block);
		bool decides = t->op == IR_CONDBR && cfg_dominates(cfg, in->block, f->instrs[c->at].block) &&
		               !cfg_postdominates(cfg, f->instrs[c->at].block, in->block);
		if (decides && shared_place(&p) && !same_place(p, c->place) && stores_to(c->s, other, p))
			return true;
	}
	return false;
}

/* Another function takes operations from the place, and completes them. */
static ir_instr completed_by(const struct claim *c, uint32_t other)
{
	const struct ir_func *g = &c->s->program->unit->funcs[other];
	for (ir_instr i = 1; i < g->ninstrs; i++) {
		const struct api_role *r = completes(c->s, g, &g->instrs[i]);
		ir_val v = r ? ir_strip_casts(g, scan_path(g, &g->instrs[i], &r->handle)) : 0;
		struct claim there;
		if (!v || !cfg_reachable(c->s->program->cfgs[other], g->instrs[i].block))
			continue;
		if (!c->slot ? from_container(c->s, other, v, c->place)
		             : takes_from_slot(c->s, other, v, &there) && same_place(there.place, c->place) &&
		                       cfg_dominates(c->s->program->cfgs[other], g->instrs[there.taken].block,
		                                     g->instrs[i].block))
			return i;
	}
	return 0;
}

/* ---- the callback ---- */

/* It takes its operation out of a list, which does not say whether it was there, and completes it on every
 * way. */
static bool takes_blindly(const struct solution *s, uint32_t func, ir_instr end, ir_val value,
                          struct claim *c)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r =
		        ir_is_call(in) ? api_role_of(scan_model(s, f, in), API_ROLE_UNSTORE) : NULL;
		ir_val v = r ? scan_path(f, in, &r->value) : 0, from = r ? scan_path(f, in, &r->from) : 0;
		if (!v || !from || ir_strip_casts(f, v) != value || !ways_around(s, func, i, end, NULL, 0) ||
		    !cfg_postdominates(cfg, f->instrs[end].block, in->block) ||
		    !cfg_postdominates(cfg, in->block, cfg->rpo[0]))
			continue;
		*c = (struct claim){s, func, end, value, place_of_value(s, func, from), false, i, 0};
		return shared_place(&c->place);
	}
	return false;
}

/* It looks for its operation in a slot, or in several, and completes it also where it is in none. */
static bool completes_without(const struct solution *s, uint32_t func, ir_instr end, ir_val value,
                              struct claim *c)
{
	if (!takes_from_slot(s, func, value, c))
		return false;
	c->at = end;
	return ways_around(s, func, c->asked, end, &c->taken, 1);
}

static void look_at(const struct solution *s, uint32_t func, ir_instr end, ir_val value,
                    void (*each)(void *, const struct rivals *), void *ctx)
{
	const struct program *p = s->program;
	struct claim c;
	if (!takes_blindly(s, func, end, value, &c) && !completes_without(s, func, end, value, &c))
		return;
	for (uint32_t other = 1; other < p->unit->nfuncs; other++) {
		ir_instr at = other != func && p->cfgs[other] ? completed_by(&c, other) : 0;
		if (!at || disconnects(s, other) || asks_what_other_sets(&c, other))
			continue;
		each(ctx, &(struct rivals){.func = func,
		                           .at = end,
		                           .other = other,
		                           .other_at = at,
		                           .starter = func,
		                           .started = c.taken,
		                           .completes = true,
		                           .claimed = true});
		return;
	}
}

void claims_each(const struct solution *s, uint32_t func, void (*each)(void *, const struct rivals *),
                 void *ctx)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	if (!scan_is_callback(p, func))
		return;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_role *r = completes(s, f, &f->instrs[i]);
		ir_val v = r ? ir_strip_casts(f, scan_path(f, &f->instrs[i], &r->handle)) : 0;
		if (v && f->vals[v].kind == IR_VAL_PARAM && cfg_reachable(p->cfgs[func], f->instrs[i].block))
			look_at(s, func, i, v, each, ctx);
	}
}
