/*
 * wrong_thread.c - calls that only the owner of an object may make, or only the first thread, reached from
 * another one.
 */
#include "access.h"
#include "far.h"
#include "scan.h"
#include "told.h"
#include "who.h"

#include "mem.h"

struct looker {
	const struct solution *s;
	void (*each)(void *ctx, const struct wrong_thread *w);
	void *ctx;
	const struct registration *by;
	struct reach way;
	struct told told, told_far; /* by function and call; by line and column */
};

static const struct api_func *model_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return scan_model(s, f, &f->instrs[i]);
}

/* ---- whose object is it? ---- */

/* The thread runs a loop of its own: what it uses belongs there. */
static bool runs_loop(const struct looker *l)
{
	for (uint32_t k = 0; k < l->way.n; k++) {
		const struct api_role *b =
		        api_role_of(l->s->program->described[l->way.all[k].func], API_ROLE_BLOCK);
		const struct summary *sum = &l->s->funcs[l->way.all[k].func].summary;
		if ((b && b->waits == API_WAITS_LOOP) || (sum->blocks && sum->blocks_waits == API_WAITS_LOOP))
			return true;
	}
	return false;
}

/* Some function of the thread puts what a call gave into the field or the static storage. */
static bool thread_sets(const struct looker *l, struct handle_place at)
{
	for (uint32_t k = 0; k < l->way.n; k++) {
		uint32_t func = l->way.all[k].func;
		const struct ir_func *f = &l->s->program->unit->funcs[func];
		for (ir_instr i = 1; l->s->program->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct ir_instruction *made =
			        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)))
			                           : NULL;
			if (made && ir_is_call(made) &&
			    same_place(place_of(l->s, func, ir_operand(f, in, 1)), at))
				return true;
		}
	}
	return false;
}

/* The function that the thread begins with was given it, or it is in static storage. `index`: of the function
 * in the way. */
static bool is_foreign(const struct looker *l, uint32_t index, ir_val v)
{
	const struct reached *at = &l->way.all[index];
	struct access a = access_of(l->s, at->func, v);
	struct handle_place kept = place_of_value(l->s, at->func, v);
	if (kept.kind != PLACE_NONE && kept.kind != PLACE_LOCAL && thread_sets(l, kept))
		return false;
	if (a.root == ACCESS_GLOBAL)
		return true;
	if (a.root != ACCESS_PARAM || !index)
		return a.root == ACCESS_PARAM;
	const struct ir_func *caller = &l->s->program->unit->funcs[l->way.all[at->before].func];
	return is_foreign(l, at->before, ir_arg(caller, &caller->instrs[at->site], a.id));
}

/* Where code that is not this thread's uses the object, or makes it. */
static void find_owner(const struct looker *l, struct wrong_thread *w, ir_val v)
{
	const struct program *p = l->s->program;
	struct handle_place at[4], of[4];
	uint32_t n = who_places(l->s, w->func, v, at, 4);
	for (uint32_t e = 0; n && e < p->nedges; e++) {
		const struct call_edge *c = &p->edges[e];
		const struct ir_func *f = &p->unit->funcs[c->caller];
		const struct api_role *r = api_role_of(p->described[c->callee], API_ROLE_AFFINITY);
		bool ours = false;
		for (uint32_t k = 0; r && k < l->way.n; k++)
			ours |= l->way.all[k].func == c->caller;
		ir_val other =
		        r && !ours && r->handle.base ? scan_path(f, &f->instrs[c->site], &r->handle) : 0;
		uint32_t m = other ? who_places(l->s, c->caller, other, of, 4) : 0;
		for (uint32_t a = 0; a < m; a++)
			for (uint32_t b = 0; b < n; b++)
				if (same_place(of[a], at[b])) {
					w->owner = c->caller;
					w->owner_at = c->site;
					return;
				}
	}
}

/* ---- */

static void tell(struct looker *l, const struct wrong_thread *w)
{
	if (told_first(&l->told, w->func, w->at))
		l->each(l->ctx, w);
}

static void look_at_call(struct looker *l, uint32_t index, ir_instr i)
{
	uint32_t func = l->way.all[index].func;
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	const struct api_func *d = model_at(l->s, func, i);
	const struct api_role *r = api_role_of(d, API_ROLE_AFFINITY);
	ir_val v = r && r->handle.base ? scan_path(f, &f->instrs[i], &r->handle) : 0;
	if (!r || (r->handle.base && (!v || runs_loop(l) || !is_foreign(l, index, v))))
		return;
	struct wrong_thread w = {.func = func,
	                         .at = i,
	                         .model = d,
	                         .entry = l->by->entry,
	                         .starter = l->by->func,
	                         .started = l->by->at,
	                         .chain = index ? who_chain(l->s, &l->way, index) : NULL,
	                         .bound = v != 0,
	                         .object = v};
	if (v)
		find_owner(l, &w, v);
	tell(l, &w);
}

