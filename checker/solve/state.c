#include "state.h"

#include <string.h>

struct state *state_new(void)
{
	return mem_alloc(sizeof(struct state));
}

/* No more room than it needs: most copies are never written to. */
#define COPY_VEC(to, from)                                                                                   \
	do {                                                                                                 \
		if (!(from)->len)                                                                            \
			break;                                                                               \
		(to)->data = mem_resize(NULL, (from)->len * sizeof *(from)->data);                           \
		memcpy((to)->data, (from)->data, (from)->len * sizeof *(from)->data);                        \
		(to)->len = (to)->cap = (from)->len;                                                         \
	} while (0)

struct state *state_copy(const struct state *s)
{
	struct state *c = state_new();
	COPY_VEC(&c->env, &s->env);
	COPY_VEC(&c->mem, &s->mem);
	COPY_VEC(&c->facts, &s->facts);
	COPY_VEC(&c->objs, &s->objs);
	COPY_VEC(&c->clobbers, &s->clobbers);
	COPY_VEC(&c->leaked, &s->leaked);
	c->world = s->world;
	c->last = s->last;
	c->left = s->left;
	c->thrown = s->thrown;
	c->trail = s->trail;
	c->kept = s->kept;
	c->widened = s->widened;
	c->yielded = s->yielded;
	return c;
}

size_t state_bytes(const struct state *s)
{
	return sizeof *s + s->env.cap * sizeof *s->env.data + s->mem.cap * sizeof *s->mem.data +
	       s->facts.cap * sizeof *s->facts.data + s->objs.cap * sizeof *s->objs.data +
	       s->clobbers.cap * sizeof *s->clobbers.data + s->leaked.cap * sizeof *s->leaked.data;
}

void state_free(struct state *s)
{
	if (!s)
		return;
	vec_release(&s->env);
	vec_release(&s->mem);
	vec_release(&s->facts);
	vec_release(&s->objs);
	vec_release(&s->clobbers);
	vec_release(&s->leaked);
	mem_release(s);
}

/* Opens a gap at index i of a vector and leaves the new element zeroed. */
#define VEC_INSERT(v, i)                                                                                     \
	do {                                                                                                 \
		vec_reserve((v), (v)->len + 1);                                                              \
		memmove((v)->data + (i) + 1, (v)->data + (i), ((v)->len - (i)) * sizeof *(v)->data);         \
		memset((v)->data + (i), 0, sizeof *(v)->data);                                               \
		(v)->len++;                                                                                  \
	} while (0)
#define VEC_REMOVE(v, i)                                                                                     \
	do {                                                                                                 \
		(v)->len--;                                                                                  \
		memmove((v)->data + (i), (v)->data + (i) + 1, ((v)->len - (i)) * sizeof *(v)->data);         \
	} while (0)

/* ---- environment ---- */

