/*
 * lock_waits.c - waits without a limit, made under a lock that everybody needs who could end them.
 */
#include "lock_hazards.h"
#include "scan.h"
#include "who.h"

#define MAX_PLACES 4

struct waits {
	const struct solution *s;
	uint32_t func;
	void (*each)(void *ctx, const struct under_lock *u);
	void *ctx;
};

static bool excused(const struct ir_func *f, const struct ir_instruction *in, const struct api_test *t)
{
	return t->given && scan_test(f, in, t) != TRI_FALSE;
}

/* What a call that may wait for ever waits on; 0: it does not, or that has no name. */
static ir_val waited_for(const struct ir_func *f, const struct ir_instruction *in, const struct api_func *d,
                         enum api_role_kind enders[2])
{
	const struct api_role *b = api_role_of(d, API_ROLE_BLOCK), *r;
	if (!b || b->bounded || b->timeout.base || b->token.base || excused(f, in, &b->unless))
		return 0;
	enders[1] = API_ROLE_CLOSE_QUEUE;
	if ((r = api_role_of(d, API_ROLE_SEND))) {
		enders[0] = API_ROLE_RECEIVE;
		return scan_path(f, in, &r->into);
	}
	if ((r = api_role_of(d, API_ROLE_RECEIVE))) {
		enders[0] = API_ROLE_SEND;
		return scan_path(f, in, &r->from);
	}
	if ((r = api_role_of(d, API_ROLE_WAIT))) {
		enders[0] = enders[1] = API_ROLE_LEAVE;
		return scan_path(f, in, &r->handle);
	}
	enders[0] = enders[1] = API_ROLE_WAKE;
	return b->waits == API_WAITS_EVENT && !b->fds.base ? ir_arg(f, in, 0) : 0;
}

static const struct api_path *subject(const struct api_role *r)
{
	return r->kind == API_ROLE_SEND ? &r->into : r->kind == API_ROLE_RECEIVE ? &r->from : &r->handle;
}

enum ender { ENDS_NOT, ENDS_IT, ENDS_PERHAPS };

static enum ender ends(const struct solution *s, const struct call_edge *e, const enum api_role_kind kinds[2],
                       const struct handle_place *at, uint32_t n)
{
	const struct api_func *d = s->program->described[e->callee];
	const struct ir_func *f = &s->program->unit->funcs[e->caller];
	struct handle_place of[MAX_PLACES];
	for (unsigned k = 0; k < 2; k++) {
		const struct api_role *r = api_role_of(d, kinds[k]);
		ir_val v = r && e->kind == CALL_DIRECT ? scan_path(f, &f->instrs[e->site], subject(r)) : 0;
		uint32_t m = v ? who_places(s, e->caller, v, of, MAX_PLACES) : 0;
		for (uint32_t i = 0; i < m; i++) {
			for (uint32_t h = 0; h < n; h++)
				if (same_place(of[i], at[h]))
					return ENDS_IT;
			if (of[i].kind == PLACE_LOCAL && m == 1)
				return ENDS_PERHAPS;
		}
		if (v && !m)
			return ENDS_PERHAPS;
	}
	return ENDS_NOT;
}

/* Where a function takes the lock before it can end the wait at `end`; 0: it does not. Who takes from a queue
 * may need the lock behind that, too, before it takes the next thing. `perhaps`: it is enough that some way
 * does. */
static ir_instr takes_before(const struct solution *s, uint32_t func, ir_instr end, bool receives,
                             bool perhaps, const struct lock_res *lock)
{
	const struct lock_facts *k = s->locks[func];
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_block at = f->instrs[end].block;
	for (uint32_t i = 0; k && i < k->ntakes; i++) {
		const struct lock_take *t = &k->takes[i];
		ir_block block = f->instrs[t->at].block;
		bool before =
		        receives ||
		        (block == at ? t->at < end
		                     : cfg_dominates(s->program->cfgs[func], block, at) ||
		                               (perhaps && cfg_can_reach(s->program->cfgs[func], block, at)));
		if (before && access_match(&t->lock, &lock->lock, false) != ACCESS_OTHER &&
		    !(t->shared && lock->shared))
			return t->at;
	}
	return 0;
}

