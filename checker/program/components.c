/* Strongly connected components of the call graph, by Tarjan, with an explicit stack. */
#include "graph.h"
#include "mem.h"

struct tarjan {
	const struct program *p;
	uint32_t *number, *low; /* per function; number 0: not visited */
	uint32_t *edge;         /* per function: the next of its edges to follow */
	uint32_t *path, depth;  /* the search */
	uint32_t *open, nopen;  /* visited functions without a component yet */
	uint32_t visited, components;
};

static void tarjan_visit(struct tarjan *t, uint32_t f)
{
	t->number[f] = t->low[f] = ++t->visited;
	t->edge[f] = t->p->edges_of[f];
	t->path[t->depth++] = f;
	t->open[t->nopen++] = f;
}

static void tarjan_close(struct tarjan *t, uint32_t root)
{
	uint32_t f;
	t->components++;
	do {
		f = t->open[--t->nopen];
		t->p->scc[f] = t->components;
	} while (f != root);
}

static void lower(uint32_t *a, uint32_t b)
{
	if (b < *a)
		*a = b;
}

static void tarjan_step(struct tarjan *t)
{
	uint32_t f = t->path[t->depth - 1];
	if (t->edge[f] == t->p->edges_of[f + 1]) {
		t->depth--;
		if (t->low[f] == t->number[f])
			tarjan_close(t, f);
		if (t->depth)
			lower(&t->low[t->path[t->depth - 1]], t->low[f]);
		return;
	}
	const struct call_edge *e = &t->p->edges[t->edge[f]++];
	if (e->kind >= CALL_VIRTUAL)
		return;
	if (!t->number[e->callee])
		tarjan_visit(t, e->callee);
	else if (!t->p->scc[e->callee])
		lower(&t->low[f], t->number[e->callee]);
}

/* Sorts the functions with a body by component; within one they stay in the order of the unit. */
static void order_bottom_up(struct program *p, struct arena *scratch, uint32_t components)
{
	uint32_t *next = ARENA_ARRAY(scratch, uint32_t, components + 2);
	p->bottom_up = ARENA_ARRAY(p->arena, uint32_t, p->unit->nfuncs);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f]) {
			next[p->scc[f] + 1]++;
			p->nbottom_up++;
		}
	for (uint32_t s = 1; s < components + 2; s++)
		next[s] += next[s - 1];
	p->place_bottom_up = ARENA_ARRAY(p->arena, uint32_t, p->unit->nfuncs);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f]) {
			p->place_bottom_up[f] = next[p->scc[f]]++;
			p->bottom_up[p->place_bottom_up[f]] = f;
		}
}

void program_components(struct program *p, struct arena *scratch)
{
	uint32_t n = p->unit->nfuncs;
	struct tarjan t = {.p = p};
	uint32_t **all[] = {&t.number, &t.low, &t.edge, &t.path, &t.open};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = ARENA_ARRAY(scratch, uint32_t, n);
	p->scc = ARENA_ARRAY(p->arena, uint32_t, n);
	for (uint32_t f = 1; f < n; f++) {
		if (t.number[f])
			continue;
		tarjan_visit(&t, f);
		while (t.depth)
			tarjan_step(&t);
	}
	order_bottom_up(p, scratch, t.components);
}
