/*
 * Loop nesting and block order, in near-linear time for any graph.
 *
 * The forest is Havlak's, found in Ramalingam's way: cross and forward edges wait at the lowest common
 * ancestor of their ends, so that entering a loop beside its head costs nothing but a mark. Every loop is a
 * strongly connected region once the heads around it are taken out.
 *
 * The order is that of a second depth-first search. Entering a loop, it first visits what the loop leaves to:
 * then everything else reached from the head is a member, and members are next to each other in the reverse
 * post-order.
 */
#include "graph.h"
#include "mem.h"

struct waiting {
	ir_block from, to;
	uint32_t next;
};
struct forest {
	const struct graph *succs;
	uint32_t count;        /* reachable blocks */
	ir_block *vertex;      /* by preorder number, from 1 */
	uint32_t *number;      /* 0: not visited */
	bool *done;            /* the search has left it */
	ir_block *merged;      /* union-find: searched subtrees, later collapsed loops */
	ir_block *marked;      /* union-find: loops already known to be irreducible */
	struct waiting *edges; /* [0] unused */
	uint32_t nedges;
	uint32_t *back, *crossing, *in; /* lists in `edges`: by head, by common ancestor, by target */
	ir_block
	        *outer; /* per block: the head of the innermost loop that holds it and whose head it is not */
	bool *head, *irreducible;
	uint32_t *depth;   /* per head */
	uint32_t *body_of; /* while a loop is being collected: its head */
	ir_block *work;
	uint32_t *leaves; /* lists in `edges`, by head: targets outside of edges that leave this loop and no
	                     outer one */
	bool any_irreducible;
};

static ir_block find(ir_block *up, ir_block b)
{
	ir_block root = b;
	while (up[root] != root)
		root = up[root];
	while (up[b] != root) {
		ir_block next = up[b];
		up[b] = root;
		b = next;
	}
	return root;
}

static struct forest forest_new(struct arena *a, const struct graph *succs)
{
	struct forest f = {.succs = succs};
	uint32_t n = succs->n + 1;
	uint32_t **all[] = {&f.vertex, &f.number, &f.merged, &f.marked,  &f.back, &f.crossing,
	                    &f.in,     &f.outer,  &f.depth,  &f.body_of, &f.work, &f.leaves};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = ARENA_ARRAY(a, uint32_t, n);
	f.done = ARENA_ARRAY(a, bool, n);
	f.head = ARENA_ARRAY(a, bool, n);
	f.irreducible = ARENA_ARRAY(a, bool, n);
	/* each edge once in back, crossing or in; a crossing one again in `in`; and once in leaves */
	f.edges = ARENA_ARRAY(a, struct waiting, 3 * (size_t)succs->first[succs->n] + 1);
	for (uint32_t b = 0; b < succs->n; b++)
		f.merged[b] = f.marked[b] = b;
	return f;
}

static void list_add(struct forest *f, uint32_t *list, ir_block from, ir_block to)
{
	f->edges[++f->nedges] = (struct waiting){from, to, *list};
	*list = f->nedges;
}

static void forest_visit(struct forest *f, ir_block b)
{
	f->number[b] = ++f->count;
	f->vertex[f->count] = b;
}

static void forest_edge(struct forest *f, ir_block from, ir_block to)
{
	if (!f->done[to])
		list_add(f, &f->back[to], from, to);
	else
		list_add(f, &f->crossing[find(f->merged, to)], from,
		         to); /* finished subtrees are merged into their parents */
}

static void forest_search(struct forest *f, struct arena *scratch)
{
	uint32_t *edge = ARENA_ARRAY(scratch, uint32_t, f->succs->n), depth = 0;
	forest_visit(f, 1);
	edge[1] = f->succs->first[1];
	f->work[depth++] = 1;
	while (depth) {
		ir_block b = f->work[depth - 1];
		if (edge[b] == f->succs->first[b + 1]) {
			f->done[b] = true;
			if (--depth)
				f->merged[b] = f->work[depth - 1];
			continue;
		}
		ir_block to = f->succs->to[edge[b]++];
		if (f->number[to]) {
			forest_edge(f, b, to);
			continue;
		}
		list_add(f, &f->in[to], b, to);
		forest_visit(f, to);
		edge[to] = f->succs->first[to];
		f->work[depth++] = to;
	}
	for (ir_block b = 0; b < f->succs->n; b++)
		f->merged[b] = b;
}

/* An edge comes into every loop found so far around `to` from outside. */
static void mark_irreducible(struct forest *f, ir_block to)
{
	for (ir_block l = f->outer[to]; l;) {
		l = find(f->marked, l);
		f->irreducible[l] = f->any_irreducible = true;
		ir_block up = f->outer[l];
		if (up)
			f->marked[l] = up;
		l = up;
	}
}

