/*
 * under_lock.c - calls that wait for other code, or run it, while a lock is held that this code takes.
 */
#include "lock_hazards.h"
#include "ended_state.h"
#include "lock_sides.h"
#include "scan.h"
#include "who.h"

struct judge {
	const struct solution *s;
	void (*each)(void *ctx, const struct under_lock *u);
	void *ctx;
	uint32_t func;
};

/* ---- does the other side take the lock? ---- */

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

/* `through`: the lock is not in what the other side is given itself, but in what that points to. */
static bool takes_lock(const struct judge *j, const struct wait_item *w, const struct lock_res *held,
                       enum access_match *how, ir_instr *taken, bool *through)
{
	struct lock_take all[MAX_TAKES];
	bool same_thread = w->kind == LOCK_CANCEL || w->kind == LOCK_CALLBACK, one_frame;
	for (uint32_t i = 0, n = locks_taken(j->s, w->entry, all); i < n; i++) {
		const struct lock_take *t = &all[i];
		if (t->waits || (t->shared && held->shared) ||
		    (same_thread && (t->recursive || held->recursive)))
			continue;
		struct access a = lock_seen_from(j->s, w, &t->lock, &one_frame, j->func);
		*how = access_match(&held->lock, &a, one_frame);
		if (*how == ACCESS_SAME_FIELD && w->kind == LOCK_CALLBACK && !w->reg &&
		    (t->others || locks_of_another(j->s, w->func, w->call, t)))
			continue;
		if (*how == ACCESS_OTHER || (same_thread && has_attributes(j->s, &held->lock)))
			continue;
		*taken = t->at;
		*through = t->lock.root == ACCESS_PARAM && t->lock.depth;
		return true;
	}
	return false;
}

/* Another unit says which lock the code takes that is waited for there. */
static bool is_far_lock(const struct judge *j, const struct wait_item *w, const struct lock_res *held,
                        enum access_match *how)
{
	bool same_thread = w->kind == LOCK_CANCEL || w->kind == LOCK_CALLBACK;
	*how = access_match(&held->lock, &w->lock, true);
	return *how != ACCESS_OTHER && !(w->lock_shared && held->shared) &&
	       !(same_thread && (held->recursive || has_attributes(j->s, &held->lock)));
}

/* The same pointers lead to the objects that the two lie in. Where the subject's value was loaded from there,
 * the last of its pointers is no way to an object. */
static bool beside_each_other(const struct access *subject, const struct access *lock)
{
	unsigned n = subject->depth - (subject->depth > lock->depth && !subject->offset[subject->depth]);
	bool same = access_same_root(subject, lock) && n == lock->depth;
	for (unsigned k = 0; same && k < n; k++)
		same = subject->offset[k] == lock->offset[k];
	return same;
}

/* What the work is joined by lies in the object that the lock is in. */
static bool handle_beside_lock(const struct wait_item *w, const struct lock_res *held)
{
	for (uint32_t k = 0; w->reg && w->kind == LOCK_JOIN && k < w->reg->nhandle; k++)
		if (w->reg->handle[k].kind == PLACE_FIELD && w->reg->handle[k].id == held->lock.record)
			return true;
	return false;
}

/* When the locks were listed it was not known yet which calls return what they are given. */
static struct access known_now(const struct judge *j, struct access a)
{
	struct access root = a.root == ACCESS_VALUE ? access_of(j->s, j->func, a.id) : (struct access){0};
	if (root.root && !root.depth && !root.offset[0]) {
		a.root = root.root;
		a.id = root.id;
	}
	return a;
}

/* `on_end(t, f, t)`: the callback gets the very object that it is registered with. */
static bool registered_with_itself(const struct judge *j, uint32_t entry)
{
	const struct program *p = j->s->program;
	for (uint32_t e = 0; e < p->nedges; e++) {
		const struct ir_func *f = &p->unit->funcs[p->edges[e].caller];
		const struct ir_instruction *in = &f->instrs[p->edges[e].site];
		bool gives = false, twice = false;
		for (uint32_t k = 0; p->edges[e].kind == CALL_DIRECT && k < ir_nargs(in); k++) {
			ir_val v = ir_strip_casts(f, ir_arg(f, in, k));
			gives |= f->vals[v].kind == IR_VAL_FUNC && f->vals[v].aux == entry;
			for (uint32_t n = 0; n < k && f->vals[v].type == IR_TYPE_PTR; n++)
				twice |= ir_strip_casts(f, ir_arg(f, in, n)) == v && !scan_null(f, v);
		}
		if (gives && twice)
			return true;
	}
	return false;
}

/* The lock and what is waited for belong to different objects, as far as can be seen. */
static bool of_another_object(const struct judge *j, const struct wait_item *w, const struct lock_res *held,
                              enum access_match how, bool through)
{
	struct access lock = known_now(j, held->lock);
	if (how == ACCESS_SAME || w->far || through) /* through: a child's callback takes its parent's */
		return false;
	if (w->kind == LOCK_CALLBACK)
		return !registered_with_itself(j, w->entry);
	if (w->subject.root && handle_beside_lock(w, held))
		return !beside_each_other(&w->subject, &lock);
	return w->subject.root && !access_same_root(&w->subject, &lock);
}

/* `again`: the other side may have had the lock since it was taken here. */
static void tell(const struct judge *j, ir_instr i, const struct wait_item *w, const struct lock_res *held,
                 bool again)
{
	enum access_match how;
	ir_instr taken = 0;
	bool through = false;
	if (w->far ? !is_far_lock(j, w, held, &how) : !takes_lock(j, w, held, &how, &taken, &through))
		return;
	if (w->kind == LOCK_JOIN && !w->far && taken &&
	    ended_state_asked(j->s, w->func, w->call, w->entry, taken))
		return;
	struct under_lock u = {.kind = w->kind,
	                       .func = j->func,
	                       .at = i,
	                       .locked = held->at,
	                       .wait_func = w->func,
	                       .wait = w->call,
	                       .other = w->entry,
	                       .far_other = w->far,
	                       .other_takes = taken,
	                       .unsure = of_another_object(j, w, held, how, through) ||
	                                 (again && w->kind == LOCK_JOIN)};
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
	lock_sides_at(j->s, j->func, i, &l);
	uint64_t held = l.n ? at->held & ~locks_given_meanwhile(j->s, j->func, i, at->held) : 0;
	for (uint32_t n = 0; n < l.n; n++)
		for (uint32_t h = 0; h < k->n; h++)
			if (held >> h & 1)
				tell(j, i, &l.all[n], &k->all[h], at->again >> h & 1);
}

ir_val solve_lock_value(const struct solution *s, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(scan_model(s, f, &f->instrs[at]), API_ROLE_LOCK);
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
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		j.func = f;
		if (s->locks[f] && p->cfgs[f])
			locks_walk(s, f, judge_call, &j);
	}
	lock_waits(s, each, ctx);
	lock_left(s, each, ctx);
}