static uint32_t env_at(const struct state *s, ir_val val)
{
	uint32_t lo = 0, hi = s->env.len;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (s->env.data[mid].val < val)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void state_bind(struct state *s, ir_val val, struct sval v)
{
	uint32_t i = env_at(s, val);
	if (i == s->env.len || s->env.data[i].val != val)
		VEC_INSERT(&s->env, i);
	s->env.data[i] = (struct binding){val, v};
}

bool state_lookup(const struct state *s, ir_val val, struct sval *v)
{
	uint32_t i = env_at(s, val);
	if (i == s->env.len || s->env.data[i].val != val)
		return false;
	*v = s->env.data[i].v;
	return true;
}

void state_unbind(struct state *s, ir_val val)
{
	uint32_t i = env_at(s, val);
	if (i < s->env.len && s->env.data[i].val == val)
		VEC_REMOVE(&s->env, i);
}

/* ---- memory ---- */

int sv_order(struct sval a, struct sval b)
{
	if (a.kind != b.kind)
		return a.kind < b.kind ? -1 : 1;
	if (a.id != b.id)
		return a.id < b.id ? -1 : 1;
	return a.off < b.off ? -1 : a.off > b.off;
}

static uint32_t mem_at(const struct state *s, struct sval at)
{
	uint32_t lo = 0, hi = s->mem.len;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (sv_order(s->mem.data[mid].at, at) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct cell *state_cell(struct state *s, struct sval at)
{
	uint32_t i = mem_at(s, at);
	return i < s->mem.len && sv_eq(s->mem.data[i].at, at) ? &s->mem.data[i] : NULL;
}

struct cell *state_write(struct state *s, struct sval at, struct sval v, uint32_t size, ir_instr store)
{
	uint32_t i = mem_at(s, at);
	if (i == s->mem.len || !sv_eq(s->mem.data[i].at, at))
		VEC_INSERT(&s->mem, i);
	s->mem.data[i] = (struct cell){.at = at, .v = v, .size = size, .store = store};
	return &s->mem.data[i];
}

struct span state_cells(const struct state *s, struct sval at)
{
	at.off = INT64_MIN;
	struct span span = {.from = mem_at(s, at)};
	span.to = span.from;
	if (span.from == s->mem.len || s->mem.data[span.from].at.kind != at.kind ||
	    s->mem.data[span.from].at.id != at.id)
		return span;
	at.off = INT64_MAX;
	span.to = mem_at(s, at);
	span.to += span.to < s->mem.len && sv_eq(s->mem.data[span.to].at, at);
	return span;
}

void state_forget(struct state *s, struct sval base, int64_t size)
{
	struct span span = state_cells(s, base);
	uint32_t kept = span.from;
	for (uint32_t i = span.from; i < span.to; i++) {
		const struct cell *c = &s->mem.data[i];
		bool before = c->at.off + (int64_t)(c->size ? c->size : 1) <= base.off;
		if (size && (before || c->at.off >= base.off + size))
			s->mem.data[kept++] = *c;
	}
	if (kept == span.to)
		return;
	memmove(s->mem.data + kept, s->mem.data + span.to, (s->mem.len - span.to) * sizeof *s->mem.data);
	s->mem.len -= span.to - kept;
}

static uint32_t clobber_at(const struct state *s, struct sval base)
{
	uint32_t lo = 0, hi = s->clobbers.len;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (sv_order(s->clobbers.data[mid].base, base) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

#define CLOBBER_ALL INT64_MIN

void state_clobber_at(struct state *s, struct sval at, ir_instr i)
{
	uint32_t k = clobber_at(s, at);
	if (k == s->clobbers.len || !sv_eq(s->clobbers.data[k].base, at))
		VEC_INSERT(&s->clobbers, k);
	s->clobbers.data[k] = (struct clobber){at, i};
}

void state_clobber(struct state *s, struct sval base, ir_instr at)
{
	base.off = CLOBBER_ALL;
	state_clobber_at(s, base, at);
}

static ir_instr clobbered_exactly(const struct state *s, struct sval at)
{
	uint32_t i = clobber_at(s, at);
	return i < s->clobbers.len && sv_eq(s->clobbers.data[i].base, at) ? s->clobbers.data[i].at : 0;
}

ir_instr state_clobbered(const struct state *s, struct sval at)
{
	ir_instr here = clobbered_exactly(s, at);
	at.off = CLOBBER_ALL;
	ir_instr all = clobbered_exactly(s, at);
	return here > all ? here : all;
}

static uint32_t leaked_at(const struct state *s, uint32_t local)
{
	uint32_t lo = 0, hi = s->leaked.len;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (s->leaked.data[mid] < local)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool state_leaked(const struct state *s, uint32_t local)
{
	uint32_t i = leaked_at(s, local);
	return i < s->leaked.len && s->leaked.data[i] == local;
}

void state_leak(struct state *s, uint32_t local)
{
	uint32_t i = leaked_at(s, local);
	if (i < s->leaked.len && s->leaked.data[i] == local)
		return;
	VEC_INSERT(&s->leaked, i);
	s->leaked.data[i] = local;
}

/* ---- handles ---- */

struct obj *state_obj(struct state *s, ir_instr site, uint8_t slot, bool old, bool is_param)
{
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj *o = &s->objs.data[i];
		if (o->site == site && o->slot == slot && o->old == old && o->is_param == is_param)
			return o;
	}
	return NULL;
}

struct obj *state_obj_by_key(struct state *s, struct sval key)
{
	struct obj *found = NULL;
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj *o = &s->objs.data[i];
		if (!o->claim && sv_eq(o->key, key) &&
		    (!found || (o->status == OBJ_OWNED && found->status != OBJ_OWNED)))
			found = o;
	}
	return found;
}

struct obj *state_claim(struct state *s, struct sval key, const char *family)
{
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj *o = &s->objs.data[i];
		if (o->claim && o->status == OBJ_OWNED && sv_eq(o->key, key) &&
		    (!family || o->family == family))
			return o;
	}
	return NULL;
}

static int obj_order(const struct obj *a, const struct obj *b)
{
	if (a->is_param != b->is_param)
		return a->is_param ? -1 : 1;
	if (a->site != b->site)
		return a->site < b->site ? -1 : 1;
	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	return a->old < b->old ? -1 : a->old > b->old;
}

struct obj *state_add_obj(struct state *s, struct obj o)
{
	uint32_t i = s->objs.len; /* a new one mostly belongs at the end */
	while (i > 0 && obj_order(&s->objs.data[i - 1], &o) >= 0)
		i--;
	if (i == s->objs.len || obj_order(&s->objs.data[i], &o) != 0)
		VEC_INSERT(&s->objs, i);
	s->objs.data[i] = o;
	return &s->objs.data[i];
}

static const struct cell *next_watched(const struct state *s, uint32_t *i)
{
	while (*i < s->mem.len)
		if (s->mem.data[(*i)++].watched)
			return &s->mem.data[*i - 1];
	return NULL;
}

static bool same_watched(const struct state *a, const struct state *b)
{
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
	for (uint32_t i = 0; i < s->mem.len; i++)
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
		    (p->kind == OBJ_SCOPE && p->how != q->how) || !sv_eq(p->given, q->given) || !same_queue(p->queue, q->queue) ||
		    !sv_eq(p->key, q->key) || !sv_eq(p->holder, q->holder))
			return false;
	}
	return true;
}

/* ---- joining ---- */

static bool implied(const struct fact *general, struct fact special)
{
	for (uint8_t i = 0; i < general->nexcept; i++)
		if (!fact_excludes(&special, general->except[i]))
			return false;
	return special.lo >= general->lo && special.hi <= general->hi &&
	       (!general->nonzero || special.nonzero || special.lo > 0 || special.hi < 0);
}

bool state_subsumed(const struct state *a, const struct state *b)
{
	if (a->env.len != b->env.len || a->mem.len != b->mem.len || (a->yielded && !b->yielded) ||
	    a->kept & ~b->kept)
		return false;
	for (uint32_t i = 0; i < a->env.len; i++)
		if (a->env.data[i].val != b->env.data[i].val || !sv_eq(a->env.data[i].v, b->env.data[i].v))
			return false;
	for (uint32_t i = 0; i < a->mem.len; i++)
		if (!sv_eq(a->mem.data[i].at, b->mem.data[i].at) ||
		    !sv_eq(a->mem.data[i].v, b->mem.data[i].v) || a->mem.data[i].size != b->mem.data[i].size)
			return false;
	for (uint32_t i = 0; i < b->facts.len; i++)
		if (!implied(&b->facts.data[i], state_fact(a, b->facts.data[i].s)))
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
		struct sval other;
		n += !state_lookup(b, a->env.data[i].val, &other) || !sv_eq(other, a->env.data[i].v);
	}
	for (i = 0; (i < a->mem.len || k < b->mem.len) && n < most; n++) {
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

static void joined_range(struct joins *j, const struct symtab *t, ir_block at, const struct state *a,
                         struct sval va, const struct state *b, struct sval vb, struct sval v)
{
	if (v.kind != SV_SYM || v.off || !is_fresh_join(t, v.id, at))
		return;
	struct fact f = fact_of_value(a, va), g = fact_of_value(b, vb), before = f;
	f.s = v.id;
	hull(&f, &g);
	f.nexcept = 0;
	j->weaker |= sv_eq(va, v) && !implied(&before, f);
	if (says_something(&f))
		vec_push(&j->facts, f);
}

/* The halves of a join: true when the state is another one than before. */

static bool join_env(struct state *a, const struct state *b, struct symtab *t, ir_block at, struct joins *j)
{
	uint32_t kept = 0;
	bool changed = false;
	for (uint32_t i = 0; i < a->env.len; i++) {
		struct binding e = a->env.data[i];
		struct sval other, before = e.v;
		if (!state_lookup(b, e.val, &other))
			continue;
		if (!sv_eq(e.v, other))
			e.v = joined(t, at, e.val, e.v, other);
		joined_range(j, t, at, a, before, b, other, e.v);
		changed |= !sv_eq(e.v, before);
		a->env.data[kept++] = e;
	}
	changed |= kept != a->env.len;
	a->env.len = kept;
	return changed;
}

static struct cell join_cell(struct symtab *t, ir_block at, const struct cell *c, struct sval other)
{
	struct cell joint = *c;
	if (!sv_eq(c->v, other))
		joint.v = joined(t, at, place_hash(c->at), c->v, other);
	return joint;
}

static bool only_in_second(const struct state *a, const struct state *b)
{
	uint32_t i = 0;
	for (uint32_t k = 0; k < b->mem.len; k++, i++) {
		while (i < a->mem.len && sv_order(a->mem.data[i].at, b->mem.data[k].at) < 0)
			i++;
		if (i == a->mem.len || !sv_eq(a->mem.data[i].at, b->mem.data[k].at))
			return true;
	}
	return false;
}

/* What is only written on one way: what was there before is as good as unknown. */
static bool join_mem(struct state *a, const struct state *b, struct symtab *t, ir_block at, struct joins *j)
{
	bool grows = only_in_second(a, b), changed = grows;
	struct cell *out = grows ? mem_resize(NULL, (a->mem.len + b->mem.len) * sizeof *out) : a->mem.data;
	uint32_t n = 0, i = 0, k = 0;
	while (i < a->mem.len || k < b->mem.len) {
		int order = i == a->mem.len   ? 1
		            : k == b->mem.len ? -1
		                              : sv_order(a->mem.data[i].at, b->mem.data[k].at);
		struct cell c = order <= 0 ? a->mem.data[i] : b->mem.data[k];
		struct sval other = order ? (struct sval){0} : b->mem.data[k].v;
		struct cell joint = join_cell(t, at, &c, other);
		joined_range(j, t, at, order > 0 ? b : a, c.v, b, other, joint.v);
		changed |= !sv_eq(joint.v, c.v);
		joint.watched &= order <= 0;
		out[n++] = joint;
		i += order <= 0;
		k += order >= 0;
	}
	if (!grows)
		return changed;
	vec_release(&a->mem);
	a->mem.data = out;
	a->mem.len = a->mem.cap = n;
	return changed;
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
	uint32_t kept = 0;
	bool changed = false;
	for (uint32_t i = 0; i < a->facts.len; i++) {
		struct fact f = a->facts.data[i], g = state_fact(b, f.s), before = f;
		if (is_fresh_join(t, f.s, at)) {
			vec_push(&j->dropped, f.s);
			continue;
		}
		hull(&f, &g);
		join_exceptions(&f, &g);
		except_gap(&f, &before, &g);
		changed |= !implied(&f, before) || !implied(&before, f);
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

/* Of two that both know of a clobber, the later one's counts: that of `b`. */
static void join_clobbers(struct state *a, const struct state *b)
{
	if (!b->clobbers.len)
		return;
	struct clobber *out = mem_resize(NULL, (a->clobbers.len + b->clobbers.len) * sizeof *out);
	uint32_t n = 0, i = 0, k = 0;
	while (i < a->clobbers.len || k < b->clobbers.len) {
		int order = i == a->clobbers.len ? 1
		            : k == b->clobbers.len
		                    ? -1
		                    : sv_order(a->clobbers.data[i].base, b->clobbers.data[k].base);
		out[n++] = order < 0 ? a->clobbers.data[i] : b->clobbers.data[k];
		i += order <= 0;
		k += order >= 0;
	}
	vec_release(&a->clobbers);
	a->clobbers.data = out;
	a->clobbers.len = a->clobbers.cap = n;
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

/* ---- loops ---- */

static struct sval aged(const struct symtab *t, struct sval v, sym now, sym before)
{
	if (v.kind == SV_SYM && v.id == now)
		v.id = before;
	else if (sv_mentions(t, v, now))
		v = (struct sval){0};
	return v;
}

/* A cell whose address has become another one may belong further in front. */
static void keep_sorted(struct state *s, uint32_t *kept, struct cell c, bool newer)
{
	uint32_t i = *kept;
	while (i > 0 && sv_order(s->mem.data[i - 1].at, c.at) > 0)
		i--;
	if (i > 0 && sv_eq(s->mem.data[i - 1].at, c.at)) { /* what the turn before that wrote is forgotten */
		if (newer)
			s->mem.data[i - 1] = c;
		return;
	}
	memmove(s->mem.data + i + 1, s->mem.data + i, (*kept - i) * sizeof c);
	s->mem.data[i] = c;
	++*kept;
}

static void age_values(struct state *s, const struct symtab *t, sym now, sym before)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->env.len; i++) {
		struct binding e = s->env.data[i];
		e.v = aged(t, e.v, now, before);
		if (e.v.kind)
			s->env.data[kept++] = e;
	}
	s->env.len = kept;
	kept = 0;
	for (uint32_t i = 0; i < s->mem.len; i++) {
		struct cell c = s->mem.data[i];
		bool had = c.v.kind != SV_NONE;
		struct sval at = aged(t, c.at, now, before);
		bool moved = !sv_eq(at, c.at);
		c.at = at;
		c.v = aged(t, c.v, now, before);
		if (c.at.kind && (c.v.kind || !had))
			keep_sorted(s, &kept, c, moved);
	}
	s->mem.len = kept;
}

void state_age(struct state *s, struct symtab *t, sym now, sym before)
{
	age_values(s, t, now, before);
	uint32_t kept = 0;
	struct fact older = state_fact(s, now);
	for (uint32_t i = 0; i < s->facts.len; i++) {
		sym id = s->facts.data[i].s;
		if (id != before && !sv_mentions(t, sv_sym(id), now))
			s->facts.data[kept++] = s->facts.data[i];
	}
	s->facts.len = kept;
	if (older.lo != INT64_MIN || older.hi != INT64_MAX || older.nonzero)
		state_assume_range(s, before, older.lo, older.hi, older.nonzero);
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj *o = &s->objs.data[i];
		o->key = aged(t, o->key, now, before);
		o->result = aged(t, o->result, now, before);
		o->holder = aged(t, o->holder, now, before);
		o->data = aged(t, o->data, now, before);
		o->saved = aged(t, o->saved, now, before);
		o->token = aged(t, o->token, now, before);
	}
}