static void body_add(struct forest *f, ir_block head, ir_block from, uint32_t *len)
{
	ir_block b = find(f->merged, from);
	if (b == head || f->body_of[b] == head)
		return;
	f->body_of[b] = head;
	f->work[(*len)++] = b;
}

static void forest_loop(struct forest *f, ir_block head)
{
	uint32_t len = 0;
	for (uint32_t e = f->back[head]; e; e = f->edges[e].next)
		body_add(f, head, f->edges[e].from, &len);
	for (uint32_t i = 0; i < len; i++)
		for (uint32_t e = f->in [f->work[i]]; e; e = f->edges[e].next)
			body_add(f, head, f->edges[e].from, &len);
	f->head[head] = f->back[head] != 0;
	for (uint32_t i = 0; i < len; i++) {
		f->outer[f->work[i]] = head;
		f->merged[f->work[i]] = head;
	}
}

static void forest_collapse(struct forest *f)
{
	for (uint32_t v = f->count; v; v--) {
		ir_block b = f->vertex[v];
		for (uint32_t e = f->crossing[b]; e; e = f->edges[e].next) {
			ir_block to = f->edges[e].to, into = find(f->merged, to);
			list_add(f, &f->in[into], find(f->merged, f->edges[e].from), into);
			mark_irreducible(f, to);
		}
		forest_loop(f, b);
	}
	for (uint32_t v = 1; v <= f->count; v++) {
		ir_block b = f->vertex[v];
		if (f->head[b])
			f->depth[b] = f->outer[b] ? f->depth[f->outer[b]] + 1 : 1;
	}
}

/* The head of the innermost loop that holds the block; 0: none. */
static ir_block innermost(const struct forest *f, ir_block b)
{
	return f->head[b] ? b : f->outer[b];
}

/* The outermost loop that an edge leaves; 0: none. */
static ir_block outermost_left(const struct forest *f, ir_block from, ir_block to)
{
	ir_block a = innermost(f, from), b = innermost(f, to), left = 0;
	while (a != b) {
		if (!a || (b && f->depth[b] > f->depth[a])) {
			b = f->outer[b];
			continue;
		}
		left = a;
		a = f->outer[a];
	}
	return left;
}

static void forest_leaves(struct forest *f)
{
	for (uint32_t v = 1; v <= f->count; v++) {
		ir_block b = f->vertex[v];
		for (uint32_t i = f->succs->first[b]; i < f->succs->first[b + 1]; i++) {
			ir_block left = outermost_left(f, b, f->succs->to[i]);
			if (left)
				list_add(f, &f->leaves[left], b, f->succs->to[i]);
		}
	}
}

/* ---- the order ---- */

struct order {
	struct forest *f;
	uint32_t *leave, *edge; /* per block: what to visit next */
	bool *seen;
	ir_block *stack;
	uint32_t depth;
};

/* Visits the head of a loop before any other of its members, however it is entered. */
static void order_enter(struct order *o, ir_block b)
{
	ir_block at = b;
	for (ir_block l = innermost(o->f, b); l && !o->seen[l]; l = o->f->outer[l])
		at = l;
	o->seen[at] = true;
	o->leave[at] = o->f->leaves[at];
	o->edge[at] = o->f->succs->first[at + 1];
	o->stack[o->depth++] = at;
}

/* The next unvisited block to go to: first the ways out of a loop, then the successors from the last to the
 * first, which puts the first one first in reverse post-order. 0: none is left. */
static ir_block order_next(struct order *o, ir_block b)
{
	for (uint32_t *e = &o->leave[b]; *e; *e = o->f->edges[*e].next)
		if (!o->seen[o->f->edges[*e].to])
			return o->f->edges[*e].to;
	while (o->edge[b] > o->f->succs->first[b]) {
		ir_block to = o->f->succs->to[o->edge[b] - 1];
		if (!o->seen[to])
			return to;
		o->edge[b]--;
	}
	return 0;
}

static void order_blocks(struct cfg *c, struct forest *f, struct arena *keep, struct arena *scratch)
{
	uint32_t n = f->succs->n, left = f->count;
	struct order o = {.f = f, .stack = f->work};
	o.leave = ARENA_ARRAY(scratch, uint32_t, n);
	o.edge = ARENA_ARRAY(scratch, uint32_t, n);
	o.seen = ARENA_ARRAY(scratch, bool, n);
	c->nrpo = f->count;
	c->rpo = ARENA_ARRAY(keep, ir_block, f->count);
	c->rpo_index = ARENA_ARRAY(keep, uint32_t, n);
	for (uint32_t b = 0; b < n; b++)
		c->rpo_index[b] = UINT32_MAX;
	order_enter(&o, 1);
	while (o.depth) {
		ir_block b = o.stack[o.depth - 1], to = order_next(&o, b);
		if (to) {
			order_enter(&o, to);
			continue;
		}
		o.depth--;
		c->rpo[--left] = b;
		c->rpo_index[b] = left;
	}
	BUG_IF(left);
}

