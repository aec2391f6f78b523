#include "sym.h"

static bool same(const struct symbol *p, const struct symbol *q)
{
	return p->a == q->a && p->b == q->b && p->kind == q->kind && sv_eq(p->x, q->x) && sv_eq(p->y, q->y);
}

static uint64_t mix(uint64_t h, uint64_t a)
{
	h = (h ^ a) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32;
}

static uint64_t mix_value(uint64_t h, struct sval v)
{
	return mix(mix(h, (uint64_t)v.kind << 32 | v.id), (uint64_t)v.off);
}

static uint32_t hash_of(const struct symbol *s)
{
	uint64_t h = mix(s->kind, (uint64_t)s->a << 32 | s->b);
	return (uint32_t)mix_value(mix_value(h, s->x), s->y);
}

static uint8_t depth_of(const struct symtab *t, struct sval v)
{
	return v.kind == SV_SYM ? t->items.data[v.id].depth : 0;
}

bool sv_is_deep(const struct symtab *t, struct sval v)
{
	return depth_of(t, v) >= SYM_MAX_DEPTH;
}

/* The slot of a symbol, or the free one where it belongs. */
static struct sym_slot *slot_of(const struct symtab *t, const struct symbol *s, uint32_t hash)
{
	for (uint32_t k = hash & (t->nslots - 1);; k = (k + 1) & (t->nslots - 1)) {
		struct sym_slot *slot = &t->slots[k];
		if (!slot->id || (slot->hash == hash && same(&t->items.data[slot->id], s)))
			return slot;
	}
}

#define FIRST_SLOTS 64

/* Twice as many slots. */
static void more_slots(struct symtab *t)
{
	uint32_t n = t->nslots ? 2 * t->nslots : FIRST_SLOTS;
	struct sym_slot *slots = mem_alloc(n * sizeof *slots);
	for (uint32_t i = 0; i < t->nslots; i++) {
		uint32_t k = t->slots[i].hash & (n - 1);
		while (t->slots[i].id && slots[k].id)
			k = (k + 1) & (n - 1);
		if (t->slots[i].id)
			slots[k] = t->slots[i];
	}
	mem_release(t->slots);
	t->slots = slots;
	t->nslots = n;
}

static sym new_symbol(struct symtab *t, struct symbol s)
{
	uint8_t x = depth_of(t, s.x), y = depth_of(t, s.y);
	s.depth = (uint8_t)((x > y ? x : y) + ((x > y ? x : y) < UINT8_MAX));
	vec_push(&t->items, s);
	return t->items.len - 1;
}

static sym find_or_make(struct symtab *t, const struct symbol *s)
{
	if (2 * t->items.len >= t->nslots)
		more_slots(t);
	uint32_t hash = hash_of(s);
	struct sym_slot *slot = slot_of(t, s, hash);
	if (!slot->id)
		*slot = (struct sym_slot){hash, new_symbol(t, *s)};
	return slot->id;
}

/* What was made one after the other is mostly asked for in that order, too. */
sym sym_get(struct symtab *t, struct symbol s)
{
	if (!t->items.len) {
		vec_push(&t->items, (struct symbol){0});
		t->walk = mem_alloc(sizeof *t->walk);
	}
	sym next = t->last + 1;
	t->last = next < t->items.len && same(&t->items.data[next], &s) ? next : find_or_make(t, &s);
	t->items.data[t->last].pointer |= s.pointer;
	return t->last;
}

void symtab_release(struct symtab *t)
{
	vec_release(&t->items);
	mem_release(t->slots);
	mem_release(t->walk);
	*t = (struct symtab){0};
}

/* ---- walks: each symbol once, however often an expression mentions it ---- */

void sym_begin_visits(const struct symtab *t)
{
	if (t->walk)
		++*t->walk;
}

bool sym_visit(const struct symtab *t, sym s)
{
	bool first = !sym_visited(t, s);
	t->items.data[s].met = *t->walk;
	return first;
}

void sym_visit_below(const struct symtab *t, sym s)
{
	sym_visit(t, s);
	sym_visit_all(t, t->items.data[s].x);
	sym_visit_all(t, t->items.data[s].y);
}

/* What an expression mentions was there before it: its number is lower. */
static bool mentions(const struct symtab *t, struct sval v, sym s)
{
	if (v.kind != SV_SYM || v.id < s)
		return false;
	if (v.id == s)
		return true;
	if (!sym_visit(t, v.id))
		return false;
	const struct symbol *q = &t->items.data[v.id];
	return mentions(t, q->x, s) || mentions(t, q->y, s);
}

bool sv_mentions(const struct symtab *t, struct sval v, sym s)
{
	if (v.kind != SV_SYM || v.id <= s)
		return v.kind == SV_SYM && v.id == s;
	if (!t->items.data[v.id].x.kind && !t->items.data[v.id].y.kind)
		return false;
	sym_begin_visits(t);
	return mentions(t, v, s);
}

uint32_t sv_root_param(const struct symtab *t, struct sval v, unsigned *depth)
{
	for (unsigned d = 0; v.kind == SV_SYM && d < 32; d++) {
		const struct symbol *q = &t->items.data[v.id];
		if (q->kind == SYM_PARAM) {
			if (depth)
				*depth = d;
			return q->a + 1;
		}
		if (q->kind != SYM_MEM && q->kind != SYM_ELEM && q->kind != SYM_JOIN)
			return 0;
		v = q->x;
	}
	return 0;
}

uint32_t sv_root_global(const struct symtab *t, struct sval v, unsigned *depth)
{
	for (unsigned d = 0; d < 32; d++) {
		if (v.kind == SV_GLOBAL) {
			if (depth)
				*depth = d;
			return v.id;
		}
		if (v.kind != SV_SYM)
			return 0;
		const struct symbol *q = &t->items.data[v.id];
		if (q->kind != SYM_MEM && q->kind != SYM_ELEM && q->kind != SYM_JOIN)
			return 0;
		v = q->x;
	}
	return 0;
}