/* ---- in other units ---- */

/* The object of a call that another unit's function makes: the thread was given it, or what it lies in. */
static bool is_far_foreign(const struct looker *l, uint32_t index, const struct far_call *c)
{
	const struct reached *at = &l->way.all[index];
	struct handle_place kept[4];
	if (c->place.global)
		return true;
	if (c->place.param < 0)
		return false;
	if (!index)
		return far_entry_data(l->s, at->func) == (uint32_t)c->place.param + 1;
	uint32_t caller = l->way.all[at->before].func, n = far_places(l->s, caller, at->site, c, kept, 4);
	for (uint32_t k = 0; k < n; k++)
		if (kept[k].kind != PLACE_LOCAL && thread_sets(l, kept[k]))
			return false;
	const struct ir_func *f = &l->s->program->unit->funcs[caller];
	return is_foreign(l, at->before, ir_arg(f, &f->instrs[at->site], (uint32_t)c->place.param));
}

static void look_at_far(struct looker *l, uint32_t index)
{
	const struct reached *at = &l->way.all[index];
	struct far_calls far;
	if (l->s->funcs[at->func].summary.blocks || !far_imported(l->s, at->func, &far))
		return; /* who waits there may do so in a loop of its own */
	for (uint32_t k = 0; k < far.n; k++) {
		const struct far_call *c = &far.all[k];
		const struct api_role *r = api_role_of(c->model, API_ROLE_AFFINITY);
		bool bound = r && r->handle.base;
		if (!r ||
		    (bound && (r->handle.arg != c->arg || runs_loop(l) || !is_far_foreign(l, index, c))))
			continue;
		if (!told_first(&l->told_far, c->where.line, c->where.col))
			continue;
		l->each(l->ctx,
		        &(struct wrong_thread){.func = index ? l->way.all[at->before].func : l->by->func,
		                               .at = index ? at->site : l->by->at,
		                               .model = c->model,
		                               .entry = l->by->entry,
		                               .starter = l->by->func,
		                               .started = l->by->at,
		                               .chain = who_chain_on(l->s, &l->way, index, c->chain),
		                               .bound = bound,
		                               .far = c->where});
	}
}

static void look_at_thread(struct looker *l)
{
	const struct program *p = l->s->program;
	const struct api_func *d = p->described[l->by->entry];
	const struct api_role *r = api_role_of(d, API_ROLE_AFFINITY);
	if (r) { /* it is the thread's function itself */
		tell(l, &(struct wrong_thread){.func = l->by->func,
		                               .at = l->by->at,
		                               .model = d,
		                               .entry = l->by->entry,
		                               .starter = l->by->func,
		                               .started = l->by->at});
		return;
	}
	l->way = who_reaches(l->s, l->by->entry);
	for (uint32_t k = 0; k < l->way.n; k++) {
		const struct ir_func *f = &p->unit->funcs[l->way.all[k].func];
		const struct cfg *cfg = p->cfgs[l->way.all[k].func];
		for (ir_instr i = 1; cfg && i < f->ninstrs; i++)
			if (ir_is_call(&f->instrs[i]) && cfg_reachable(cfg, f->instrs[i].block) &&
			    who_comes_to(l->s, &l->way, k, i))
				look_at_call(l, k, i);
		if (!cfg)
			look_at_far(l, k);
	}
}

void solve_wrong_thread(const struct solution *s, void (*each)(void *ctx, const struct wrong_thread *w),
                        void *ctx)
{
	struct looker l = {.s = s, .each = each, .ctx = ctx};
	struct registrations all = who_registered(s);
	bool any = false;
	for (uint32_t f = 1; f < s->program->unit->nfuncs; f++)
		any |= api_role_of(s->program->described[f], API_ROLE_AFFINITY) ||
		       (s->imports && s->imports[f]);
	for (uint32_t k = 0; any && k < all.n; k++) {
		enum api_runs runs = all.all[k].role->runs;
		l.by = &all.all[k];
		if (runs == API_RUNS_THREAD || runs == API_RUNS_POOL)
			look_at_thread(&l);
	}
	vec_release(&l.told.all);
	vec_release(&l.told_far.all);
}