/* ---- the table ---- */

static void loop_open(struct cfg *c, const struct forest *f, ir_block head)
{
	uint32_t parent = f->outer[head] ? c->loop_of[f->outer[head]] : 0;
	if (f->depth[head] > CFG_MAX_LOOP_DEPTH) {
		c->loop_of[head] = parent;
		c->loops[parent].irreducible = true;
		return;
	}
	c->loop_of[head] = c->nloops;
	c->loops[c->nloops++] = (struct cfg_loop){.head = head,
	                                          .parent = parent,
	                                          .depth = f->depth[head],
	                                          .irreducible = f->irreducible[head],
	                                          .blocks = c->rpo + c->rpo_index[head]};
}

static void loops_number(struct cfg *c, const struct forest *f, struct arena *keep)
{
	uint32_t heads = 0;
	for (ir_block b = 0; b < f->succs->n; b++)
		heads += f->head[b];
	c->loops = ARENA_ARRAY(keep, struct cfg_loop, heads + 1);
	c->loop_of = ARENA_ARRAY(keep, uint32_t, f->succs->n);
	c->nloops = 1;
	for (uint32_t i = 0; i < c->nrpo; i++) {
		ir_block b = c->rpo[i];
		if (f->head[b])
			loop_open(c, f, b);
		else if (f->outer[b])
			c->loop_of[b] = c->loop_of[f->outer[b]];
		c->loops[c->loop_of[b]].nblocks++;
	}
	for (uint32_t l = c->nloops; l-- > 1;)
		if (c->loops[l].parent)
			c->loops[c->loops[l].parent].nblocks += c->loops[l].nblocks;
	c->loops[0].nblocks = 0;
}

/* Counts, or with `fill` stores, the edges out of every loop that the edge leaves. */
static void edge_leaves(struct cfg *c, ir_block from, ir_block to, bool fill)
{
	for (uint32_t l = c->loop_of[from]; l && !cfg_in_loop(c, l, to); l = c->loops[l].parent) {
		if (fill)
			c->loops[l].exits[c->loops[l].nexits] = (struct cfg_exit){from, to};
		c->loops[l].nexits++;
	}
}

/* Behind the scope of a variable with a cleanup a switch goes on where the scope was left for; it has no
 * other values. */
static bool is_never_taken(const struct cfg *c, ir_block from, ir_block to)
{
	const struct ir_instruction *t = ir_terminator(c->func, from);
	return t && t->op == IR_SWITCH && ir_succ(c->func, t, 0) == to && c->func->blocks[to].count == 1 &&
	       ir_terminator(c->func, to)->op == IR_UNREACHABLE;
}

static void each_leaving_edge(struct cfg *c, const struct graph *succs, bool fill)
{
	for (uint32_t i = 0; i < c->nrpo; i++) {
		ir_block b = c->rpo[i];
		for (uint32_t e = succs->first[b]; e < succs->first[b + 1]; e++)
			if (!is_never_taken(c, b, succs->to[e]))
				edge_leaves(c, b, succs->to[e], fill);
	}
}

static void loops_exits(struct cfg *c, struct arena *keep, const struct graph *succs)
{
	each_leaving_edge(c, succs, false);
	for (uint32_t l = 1; l < c->nloops; l++) {
		c->loops[l].exits = ARENA_ARRAY(keep, struct cfg_exit, c->loops[l].nexits);
		c->loops[l].nexits = 0;
	}
	each_leaving_edge(c, succs, true);
}

static void loops_latches(struct cfg *c, struct arena *keep)
{
	for (uint32_t l = 1; l < c->nloops; l++) {
		struct cfg_loop *loop = &c->loops[l];
		loop->latches = ARENA_ARRAY(keep, ir_block, c->npreds[loop->head]);
		for (uint32_t i = 0; i < c->npreds[loop->head]; i++)
			if (cfg_in_loop(c, l, c->preds[loop->head][i]))
				loop->latches[loop->nlatches++] = c->preds[loop->head][i];
	}
}

void loops_build(struct cfg *c, struct arena *keep, struct arena *scratch, const struct graph *succs)
{
	struct forest f = forest_new(scratch, succs);
	forest_search(&f, scratch);
	forest_collapse(&f);
	forest_leaves(&f);
	order_blocks(c, &f, keep, scratch);
	loops_number(c, &f, keep);
	loops_exits(c, keep, succs);
	loops_latches(c, keep);
}
