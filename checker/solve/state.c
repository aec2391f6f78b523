#include "state.h"
#include "state_vec.h"

#include <stddef.h>
#include <string.h>

/* ---- memory of states ---- */

void *state_vec_grow(struct stock *p, void *data, uint32_t *cap, uint32_t len, uint32_t need, size_t elem)
{
	uint32_t n = need > 2 * *cap ? need : 2 * *cap;
	size_t size = n * elem;
	void *block = stock_take(p, &size);
	if (len)
		memcpy(block, data, len * elem);
	stock_give(p, data, *cap * elem);
	*cap = (uint32_t)(size / elem);
	return block;
}

struct state *state_new(struct stock *p)
{
	size_t size = sizeof(struct state);
	struct state *s = stock_take(p, &size);
	*s = (struct state){.stock = p};
	return s;
}

#define COPY_VEC(s, v)                                                                                       \
	do {                                                                                                 \
		size_t room = (s)->v.len * sizeof *(s)->v.data;                                              \
		(s)->v.data = room ? copied((s)->stock, (s)->v.data, &room) : NULL;                          \
		(s)->v.cap = (uint32_t)(room / sizeof *(s)->v.data);                                         \
	} while (0)

static void *copied(struct stock *p, const void *from, size_t *size)
{
	size_t n = *size;
	return memcpy(stock_take(p, size), from, n);
}

struct cell_block { /* states that have the same memory share it */
	uint32_t owners;
	struct cell cells[];
};

static struct cell_block *block_of(const struct state *s)
{
	return (struct cell_block *)((uintptr_t)s->mem.data - offsetof(struct cell_block, cells));
}

void state_leave_mem(struct state *s)
{
	if (s->mem.data && !--block_of(s)->owners)
		stock_give(s->stock, block_of(s),
		           sizeof(struct cell_block) + s->mem.cap * sizeof(struct cell));
}

struct cell *state_new_mem(struct stock *p, uint32_t *room)
{
	size_t size = sizeof(struct cell_block) + *room * sizeof(struct cell);
	struct cell_block *b = stock_take(p, &size);
	*room = (uint32_t)((size - sizeof *b) / sizeof *b->cells);
	b->owners = 1;
	return b->cells;
}

struct cell *state_own_mem(struct state *s, uint32_t room)
{
	if (s->mem.data && room <= s->mem.cap && block_of(s)->owners == 1)
		return block_of(s)->cells;
	if (room > s->mem.cap && room < 2 * s->mem.cap)
		room = 2 * s->mem.cap;
	struct cell *own = state_new_mem(s->stock, &room);
	if (s->mem.len)
		memcpy(own, s->mem.data, s->mem.len * sizeof *own);
	state_leave_mem(s);
	s->mem.data = own;
	s->mem.cap = room;
	return own;
}

struct state *state_copy(const struct state *s)
{
	size_t size = sizeof *s;
	struct state *c = stock_take(s->stock, &size);
	*c = *s;
	COPY_VEC(c, env);
	if (c->mem.data)
		block_of(c)->owners++;
	COPY_VEC(c, facts);
	COPY_VEC(c, objs);
	COPY_VEC(c, clobbers);
	COPY_VEC(c, leaked);
	return c;
}

size_t state_bytes(const struct state *s)
{
	return sizeof *s + s->env.len * sizeof *s->env.data + s->mem.len * sizeof *s->mem.data +
	       s->facts.len * sizeof *s->facts.data + s->objs.len * sizeof *s->objs.data +
	       s->clobbers.len * sizeof *s->clobbers.data + s->leaked.len * sizeof *s->leaked.data;
}

void state_free(struct state *s)
{
	if (!s)
		return;
	STATE_RELEASE(s, env);
	state_leave_mem(s);
	STATE_RELEASE(s, facts);
	STATE_RELEASE(s, objs);
	STATE_RELEASE(s, clobbers);
	STATE_RELEASE(s, leaked);
	stock_give(s->stock, s, sizeof *s);
}

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
		STATE_INSERT(s, env, i);
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
	if (i == s->env.len || s->env.data[i].val != val)
		return;
	s->env.len--;
	memmove(s->env.data + i, s->env.data + i + 1, (s->env.len - i) * sizeof *s->env.data);
}

/* ---- memory ---- */

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

const struct cell *state_cell(const struct state *s, struct sval at)
{
	uint32_t i = mem_at(s, at);
	return i < s->mem.len && sv_eq(s->mem.data[i].at, at) ? &s->mem.data[i] : NULL;
}

