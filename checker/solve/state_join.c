/*
 * state_join.c - two states at the start of a block: do they agree about handles, does one allow all that the
 * other does, and what both know. All that is sorted in states is gone through side by side.
 */
#include "state.h"
#include "state_vec.h"

#include <string.h>

static const struct cell *next_watched(const struct state *s, uint32_t *i)
{
	while (*i < s->mem.len)
		if (s->mem.data[(*i)++].watched)
			return &s->mem.data[*i - 1];
	return NULL;
}

static bool same_watched(const struct state *a, const struct state *b)
{
	if (!a->watches && !b->watches)
		return true;
	for (uint32_t i = 0, k = 0;;) {
		const struct cell *p = next_watched(a, &i), *q = next_watched(b, &k);
		if (!p || !q)
			return p == q;
		if (!sv_eq(p->at, q->at) || !sv_eq(p->v, q->v))
			return false;
	}
}

static uint64_t mix(uint64_t h, uint64_t a)
{
	h = (h ^ a) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 29;
}

static uint64_t mix_value(uint64_t h, struct sval v)
{
	return mix(mix(h, (uint64_t)v.kind << 32 | v.id), (uint64_t)v.off);
}

uint64_t state_hash_handles(const struct state *s)
{
	uint64_t h = mix(mix(s->objs.len, s->thrown), s->kept);
	for (uint32_t i = 0; i < s->objs.len; i++) {
		const struct obj *o = &s->objs.data[i];
		h = mix(h, (uint64_t)o->site << 32 | (uint64_t)o->slot << 24 | (uint64_t)o->old << 20 |
		                   (uint64_t)o->is_param << 16 | (uint64_t)o->status << 8 | o->refs);
		h = mix_value(mix_value(h, o->key), o->holder);
	}
	for (uint32_t i = 0; s->watches && i < s->mem.len; i++)
		if (s->mem.data[i].watched)
			h = mix_value(mix_value(h, s->mem.data[i].at), s->mem.data[i].v);
	return h;
}

static bool same_count(struct queue_count a, struct queue_count b)
{
	return a.times == b.times && a.last == b.last;
}

static bool same_queue(const struct queue_use *a, const struct queue_use *b)
{
	if (a == b || !a || !b)
		return a == b;
	return same_count(a->sends, b->sends) && same_count(a->receives, b->receives) &&
	       same_count(a->worker_sends, b->worker_sends) &&
	       same_count(a->worker_receives, b->worker_receives) && a->started == b->started &&
	       a->closed == b->closed && a->closed_at == b->closed_at && a->tries == b->tries &&
	       sv_eq(a->selected, b->selected);
}

bool state_same_handles(const struct state *a, const struct state *b)
{
	if (a->objs.len != b->objs.len || a->thrown != b->thrown || a->kept != b->kept || !same_watched(a, b))
		return false;
	for (uint32_t i = 0; i < a->objs.len; i++) {
		const struct obj *p = &a->objs.data[i], *q = &b->objs.data[i];
		if (obj_order(p, q) != 0 || p->status != q->status || p->refs != q->refs ||
		    p->ended != q->ended || p->orphaned != q->orphaned ||
		    (p->kind == OBJ_SCOPE && p->how != q->how) || !sv_eq(p->given, q->given) ||
		    !same_queue(p->queue, q->queue) || !sv_eq(p->key, q->key) || !sv_eq(p->holder, q->holder))
			return false;
	}
	return true;
}

/* ---- joining ---- */

static bool implied(const struct fact *general, const struct fact *special)
{
	for (uint8_t i = 0; i < general->nexcept; i++)
		if (!fact_excludes(special, general->except[i]))
			return false;
	return special->lo >= general->lo && special->hi <= general->hi &&
	       (!general->nonzero || special->nonzero || special->lo > 0 || special->hi < 0);
}

/* What is known of a symbol, for one after the other: *at is where the one before was found. */
static const struct fact *next_fact(const struct state *s, uint32_t *at, sym id)
{
	static const struct fact nothing = {.lo = INT64_MIN, .hi = INT64_MAX};
	while (*at < s->facts.len && s->facts.data[*at].s < id)
		++*at;
	return *at < s->facts.len && s->facts.data[*at].s == id ? &s->facts.data[*at] : &nothing;
}

/* The same of what a value is bound to; NULL: it is not. */
static const struct binding *next_binding(const struct state *s, uint32_t *at, ir_val val)
{
	while (*at < s->env.len && s->env.data[*at].val < val)
		++*at;
	return *at < s->env.len && s->env.data[*at].val == val ? &s->env.data[*at] : NULL;
}

