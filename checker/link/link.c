#include "link.h"

#include "arena.h"
#include "map.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* A node is a function of a unit: with its body, or as that unit sees another's. */
struct linker {
	struct link *out;
	const struct facts_link *units;
	uint32_t *first;   /* per unit: its first node */
	uint32_t *unit_of; /* per node */
	uint32_t nnodes;
	uint32_t *target; /* per node: itself if it has a body; else the node of the only body with its name;
	                     NONE */
	bool *relevant;   /* per node with a body */
	uint32_t *scc, *level; /* per node with a body; the level is that of the component */
	uint32_t *order;       /* nodes with a body, callees first */
	uint32_t norder;
	const uint32_t *leader; /* per unit: see link_units() */
	bool *grouped;          /* per unit: it is judged as one with others */
	bool *reached;          /* per node with a body: its unit is asked for it, or for what calls it */
	bool *needed;           /* per node with a body: another unit asks for its summary */
	uint32_t *round;        /* per needed node: when it is told of */
	uint32_t *work, nwork;  /* nodes that are to be looked at */
};

#define NONE UINT32_MAX

static const struct facts_func *func_of(const struct linker *k, uint32_t node)
{
	return &k->units[k->unit_of[node]].funcs[node - k->first[k->unit_of[node]]];
}

static uint32_t use_of(const struct linker *k, uint32_t node, uint32_t n)
{
	return k->target[k->first[k->unit_of[node]] + func_of(k, node)->uses[n]];
}

/* ---- names ---- */

static bool has_body(const struct facts_func *f)
{
	return f->flags & FACTS_DEFINED;
}

/* A file that is compiled twice, for a shared and a static library, say. */
static bool same_source(const struct linker *k, uint32_t v, uint32_t w)
{
	const char *a = k->units[k->unit_of[v]].source, *b = k->units[k->unit_of[w]].source;
	return a && b && strcmp(a, b) == 0;
}

/* A name that two units define means either of them: neither is asked. Of those that tell the same note, or
 * are made of the same file, the first one is. */
static void find_bodies(struct linker *k)
{
	struct strmap bodies = {0};
	for (uint32_t v = 0; v < k->nnodes; v++) {
		const struct facts_func *f = func_of(k, v);
		if (!has_body(f) || !(f->flags & FACTS_EXTERNAL))
			continue;
		uint64_t first = NONE;
		bool again = strmap_get(&bodies, f->name, &first);
		bool alike = again && first != NONE &&
		             ((f->flags & FACTS_NOTE) || same_source(k, (uint32_t)first, v));
		if (!alike)
			strmap_set(&bodies, f->name, again ? NONE : v);
	}
	for (uint32_t v = 0; v < k->nnodes; v++) {
		uint64_t body = NONE;
		if (has_body(func_of(k, v)))
			body = v;
		else
			strmap_get(&bodies, func_of(k, v)->name, &body);
		k->target[v] = (uint32_t)body;
	}
	strmap_release(&bodies);
}

/* ---- components, by Tarjan with an explicit stack ---- */

struct search {
	struct linker *k;
	uint32_t *number, *low, *next, *path, *open;
	uint32_t depth, nopen, visited, components;
};

static void visit(struct search *t, uint32_t v)
{
	t->number[v] = t->low[v] = ++t->visited;
	t->path[t->depth++] = v;
	t->open[t->nopen++] = v;
}

static void close_component(struct search *t, uint32_t root)
{
	uint32_t v;
	t->components++;
	do {
		v = t->open[--t->nopen];
		t->k->scc[v] = t->components;
		t->k->order[t->k->norder++] = v;
	} while (v != root);
}

static void lower(uint32_t *a, uint32_t b)
{
	*a = b < *a ? b : *a;
}