struct cell *state_write(struct state *s, struct sval at, struct sval v, uint32_t size, ir_instr store)
{
	uint32_t i = mem_at(s, at);
	bool is_new = i == s->mem.len || !sv_eq(s->mem.data[i].at, at);
	struct cell *cells = state_own_mem(s, s->mem.len + is_new);
	if (is_new)
		memmove(cells + i + 1, cells + i, (s->mem.len++ - i) * sizeof *cells);
	cells[i] = (struct cell){.at = at, .v = v, .size = size, .store = store};
	return &cells[i];
}

void state_keep_cell(struct state *s, uint32_t *kept, uint32_t k)
{
	if (*kept != k) {
		struct cell *cells = state_own_mem(s, s->mem.len);
		cells[*kept] = cells[k];
	}
	++*kept;
}

void state_drop_cells(struct state *s, uint32_t from, uint32_t to)
{
	if (from == to)
		return;
	if (to < s->mem.len) {
		struct cell *cells = state_own_mem(s, s->mem.len);
		memmove(cells + from, cells + to, (s->mem.len - to) * sizeof *cells);
	}
	s->mem.len -= to - from;
}

void state_watch(struct state *s, struct cell *c, bool watched)
{
	c->watched = watched;
	s->watches |= watched;
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
			state_keep_cell(s, &kept, i);
	}
	state_drop_cells(s, kept, span.to);
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
		STATE_INSERT(s, clobbers, k);
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
	struct sval base = {at.kind, at.id, CLOBBER_ALL};
	uint32_t i = clobber_at(s, base);
	if (i == s->clobbers.len || s->clobbers.data[i].base.kind != at.kind ||
	    s->clobbers.data[i].base.id != at.id)
		return 0;
	ir_instr all = s->clobbers.data[i].base.off == CLOBBER_ALL ? s->clobbers.data[i].at : 0;
	ir_instr here = clobbered_exactly(s, at);
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
	STATE_INSERT(s, leaked, i);
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

int obj_order(const struct obj *a, const struct obj *b)
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
		STATE_INSERT(s, objs, i);
	s->objs.data[i] = o;
	return &s->objs.data[i];
}

/* ---- loops ---- */

static struct sval aged(const struct symtab *t, struct sval v, sym now, sym before)
{
	if (v.kind != SV_SYM || v.id < now)
		return v;
	if (v.id == now)
		v.id = before;
	else if (sv_mentions(t, v, now))
		v = (struct sval){0};
	return v;
}

/* A cell whose address has become another one may belong further in front. */
static void keep_sorted(struct cell *cells, uint32_t *kept, struct cell c, bool newer)
{
	uint32_t i = *kept;
	while (i > 0 && sv_order(cells[i - 1].at, c.at) > 0)
		i--;
	if (i > 0 && sv_eq(cells[i - 1].at, c.at)) { /* what the turn before that wrote is forgotten */
		if (newer)
			cells[i - 1] = c;
		return;
	}
	memmove(cells + i + 1, cells + i, (*kept - i) * sizeof c);
	cells[i] = c;
	++*kept;
}

static void age_env(struct state *s, const struct symtab *t, sym now, sym before)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->env.len; i++) {
		struct binding e = s->env.data[i];
		e.v = aged(t, e.v, now, before);
		if (e.v.kind)
			s->env.data[kept++] = e;
	}
	s->env.len = kept;
}

static bool is_aged(const struct symtab *t, const struct cell *c, sym now)
{
	return sv_mentions(t, c->at, now) || sv_mentions(t, c->v, now);
}

static void age_mem(struct state *s, const struct symtab *t, sym now, sym before)
{
	uint32_t i = 0;
	while (i < s->mem.len && !is_aged(t, &s->mem.data[i], now))
		i++;
	if (i == s->mem.len)
		return;
	struct cell *cells = state_own_mem(s, s->mem.len);
	uint32_t kept = i;
	for (; i < s->mem.len; i++) {
		struct cell c = cells[i];
		bool had = c.v.kind != SV_NONE;
		struct sval at = aged(t, c.at, now, before);
		bool moved = !sv_eq(at, c.at);
		c.at = at;
		c.v = aged(t, c.v, now, before);
		if (c.at.kind && (c.v.kind || !had))
			keep_sorted(cells, &kept, c, moved);
	}
	s->mem.len = kept;
}

void state_age(struct state *s, struct symtab *t, sym now, sym before)
{
	age_env(s, t, now, before);
	age_mem(s, t, now, before);
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
