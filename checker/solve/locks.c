/*
 * locks.c - see locks.h. One forward pass over the blocks of each function that takes locks, or calls one
 * that does.
 */
#include "locks.h"
#include "scan.h"

#include "arena.h"

#include <string.h>

#define LOCKS_LOST "too many locks"

struct finder {
	struct solution *s;
	uint32_t func;
	const struct ir_func *f;
	const struct cfg *cfg;
	struct lock_facts *k;
};

static const struct lock_facts *facts_of(const struct solution *s, uint32_t func)
{
	return s->locks ? s->locks[func] : NULL;
}

static const struct api_func *model_of(const struct finder *w, const struct ir_instruction *in)
{
	return scan_model(w->s, w->f, in);
}

/* The local variable that an address lies in; 0: none. */
static ir_val local_root(const struct ir_func *f, ir_val v)
{
	for (unsigned n = 0; n < 16; n++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		if (!in || in->op != IR_ADDR)
			return v;
		v = ir_operand(f, in, 0);
	}
	return 0;
}

/* ---- what a callee does, in terms of its caller ---- */

static struct access translated(const struct finder *w, const struct ir_instruction *in,
                                const struct access *a)
{
	struct access out = *a;
	if (a->root == ACCESS_PARAM)
		return access_through(w->s, w->func, ir_arg(w->f, in, a->id), a);
	if (a->root == ACCESS_VALUE)
		out.root = ACCESS_NOWHERE;
	return out;
}

/* The lock changes of another unit's function. */
static uint32_t imported_changes(const struct solution *s, uint32_t func, struct lock_change *out)
{
	const struct summary *sum = &s->funcs[func].summary;
	uint32_t n = 0;
	for (uint32_t i = 0; i < sum->neffects && n < MAX_NET; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->kind == EFFECT_LOCKS || e->kind == EFFECT_UNLOCKS)
			out[n++] = (struct lock_change){.lock = access_imported(s, func, &e->place),
			                                .taken = e->kind == EFFECT_LOCKS,
			                                .when = e->when};
	}
	return n;
}

static uint32_t changes_of(const struct finder *w, const struct ir_instruction *in, struct lock_change *out)
{
	uint32_t callee = ir_callee(w->f, in), n = 0;
	const struct lock_facts *k = facts_of(w->s, callee);
	if (!callee || w->s->program->described[callee])
		return 0;
	if (k)
		memcpy(out, k->net, (n = k->nnet) * sizeof *out);
	else if (!w->s->program->cfgs[callee] && solve_has_body(w->s, callee))
		n = imported_changes(w->s, callee, out);
	for (uint32_t i = 0; i < n; i++)
		out[i].lock = translated(w, in, &out[i].lock);
	return n;
}

/* ---- the table of locks ---- */

static bool is_lock(const struct lock_res *r, const struct access *a)
{
	return !r->handler && access_match(&r->lock, a, true) == ACCESS_SAME;
}

/* A lock is listed once for each way it is taken, alone and shared. */
static uint32_t lock_index(const struct lock_facts *k, const struct access *a, bool shared)
{
	uint32_t i = 0;
	while (i < k->n && !(is_lock(&k->all[i], a) && k->all[i].shared == shared))
		i++;
	return i;
}

static void add_lock(struct finder *w, struct lock_res l)
{
	uint32_t k = l.lock.root ? lock_index(w->k, &l.lock, l.shared) : 0;
	if (!l.lock.root)
		return;
	if (k < w->k->n)
		w->k->all[k].waits &= l.waits;
	else if (k < MAX_LOCKS)
		w->k->all[w->k->n++] = l;
	else
		w->k->lost = true;
}

static uint32_t handler_index(const struct lock_facts *k, ir_val scope)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (k->all[i].handler && k->all[i].lock.id == scope)
			return i;
	return k->n;
}

/* The code that runs when the scope ends early gives a lock back, or may: what comes before the jump out of
 * the block which the landing of the same scope leads to. */
