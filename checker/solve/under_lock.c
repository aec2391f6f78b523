/*
 * under_lock.c - calls that wait for other code, or run it, while a lock is held that this code takes.
 *
 * What a function waits for is a list that its callers inherit; who is on the other side says who.c.
 */
#include "far.h"
#include "lock_hazards.h"
#include "scan.h"
#include "spelling.h"
#include "who.h"

#include "arena.h"

#include <string.h>

#define MAX_WAITS 12
#define MAX_PLACES 4

struct wait_item {
	enum lock_hazard kind;
	ir_instr at;   /* in the function */
	uint32_t func; /* where the call that waits is, */
	ir_instr call;
	const struct registration *reg; /* NULL: it is called through a table */
	uint32_t entry;
	struct access subject; /* what it is done to, in terms of the function */
};
struct wait_list {
	struct wait_item all[MAX_WAITS];
	uint32_t n;
};
struct judge {
	const struct solution *s;
	struct wait_list **waits; /* per function, NULL: none */
	void (*each)(void *ctx, const struct under_lock *u);
	void *ctx;
	uint32_t func;
};

static const struct api_func *model_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return scan_model(s, f, &f->instrs[i]);
}

/* ---- who is on the other side of a call ---- */

static void push(struct wait_list *l, struct wait_item w)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->all[i].entry == w.entry && l->all[i].call == w.call && l->all[i].func == w.func)
			return;
	if (l->n < MAX_WAITS)
		l->all[l->n++] = w;
}

static bool place_among(struct handle_place p, const struct handle_place *all, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (same_place(all[k], p))
			return true;
	return false;
}

static bool any_place_in(const struct handle_place *a, uint32_t n, const struct handle_place *b, uint32_t m)
{
	for (uint32_t k = 0; k < n; k++)
		if (place_among(a[k], b, m))
			return true;
	return false;
}

/* The handler is for the signal that the call emits, where they have names. */
static bool is_for(const struct solution *s, const struct registration *r, const struct api_role *emits)
{
	const struct ir_func *f = &s->program->unit->funcs[r->func];
	if (!r->role->value.base)
		return true;
	const struct ir_value *v =
	        &f->vals[ir_strip_casts(f, scan_path(f, &f->instrs[r->at], &r->role->value))];
	return emits && v->kind == IR_VAL_STRING && *emits->name && strcmp(v->str, emits->name) == 0;
}

static uint32_t subject_places(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                               const struct api_path *path, struct handle_place *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	out[0] = place_of_path(s, func, in, path);
	if (path->deref || path->base != API_PATH_ARG)
		return out[0].kind != PLACE_NONE;
	return who_places(s, func, ir_arg(f, in, path->arg), out, MAX_PLACES);
}

struct side {
	enum lock_hazard kind;
	const struct api_path *path; /* of what is waited for or cancelled */
	const struct api_role *role;
};

static bool is_other_side(const struct solution *s, const struct registration *r, const struct side *side,
                          const struct handle_place *at, uint32_t n)
{
	switch (side->kind) {
	case LOCK_JOIN:
		return r->role->kind == API_ROLE_SPAWN && any_place_in(r->handle, r->nhandle, at, n);
	case LOCK_CANCEL:
		return r->role->kind == API_ROLE_CONNECT && is_for(s, r, side->role) &&
		       any_place_in(r->from, r->nfrom, at, n);
	default:
		return r->role->kind == API_ROLE_CONNECT &&
		       (any_place_in(r->handle, r->nhandle, at, n) || any_place_in(r->from, r->nfrom, at, n));
	}
}

static void add_side(const struct judge *j, uint32_t func, ir_instr i, struct side side, struct wait_list *l)
{
	const struct ir_func *f = &j->s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	struct registrations all = who_registered(j->s);
	struct handle_place at[MAX_PLACES];
	uint32_t n = all.n ? subject_places(j->s, func, in, side.path, at) : 0;
	for (uint32_t k = 0; n && k < all.n; k++)
		if (is_other_side(j->s, &all.all[k], &side, at, n))
			push(l, (struct wait_item){side.kind, i, func, i, &all.all[k], all.all[k].entry,
			                           access_of_path(j->s, func, in, side.path)});
}

static bool is_side(const struct api_func *d, const struct api_role *r, struct side *out)
{
	switch (r->kind) {
	case API_ROLE_JOIN:
		*out = (struct side){LOCK_JOIN, &r->handle, r};
		return api_role_of(d, API_ROLE_BLOCK) != NULL;
	case API_ROLE_CANCEL:
		*out = (struct side){LOCK_CANCEL, &r->token, r};
		return r->token.base != 0;
	case API_ROLE_DISCONNECT:
		*out = (struct side){LOCK_DISCONNECT, r->id.base ? &r->id : &r->from, r};
		return r->waits != 0;
	default:
		return false;
	}
}

