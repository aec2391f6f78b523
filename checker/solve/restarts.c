/*
 * restarts.c - an operation or a timer in an object is started anew without asking whether the object has
 * been told to end, which others ask: it then runs on behind what ended it.
 */
#define _GNU_SOURCE /* strcasestr */
#include "flag.h"
#include "place.h"
#include "scan.h"

#include <string.h>

struct ending { /* a function that says that the object ends, and ends what is kept in `kept` */
	uint32_t func;
	ir_instr said, ended;
	struct handle_place flag, kept;
	bool once; /* only when that was not said before */
};

static bool names_end(const char *name)
{
	return flag_says_stop(name) || strcasestr(name, "clos");
}

static struct handle_place place_read(const struct solution *s, uint32_t func,
                                      const struct ir_instruction *in)
{
	return in->op == IR_LOAD ? place_of(s, func, ir_operand(&s->program->unit->funcs[func], in, 0))
	                         : (struct handle_place){0};
}

static bool reads(const struct solution *s, uint32_t func, struct handle_place place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++)
		if (same_place(place_read(s, func, &f->instrs[i]), place))
			return true;
	return false;
}

static bool writes(const struct solution *s, uint32_t func, struct handle_place place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_STORE &&
		    same_place(place_of(s, func, ir_operand(f, &f->instrs[i], 1)), place))
			return true;
	return false;
}

/* The store says that the object ends: a flag of its own becomes true. */
static bool says_end(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                     struct handle_place *flag)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	int64_t value = 0;
	if (in->op != IR_STORE || !scan_int(f, ir_operand(f, in, 0), &value) || value != 1)
		return false;
	*flag = place_of(s, func, ir_operand(f, in, 1));
	return flag->kind == PLACE_FIELD && flag->offset <= UINT32_MAX &&
	       names_end(ir_field_name(s->program->unit, flag->id, (uint32_t)flag->offset));
}

/* What a call with one of these roles is about, in a field of that record. */
static struct handle_place kept_at(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                   const enum api_role_kind *kinds, uint32_t n, uint32_t record)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
	for (uint32_t k = 0; d && k < n; k++) {
		const struct api_role *r = api_role_of(d, kinds[k]);
		struct handle_place p = {0};
		if (r && r->handle.base)
			p = place_of_path(s, func, in, &r->handle);
		else if (r && ir_nargs(in))
			p = place_of_value(s, func, ir_arg(f, in, 0));
		if (p.kind == PLACE_FIELD && p.id == record && p.offset <= UINT32_MAX)
			return p;
	}
	return (struct handle_place){0};
}

static const enum api_role_kind ends[] = {API_ROLE_RELEASE, API_ROLE_CANCEL},
                                starts[] = {API_ROLE_CREATE, API_ROLE_SPAWN, API_ROLE_USES};

/* Somebody else starts the same and asks the flag. */
static bool others_ask(const struct solution *s, const struct ending *e, uint32_t but)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; func != but && func != e->func && p->cfgs[func] && i < f->ninstrs; i++)
			if (ir_is_call(&f->instrs[i]) &&
			    same_place(kept_at(s, func, &f->instrs[i], starts, 3, e->kept.id), e->kept) &&
			    reads(s, func, e->flag))
				return true;
	}
	return false;
}

/* Nothing but a constructor sets the flag to something else again. */
static bool stays_said(const struct solution *s, struct handle_place flag)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && !scan_is_constructor(f) && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			int64_t value = 0;
			if (in->op == IR_STORE && same_place(place_of(s, func, ir_operand(f, in, 1)), flag) &&
			    !(scan_int(f, ir_operand(f, in, 0), &value) && value == 1))
				return false;
		}
	}
	return true;
}

/* Somebody ends the object or starts it, one or the other: it is no beginning that is started. */
static bool is_alternative(const struct solution *s, const struct ending *e, uint32_t func)
{
	const struct program *p = s->program;
	for (uint32_t a = p->in_edges_of[func]; a < p->in_edges_of[func + 1]; a++)
		for (uint32_t b = p->in_edges_of[e->func]; b < p->in_edges_of[e->func + 1]; b++) {
			const struct call_edge *go = &p->edges[p->in_edges[a]],
			                       *end = &p->edges[p->in_edges[b]];
			const struct ir_func *f = &p->unit->funcs[go->caller];
			ir_block x = f->instrs[go->site].block, y = f->instrs[end->site].block;
			if (go->caller == end->caller && p->cfgs[go->caller] && x != y &&
			    !cfg_can_reach(p->cfgs[go->caller], x, y) &&
			    !cfg_can_reach(p->cfgs[go->caller], y, x))
				return true;
		}
	return false;
}