static bool handler_unlocks(const struct finder *w, ir_val scope)
{
	for (ir_instr i = 1; i < w->f->ninstrs; i++) {
		const struct ir_instruction *in = &w->f->instrs[i];
		if (!ir_is_call(in) || !api_role_of(model_of(w, in), API_ROLE_NO_RETURN) ||
		    local_root(w->f, ir_arg(w->f, in, 0)) != scope)
			continue;
		for (ir_instr b = w->f->blocks[in->block].first; b < i; b++) {
			const struct ir_instruction *run = &w->f->instrs[b];
			uint32_t callee = ir_is_call(run) ? ir_callee(w->f, run) : 0;
			if (ir_is_call(run))
				return !callee || locks_give_back(w->s, callee);
		}
	}
	return true;
}

static bool is_scope(const struct finder *w, const struct api_role *r)
{
	const struct api_family *f = r->family ? apimodel_family(w->s->program->api, r->family) : NULL;
	return f && f->lexical && r->handle.base == API_PATH_ARG;
}

static bool masks_cancel(const struct finder *w, const struct api_role *r)
{
	const struct api_family *f = r->family ? apimodel_family(w->s->program->api, r->family) : NULL;
	return f && f->masks_cancel && !r->handle.base;
}

static void list_call(struct finder *w, ir_instr i)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	const struct api_func *d = model_of(w, in);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_LOCK, r));)
		add_lock(w, (struct lock_res){.lock = access_of_path(w->s, w->func, in, &r->handle),
		                              .at = i,
		                              .shared = r->shared,
		                              .recursive = r->recursive,
		                              .waits = api_role_of(d, API_ROLE_UNLOCK) != NULL});
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_ENTER, r));) {
		ir_val scope = is_scope(w, r) ? local_root(w->f, ir_arg(w->f, in, r->handle.arg)) : 0;
		if (scope && w->k->n < MAX_LOCKS && handler_unlocks(w, scope))
			w->k->all[w->k->n++] = (struct lock_res){
			        .lock = {.root = ACCESS_VALUE, .id = scope}, .at = i, .handler = true};
	}
	struct lock_change net[MAX_NET];
	uint32_t n = changes_of(w, in, net);
	for (uint32_t k = 0; k < n; k++)
		if (net[k].taken)
			add_lock(w, (struct lock_res){.lock = net[k].lock,
			                              .at = i,
			                              .shared = net[k].shared,
			                              .recursive = net[k].recursive});
}

/* ---- one call ---- */

static uint64_t bits_of(const struct finder *w, const struct access *a)
{
	uint64_t bits = 0;
	for (uint32_t i = 0; i < w->k->n; i++)
		bits |= is_lock(&w->k->all[i], a) ? 1ull << i : 0;
	return bits;
}

/* A lock that is given back by a way which leads to none that is known to be held: to one of its field,
 * perhaps. */
static void give_back(const struct finder *w, struct lock_flow *at, const struct access *a)
{
	uint64_t bits = bits_of(w, a);
	for (uint32_t i = 0; !(bits & at->held) && i < w->k->n; i++)
		if (!w->k->all[i].handler && access_match(&w->k->all[i].lock, a, true) == ACCESS_SAME_FIELD)
			at->held &= ~(1ull << i);
	at->held &= ~bits;
}

static void hold(const struct finder *w, struct lock_flow *at, const struct access *a, bool shared)
{
	uint32_t i = lock_index(w->k, a, shared);
	if (i < w->k->n)
		at->held |= 1ull << i;
}

static bool holds_for(const struct finder *w, const struct ir_instruction *in, const struct api_test *t)
{
	return t->given && scan_test(w->f, in, t) == TRI_TRUE;
}

static void scope_roles(const struct finder *w, const struct ir_instruction *in, const struct api_func *d,
                        struct lock_flow *at)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_LEAVE, r));) {
		uint32_t h = is_scope(w, r)
		                     ? handler_index(w->k, local_root(w->f, ir_arg(w->f, in, r->handle.arg)))
		                     : w->k->n;
		if (h < w->k->n)
			at->open &= ~(1ull << h);
		if (masks_cancel(w, r) && !holds_for(w, in, &r->unless))
			at->masked = false;
	}
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_ENTER, r));) {
		uint32_t h = is_scope(w, r)
		                     ? handler_index(w->k, local_root(w->f, ir_arg(w->f, in, r->handle.arg)))
		                     : w->k->n;
		if (h < w->k->n)
			at->open |= 1ull << h;
		if (masks_cancel(w, r) && !holds_for(w, in, &r->unless))
			at->masked = true;
	}
}

