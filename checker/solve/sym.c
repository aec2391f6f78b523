#include "sym.h"
#include "hash.h"

#include <string.h>

static bool same(const struct symbol *p, const struct symbol *q)
{
	return p->kind == q->kind && p->a == q->a && p->b == q->b && sv_eq(p->x, q->x) && sv_eq(p->y, q->y);
}

static uint64_t hash_of(const struct symbol *s)
{
	uint64_t words[8] = {s->kind, (uint64_t)s->a << 32 | s->b, s->x.kind,
	                     s->x.id, (uint64_t)s->x.off,          s->y.kind,
	                     s->y.id, (uint64_t)s->y.off};
	return hash64(words, sizeof words);
}

struct visits {
	VEC(uint32_t) marks; /* per symbol: the walk that met it last */
	uint32_t walk;
};

static uint8_t depth_of(const struct symtab *t, struct sval v)
{
	return v.kind == SV_SYM ? t->items.data[v.id].depth : 0;
}

bool sv_is_deep(const struct symtab *t, struct sval v)
{
	return depth_of(t, v) >= SYM_MAX_DEPTH;
}

sym sym_get(struct symtab *t, struct symbol s)
{
	if (!t->items.len) {
		vec_push(&t->items, (struct symbol){0});
		t->visits = mem_alloc(sizeof *t->visits);
	}
	uint64_t h = hash_of(&s), at = 0;
	while (intmap_get(&t->index, h, &at)) {
		if (same(&t->items.data[at], &s)) {
			t->items.data[at].pointer |= s.pointer;
			return (sym)at;
		}
		h++;
	}
	sym id = t->items.len;
	uint8_t x = depth_of(t, s.x), y = depth_of(t, s.y);
	s.depth = (uint8_t)((x > y ? x : y) + ((x > y ? x : y) < UINT8_MAX));
	vec_push(&t->items, s);
	intmap_set(&t->index, h, id);
	return id;
}

void symtab_release(struct symtab *t)
{
	vec_release(&t->items);
	intmap_release(&t->index);
	if (t->visits)
		vec_release(&t->visits->marks);
	mem_release(t->visits);
	t->visits = NULL;
}

/* ---- walks: each symbol once, however often an expression mentions it ---- */

void sym_begin_visits(const struct symtab *t)
{
	if (!t->visits)
		return;
	vec_reserve(&t->visits->marks, t->items.len);
	t->visits->walk++;
}

bool sym_visit(const struct symtab *t, sym s)
{
	bool first = !sym_visited(t, s);
	t->visits->marks.data[s] = t->visits->walk;
	return first;
}

bool sym_visited(const struct symtab *t, sym s)
{
	return t->visits->marks.data[s] == t->visits->walk;
}

void sym_visit_all(const struct symtab *t, struct sval v)
{
	if (v.kind != SV_SYM || !sym_visit(t, v.id))
		return;
	const struct symbol *q = &t->items.data[v.id];
	sym_visit_all(t, q->x);
	sym_visit_all(t, q->y);
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
