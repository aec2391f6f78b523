/*
 * Dominators by Lengauer and Tarjan, without recursion. A function with ten thousand `goto out` makes the
 * simpler iterative scheme quadratic; this one stays at O(edges * log blocks) whatever the shape.
 * Post-dominators are the same on reversed edges, with the unused block 0 as the virtual exit.
 */
#include "graph.h"
#include "mem.h"

struct dom {
	const struct graph *succs, *preds;
	uint32_t count;   /* reached nodes; numbers are 1 .. count */
	uint32_t *number; /* per node, in depth-first order; 0: not reached */
	uint32_t *node;   /* per number */
	uint32_t *parent; /* the rest: per number */
	uint32_t *semi;
	uint32_t *ancestor; /* 0: not linked */
	uint32_t *best;
	uint32_t *idom;
	uint32_t *bucket, *next; /* lists of numbers by semidominator */
	uint32_t *stack;
};

static struct dom dom_new(struct arena *a, const struct graph *succs, const struct graph *preds)
{
	uint32_t n = succs->n + 1;
	struct dom d = {.succs = succs, .preds = preds};
	uint32_t **all[] = {&d.number, &d.node, &d.parent, &d.semi, &d.ancestor,
	                    &d.best,   &d.idom, &d.bucket, &d.next, &d.stack};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = ARENA_ARRAY(a, uint32_t, n);
	return d;
}

static void dom_reach(struct dom *d, uint32_t node, uint32_t parent)
{
	uint32_t v = ++d->count;
	d->number[node] = v;
	d->node[v] = node;
	d->parent[v] = parent;
	d->semi[v] = d->best[v] = v;
}

/* Numbers what the root reaches; a parent is always numbered before its children, and is an ancestor in a
 * depth-first tree. */
static void dom_number(struct dom *d, struct arena *scratch, uint32_t root)
{
	uint32_t *edge = ARENA_ARRAY(scratch, uint32_t, d->succs->n), depth = 0;
	dom_reach(d, root, 0);
	edge[root] = d->succs->first[root];
	d->stack[depth++] = root;
	while (depth) {
		uint32_t n = d->stack[depth - 1];
		if (edge[n] == d->succs->first[n + 1]) {
			depth--;
			continue;
		}
		uint32_t to = d->succs->to[edge[n]++];
		if (d->number[to])
			continue;
		dom_reach(d, to, d->number[n]);
		edge[to] = d->succs->first[to];
		d->stack[depth++] = to;
	}
}

/* The number with the least semidominator on the linked path above v; shortens that path. */
static uint32_t dom_eval(struct dom *d, uint32_t v)
{
	uint32_t depth = 0;
	if (!d->ancestor[v])
		return v;
	for (uint32_t u = v; d->ancestor[d->ancestor[u]]; u = d->ancestor[u])
		d->stack[depth++] = u;
	while (depth) {
		uint32_t u = d->stack[--depth], a = d->ancestor[u];
		if (d->semi[d->best[a]] < d->semi[d->best[u]])
			d->best[u] = d->best[a];
		d->ancestor[u] = d->ancestor[a];
	}
	return d->best[v];
}

static void dom_find_semi(struct dom *d, uint32_t w)
{
	uint32_t n = d->node[w];
	for (uint32_t i = d->preds->first[n]; i < d->preds->first[n + 1]; i++) {
		uint32_t v = d->number[d->preds->to[i]];
		if (!v)
			continue;
		uint32_t u = dom_eval(d, v);
		if (d->semi[u] < d->semi[w])
			d->semi[w] = d->semi[u];
	}
}

static void dom_solve(struct dom *d)
{
	for (uint32_t w = d->count; w > 1; w--) {
		dom_find_semi(d, w);
		d->next[w] = d->bucket[d->semi[w]];
		d->bucket[d->semi[w]] = w;
		uint32_t p = d->ancestor[w] = d->parent[w];
		for (uint32_t v = d->bucket[p]; v; v = d->next[v]) {
			uint32_t u = dom_eval(d, v);
			d->idom[v] = d->semi[u] < d->semi[v] ? u : p;
		}
		d->bucket[p] = 0;
	}
	for (uint32_t w = 2; w <= d->count; w++)
		if (d->idom[w] != d->semi[w])
			d->idom[w] = d->idom[d->idom[w]];
}