/* A callee that takes a lock which is held has given it back before. */
static uint64_t given_meanwhile(const struct finder *w, const struct ir_instruction *in, uint64_t held)
{
	const struct lock_facts *k = facts_of(w->s, ir_callee(w->f, in));
	uint64_t bits = 0;
	for (uint32_t i = 0; k && held && k->gives_back && i < k->ntakes; i++) {
		struct access a = translated(w, in, &k->takes[i].lock);
		bits |= bits_of(w, &a);
	}
	return bits & held;
}

static void apply(const struct finder *w, const struct ir_instruction *in, struct lock_flow *at)
{
	const struct api_func *d = model_of(w, in);
	struct lock_change net[MAX_NET];
	struct access a;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_UNLOCK, r));) {
		a = access_of_path(w->s, w->func, in, &r->handle);
		give_back(w, at, &a);
	}
	at->again &= at->held;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_LOCK, r));) {
		a = access_of_path(w->s, w->func, in, &r->handle);
		if (api_role_of(d, API_ROLE_UNLOCK))
			at->again |= bits_of(w, &a);
		if (r->when == API_ALWAYS)
			hold(w, at, &a, r->shared);
	}
	const struct api_role *b = api_role_of(d, API_ROLE_BLOCK);
	if (b && b->waits == API_WAITS_LOOP) /* a callback may give it back */
		at->held = 0;
	if (d)
		scope_roles(w, in, d, at);
	uint32_t n = d ? 0 : changes_of(w, in, net);
	if (!d)
		at->again |= given_meanwhile(w, in, at->held);
	for (uint32_t k = 0; k < n; k++)
		if (!net[k].taken)
			give_back(w, at, &net[k].lock);
		else if (net[k].when == API_ALWAYS)
			hold(w, at, &net[k].lock, net[k].shared);
}

/* ---- the flow ---- */

#define MAX_BACK 16

/* What was stored last where a condition is loaded from, in the same block or one that comes before it on
 * every way: whether a guard has its lock. */
static ir_val last_stored(const struct finder *w, ir_val v)
{
	const struct ir_instruction *load = ir_def(w->f, ir_strip_casts(w->f, v)), *found = NULL;
	struct access at, to;
	if (!load || load->op != IR_LOAD)
		return v;
	at = access_of(w->s, w->func, ir_operand(w->f, load, 0));
	if (at.root != ACCESS_VALUE || at.depth)
		return v;
	ir_block b = load->block;
	for (unsigned n = 0; b && !found && n < MAX_BACK; n++, b = cfg_idom(w->cfg, b)) {
		const struct ir_basic_block *block = &w->f->blocks[b];
		for (ir_instr i = block->first; i < block->first + block->count; i++) {
			const struct ir_instruction *in = &w->f->instrs[i];
			if (in == load)
				break;
			if (in->op != IR_STORE)
				continue;
			to = access_of(w->s, w->func, ir_operand(w->f, in, 1));
			found = access_match(&at, &to, true) == ACCESS_SAME ? in : found;
		}
	}
	return found ? ir_operand(w->f, found, 0) : v;
}

/* Taking a lock that may fail has succeeded where the value is zero, or is not. */
static void taken_if(const struct finder *w, ir_val v, bool truth, struct lock_flow *at)
{
	const struct ir_instruction *cmp = ir_def(w->f, ir_strip_casts(w->f, last_stored(w, v)));
	const struct ir_instruction *call =
	        cmp && cmp->op == IR_ICMP ? ir_def(w->f, ir_strip_casts(w->f, ir_operand(w->f, cmp, 0)))
	                                  : cmp;
	int64_t c = 0;
	if (!call || !ir_is_call(call) ||
	    (cmp->op == IR_ICMP && (!scan_int(w->f, ir_operand(w->f, cmp, 1), &c) || c != 0)))
		return;
	bool zero = (cmp->op == IR_ICMP ? ir_compare(cmp->sub, 0, 0) : false) == truth;
	bool one = (cmp->op == IR_ICMP ? ir_compare(cmp->sub, 1, 0) : true) == truth;
	bool negative = (cmp->op == IR_ICMP ? ir_compare(cmp->sub, -1, 0) : true) == truth;
	enum api_cond when = zero && !(one && negative) ? API_ZERO : one && !zero ? API_NONZERO : API_NEVER;
	const struct api_func *d = model_of(w, call);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_LOCK, r));) {
		struct access a = access_of_path(w->s, w->func, call, &r->handle);
		if (r->when == when)
			hold(w, at, &a, r->shared);
	}
	struct lock_change net[MAX_NET];
	uint32_t n = d ? 0 : changes_of(w, call, net);
	for (uint32_t k = 0; k < n; k++)
		if (net[k].taken && net[k].when == when)
			hold(w, at, &net[k].lock, net[k].shared);
}