/* Neither has written anything since one of them was copied from the other, or both from a third. */
static bool same_mem(const struct state *a, const struct state *b)
{
	return a->mem.data == b->mem.data && a->mem.len == b->mem.len;
}

bool state_subsumed(const struct state *a, const struct state *b)
{
	if (a->env.len != b->env.len || a->mem.len != b->mem.len || (a->yielded && !b->yielded) ||
	    a->kept & ~b->kept)
		return false;
	for (uint32_t i = 0; i < a->env.len; i++)
		if (a->env.data[i].val != b->env.data[i].val || !sv_eq(a->env.data[i].v, b->env.data[i].v))
			return false;
	for (uint32_t i = 0; !same_mem(a, b) && i < a->mem.len; i++)
		if (!sv_eq(a->mem.data[i].at, b->mem.data[i].at) ||
		    !sv_eq(a->mem.data[i].v, b->mem.data[i].v) || a->mem.data[i].size != b->mem.data[i].size)
			return false;
	for (uint32_t i = 0, k = 0; i < b->facts.len; i++)
		if (!implied(&b->facts.data[i], next_fact(a, &k, b->facts.data[i].s)))
			return false;
	for (uint32_t i = 0; i < a->leaked.len; i++)
		if (!state_leaked(b, a->leaked.data[i]))
			return false;
	for (uint32_t i = 0; i < a->objs.len; i++)
		if (b->objs.data[i].zeroed && !a->objs.data[i].zeroed)
			return false;
	return true;
}

uint32_t state_differ(const struct state *a, const struct state *b, uint32_t most)
{
	uint32_t n = 0, i = 0, k = 0;
	for (; i < a->env.len && n < most; i++) {
		const struct binding *other = next_binding(b, &k, a->env.data[i].val);
		n += !other || !sv_eq(other->v, a->env.data[i].v);
	}
	if (same_mem(a, b))
		return n;
	for (i = k = 0; (i < a->mem.len || k < b->mem.len) && n < most; n++) {
		int order = i == a->mem.len   ? 1
		            : k == b->mem.len ? -1
		                              : sv_order(a->mem.data[i].at, b->mem.data[k].at);
		n -= !order && sv_eq(a->mem.data[i].v, b->mem.data[k].v);
		i += order <= 0;
		k += order >= 0;
	}
	return n;
}

/* Two values reached from the same static storage join to one that is. */
static struct sval joined(struct symtab *t, ir_block at, uint32_t what, struct sval a, struct sval b)
{
	const struct symbol *before = a.kind == SV_SYM && !a.off ? &t->items.data[a.id] : NULL;
	if (before && before->kind == SYM_JOIN && before->a == at && before->b == what && !before->x.kind)
		return a;
	uint32_t g = sv_root_global(t, a, NULL), h = sv_root_global(t, b, NULL);
	struct symbol s = {.kind = SYM_JOIN, .a = at, .b = what};
	if ((g && (g == h || sv_is_const(b, 0))) || (h && sv_is_const(a, 0)))
		s.x = (struct sval){SV_GLOBAL, g ? g : h, 0};
	return sv_sym(sym_get(t, s));
}

static uint32_t place_hash(struct sval at)
{
	uint64_t h = ((uint64_t)at.kind << 56) ^ ((uint64_t)at.id << 24) ^ (uint64_t)at.off;
	return (uint32_t)(h * 0x9e3779b97f4a7c15ULL >> 32) | 0x80000000u;
}

/* A bound that moves goes to the next of a few numbers: the chain of joins at a loop head stays short. */
static void hull(struct fact *f, const struct fact *g)
{
	if (g->lo < f->lo)
		f->lo = g->lo >= 1 ? 1 : g->lo >= 0 ? 0 : g->lo >= -1 ? -1 : INT64_MIN;
	if (g->hi > f->hi)
		f->hi = g->hi <= -1 ? -1 : g->hi <= 0 ? 0 : g->hi <= 1 ? 1 : INT64_MAX;
	f->nonzero = (f->nonzero || f->lo > 0 || f->hi < 0) && (g->nonzero || g->lo > 0 || g->hi < 0);
}

static bool says_something(const struct fact *f)
{
	return f->lo != INT64_MIN || f->hi != INT64_MAX || f->nonzero || f->nexcept;
}

static bool is_fresh_join(const struct symtab *t, sym s, ir_block at)
{
	const struct symbol *q = &t->items.data[s];
	return q->kind == SYM_JOIN && q->a == at;
}

/* What is known of the values that joined values may be. */
struct joins {
	VEC(struct fact) facts;
	VEC(sym) dropped; /* those that something was known of before */
	bool weaker;      /* than that */
};

/* Does a state say anything of a value? */
static bool is_known(const struct state *s, struct sval v)
{
	return v.kind != SV_NONE && (v.kind != SV_SYM || state_knows(s, v.id));
}