/* That it is started again, or may be behind the end, shows. */
static bool may_come_late(const struct solution *s, const struct ending *e, uint32_t func)
{
	if (scan_is_callback(s->program, func))
		return others_ask(s, e, func);
	return e->once && is_alternative(s, e, func) && stays_said(s, e->flag);
}

/* Who calls it asks or sets the flag, or only makes the object. */
static bool callers_know(const struct solution *s, uint32_t func, struct handle_place flag)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind == CALL_DIRECT && e->caller != func &&
		    (reads(s, e->caller, flag) || writes(s, e->caller, flag) ||
		     scan_is_constructor(&p->unit->funcs[e->caller])))
			return true;
	}
	return false;
}

/* Whether it is started hangs on something else that is asked of the object. */
static bool is_guarded(const struct solution *s, uint32_t func, ir_instr start, uint32_t record)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct handle_place p = place_read(s, func, in);
		bool asked = p.kind == PLACE_FIELD && p.id == record &&
		             ir_terminator(f, in->block)->op == IR_CONDBR;
		const struct ir_instruction *cmp =
		        asked ? ir_def(f, ir_operand(f, ir_terminator(f, in->block), 0)) : NULL;
		for (uint32_t k = 0; cmp && cmp->op == IR_ICMP && k < 2; k++)
			if (ir_strip_casts(f, ir_operand(f, cmp, k)) == in->result &&
			    in->block != f->instrs[start].block &&
			    cfg_dominates(cfg, in->block, f->instrs[start].block))
				return true;
	}
	return false;
}

static void look_for_start(const struct solution *s, const struct ending *e, uint32_t func,
                           void (*each)(void *, const struct restart *), void *ctx)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!ir_is_call(&f->instrs[i]) || !cfg_reachable(p->cfgs[func], f->instrs[i].block) ||
		    !same_place(kept_at(s, func, &f->instrs[i], starts, 3, e->kept.id), e->kept))
			continue;
		if (reads(s, func, e->flag) || writes(s, func, e->flag) || scan_is_constructor(f) ||
		    callers_know(s, func, e->flag) || is_guarded(s, func, i, e->kept.id) ||
		    !may_come_late(s, e, func))
			return;
		each(ctx, &(struct restart){func, i, e->func, e->said, e->ended,
		                            ir_field_name(p->unit, e->flag.id, (uint32_t)e->flag.offset),
		                            ir_field_name(p->unit, e->kept.id, (uint32_t)e->kept.offset)});
		return;
	}
}

/* Only a function that gets the object, and is more than the one that makes it. */
static void judge(const struct solution *s, const struct ending *e,
                  void (*each)(void *, const struct restart *), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++)
		if (func != e->func && p->cfgs[func] && p->relevant[func])
			look_for_start(s, e, func, each, ctx);
}

static void look_at(const struct solution *s, uint32_t func, ir_instr said, struct handle_place flag,
                    void (*each)(void *, const struct restart *), void *ctx)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	struct ending e = {.func = func, .said = said, .flag = flag};
	for (ir_instr i = 1; i < f->ninstrs; i++)
		e.once |= same_place(place_read(s, func, &f->instrs[i]), flag) &&
		          f->instrs[i].block != f->instrs[said].block &&
		          cfg_dominates(cfg, f->instrs[i].block, f->instrs[said].block);
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!ir_is_call(&f->instrs[i]))
			continue;
		e.kept = kept_at(s, func, &f->instrs[i], ends, 2, flag.id);
		e.ended = i;
		if (e.kept.kind && !same_place(e.kept, flag))
			judge(s, &e, each, ctx);
	}
}

void solve_restarts(const struct solution *s, void (*each)(void *ctx, const struct restart *r), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		bool own = p->cfgs[func] && p->relevant[func] && !(f->flags & IR_FUNC_SYSTEM);
		for (ir_instr i = 1; own && i < f->ninstrs; i++) {
			struct handle_place flag;
			if (says_end(s, func, &f->instrs[i], &flag))
				look_at(s, func, i, flag, each, ctx);
		}
	}
}