/* What a function of another unit waits for. */
static void add_far(const struct judge *j, uint32_t func, ir_instr i, struct wait_list *l)
{
	struct registrations all = who_registered(j->s);
	const struct ir_func *f = &j->s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	struct far_calls far = {0};
	struct handle_place at[MAX_PLACES];
	if (!callee || !all.n || j->s->program->cfgs[callee] || !far_imported(j->s, callee, &far))
		return;
	for (uint32_t c = 0; c < far.n; c++) {
		const struct far_call *call = &far.all[c];
		uint32_t n = far_places(j->s, func, i, call, at, MAX_PLACES);
		for (uint32_t k = 0; k < call->model->nroles; k++) {
			struct side side;
			if (!is_side(call->model, &call->model->roles[k], &side) ||
			    side.path->arg != call->arg)
				continue;
			for (uint32_t e = 0; e < all.n; e++)
				if (is_other_side(j->s, &all.all[e], &side, at, n))
					push(l, (struct wait_item){side.kind, i, func, i, &all.all[e],
					                           all.all[e].entry,
					                           far_subject(j->s, func, i, call)});
		}
	}
}

static void add_tables(const struct judge *j, uint32_t func, ir_instr i, struct wait_list *l)
{
	const struct program *p = j->s->program;
	for (uint32_t e = p->edges_of[func]; e < p->edges_of[func + 1]; e++)
		if (p->edges[e].site == i && p->edges[e].kind == CALL_TABLE)
			push(l, (struct wait_item){.kind = LOCK_CALLBACK,
			                           .at = i,
			                           .func = func,
			                           .call = i,
			                           .entry = p->edges[e].callee});
}

static void sides_of(const struct judge *j, uint32_t func, ir_instr i, struct wait_list *l)
{
	const struct ir_func *f = &j->s->program->unit->funcs[func];
	const struct api_func *d = model_at(j->s, func, i);
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		struct side side;
		if (is_side(d, &d->roles[k], &side))
			add_side(j, func, i, side, l);
	}
	add_far(j, func, i, l);
	if (!ir_callee(f, &f->instrs[i]))
		add_tables(j, func, i, l);
}

static void inherit(const struct judge *j, uint32_t func, ir_instr i, struct wait_list *l)
{
	const struct ir_func *f = &j->s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	const struct wait_list *inner = callee && !j->s->program->described[callee] ? j->waits[callee] : NULL;
	for (uint32_t k = 0; inner && k < inner->n; k++) {
		struct wait_item w = inner->all[k];
		if (!who_possible(j->s, func, i, callee, w.at))
			continue;
		w.at = i;
		if (w.subject.root == ACCESS_PARAM)
			w.subject = access_through(j->s, func, ir_arg(f, &f->instrs[i], w.subject.id),
			                           &w.subject);
		else if (w.subject.root == ACCESS_VALUE)
			w.subject.root = ACCESS_NOWHERE;
		push(l, w);
	}
}

static void list_waits(struct judge *j, uint32_t func)
{
	const struct ir_func *f = &j->s->program->unit->funcs[func];
	struct wait_list l = {0};
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!ir_is_call(&f->instrs[i]))
			continue;
		sides_of(j, func, i, &l);
		inherit(j, func, i, &l);
	}
	if (l.n) {
		j->waits[func] = ARENA_NEW(j->s->arena, struct wait_list);
		*j->waits[func] = l;
	}
}

/* ---- does the other side take the lock? ---- */

/* In terms of the function that registers it, where its data is known there. */
static struct access seen_from(const struct solution *s, const struct wait_item *w, const struct lock_take *t,
                               bool *one_frame, uint32_t func)
{
	struct access a = t->lock;
	*one_frame = false;
	if (a.root != ACCESS_PARAM)
		return a;
	uint32_t where = w->reg ? w->reg->func : w->func;
	ir_instr at = w->reg ? w->reg->at : w->call;
	const struct ir_func *f = &s->program->unit->funcs[where];
	bool closure = w->reg && w->reg->role->entry.arg == w->reg->role->data.arg;
	uint32_t data = w->reg ? far_entry_data(s, w->entry) : 0;
	ir_val arg = !w->reg ? ir_arg(f, &f->instrs[at], a.id)
	             : w->reg->data_arg && (closure ? a.id == 0 : data == a.id + 1)
	                     ? ir_arg(f, &f->instrs[at], w->reg->data_arg - 1)
	                     : 0;
	if (!arg)
		return a;
	*one_frame = where == func;
	access_name_field(s->program->unit, record_behind(s->program->unit, f, arg), &a);
	return access_through(s, where, arg, &a);
}

/* A call sets the lock up with attributes: it may be one that its holder may take again. */
static bool has_attributes(const struct solution *s, const struct access *lock)
{
	const struct program *p = s->program;
	for (uint32_t e = 0; e < p->nedges; e++) {
		const struct call_edge *c = &p->edges[e];
		const struct ir_func *f = &p->unit->funcs[c->caller];
		const struct ir_instruction *in = &f->instrs[c->site];
		const struct api_func *d = p->described[c->callee];
		if (c->kind != CALL_DIRECT || !d || d->nroles || ir_nargs(in) != 2 ||
		    scan_null(f, ir_arg(f, in, 1)) || f->vals[ir_arg(f, in, 1)].type != IR_TYPE_PTR)
			continue;
		struct access a = access_of(s, c->caller, ir_arg(f, in, 0));
		if (access_match(&a, lock, false) != ACCESS_OTHER)
			return true;
	}
	return false;
}