static void joined_range(struct joins *j, const struct symtab *t, ir_block at, const struct state *a,
                         struct sval va, const struct state *b, struct sval vb, struct sval v)
{
	if (v.kind != SV_SYM || v.off || !is_fresh_join(t, v.id, at) || !is_known(a, va))
		return;
	struct fact f = fact_of_value(a, va), g = fact_of_value(b, vb), before = f;
	f.s = v.id;
	hull(&f, &g);
	f.nexcept = 0;
	j->weaker |= sv_eq(va, v) && !implied(&before, &f);
	if (says_something(&f))
		vec_push(&j->facts, f);
}

/* The halves of a join: true when the state is another one than before. */

static bool join_env(struct state *a, const struct state *b, struct symtab *t, ir_block at, struct joins *j)
{
	uint32_t kept = 0, k = 0;
	bool changed = false;
	for (uint32_t i = 0; i < a->env.len; i++) {
		struct binding e = a->env.data[i];
		const struct binding *other = next_binding(b, &k, e.val);
		struct sval before = e.v;
		if (!other)
			continue;
		if (!sv_eq(e.v, other->v))
			e.v = joined(t, at, e.val, e.v, other->v);
		joined_range(j, t, at, a, before, b, other->v, e.v);
		changed |= !sv_eq(e.v, before);
		a->env.data[kept++] = e;
	}
	changed |= kept != a->env.len;
	a->env.len = kept;
	return changed;
}

static bool only_in_second(const struct state *a, const struct state *b)
{
	uint32_t i = 0;
	if (b->mem.len > a->mem.len || same_mem(a, b))
		return b->mem.len > a->mem.len;
	for (uint32_t k = 0; k < b->mem.len; k++, i++) {
		while (i < a->mem.len && sv_order(a->mem.data[i].at, b->mem.data[k].at) < 0)
			i++;
		if (i == a->mem.len || !sv_eq(a->mem.data[i].at, b->mem.data[k].at))
			return true;
	}
	return false;
}

/* What the place of a cell of `first` holds from now on, `other` in the other state. */
static struct sval join_cell(const struct cell *c, struct sval other, struct symtab *t, ir_block at,
                             const struct state *first, const struct state *b, struct joins *j)
{
	struct sval v = c->v;
	if (!sv_eq(v, other))
		v = joined(t, at, place_hash(c->at), v, other);
	joined_range(j, t, at, first, c->v, b, other, v);
	return v;
}

/* Every place of `b` is one of `a`, too. */
static bool join_mem_within(struct state *a, const struct state *b, struct symtab *t, ir_block at,
                            struct joins *j)
{
	bool changed = false;
	for (uint32_t i = 0, k = 0; i < a->mem.len; i++) {
		const struct cell *c = &a->mem.data[i];
		bool both = k < b->mem.len && sv_eq(c->at, b->mem.data[k].at);
		struct sval v = join_cell(c, both ? b->mem.data[k].v : (struct sval){0}, t, at, a, b, j);
		k += both;
		if (sv_eq(v, c->v))
			continue;
		state_own_mem(a, a->mem.len)[i].v = v;
		changed = true;
	}
	return changed;
}

/* What is only written on one way: what was there before is as good as unknown. */
static bool join_mem(struct state *a, const struct state *b, struct symtab *t, ir_block at, struct joins *j)
{
	if (!only_in_second(a, b))
		return join_mem_within(a, b, t, at, j);
	uint32_t room = a->mem.len + b->mem.len;
	struct cell *out = state_new_mem(a->stock, &room);
	uint32_t n = 0, i = 0, k = 0;
	while (i < a->mem.len || k < b->mem.len) {
		int order = i == a->mem.len   ? 1
		            : k == b->mem.len ? -1
		                              : sv_order(a->mem.data[i].at, b->mem.data[k].at);
		struct cell *c = &out[n++];
		*c = order <= 0 ? a->mem.data[i] : b->mem.data[k];
		c->v = join_cell(c, order ? (struct sval){0} : b->mem.data[k].v, t, at, order > 0 ? b : a, b,
		                 j);
		c->watched &= order <= 0;
		i += order <= 0;
		k += order >= 0;
	}
	state_leave_mem(a);
	a->mem.data = out;
	a->mem.len = n;
	a->mem.cap = room;
	return true;
}

static void join_exceptions(struct fact *f, const struct fact *g)
{
	uint8_t kept = 0;
	for (uint8_t i = 0; i < f->nexcept; i++)
		if (fact_excludes(g, f->except[i]))
			f->except[kept++] = f->except[i];
	f->nexcept = kept;
}