static bool is_started(const struct solution *s, uint32_t func)
{
	struct registrations all = who_registered(s);
	for (uint32_t k = 0; k < all.n; k++)
		if (all.all[k].entry == func && all.all[k].role->kind == API_ROLE_SPAWN)
			return true;
	return false;
}

/* Nobody can end the wait without the lock, and somebody could with it. A count is waited for until all work
 * is done: then it is enough that one piece of it needs the lock. */
static bool all_need_it(const struct waits *w, ir_instr i, const enum api_role_kind kinds[2],
                        const struct handle_place *at, uint32_t n, const struct lock_res *lock,
                        struct under_lock *u)
{
	const struct program *p = w->s->program;
	bool counted = kinds[0] == API_ROLE_LEAVE;
	u->other = 0;
	for (uint32_t e = 0; e < p->nedges; e++) {
		const struct call_edge *c = &p->edges[e];
		if ((c->caller == w->func && c->site == i) || !p->described[c->callee])
			continue;
		enum ender how = ends(w->s, c, kinds, at, n);
		if (how == ENDS_NOT)
			continue;
		bool receives = api_role_of(p->described[c->callee], API_ROLE_RECEIVE) != NULL;
		ir_instr take =
		        how == ENDS_IT ? takes_before(w->s, c->caller, c->site, receives, counted, lock) : 0;
		if (!take && !counted)
			return false;
		if (!take || (counted && !is_started(w->s, c->caller)))
			continue;
		u->other = c->caller;
		u->other_takes = take;
	}
	return u->other != 0;
}

/* Meanwhile; a lock that is never taken by its name may be any. */
static bool gives_back(const struct waits *w, const struct ir_instruction *in, const struct api_func *d,
                       const struct lock_res *lock)
{
	const struct api_role *r = api_role_of(d, API_ROLE_UNLOCK);
	struct access a = r ? access_of_path(w->s, w->func, in, &r->handle) : (struct access){0};
	const struct lock_facts *k = w->s->locks[w->func];
	bool known = false;
	for (uint32_t i = 0; r && i < k->n; i++)
		known |= api_role_of(d, API_ROLE_LOCK) &&
		         access_match(&a, &k->all[i].lock, true) == ACCESS_SAME &&
		         k->all[i].at != (ir_instr)(in - w->s->program->unit->funcs[w->func].instrs);
	return r && (!known || access_match(&a, &lock->lock, true) == ACCESS_SAME);
}

/* Other units may end it, too. */
static bool is_private(const struct solution *s, const struct handle_place *p)
{
	const struct ir_unit *u = s->program->unit;
	return p->kind == PLACE_GLOBAL ? u->globals[p->id].is_static : u->records[p->id].local;
}

static void judge(void *ctx, ir_instr i, const struct lock_flow *at)
{
	const struct waits *w = ctx;
	const struct ir_func *f = &w->s->program->unit->funcs[w->func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_func *d = w->s->program->described[ir_callee(f, in)];
	const struct lock_facts *k = w->s->locks[w->func];
	enum api_role_kind enders[2];
	struct handle_place places[MAX_PLACES];
	ir_val on = at->held && d ? waited_for(f, in, d, enders) : 0;
	uint32_t n = on ? who_places(w->s, w->func, on, places, MAX_PLACES) : 0;
	if (!n || places[0].kind == PLACE_LOCAL)
		return;
	for (uint32_t h = 0; h < k->n; h++) {
		struct under_lock u = {.kind = LOCK_WAIT,
		                       .func = w->func,
		                       .at = i,
		                       .locked = k->all[h].at,
		                       .wait_func = w->func,
		                       .wait = i,
		                       .unsure = !is_private(w->s, &places[0])};
		if ((at->held >> h & 1) && !gives_back(w, in, d, &k->all[h]) &&
		    all_need_it(w, i, enders, places, n, &k->all[h], &u))
			w->each(w->ctx, &u);
	}
}

void lock_waits(const struct solution *s, void (*each)(void *ctx, const struct under_lock *u), void *ctx)
{
	struct waits w = {.s = s, .each = each, .ctx = ctx};
	for (w.func = 1; w.func < s->program->unit->nfuncs; w.func++)
		if (s->locks[w.func])
			locks_walk(s, w.func, judge, &w);
}