static void edge_taken(const struct finder *w, ir_block from, ir_block to, struct lock_flow *at)
{
	const struct ir_instruction *t = ir_terminator(w->f, from);
	if (t->op == IR_CONDBR && t->nsuccs == 2 && ir_succ(w->f, t, 0) != ir_succ(w->f, t, 1))
		taken_if(w, ir_operand(w->f, t, 0), ir_succ(w->f, t, 0) == to, at);
}

static struct lock_flow through(const struct finder *w, ir_block b, ir_instr end)
{
	struct lock_flow at = w->k->in[b];
	for (ir_instr i = w->f->blocks[b].first; i < end; i++)
		if (ir_is_call(&w->f->instrs[i]))
			apply(w, &w->f->instrs[i], &at);
	return at;
}

static bool join(struct lock_flow *to, const struct lock_flow *from)
{
	struct lock_flow now = *from;
	if (to->reached) {
		now.held &= to->held;
		now.open |= to->open;
		now.again |= to->again;
		now.masked |= to->masked;
	}
	now.reached = true;
	bool changed = memcmp(&now, to, sizeof now) != 0;
	*to = now;
	return changed;
}

#define MAX_ROUNDS 8

static void flow(struct finder *w)
{
	bool changed = true;
	w->k->in = ARENA_ARRAY(w->s->arena, struct lock_flow, w->f->nblocks);
	w->k->in[w->cfg->rpo[0]].reached = true;
	for (unsigned round = 0; changed && round < MAX_ROUNDS; round++) {
		changed = false;
		for (uint32_t n = 0; n < w->cfg->nrpo; n++) {
			ir_block b = w->cfg->rpo[n];
			const struct ir_instruction *t = ir_terminator(w->f, b);
			ir_instr last = w->f->blocks[b].first + w->f->blocks[b].count - 1;
			struct lock_flow before = through(w, b, last), end = before;
			if (ir_is_call(t))
				apply(w, t, &end);
			for (uint32_t k = 0; k < t->nsuccs; k++) {
				struct lock_flow edge = end;
				if (t->op == IR_INVOKE && k == 1) /* what it would have taken it has not */
					edge.held &= before.held;
				edge_taken(w, b, ir_succ(w->f, t, k), &edge);
				changed |= join(&w->k->in[ir_succ(w->f, t, k)], &edge);
			}
		}
	}
	if (changed) /* it did not settle: nothing is known to be held */
		for (ir_block b = 1; b < w->f->nblocks; b++)
			w->k->in[b].held = 0;
}

/* ---- what callers are told ---- */

static void note_take(struct finder *w, struct lock_take t)
{
	if (t.lock.root == ACCESS_VALUE)
		t.lock.root = ACCESS_NOWHERE;
	if (!access_known(&t.lock))
		return;
	for (uint32_t i = 0; i < w->k->ntakes; i++)
		if (memcmp(&w->k->takes[i].lock, &t.lock, sizeof t.lock) == 0) {
			w->k->takes[i].waits &= t.waits;
			return;
		}
	if (w->k->ntakes < MAX_TAKES)
		w->k->takes[w->k->ntakes++] = t;
	else
		w->k->lost = true;
}

uint32_t locks_taken(const struct solution *s, uint32_t func, struct lock_take *out)
{
	const struct lock_facts *k = facts_of(s, func);
	const struct summary *sum = &s->funcs[func].summary;
	uint32_t n = 0;
	if (k)
		memcpy(out, k->takes, (n = k->ntakes) * sizeof *out);
	for (uint32_t i = 0; !k && !s->program->cfgs[func] && i < sum->neffects && n < MAX_TAKES; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->kind == EFFECT_LOCKS || e->kind == EFFECT_TAKES)
			out[n++] = (struct lock_take){.lock = access_imported(s, func, &e->place),
			                              .shared = e->how & HOW_SHARED,
			                              .recursive = e->how & HOW_RECURSIVE,
			                              .waits = e->how & HOW_WAITS};
	}
	return n;
}