/* Of two that lie apart the value beside `f`, which neither has: `n != 1` holds behind `if (n > 0)`, too. */
static void except_gap(struct fact *joint, const struct fact *f, const struct fact *g)
{
	int64_t c = f->lo > g->hi ? f->lo - 1 : g->lo > f->hi ? f->hi + 1 : 0;
	if (c && joint->nexcept < FACT_EXCEPTIONS && fact_excludes(g, c) && !fact_excludes(joint, c))
		joint->except[joint->nexcept++] = c;
}

static bool join_facts(struct state *a, const struct state *b, const struct symtab *t, ir_block at,
                       struct joins *j)
{
	uint32_t kept = 0, k = 0;
	bool changed = false;
	for (uint32_t i = 0; i < a->facts.len; i++) {
		struct fact f = a->facts.data[i], before = f;
		if (is_fresh_join(t, f.s, at)) {
			vec_push(&j->dropped, f.s);
			continue;
		}
		const struct fact *g = next_fact(b, &k, f.s);
		hull(&f, g);
		join_exceptions(&f, g);
		except_gap(&f, &before, g);
		changed |= !implied(&f, &before) || !implied(&before, &f);
		if (says_something(&f))
			a->facts.data[kept++] = f;
	}
	changed |= kept + j->dropped.len != a->facts.len;
	a->facts.len = kept;
	return changed;
}

/* True: something that was known of a joined value is not known any more. */
static bool keep_joined(struct state *a, struct joins *j)
{
	bool lost = j->weaker;
	for (uint32_t i = 0; i < j->facts.len; i++)
		state_put_fact(a, j->facts.data[i]);
	for (uint32_t i = 0; i < j->dropped.len; i++) {
		struct fact f = state_fact(a, j->dropped.data[i]);
		lost |= !says_something(&f);
	}
	vec_release(&j->facts);
	vec_release(&j->dropped);
	return lost;
}

static int clobber_order(const struct state *a, uint32_t i, const struct state *b, uint32_t k)
{
	if (i == a->clobbers.len || k == b->clobbers.len)
		return i == a->clobbers.len ? 1 : -1;
	return sv_order(a->clobbers.data[i].base, b->clobbers.data[k].base);
}

/* Of two that both know of a clobber, the later one's counts: that of `b`. */
static void join_clobbers(struct state *a, const struct state *b)
{
	uint32_t i = 0, k = 0, n = 0;
	while (k < b->clobbers.len && i < a->clobbers.len &&
	       !sv_order(a->clobbers.data[i].base, b->clobbers.data[k].base))
		a->clobbers.data[i++].at = b->clobbers.data[k++].at;
	if (k == b->clobbers.len)
		return;
	size_t size = ((size_t)a->clobbers.len + b->clobbers.len) * sizeof(struct clobber);
	struct clobber *out = stock_take(a->stock, &size);
	for (i = k = 0; i < a->clobbers.len || k < b->clobbers.len;) {
		int order = clobber_order(a, i, b, k);
		out[n++] = order < 0 ? a->clobbers.data[i] : b->clobbers.data[k];
		i += order <= 0;
		k += order >= 0;
	}
	STATE_RELEASE(a, clobbers);
	a->clobbers.data = out;
	a->clobbers.len = n;
	a->clobbers.cap = (uint32_t)(size / sizeof *out);
}

static bool join_leaked(struct state *a, const struct state *b)
{
	uint32_t before = a->leaked.len;
	for (uint32_t i = 0; i < b->leaked.len; i++)
		state_leak(a, b->leaked.data[i]);
	return a->leaked.len != before;
}

/* Fresh memory that was written to on one way. */
static bool join_zeroed(struct state *a, const struct state *b)
{
	bool changed = false;
	for (uint32_t i = 0; i < a->objs.len; i++) {
		changed |= a->objs.data[i].zeroed && !b->objs.data[i].zeroed;
		a->objs.data[i].zeroed &= b->objs.data[i].zeroed;
	}
	return changed;
}

bool state_join(struct state *a, const struct state *b, struct symtab *t, ir_block at)
{
	struct joins j = {0};
	bool changed = join_env(a, b, t, at, &j);
	changed |= join_mem(a, b, t, at, &j);
	changed |= join_facts(a, b, t, at, &j);
	changed |= keep_joined(a, &j);
	changed |= join_leaked(a, b);
	changed |= join_zeroed(a, b);
	join_clobbers(a, b);
	if (b->world > a->world)
		a->world = b->world;
	a->widened |= b->widened;
	changed |= (b->yielded && !a->yielded) || b->kept & ~a->kept;
	a->kept |= b->kept;
	a->yielded |= b->yielded;
	return changed;
}
