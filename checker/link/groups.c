/*
 * groups.c - which units are looked at as one. Units belong together by what they share: a function that one
 * defines and the other uses, a type whose fields both touch. What few share says more than what many do. The
 * strongest pairs come first, and a group grows while it is small enough. Without a type whose objects keep
 * something that has to be ended, summaries say it all.
 */
#include "link.h"

#include "arena.h"
#include "map.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SHARERS 48 /* of what more units share, none is closer to another one */
#define FULL_WEIGHT 5040

struct share {
	const char *name;
	uint32_t unit;  /* by rank */
	uint32_t shape; /* of a type; of a function 0 */
	bool type, defines;
	uint32_t keeps; /* of a type: enum facts_keeps; of a function that is defined: 1 if it is a wrapper,
	                   perhaps */
};
struct pair {
	uint32_t a, b, weight; /* a < b, by rank */
	bool tied;             /* they share what keeps something */
};
struct rival { /* a unit that says of a name what others do not */
	uint32_t name, unit, shape;
};
struct grouping {
	const struct facts_link *const *units; /* by rank */
	uint32_t n, limit;
	VEC(struct share) shares;
	VEC(struct pair) pairs, heap;
	VEC(uint32_t) * near;     /* per unit: with whom it has a pair */
	struct intmap pair_at;    /* a and b -> the index of their pair */
	VEC(struct rival) rivals; /* by name */
	uint32_t *leader, *next;  /* per unit: the first one of its group; the next one in it */
	uint64_t *size;           /* of the group that the unit leads */
	bool *relevant;           /* likewise: something in it touches what models describe */
};

/* ---- what is shared ---- */