static void step(struct search *t)
{
	uint32_t v = t->path[t->depth - 1];
	if (t->next[v] == func_of(t->k, v)->nuses) {
		t->depth--;
		if (t->low[v] == t->number[v])
			close_component(t, v);
		if (t->depth)
			lower(&t->low[t->path[t->depth - 1]], t->low[v]);
		return;
	}
	uint32_t to = use_of(t->k, v, t->next[v]++);
	if (to == NONE)
		return;
	if (!t->number[to])
		visit(t, to);
	else if (!t->k->scc[to])
		lower(&t->low[v], t->number[to]);
}

static void find_components(struct linker *k, struct arena *scratch)
{
	struct search t = {.k = k};
	uint32_t **all[] = {&t.number, &t.low, &t.next, &t.path, &t.open};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	for (uint32_t v = 0; v < k->nnodes; v++) {
		if (k->target[v] != v || t.number[v])
			continue;
		visit(&t, v);
		while (t.depth)
			step(&t);
	}
}

/* ---- relevance and levels, callees first ---- */

static bool crosses(const struct linker *k, uint32_t from, uint32_t to)
{
	return k->unit_of[from] != k->unit_of[to];
}

/* Is the word of `to` carried to the unit of `from`? */
static bool is_told(const struct linker *k, uint32_t from, uint32_t to)
{
	return to != NONE && crosses(k, from, to) && k->relevant[to] && k->scc[from] != k->scc[to] &&
	       k->level[to] <= LINK_MAX_LEVEL;
}

/* One component: order[at .. end). */
static void settle(struct linker *k, uint32_t at, uint32_t end)
{
	bool relevant = false;
	for (uint32_t i = at; i < end; i++) {
		uint32_t v = k->order[i];
		relevant |= (func_of(k, v)->flags & FACTS_RELEVANT) != 0;
		for (uint32_t n = 0; n < func_of(k, v)->nuses; n++)
			relevant |= use_of(k, v, n) != NONE && k->relevant[use_of(k, v, n)];
	}
	uint32_t level = 0;
	for (uint32_t i = at; i < end; i++) {
		uint32_t v = k->order[i];
		for (uint32_t n = 0; n < func_of(k, v)->nuses; n++) {
			uint32_t to = use_of(k, v, n), needs;
			if (to == NONE || k->scc[to] == k->scc[v] || !k->relevant[to])
				continue;
			needs = k->level[to] + is_told(k, v, to);
			level = needs > level ? needs : level;
		}
	}
	for (uint32_t i = at; i < end; i++) {
		k->relevant[k->order[i]] = relevant;
		k->level[k->order[i]] = level;
	}
}

static void settle_all(struct linker *k)
{
	for (uint32_t at = 0, end; at < k->norder; at = end) {
		for (end = at; end < k->norder && k->scc[k->order[end]] == k->scc[k->order[at]];)
			end++;
		settle(k, at, end);
	}
}

/* ---- what is asked for ---- */

static void reach(struct linker *k, uint32_t v)
{
	if (!k->reached[v])
		k->work[k->nwork++] = v;
	k->reached[v] = true;
}

static void need(struct linker *k, uint32_t v)
{
	k->needed[v] = true;
	reach(k, v);
}

static void follow(struct linker *k)
{
	while (k->nwork) {
		uint32_t v = k->work[--k->nwork];
		for (uint32_t n = 0; n < func_of(k, v)->nuses; n++) {
			uint32_t to = use_of(k, v, n);
			if (is_told(k, v, to))
				need(k, to);
			else if (to != NONE && !crosses(k, v, to))
				reach(k, to);
		}
	}
}

/* What the group is judged with: the words of units that do not belong to it. */
static bool is_told_group(const struct linker *k, uint32_t from, uint32_t to)
{
	uint32_t unit = k->unit_of[from];
	return is_told(k, from, to) && k->grouped[unit] && k->leader[k->unit_of[to]] != k->leader[unit];
}

