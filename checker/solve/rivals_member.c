/*
 * rivals_member.c - an operation that lies in an object: a callback that runs when a token is done completes
 * it whatever happens, and another function of the object does, too. There is no pointer to it that one of
 * them could empty.
 */
#include "rivals.h"
#include "scan.h"
#include "sim.h"
#include "who.h"

#include <string.h>

struct member {
	uint32_t record;
	int64_t offset;
	uint32_t func; /* completes it */
};

/* The class that a function finds behind what lies in its closure. */
static uint32_t record_in_closure(const struct ir_func *f)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_instruction *base =
		        in->op == IR_ADDR && in->record ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)))
		                                        : NULL;
		if (base && base->op == IR_LOAD)
			return in->record;
	}
	return 0;
}

/* What the function completes on every way, in the object it is called on, or in that of the lambda. */
static bool completes_member(const struct solution *s, uint32_t func, struct member *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct summary *sum = s->program->cfgs[func] ? solve_summary((struct solution *)s, func) : NULL;
	for (uint32_t i = 0; sum && sum->known && f->nparams && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->kind != EFFECT_RELEASE || !(e->how & END_COMPLETES) || e->when != API_ALWAYS ||
		    e->place.param != 0 || e->place.global || e->place.depth > 1)
			continue;
		bool closure = e->place.depth == 1;
		if (closure && !(f->flags & IR_FUNC_CPLUSPLUS))
			continue;
		*out = (struct member){.record = closure ? record_in_closure(f) : f->params[0].pointee,
		                       .offset = e->place.plus,
		                       .func = func};
		return out->record != 0;
	}
	return false;
}

/* The entry, or the first function that it always calls. */
static bool entry_completes(const struct solution *s, uint32_t entry, struct member *out)
{
	const struct ir_func *f = &s->program->unit->funcs[entry];
	const struct cfg *cfg = s->program->cfgs[entry];
	if (completes_member(s, entry, out))
		return true;
	for (ir_instr i = 1; cfg && i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		if (callee && s->program->cfgs[callee] && !s->program->described[callee] &&
		    cfg_postdominates(cfg, f->instrs[i].block, cfg->rpo[0]) &&
		    completes_member(s, callee, out))
			return true;
	}
	return false;
}

static bool is_reached(const struct solution *s, uint32_t entry, uint32_t func)
{
	struct reach r = who_reaches(s, entry);
	bool found = false;
	for (uint32_t i = 0; i < r.n; i++)
		found |= r.all[i].func == func;
	return found;
}

void rivals_member(const struct solution *s, void (*each)(void *, const struct rivals *), void *ctx)
{
	const struct program *p = s->program;
	struct registrations all = who_registered(s);
	for (uint32_t k = 0; k < all.n; k++) {
		const struct registration *r = &all.all[k];
		const struct ir_func *f = &p->unit->funcs[r->func];
		struct member m, o;
		if (r->role->kind != API_ROLE_CONNECT || !p->cfgs[r->entry] ||
		    !rivals_by_token(s, f, &f->instrs[r->at], r->role) || !entry_completes(s, r->entry, &m) ||
		    rivals_take_back(s, r->entry, 2))
			continue;
		for (uint32_t n = 1; n < p->unit->nfuncs; n++) {
			if (n == r->entry || n == m.func || !p->cfgs[n] || !completes_member(s, n, &o) ||
			    o.record != m.record || o.offset != m.offset ||
			    strchr(p->unit->funcs[n].display, '~') || rivals_take_back(s, n, 2) ||
			    is_reached(s, r->entry, n) || is_reached(s, n, m.func))
				continue;
			struct rivals found = {.func = n,
			                       .at = rivals_ending_call(s, n),
			                       .other = m.func,
			                       .other_at = rivals_ending_call(s, m.func),
			                       .starter = r->func,
			                       .started = r->at,
			                       .completes = true,
			                       .member = true};
			if (found.at && found.other_at)
				each(ctx, &found);
		}
	}
}
