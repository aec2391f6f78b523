/* Control-flow graphs: edges and what is asked about them. Order and loops are made in loops.c, dominators in
 * dom.c. */
#include "graph.h"
#include "mem.h"

#include <string.h>

struct graph graph_make(struct arena *a, uint32_t n, const struct graph_edge *edges, uint32_t nedges)
{
	struct graph g = {.n = n};
	g.first = ARENA_ARRAY(a, uint32_t, n + 2);
	g.to = ARENA_ARRAY(a, uint32_t, nedges);
	for (uint32_t i = 0; i < nedges; i++)
		g.first[edges[i].from + 2]++;
	for (uint32_t i = 2; i < n + 2; i++)
		g.first[i] += g.first[i - 1];
	for (uint32_t i = 0; i < nedges; i++)
		g.to[g.first[edges[i].from + 1]++] = edges[i].to;
	return g;
}

struct graph graph_reverse(struct arena *a, const struct graph *g)
{
	uint32_t nedges = g->first[g->n];
	struct graph_edge *edges = ARENA_ARRAY(a, struct graph_edge, nedges);
	for (uint32_t from = 0, i = 0; from < g->n; from++)
		for (; i < g->first[from + 1]; i++)
			edges[i] = (struct graph_edge){g->to[i], from};
	return graph_make(a, g->n, edges, nedges);
}

struct graph cfg_edges(struct arena *scratch, const struct ir_func *f)
{
	struct graph_edge *edges = ARENA_ARRAY(scratch, struct graph_edge, f->nsuccs);
	ir_block *seen_from = ARENA_ARRAY(scratch, ir_block, f->nblocks);
	uint32_t n = 0;
	for (ir_block b = 1; b < f->nblocks; b++) {
		const struct ir_instruction *end = ir_terminator(f, b);
		for (uint32_t i = 0; end && i < end->nsuccs; i++) {
			ir_block to = ir_succ(f, end, i);
			if (!to || to >= f->nblocks || seen_from[to] == b)
				continue;
			seen_from[to] = b;
			BUG_IF(n >= f->nsuccs);
			edges[n++] = (struct graph_edge){b, to};
		}
	}
	return graph_make(scratch, f->nblocks, edges, n);
}

static void cfg_set_preds(struct cfg *c, struct arena *keep, struct arena *scratch, const struct graph *succs)
{
	struct graph rev = graph_reverse(scratch, succs);
	uint32_t nedges = rev.first[rev.n];
	ir_block *all = ARENA_ARRAY(keep, ir_block, nedges);
	memcpy(all, rev.to, nedges * sizeof *all);
	c->preds = ARENA_ARRAY(keep, ir_block *, rev.n);
	c->npreds = ARENA_ARRAY(keep, uint32_t, rev.n);
	for (uint32_t b = 0; b < rev.n; b++) {
		c->preds[b] = all + rev.first[b];
		c->npreds[b] = rev.first[b + 1] - rev.first[b];
	}
}

struct cfg *cfg_build(struct arena *keep, struct arena *scratch, const struct ir_func *f)
{
	struct cfg *c = ARENA_NEW(keep, struct cfg);
	struct graph succs = cfg_edges(scratch, f);
	c->func = f;
	c->arena = keep;
	cfg_set_preds(c, keep, scratch, &succs);
	loops_build(c, keep, scratch, &succs);
	return c;
}

bool cfg_reachable(const struct cfg *c, ir_block b)
{
	return b && b < c->func->nblocks && c->rpo_index[b] != UINT32_MAX;
}

static bool span_holds(const struct cfg_span *spans, ir_block a, ir_block b)
{
	return spans[a].first <= spans[b].first && spans[b].end <= spans[a].end;
}

ir_block cfg_idom(const struct cfg *c, ir_block b)
{
	if (!c->idom)
		dom_find((struct cfg *)c);
	return c->idom[b];
}

ir_block cfg_ipdom(const struct cfg *c, ir_block b)
{
	if (!c->ipdom)
		dom_find_post((struct cfg *)c);
	return c->ipdom[b];
}

bool cfg_dominates(const struct cfg *c, ir_block a, ir_block b)
{
	if (!cfg_reachable(c, a) || !cfg_reachable(c, b))
		return a == b;
	if (!c->dom_span)
		dom_find((struct cfg *)c);
	return span_holds(c->dom_span, a, b);
}

bool cfg_postdominates(const struct cfg *c, ir_block a, ir_block b)
{
	if (!cfg_reachable(c, a) || !cfg_reachable(c, b))
		return a == b;
	if (!c->pdom_span)
		dom_find_post((struct cfg *)c);
	return span_holds(c->pdom_span, a, b);
}

bool cfg_in_loop(const struct cfg *c, uint32_t loop, ir_block b)
{
	if (!loop || loop >= c->nloops || !cfg_reachable(c, b))
		return false;
	const struct cfg_loop *l = &c->loops[loop];
	return c->rpo_index[b] - c->rpo_index[l->head] < l->nblocks;
}

static uint32_t outermost_loop(const struct cfg *c, ir_block b)
{
	uint32_t l = c->loop_of[b];
	while (l && c->loops[l].parent)
		l = c->loops[l].parent;
	return l;
}

/* Follows edges from `from`; blocks at or behind `limit` (0: none) in reverse post-order are not expanded. */
static bool search(const struct cfg *c, ir_block from, ir_block to, uint32_t limit)
{
	const struct ir_func *f = c->func;
	bool *seen = mem_alloc(f->nblocks * sizeof *seen), found = false;
	VEC(ir_block) work = {0};
	vec_push(&work, from);
	while (work.len && !found) {
		const struct ir_instruction *end = ir_terminator(f, work.data[--work.len]);
		for (uint32_t i = 0; end && i < end->nsuccs; i++) {
			ir_block s = ir_succ(f, end, i);
			found |= s == to;
			if (seen[s] || (limit && c->rpo_index[s] >= limit))
				continue;
			seen[s] = true;
			vec_push(&work, s);
		}
	}
	vec_release(&work);
	mem_release(seen);
	return found;
}

bool cfg_can_reach(const struct cfg *c, ir_block from, ir_block to)
{
	if (!cfg_reachable(c, from))
		return search(c, from, to, 0);
	if (!cfg_reachable(c, to))
		return false;
	uint32_t loop = outermost_loop(c, to);
	if (loop && loop == outermost_loop(c, from))
		return true; /* a loop is strongly connected */
	if (c->rpo_index[from] >= c->rpo_index[to])
		return false; /* only loops lead back */
	/* a loop that is entered beside its head may be entered behind `to` */
	return search(c, from, to,
	              loop ? c->rpo_index[c->loops[loop].head] + c->loops[loop].nblocks : c->rpo_index[to]);
}