static void find_needs(struct linker *k)
{
	for (uint32_t u = 0; u < k->out->nunits; u++)
		if (k->leader[u] != u && k->leader[u] != LINK_NOT_JUDGED)
			k->grouped[u] = k->grouped[k->leader[u]] = true;
	for (uint32_t v = 0; v < k->nnodes; v++) {
		uint32_t unit = k->unit_of[v];
		if (k->target[v] != v || k->leader[unit] == LINK_NOT_JUDGED)
			continue;
		if (!k->grouped[unit])
			reach(k, v);
		for (uint32_t n = 0; k->grouped[unit] && n < func_of(k, v)->nuses; n++)
			if (is_told_group(k, v, use_of(k, v, n)))
				need(k, use_of(k, v, n));
	}
	follow(k);
}

/* ---- in which round ----
 *
 * What is needed is told before any of those is that need it. Those of high levels come first: when a
 * function gets its round, all that need it have theirs. It is told when its unit is asked anyway, as late as
 * may be; otherwise its unit is asked in the round that is its level, so that others of the unit can be told
 * with it: then a unit is asked few times. */

struct schedule {
	struct linker *k;
	uint32_t *latest; /* per node: in which round at the latest */
	uint32_t *seen;   /* per node: the earliest round for which what it needs was looked for */
	uint32_t *asked;  /* per unit: in which rounds, as bits */
};
_Static_assert(LINK_MAX_LEVEL < 32, "rounds are bits");

static void see(struct schedule *c, uint32_t v, uint32_t round)
{
	if (c->seen[v] <= round)
		return;
	c->k->work[c->k->nwork++] = v;
	c->seen[v] = round;
}

/* What it needs itself is told in earlier rounds. */
static void tell_in(struct schedule *c, uint32_t func, uint32_t round)
{
	struct linker *k = c->k;
	k->round[func] = round;
	c->asked[k->unit_of[func]] |= UINT32_C(1) << round;
	see(c, func, round);
	while (k->nwork) {
		uint32_t v = k->work[--k->nwork];
		for (uint32_t n = 0; n < func_of(k, v)->nuses; n++) {
			uint32_t to = use_of(k, v, n);
			if (is_told(k, v, to) && c->latest[to] >= round)
				c->latest[to] = round - 1;
			else if (to != NONE && !crosses(k, v, to))
				see(c, to, round);
		}
	}
}

static uint32_t round_for(const struct schedule *c, uint32_t v)
{
	uint32_t level = c->k->level[v], asked = c->asked[c->k->unit_of[v]];
	for (uint32_t round = c->latest[v]; round > level; round--)
		if (asked >> round & 1)
			return round;
	return level;
}

static void find_rounds(struct linker *k, struct arena *scratch)
{
	struct schedule c = {.k = k};
	c.latest = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	c.seen = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	c.asked = ARENA_ARRAY(scratch, uint32_t, k->out->nunits + 1);
	for (uint32_t v = 0; v < k->nnodes; v++) {
		c.latest[v] = LINK_MAX_LEVEL;
		c.seen[v] = UINT32_MAX;
	}
	for (uint32_t level = LINK_MAX_LEVEL + 1; level-- > 0;)
		for (uint32_t v = 0; v < k->nnodes; v++)
			if (k->needed[v] && k->level[v] == level)
				tell_in(&c, v, round_for(&c, v));
}

/* ---- who asks whom ---- */

struct wish {
	uint32_t from, to; /* unit; node */
	const char *name;
};