bool locks_of_another(const struct solution *s, uint32_t func, ir_instr call, const struct lock_take *t)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	if (!ir_is_call(in) || !in->scale || !ir_nargs(in) || t->lock.root != ACCESS_PARAM || t->lock.id ||
	    t->lock.depth)
		return false;
	struct access a = access_of(s, func, ir_arg(f, in, 0));
	return a.root != ACCESS_PARAM || a.id || a.depth;
}

static void note_callee_takes(struct finder *w, ir_instr i, uint32_t callee)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	struct lock_take all[MAX_TAKES];
	for (uint32_t n = 0, of = locks_taken(w->s, callee, all); n < of; n++) {
		struct lock_take t = all[n];
		if (t.others && in->scale) /* it may go on so for ever */
			continue;
		t.others |= locks_of_another(w->s, w->func, i, &t);
		t.lock = translated(w, in, &t.lock);
		t.at = i;
		t.via = callee;
		note_take(w, t);
	}
}

static void note_call(struct finder *w, ir_instr i)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	const struct api_func *d = model_of(w, in);
	uint32_t callee = ir_callee(w->f, in);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_LOCK, r));)
		if (r->when == API_ALWAYS) /* who only tries does not wait */
			note_take(w, (struct lock_take){.lock = access_of_path(w->s, w->func, in, &r->handle),
			                                .at = i,
			                                .shared = r->shared,
			                                .recursive = r->recursive,
			                                .waits = api_role_of(d, API_ROLE_UNLOCK) != NULL});
	w->k->gives_back |=
	        api_role_of(d, API_ROLE_UNLOCK) || (callee && !d && locks_give_back(w->s, callee));
	if (callee && !d)
		note_callee_takes(w, i, callee);
}

/* Calls that the function makes on its own thread, also through tables and by callbacks that run at once. */
static void note_edges(struct finder *w)
{
	const struct program *p = w->s->program;
	for (uint32_t e = p->edges_of[w->func]; e < p->edges_of[w->func + 1]; e++) {
		const struct call_edge *c = &p->edges[e];
		if (c->kind == CALL_TABLE || c->kind == CALL_VIRTUAL ||
		    (c->kind == CALL_CALLBACK && c->runs == API_RUNS_INLINE))
			note_callee_takes(w, c->site, c->callee);
	}
}

static void note_change(struct finder *w, struct lock_change c)
{
	if (c.lock.root == ACCESS_VALUE || !c.lock.root)
		return;
	for (uint32_t i = 0; i < w->k->nnet; i++)
		if (w->k->net[i].taken == c.taken &&
		    access_match(&w->k->net[i].lock, &c.lock, true) == ACCESS_SAME)
			return;
	if (w->k->nnet < MAX_NET)
		w->k->net[w->k->nnet++] = c;
	else
		w->k->lost = true;
}

/* Locks that are given back without having been taken here. */
static void note_given_back(struct finder *w, ir_instr i, uint64_t held)
{
	const struct ir_instruction *in = &w->f->instrs[i];
	const struct api_func *d = model_of(w, in);
	struct lock_change net[MAX_NET];
	uint32_t n = d ? 0 : changes_of(w, in, net);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_UNLOCK, r)) && n < MAX_NET;)
		net[n++] = (struct lock_change){.lock = access_of_path(w->s, w->func, in, &r->handle)};
	for (uint32_t k = 0; k < n; k++) {
		struct lock_flow at = {.held = held};
		if (net[k].taken || api_role_of(d, API_ROLE_LOCK))
			continue;
		give_back(w, &at, &net[k].lock);
		if (at.held == held)
			note_change(w, net[k]);
	}
}

/* What is held where the function returns, by what it returns there. */
struct told {
	uint64_t held[2]; /* by whether that is not zero */
	bool seen[2];
};

static void tell(struct told *t, bool nonzero, uint64_t held)
{
	t->held[nonzero] = t->seen[nonzero] ? t->held[nonzero] & held : held;
	t->seen[nonzero] = true;
}

static void tell_value(const struct finder *w, struct told *t, ir_val v, uint64_t held, unsigned depth);

