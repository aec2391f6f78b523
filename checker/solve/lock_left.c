/*
 * lock_left.c - cancellation points of a thread that is cancelled, with a lock held that nobody would give
 * back.
 */
#include "lock_hazards.h"
#include "scan.h"
#include "who.h"

#include "arena.h"
#include "mem.h"

#include <string.h>

#define MAX_PLACES 4

struct point { /* the first cancellation point that a caller is exposed to */
	ir_instr at;
	bool known, unsure;
};
struct finder {
	const struct solution *s;
	const char *library; /* of the call that cancels: only its own library's calls are points for sure */
	struct point *points;
	bool *seen;
	struct under_lock found;
	void (*each)(void *ctx, const struct under_lock *u);
	void *ctx;
	uint32_t func; /* the one that is walked */
};

/* ---- where a thread can end ---- */

/* What runs when the call is left by an exception gives a lock back. */
static bool unwinds_safely(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block pad = f->instrs[i].op == IR_INVOKE ? ir_succ(f, &f->instrs[i], 1) : 0;
	for (ir_instr k = 1; pad && k < f->ninstrs; k++) {
		const struct ir_instruction *in = &f->instrs[k];
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		if (!ir_is_call(in) || !cfg_reachable(cfg, in->block) || !cfg_dominates(cfg, pad, in->block))
			continue;
		if (!callee || (s->locks[callee] && s->locks[callee]->gives_back) ||
		    api_role_of(s->program->described[callee], API_ROLE_UNLOCK))
			return true;
	}
	return false;
}

static bool is_exposed(const struct finder *w, ir_instr i, const struct lock_flow *at)
{
	return at->reached && !at->masked && !at->open && !unwinds_safely(w->s, w->func, i);
}

static struct point point_of(struct finder *w, uint32_t func);

/* Can the thread end in this call? */
static struct point point_at(struct finder *w, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &w->s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	const struct api_func *d = callee ? w->s->program->described[callee] : NULL;
	const struct api_role *b = api_role_of(d, API_ROLE_BLOCK);
	if (!callee || (f->instrs[i].flags & IR_F_NORETURN))
		return (struct point){0};
	if (d) {
		bool barrier = b && b->waits == API_WAITS_THREAD && !api_role_of(d, API_ROLE_JOIN);
		bool is = b && !barrier && strcmp(d->library, w->library) == 0;
		is |= api_role_of(d, API_ROLE_CANCEL_POINT) && !api_role_of(d, API_ROLE_UNSAFE);
		return (struct point){is ? i : 0, true, false};
	}
	if (w->s->program->cfgs[callee]) {
		struct point p = point_of(w, callee);
		return (struct point){p.at ? i : 0, true, p.unsure};
	}
	if (solve_has_body(w->s, callee))
		return (struct point){w->s->funcs[callee].summary.blocks ? i : 0, true, false};
	bool may = !(w->s->program->unit->funcs[callee].flags & IR_FUNC_NORETURN);
	return (struct point){may ? i : 0, true, true};
}

struct first {
	struct finder *w;
	struct point best;
};

static void look_for_point(void *ctx, ir_instr i, const struct lock_flow *at)
{
	struct first *x = ctx;
	if ((x->best.at && !x->best.unsure) || !is_exposed(x->w, i, at))
		return;
	struct point p = point_at(x->w, x->w->func, i);
	if (p.at && (!x->best.at || x->best.unsure > p.unsure))
		x->best = p;
}

static struct point point_of(struct finder *w, uint32_t func)
{
	struct point *p = &w->points[func];
	uint32_t outer = w->func;
	if (p->known)
		return *p;
	p->known = true; /* of functions that call each other the first one has none */
	struct first x = {w, {0}};
	w->func = func;
	locks_walk(w->s, func, look_for_point, &x);
	w->func = outer;
	x.best.known = true;
	w->points[func] = x.best;
	return x.best;
}

/* ---- from the thread's entry down ---- */

static void walk(struct finder *w, uint32_t func);