static int by_asker(const void *a, const void *b)
{
	const struct wish *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_teller(const void *a, const void *b)
{
	const struct link_export *x = a, *y = b;
	return strcmp(x->name, y->name);
}

struct wishes {
	VEC(struct wish) all;
};

static void collect(const struct linker *k, bool grouped, struct wishes *w)
{
	uint32_t kept = 0;
	for (uint32_t v = 0; v < k->nnodes; v++)
		for (uint32_t n = 0; k->target[v] == v && n < func_of(k, v)->nuses; n++) {
			uint32_t to = use_of(k, v, n);
			if (grouped ? is_told_group(k, v, to) : k->reached[v] && is_told(k, v, to))
				vec_push(&w->all, (struct wish){k->unit_of[v], to, func_of(k, to)->name});
		}
	if (w->all.len)
		qsort(w->all.data, w->all.len, sizeof *w->all.data, by_asker);
	for (uint32_t i = 0; i < w->all.len; i++)
		if (!kept || by_asker(&w->all.data[i], &w->all.data[kept - 1]) != 0)
			w->all.data[kept++] = w->all.data[i];
	w->all.len = kept;
}

static void fill_imports(struct linker *k, bool grouped)
{
	struct link *l = k->out;
	struct wishes w = {0};
	collect(k, grouped, &w);
	for (uint32_t at = 0, end; at < w.all.len; at = end) {
		uint32_t from = w.all.data[at].from;
		struct link_imports *in = grouped ? &l->units[from].of_group : &l->units[from].imports;
		for (end = at; end < w.all.len && w.all.data[end].from == from;)
			end++;
		in->all = ARENA_ARRAY(l->arena, struct link_import, end - at);
		for (uint32_t i = at; i < end; i++) {
			const struct wish *x = &w.all.data[i];
			in->all[in->n++] = (struct link_import){k->unit_of[x->to], x->name, k->round[x->to]};
			if (k->round[x->to] >= l->nrounds)
				l->nrounds = k->round[x->to] + 1;
		}
	}
	vec_release(&w.all);
}

static void fill_exports(struct linker *k)
{
	struct link *l = k->out;
	for (uint32_t u = 0; u < l->nunits; u++) {
		struct link_unit *unit = &l->units[u];
		uint32_t end = u + 1 < l->nunits ? k->first[u + 1] : k->nnodes, n = 0;
		for (uint32_t v = k->first[u]; v < end; v++)
			n += k->needed[v];
		unit->exports = ARENA_ARRAY(l->arena, struct link_export, n + 1);
		for (uint32_t v = k->first[u]; v < end; v++)
			if (k->needed[v])
				unit->exports[unit->nexports++] =
				        (struct link_export){func_of(k, v)->name, k->round[v]};
		if (n)
			qsort(unit->exports, n, sizeof *unit->exports, by_teller);
	}
}

static void number_nodes(struct linker *k, uint32_t n, struct arena *scratch)
{
	k->first = ARENA_ARRAY(scratch, uint32_t, n + 1);
	for (uint32_t u = 0; u < n; u++) {
		k->first[u] = k->nnodes;
		k->nnodes += k->units[u].nfuncs;
	}
	k->unit_of = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	for (uint32_t u = 0; u < n; u++)
		for (uint32_t i = 0; i < k->units[u].nfuncs; i++)
			k->unit_of[k->first[u] + i] = u;
	k->target = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	k->scc = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	k->level = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	k->order = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	k->round = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	k->work = ARENA_ARRAY(scratch, uint32_t, k->nnodes + 1);
	k->relevant = ARENA_ARRAY(scratch, bool, k->nnodes + 1);
	k->reached = ARENA_ARRAY(scratch, bool, k->nnodes + 1);
	k->needed = ARENA_ARRAY(scratch, bool, k->nnodes + 1);
	k->grouped = ARENA_ARRAY(scratch, bool, n + 1);
}

struct link *link_units(const struct facts_link *units, uint32_t n, const uint32_t *leader)
{
	struct arena *keep = arena_new(), *scratch = arena_new();
	struct link *l = ARENA_NEW(keep, struct link);
	*l = (struct link){.arena = keep, .units = ARENA_ARRAY(keep, struct link_unit, n + 1), .nunits = n};
	struct linker k = {.out = l, .units = units, .leader = leader};
	number_nodes(&k, n, scratch);
	find_bodies(&k);
	find_components(&k, scratch);
	settle_all(&k);
	find_needs(&k);
	find_rounds(&k, scratch);
	fill_imports(&k, false);
	fill_imports(&k, true);
	fill_exports(&k);
	arena_free(scratch);
	return l;
}

void link_free(struct link *l)
{
	if (l)
		arena_free(l->arena);
}