static void tell_merged(const struct finder *w, struct told *t, const struct ir_instruction *phi,
                        unsigned depth)
{
	for (uint32_t k = 0; k < phi->noperands; k++) {
		ir_block from = w->f->phi_blocks[phi->first_operand + k];
		if (!cfg_reachable(w->cfg, from))
			continue;
		struct lock_flow at = through(w, from, w->f->blocks[from].first + w->f->blocks[from].count);
		edge_taken(w, from, phi->block, &at);
		tell_value(w, t, ir_operand(w->f, phi, k), at.held, depth + 1);
	}
}

/* `held`: whatever the value is. */
static void tell_value(const struct finder *w, struct told *t, ir_val v, uint64_t held, unsigned depth)
{
	v = ir_strip_casts(w->f, v);
	const struct ir_instruction *in = ir_def(w->f, v);
	int64_t c;
	if (scan_int(w->f, v, &c)) {
		tell(t, c != 0, held);
		return;
	}
	if (in && in->op == IR_PHI && depth < 4) {
		tell_merged(w, t, in, depth);
		return;
	}
	for (unsigned nonzero = 0; nonzero < 2; nonzero++) {
		struct lock_flow at = {.held = held};
		taken_if(w, v, nonzero, &at);
		tell(t, nonzero, at.held);
	}
}

/* Locks that are held where the function returns one kind of value, and not where it returns the other. */
static void note_tried(struct finder *w, const struct told *t)
{
	for (uint32_t i = 0; t->seen[0] && t->seen[1] && i < w->k->n; i++)
		if (((t->held[0] ^ t->held[1]) >> i & 1) && !w->k->all[i].waits)
			note_change(w, (struct lock_change){.lock = w->k->all[i].lock,
			                                    .taken = true,
			                                    .shared = w->k->all[i].shared,
			                                    .recursive = w->k->all[i].recursive,
			                                    .when = t->held[1] >> i & 1 ? API_NONZERO
			                                                                : API_ZERO});
}

static void note_net(struct finder *w)
{
	uint64_t left = ~0ull;
	bool returns = false;
	struct told told = {0};
	for (uint32_t n = 0; n < w->cfg->nrpo; n++) {
		const struct ir_basic_block *b = &w->f->blocks[w->cfg->rpo[n]];
		struct lock_flow at = w->k->in[w->cfg->rpo[n]];
		for (ir_instr i = b->first; i < b->first + b->count; i++) {
			if (!ir_is_call(&w->f->instrs[i]))
				continue;
			note_given_back(w, i, at.held);
			apply(w, &w->f->instrs[i], &at);
		}
		const struct ir_instruction *ret = &w->f->instrs[b->first + b->count - 1];
		if (ret->op != IR_RET)
			continue;
		left &= at.held;
		returns = true;
		if (ret->noperands && w->f->vals[ir_operand(w->f, ret, 0)].type == IR_TYPE_INT)
			tell_value(w, &told, ir_operand(w->f, ret, 0), at.held, 0);
	}
	for (uint32_t i = 0; returns && i < w->k->n; i++)
		if ((left >> i & 1) && !w->k->all[i].waits)
			note_change(w, (struct lock_change){.lock = w->k->all[i].lock,
			                                    .taken = true,
			                                    .shared = w->k->all[i].shared,
			                                    .recursive = w->k->all[i].recursive});
	note_tried(w, &told);
}

/* ---- */

static bool touches_locks(const struct finder *w)
{
	const struct program *p = w->s->program;
	for (uint32_t e = p->edges_of[w->func]; e < p->edges_of[w->func + 1]; e++) {
		uint32_t callee = p->edges[e].callee;
		const struct api_func *d = p->described[callee];
		const struct summary *sum = &w->s->funcs[callee].summary;
		if (api_role_of(d, API_ROLE_LOCK) || api_role_of(d, API_ROLE_UNLOCK) ||
		    facts_of(w->s, callee))
			return true;
		const struct api_role *scope = api_role_of(d, API_ROLE_ENTER);
		if (scope && (is_scope(w, scope) || masks_cancel(w, scope)))
			return true;
		for (uint32_t i = 0; !p->cfgs[callee] && i < sum->neffects; i++)
			if (sum->effects[i].kind >= EFFECT_LOCKS && sum->effects[i].kind <= EFFECT_TAKES)
				return true;
	}
	return false;
}

