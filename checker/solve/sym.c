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

sym sym_get(struct symtab *t, struct symbol s)
{
	if (!t->items.len)
		vec_push(&t->items, (struct symbol){0});
	uint64_t h = hash_of(&s), at = 0;
	while (intmap_get(&t->index, h, &at)) {
		if (same(&t->items.data[at], &s)) {
			t->items.data[at].pointer |= s.pointer;
			return (sym)at;
		}
		h++;
	}
	sym id = t->items.len;
	vec_push(&t->items, s);
	intmap_set(&t->index, h, id);
	return id;
}

void symtab_release(struct symtab *t)
{
	vec_release(&t->items);
	intmap_release(&t->index);
}

/* Expressions nest only as deep as the code that made them; the cap keeps generated code from recursing far.
 */
static bool mentions(const struct symtab *t, struct sval v, sym s, unsigned depth)
{
	if (v.kind != SV_SYM || depth > 64)
		return false;
	if (v.id == s)
		return true;
	const struct symbol *q = &t->items.data[v.id];
	return mentions(t, q->x, s, depth + 1) || mentions(t, q->y, s, depth + 1);
}

bool sv_mentions(const struct symtab *t, struct sval v, sym s)
{
	return mentions(t, v, s, 0);
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