static int by_name(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	if (!order)
		order = (int)x->type - (int)y->type;
	return order ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

static void list_shares(struct grouping *g)
{
	for (uint32_t u = 0; u < g->n; u++) {
		const struct facts_link *unit = g->units[u];
		for (uint32_t i = 0; unit->size && i < unit->nfuncs; i++) {
			uint32_t flags = unit->funcs[i].flags;
			if (flags & FACTS_EXTERNAL && !(flags & FACTS_NOTE))
				vec_push(&g->shares,
				         (struct share){unit->funcs[i].name, u, 0, false,
				                        (flags & FACTS_DEFINED) != 0,
				                        (flags & (flags & FACTS_DEFINED ? FACTS_RELEVANT
				                                                        : FACTS_KEPT)) != 0});
		}
		for (uint32_t i = 0; unit->size && i < unit->ntypes; i++)
			vec_push(&g->shares, (struct share){unit->types[i].name, u, unit->types[i].shape,
			                                    true, false, unit->types[i].keeps != 0});
	}
	if (g->shares.len)
		qsort(g->shares.data, g->shares.len, sizeof *g->shares.data, by_name);
}

static uint64_t pair_key(uint32_t a, uint32_t b)
{
	return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static struct pair pair_of(const struct grouping *g, uint32_t a, uint32_t b)
{
	uint64_t at;
	return intmap_get(&g->pair_at, pair_key(a, b), &at)
	               ? g->pairs.data[at]
	               : (struct pair){a < b ? a : b, a < b ? b : a, 0, false};
}

static void add_pair(struct grouping *g, uint32_t a, uint32_t b, uint32_t weight, bool tied)
{
	uint64_t key = pair_key(a, b), at;
	if (!intmap_get(&g->pair_at, key, &at)) {
		at = g->pairs.len;
		intmap_set(&g->pair_at, key, at);
		vec_push(&g->pairs, (struct pair){(uint32_t)(key >> 32), (uint32_t)key, 0, false});
		vec_push(&g->near[a], b);
		vec_push(&g->near[b], a);
	}
	g->pairs.data[at].weight += weight;
	g->pairs.data[at].tied |= tied;
}

/* Two of them define a function, or know other fields of a type. */
static bool disagree(const struct share *a, const struct share *b)
{
	return a->type ? a->shape && b->shape && a->shape != b->shape : a->defines && b->defines;
}

/* A type whose objects keep something, or a wrapper that one of them calls for that. */
static bool is_tie(const struct share *a, const struct share *b)
{
	if (a->type)
		return a->keeps || b->keeps;
	return a->defines != b->defines && a->keeps && b->keeps;
}

static void pair_sharers(struct grouping *g, const struct share *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = i + 1; k < n; k++)
			if (s[i].unit != s[k].unit && (s[i].type || s[i].defines || s[k].defines) &&
			    !disagree(&s[i], &s[k]))
				add_pair(g, s[i].unit, s[k].unit, FULL_WEIGHT / n, is_tie(&s[i], &s[k]));
}

/* Each that disagrees with another one is a rival of all that say something. */
static void take_name(struct grouping *g, uint32_t at, uint32_t end)
{
	const struct share *s = &g->shares.data[at];
	uint32_t n = end - at, first = 0;
	bool all_agree = true;
	while (first + 1 < n && !s[first].defines && !s[first].shape)
		first++;
	for (uint32_t i = first + 1; i < n; i++)
		all_agree &= !disagree(&s[first], &s[i]);
	for (uint32_t i = first; !all_agree && i < n; i++)
		if (s[i].defines || s[i].shape)
			vec_push(&g->rivals, (struct rival){at, s[i].unit, s[i].shape});
	if (n > 1 && n <= MAX_SHARERS && (all_agree || s->type))
		pair_sharers(g, s, n);
}

static void find_pairs(struct grouping *g)
{
	for (uint32_t at = 0, end; at < g->shares.len; at = end) {
		const struct share *s = g->shares.data;
		for (end = at + 1; end < g->shares.len && s[end].type == s[at].type &&
		                   strcmp(s[end].name, s[at].name) == 0;)
			end++;
		take_name(g, at, end);
	}
}

/* ---- groups ---- */

/* Of two equal ones, that of the units which come first. */
static bool is_stronger(const struct pair *x, const struct pair *y)
{
	if (x->weight != y->weight)
		return x->weight > y->weight;
	return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static void heap_push(struct grouping *g, struct pair p)
{
	vec_push(&g->heap, p);
	struct pair *all = g->heap.data;
	for (uint32_t k = g->heap.len - 1, up; k && is_stronger(&all[k], &all[up = (k - 1) / 2]); k = up) {
		p = all[k];
		all[k] = all[up];
		all[up] = p;
	}
}

static struct pair heap_pop(struct grouping *g)
{
	struct pair *all = g->heap.data, top = all[0];
	uint32_t n = --g->heap.len, k = 0;
	all[0] = all[n];
	for (uint32_t best;; k = best) {
		best = k;
		for (uint32_t down = 2 * k + 1; down <= 2 * k + 2 && down < n; down++)
			best = is_stronger(&all[down], &all[best]) ? down : best;
		if (best == k)
			return top;
		struct pair p = all[k];
		all[k] = all[best];
		all[best] = p;
	}
}

/* What a group says of a name. */
struct saying {
	uint32_t name;
	bool any;
	uint32_t shape;
};

static void hear(struct saying *s, const struct rival *r)
{
	if (!s->any || s->name != r->name)
		*s = (struct saying){r->name, true, r->shape};
}

/* Do both groups define a function, or know a type by other fields? Then they are not of one program. */
static bool are_rivals(const struct grouping *g, uint32_t a, uint32_t b)
{
	struct saying of_a = {0}, of_b = {0};
	for (uint32_t i = 0; i < g->rivals.len; i++) {
		const struct rival *r = &g->rivals.data[i];
		uint32_t leader = g->leader[r->unit];
		if (leader == a)
			hear(&of_a, r);
		if (leader == b)
			hear(&of_b, r);
		if (of_a.any && of_b.any && of_a.name == of_b.name &&
		    (!of_a.shape || of_a.shape != of_b.shape))
			return true;
	}
	return false;
}

static void join_lists(struct grouping *g, uint32_t a, uint32_t b)
{
	uint32_t last = a;
	while (g->next[last] != UINT32_MAX)
		last = g->next[last];
	g->next[last] = b;
	for (uint32_t u = b; u != UINT32_MAX; u = g->next[u])
		g->leader[u] = a;
	g->size[a] += g->size[b];
	g->relevant[a] |= g->relevant[b];
}

/* What tied others to b ties them to a. */
static void merge(struct grouping *g, uint32_t a, uint32_t b)
{
	join_lists(g, a, b);
	for (uint32_t k = 0; k < g->near[b].len; k++) {
		uint32_t c = g->near[b].data[k];
		if (g->leader[c] != c || c == a)
			continue;
		struct pair old = pair_of(g, b, c);
		add_pair(g, a, c, old.weight, old.tied);
		heap_push(g, pair_of(g, a, c));
	}
}

static bool is_relevant(const struct facts_link *unit)
{
	for (uint32_t i = 0; i < unit->nfuncs; i++)
		if (unit->funcs[i].flags & FACTS_RELEVANT && !(unit->funcs[i].flags & FACTS_NOTE))
			return true;
	return false;
}

static bool may_merge(const struct grouping *g, uint32_t a, uint32_t b)
{
	return (g->relevant[a] || g->relevant[b]) && g->size[a] + g->size[b] <= g->limit &&
	       !are_rivals(g, a, b);
}

static void grow(struct grouping *g)
{
	for (uint32_t i = 0; i < g->pairs.len; i++)
		heap_push(g, g->pairs.data[i]);
	while (g->heap.len) {
		struct pair p = heap_pop(g);
		bool current = g->leader[p.a] == p.a && g->leader[p.b] == p.b &&
		               p.weight == pair_of(g, p.a, p.b).weight;
		if (current && p.tied && may_merge(g, p.a, p.b))
			merge(g, p.a, p.b);
	}
}

/* In steps of about an eighth, so that a small change of a unit leaves the groups as they are. */
static uint64_t about(uint32_t size)
{
	uint64_t step = 64;
	while (step * 8 < size)
		step *= 2;
	return (size + step - 1) / step * step;
}

void link_groups(const struct facts_link *const *units, uint32_t n, uint32_t limit, uint32_t *leader)
{
	struct arena *scratch = arena_new();
	struct grouping g = {.units = units, .n = n, .limit = limit, .leader = leader};
	g.next = ARENA_ARRAY(scratch, uint32_t, n + 1);
	g.size = ARENA_ARRAY(scratch, uint64_t, n + 1);
	g.relevant = ARENA_ARRAY(scratch, bool, n + 1);
	for (uint32_t u = 0; u < n; u++) {
		leader[u] = u;
		g.next[u] = UINT32_MAX;
		g.size[u] = about(units[u]->size);
		g.relevant[u] = is_relevant(units[u]);
	}
	g.near = mem_alloc((n + 1) * sizeof *g.near);
	list_shares(&g);
	find_pairs(&g);
	grow(&g);
	for (uint32_t u = 0; u < n; u++)
		vec_release(&g.near[u]);
	mem_release(g.near);
	vec_release(&g.shares);
	vec_release(&g.pairs);
	vec_release(&g.heap);
	vec_release(&g.rivals);
	intmap_release(&g.pair_at);
	arena_free(scratch);
}