void locks_find(struct solution *s, uint32_t func)
{
	struct finder w = {s, func, &s->program->unit->funcs[func], s->program->cfgs[func], NULL};
	if (!touches_locks(&w))
		return;
	struct lock_res all[MAX_LOCKS];
	w.k = ARENA_NEW(s->arena, struct lock_facts);
	w.k->all = all;
	for (ir_instr i = 1; i < w.f->ninstrs; i++)
		if (ir_is_call(&w.f->instrs[i]) && cfg_reachable(w.cfg, w.f->instrs[i].block)) {
			list_call(&w, i);
			note_call(&w, i);
		}
	note_edges(&w);
	w.k->all = ARENA_ARRAY(s->arena, struct lock_res, w.k->n);
	memcpy(w.k->all, all, w.k->n * sizeof *all);
	flow(&w);
	note_net(&w);
	s->locks[func] = w.k;
	if (w.k->lost)
		s->funcs[func].budget = LOCKS_LOST;
}

void locks_find_again(struct solution *s)
{
	const struct program *p = s->program;
	uint32_t e = 0;
	while (e < p->nedges && p->edges[e].kind != CALL_VIRTUAL)
		e++;
	for (unsigned round = 0; e < p->nedges && round < 2; round++)
		for (uint32_t n = 0; n < p->nbottom_up; n++)
			if (p->cfgs[p->bottom_up[n]])
				locks_find(s, p->bottom_up[n]);
}

const char *locks_limit(const struct solution *s, uint32_t func)
{
	const struct lock_facts *k = s->locks ? s->locks[func] : NULL;
	return k && k->lost ? LOCKS_LOST : NULL;
}

void locks_walk(const struct solution *s, uint32_t func,
                void (*each)(void *ctx, ir_instr call, const struct lock_flow *at), void *ctx)
{
	struct lock_facts *k = s->locks ? s->locks[func] : NULL;
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	struct finder w = {(struct solution *)s, func, f, cfg, k};
	for (uint32_t n = 0; cfg && n < cfg->nrpo; n++) {
		const struct ir_basic_block *b = &f->blocks[cfg->rpo[n]];
		struct lock_flow at = k ? k->in[cfg->rpo[n]] : (struct lock_flow){.reached = true};
		for (ir_instr i = b->first; i < b->first + b->count; i++) {
			if (!ir_is_call(&f->instrs[i]))
				continue;
			each(ctx, i, &at);
			if (k)
				apply(&w, &f->instrs[i], &at);
		}
	}
}

uint64_t locks_given_meanwhile(const struct solution *s, uint32_t func, ir_instr call, uint64_t held)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct finder w = {(struct solution *)s, func, f, s->program->cfgs[func], s->locks[func]};
	uint32_t callee = ir_callee(f, &f->instrs[call]);
	return callee && !s->program->described[callee] ? given_meanwhile(&w, &f->instrs[call], held) : 0;
}

bool locks_give_back(const struct solution *s, uint32_t func)
{
	const struct api_func *d = s->program->described[func];
	const struct lock_facts *k = facts_of(s, func);
	if (d)
		return api_role_of(d, API_ROLE_UNLOCK) != NULL;
	return s->program->cfgs[func] ? k && k->gives_back : true;
}

uint32_t locks_effects(const struct solution *s, uint32_t func, struct effect *out, uint32_t room)
{
	const struct lock_facts *k = facts_of(s, func);
	uint32_t n = 0;
	struct effect e = {.when = API_ALWAYS, .value = {.param = -2}};
	for (uint32_t i = 0; k && i < k->nnet && n < room; i++) {
		e.kind = k->net[i].taken ? EFFECT_LOCKS : EFFECT_UNLOCKS;
		e.when = k->net[i].when;
		if (access_to_place(&k->net[i].lock, &e.place))
			out[n++] = e;
	}
	for (uint32_t i = 0; k && i < k->ntakes && n < room; i++) {
		e.kind = EFFECT_TAKES;
		e.when = API_ALWAYS;
		e.how = (uint8_t)((k->takes[i].shared ? HOW_SHARED : 0) |
		                  (k->takes[i].recursive ? HOW_RECURSIVE : 0) |
		                  (k->takes[i].waits ? HOW_WAITS : 0));
		if (access_to_place(&k->takes[i].lock, &e.place))
			out[n++] = e;
	}
	return n;
}