static void tell(struct finder *w, ir_instr i, const struct lock_flow *at)
{
	struct point p = point_at(w, w->func, i);
	const struct lock_facts *k = w->s->locks[w->func];
	if (!p.at)
		return;
	w->found.func = w->found.wait_func = w->func;
	w->found.at = w->found.wait = i;
	w->found.unsure = p.unsure;
	for (unsigned n = 0; n < 8; n++) {
		const struct ir_func *f = &w->s->program->unit->funcs[w->found.wait_func];
		uint32_t callee = ir_callee(f, &f->instrs[w->found.wait]);
		if (w->s->program->described[callee] || !w->s->program->cfgs[callee] || !w->points[callee].at)
			break;
		w->found.wait_func = callee;
		w->found.wait = w->points[callee].at;
	}
	for (uint32_t h = 0; h < k->n; h++)
		if (at->held >> h & 1) {
			w->found.locked = k->all[h].at;
			w->each(w->ctx, &w->found);
			return;
		}
}

static void walk_call(void *ctx, ir_instr i, const struct lock_flow *at)
{
	struct finder *w = ctx;
	const struct program *p = w->s->program;
	const struct ir_func *f = &p->unit->funcs[w->func];
	uint32_t callee = ir_callee(f, &f->instrs[i]), outer = w->func;
	if (!is_exposed(w, i, at))
		return;
	if (at->held) {
		tell(w, i, at);
		return;
	}
	if (callee && !p->described[callee] && p->cfgs[callee])
		walk(w, callee);
	w->func = outer;
}

static void walk(struct finder *w, uint32_t func)
{
	if (w->seen[func])
		return;
	w->seen[func] = true;
	w->func = func;
	locks_walk(w->s, func, walk_call, w);
}

/* ---- which threads are cancelled ---- */

static void judge_thread(struct finder *w, const struct registration *r, uint32_t func, ir_instr cancel)
{
	const struct program *p = w->s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	w->library = p->described[ir_callee(f, &f->instrs[cancel])]->library;
	w->found =
	        (struct under_lock){.kind = LOCK_LEFT, .other = r->entry, .starter = func, .started = cancel};
	w->points = mem_alloc(p->unit->nfuncs * sizeof *w->points);
	w->seen = mem_alloc(p->unit->nfuncs);
	walk(w, r->entry);
	mem_release(w->points);
	mem_release(w->seen);
}

static bool cancels(const struct solution *s, const struct registration *r, const struct call_edge *e)
{
	const struct ir_func *f = &s->program->unit->funcs[e->caller];
	const struct api_role *c = api_role_of(s->program->described[e->callee], API_ROLE_CANCEL);
	const struct api_family *family = c && c->family ? apimodel_family(s->program->api, c->family) : NULL;
	struct handle_place at[MAX_PLACES];
	if (e->kind != CALL_DIRECT || !family || !family->task || c->handle.base != API_PATH_ARG)
		return false;
	uint32_t n = who_places(s, e->caller, ir_arg(f, &f->instrs[e->site], c->handle.arg), at, MAX_PLACES);
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t h = 0; h < r->nhandle; h++)
			if (same_place(at[k], r->handle[h]))
				return !place_other_element(
				        s, (struct handle_use){e->caller, e->site, &c->handle},
				        (struct handle_use){r->func, r->at, &r->role->handle});
	return false;
}

void lock_left(const struct solution *s, void (*each)(void *ctx, const struct under_lock *u), void *ctx)
{
	const struct program *p = s->program;
	struct registrations all = who_registered(s);
	struct finder w = {.s = s, .each = each, .ctx = ctx};
	for (uint32_t k = 0; k < all.n; k++) {
		const struct registration *r = &all.all[k];
		if (r->role->runs != API_RUNS_THREAD || !p->cfgs[r->entry])
			continue;
		for (uint32_t e = 0; e < p->nedges; e++)
			if (cancels(s, r, &p->edges[e])) {
				judge_thread(&w, r, p->edges[e].caller, p->edges[e].site);
				break;
			}
	}
}