static bool takes_lock(const struct judge *j, const struct wait_item *w, const struct lock_res *held,
                       enum access_match *how, ir_instr *taken)
{
	struct lock_take all[MAX_TAKES];
	bool same_thread = w->kind == LOCK_CANCEL || w->kind == LOCK_CALLBACK, one_frame;
	for (uint32_t i = 0, n = locks_taken(j->s, w->entry, all); i < n; i++) {
		const struct lock_take *t = &all[i];
		if ((t->shared && held->shared) || (same_thread && (t->recursive || held->recursive)))
			continue;
		struct access a = seen_from(j->s, w, t, &one_frame, j->func);
		*how = access_match(&held->lock, &a, one_frame);
		if (*how == ACCESS_OTHER || (same_thread && has_attributes(j->s, &held->lock)))
			continue;
		*taken = t->at;
		return true;
	}
	return false;
}

/* The lock and what is waited for belong to different objects, as far as can be seen. */
static bool of_another_object(const struct wait_item *w, const struct lock_res *held, enum access_match how)
{
	if (how == ACCESS_SAME)
		return false;
	if (w->kind == LOCK_CALLBACK)
		return true;
	return w->subject.root && !access_same_root(&w->subject, &held->lock);
}

/* `again`: the other side may have had the lock since it was taken here. */
static void tell(const struct judge *j, ir_instr i, const struct wait_item *w, const struct lock_res *held,
                 bool again)
{
	enum access_match how;
	ir_instr taken;
	if (!takes_lock(j, w, held, &how, &taken))
		return;
	struct under_lock u = {.kind = w->kind,
	                       .func = j->func,
	                       .at = i,
	                       .locked = held->at,
	                       .wait_func = w->func,
	                       .wait = w->call,
	                       .other = w->entry,
	                       .other_takes = taken,
	                       .unsure = of_another_object(w, held, how) || (again && w->kind == LOCK_JOIN)};
	if (w->reg) {
		u.starter = w->reg->func;
		u.started = w->reg->at;
	}
	j->each(j->ctx, &u);
}

static void judge_call(void *ctx, ir_instr i, const struct lock_flow *at)
{
	const struct judge *j = ctx;
	const struct lock_facts *k = j->s->locks[j->func];
	struct wait_list l = {0};
	if (!at->held)
		return;
	sides_of(j, j->func, i, &l);
	inherit(j, j->func, i, &l);
	uint64_t held = l.n ? at->held & ~locks_given_meanwhile(j->s, j->func, i, at->held) : 0;
	for (uint32_t n = 0; n < l.n; n++)
		for (uint32_t h = 0; h < k->n; h++)
			if (held >> h & 1)
				tell(j, i, &l.all[n], &k->all[h], at->again >> h & 1);
}

ir_val solve_lock_value(const struct solution *s, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(model_at(s, func, at), API_ROLE_LOCK);
	ir_val v = r ? scan_path(f, &f->instrs[at], &r->handle) : 0;
	for (ir_val held; (held = v ? access_held(s, func, v) : 0); v = held)
		;
	return v;
}

uint32_t solve_taken_via(const struct solution *s, uint32_t func, ir_instr at)
{
	const struct lock_facts *k = s->locks ? s->locks[func] : NULL;
	for (uint32_t i = 0; k && i < k->ntakes; i++)
		if (k->takes[i].at == at)
			return k->takes[i].via;
	return 0;
}

/* A callee hands its list on in order, so the first lock that is taken through it is its first one, or like
 * the one that the caller speaks of. */
ir_instr solve_takes(const struct solution *s, uint32_t callee, uint32_t func, ir_instr at)
{
	const struct lock_facts *k = s->locks[callee], *outer = s->locks[func];
	const struct lock_take *of = NULL;
	for (uint32_t i = 0; outer && !of && i < outer->ntakes; i++)
		of = outer->takes[i].at == at ? &outer->takes[i] : NULL;
	for (uint32_t i = 0; k && of && i < k->ntakes; i++)
		if (access_match(&k->takes[i].lock, &of->lock, false) != ACCESS_OTHER)
			return k->takes[i].at;
	return k && k->ntakes ? k->takes[0].at : 0;
}

void solve_under_lock(const struct solution *s, void (*each)(void *ctx, const struct under_lock *u),
                      void *ctx)
{
	const struct program *p = s->program;
	struct judge j = {.s = s, .each = each, .ctx = ctx};
	bool any = false;
	for (uint32_t f = 1; s->locks && f < p->unit->nfuncs; f++)
		any |= s->locks[f] != NULL;
	if (!any)
		return;
	j.waits = ARENA_ARRAY(s->arena, struct wait_list *, p->unit->nfuncs);
	for (uint32_t n = 0; n < p->nbottom_up; n++)
		list_waits(&j, p->bottom_up[n]);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		j.func = f;
		if (s->locks[f] && p->cfgs[f])
			locks_walk(s, f, judge_call, &j);
	}
	lock_waits(s, each, ctx);
	lock_left(s, each, ctx);
}