/* Per node: its immediate dominator, and the interval of its subtree. */
static void dom_store(const struct dom *d, struct arena *keep, struct arena *scratch, ir_block **idom,
                      struct cfg_span **span)
{
	uint32_t *size = ARENA_ARRAY(scratch, uint32_t, d->count + 1),
	         *used = ARENA_ARRAY(scratch, uint32_t, d->count + 1);
	*idom = ARENA_ARRAY(keep, ir_block, d->succs->n);
	*span = ARENA_ARRAY(keep, struct cfg_span, d->succs->n);
	for (uint32_t v = d->count; v; v--) {
		size[v]++;
		size[d->idom[v]] += size[v];
	}
	for (uint32_t v = 1; v <= d->count; v++) {
		uint32_t first = used[d->idom[v]];
		used[d->idom[v]] += size[v];
		used[v] = first + 1;
		(*idom)[d->node[v]] = d->idom[v] ? d->node[d->idom[v]] : 0;
		(*span)[d->node[v]] = (struct cfg_span){first, first + size[v]};
	}
}

static void dominate(struct arena *keep, struct arena *scratch, const struct graph *g, uint32_t root,
                     ir_block **idom, struct cfg_span **span)
{
	struct graph rev = graph_reverse(scratch, g);
	struct dom d = dom_new(scratch, g, &rev);
	dom_number(&d, scratch, root);
	dom_solve(&d);
	dom_store(&d, keep, scratch, idom, span);
}

/* Reachable blocks from which no end of the function can be reached are edges to the virtual exit too:
 * nothing follows an endless loop for certain. */
static void mark_ending(const struct cfg *c, const struct graph *succs, bool *ends, ir_block *work)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < c->nrpo; i++) {
		ir_block b = c->rpo[i];
		if (succs->first[b] == succs->first[b + 1]) {
			ends[b] = true;
			work[n++] = b;
		}
	}
	while (n) {
		ir_block b = work[--n];
		for (uint32_t i = 0; i < c->npreds[b]; i++) {
			ir_block p = c->preds[b][i];
			if (ends[p] || !cfg_reachable(c, p))
				continue;
			ends[p] = true;
			work[n++] = p;
		}
	}
}

/* The reversed graph of the reachable blocks, with edges from 0 to every way out. */
static struct graph exit_graph(const struct cfg *c, struct arena *scratch, const struct graph *succs)
{
	uint32_t nedges = 0;
	bool *ends = ARENA_ARRAY(scratch, bool, succs->n);
	mark_ending(c, succs, ends, ARENA_ARRAY(scratch, ir_block, succs->n));
	struct graph_edge *edges = ARENA_ARRAY(scratch, struct graph_edge, succs->first[succs->n] + c->nrpo);
	for (uint32_t i = 0; i < c->nrpo; i++) {
		ir_block b = c->rpo[i];
		if (!ends[b] || succs->first[b] == succs->first[b + 1])
			edges[nedges++] = (struct graph_edge){0, b};
		for (uint32_t e = succs->first[b]; e < succs->first[b + 1]; e++)
			edges[nedges++] = (struct graph_edge){succs->to[e], b};
	}
	return graph_make(scratch, succs->n, edges, nedges);
}

void dom_find(struct cfg *c)
{
	struct arena *scratch = arena_new();
	struct graph succs = cfg_edges(scratch, c->func);
	dominate(c->arena, scratch, &succs, 1, &c->idom, &c->dom_span);
	arena_free(scratch);
}

void dom_find_post(struct cfg *c)
{
	struct arena *scratch = arena_new();
	struct graph succs = cfg_edges(scratch, c->func), back = exit_graph(c, scratch, &succs);
	dominate(c->arena, scratch, &back, 0, &c->ipdom, &c->pdom_span);
	arena_free(scratch);
}

bool cfg_on_each_way(const struct cfg *c, ir_block b)
{
	for (uint32_t n = 0; n < c->nrpo; n++)
		if (ir_terminator(c->func, c->rpo[n])->op == IR_RET && !cfg_dominates(c, b, c->rpo[n]))
			return false;
	return true;
}
