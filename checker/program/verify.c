/* Checks what the header promises; linear, but for loop exits. */
#include "graph.h"
#include "mem.h"

#define CHECK(cond, text)                                                                                    \
	do {                                                                                                 \
		if (!(cond))                                                                                 \
			return (text);                                                                       \
	} while (0)

static const char *verify_order(const struct cfg *c)
{
	CHECK(c->nrpo && c->rpo[0] == 1, "the order does not begin with the entry");
	for (uint32_t i = 0; i < c->nrpo; i++)
		CHECK(c->rpo[i] < c->func->nblocks && c->rpo_index[c->rpo[i]] == i,
		      "the order and its index disagree");
	for (ir_block b = 1; b < c->func->nblocks; b++) {
		CHECK(c->rpo_index[b] == UINT32_MAX || c->rpo_index[b] < c->nrpo,
		      "a block's index is out of range");
		for (uint32_t i = 0; i < c->npreds[b]; i++)
			CHECK(cfg_reachable(c, b) || !cfg_reachable(c, c->preds[b][i]),
			      "a reachable block is not in the order");
	}
	return NULL;
}

/* An edge that does not go forward leads to the head of a loop that holds both ends. */
static const char *verify_back_edge(const struct cfg *c, ir_block from, ir_block to)
{
	uint32_t l = c->loop_of[to];
	CHECK(l && cfg_in_loop(c, l, from), "an edge goes back outside any loop");
	CHECK(c->loops[l].head == to || c->loops[l].depth == CFG_MAX_LOOP_DEPTH,
	      "an edge goes back beside a head");
	CHECK(c->loops[l].irreducible || cfg_dominates(c, to, from),
	      "an edge goes back in an irreducible loop");
	return NULL;
}

static const char *verify_dominators(const struct cfg *c)
{
	for (uint32_t i = 0; i < c->nrpo; i++) {
		ir_block b = c->rpo[i], d = cfg_idom(c, b), pd = cfg_ipdom(c, b);
		CHECK(i ? d && c->rpo_index[d] < i : !d, "an immediate dominator is not in front");
		CHECK(!d || cfg_dominates(c, d, b), "an immediate dominator does not dominate");
		CHECK(!pd || cfg_postdominates(c, pd, b),
		      "an immediate post-dominator does not post-dominate");
		for (uint32_t n = 0; n < c->npreds[b]; n++) {
			ir_block p = c->preds[b][n];
			if (!cfg_reachable(c, p))
				continue;
			CHECK(b == 1 || cfg_dominates(c, d, p),
			      "a predecessor escapes an immediate dominator");
			const char *wrong = c->rpo_index[p] >= i ? verify_back_edge(c, p, b) : NULL;
			CHECK(!wrong, wrong);
		}
	}
	return NULL;
}

static const char *verify_entries(const struct cfg *c, uint32_t n)
{
	const struct cfg_loop *l = &c->loops[n];
	for (uint32_t i = 1; !l->irreducible && i < l->nblocks; i++) {
		ir_block b = l->blocks[i];
		for (uint32_t k = 0; k < c->npreds[b]; k++)
			CHECK(!cfg_reachable(c, c->preds[b][k]) || cfg_in_loop(c, n, c->preds[b][k]),
			      "a loop is entered beside its head");
	}
	return NULL;
}

static const char *verify_loops(const struct cfg *c)
{
	CHECK(c->nloops, "the table of loops lacks its first entry");
	for (uint32_t i = 1; i < c->nloops; i++) {
		const struct cfg_loop *l = &c->loops[i];
		CHECK(l->nblocks && l->blocks[0] == l->head && c->loop_of[l->head] == i,
		      "a loop lacks its head");
		CHECK(l->parent < i && l->depth == (l->parent ? c->loops[l->parent].depth + 1 : 1),
		      "a loop's depth is wrong");
		CHECK(!l->parent || (cfg_in_loop(c, l->parent, l->head) &&
		                     cfg_in_loop(c, l->parent, l->blocks[l->nblocks - 1])),
		      "a loop is not inside its parent");
		CHECK(l->nlatches, "a loop has no edge back");
		for (uint32_t k = 0; k < l->nexits; k++)
			CHECK(cfg_in_loop(c, i, l->exits[k].from) && !cfg_in_loop(c, i, l->exits[k].to),
			      "an exit does not leave");
		const char *wrong = l->depth < 8 ? verify_entries(c, i) : NULL;
		CHECK(!wrong, wrong);
	}
	for (uint32_t i = 0; i < c->nrpo; i++)
		CHECK(!c->loop_of[c->rpo[i]] || cfg_in_loop(c, c->loop_of[c->rpo[i]], c->rpo[i]),
		      "a block is not in its loop");
	return NULL;
}

static const char *verify_cfg(const struct cfg *c)
{
	const char *wrong = verify_order(c);
	if (!wrong)
		wrong = verify_loops(c);
	return wrong ? wrong : verify_dominators(c);
}

static const char *verify_edge(const struct program *p, const struct call_edge *e)
{
	const struct ir_unit *u = p->unit;
	CHECK(e->caller < u->nfuncs && p->cfgs[e->caller], "a call comes from a function without a body");
	CHECK(e->callee && e->callee < u->nfuncs, "a call goes nowhere");
	CHECK(e->site < u->funcs[e->caller].ninstrs && ir_is_call(&u->funcs[e->caller].instrs[e->site]),
	      "a call's place is not a call");
	CHECK(e->data_arg <= ir_nargs(&u->funcs[e->caller].instrs[e->site]),
	      "a call's data is no argument of it");
	CHECK(e->kind >= CALL_VIRTUAL || p->scc[e->callee] <= p->scc[e->caller],
	      "components are not numbered bottom-up");
	CHECK(!p->relevant[e->callee] || p->relevant[e->caller], "a caller of something relevant is not");
	return NULL;
}

static const char *verify_calls(const struct program *p)
{
	uint32_t n = p->unit->nfuncs;
	CHECK(p->edges_of[n] == p->nedges && p->in_edges_of[n] == p->nedges, "the calls are not all indexed");
	for (uint32_t f = 0; f < n; f++) {
		for (uint32_t i = p->edges_of[f]; i < p->edges_of[f + 1]; i++)
			CHECK(p->edges[i].caller == f, "a call is filed under another function");
		for (uint32_t i = p->in_edges_of[f]; i < p->in_edges_of[f + 1]; i++)
			CHECK(p->edges[p->in_edges[i]].callee == f, "a call is filed under another callee");
	}
	for (uint32_t i = 0; i < p->nedges; i++) {
		const struct call_edge *e = &p->edges[i];
		CHECK(!i || e[-1].caller < e->caller || (e[-1].caller == e->caller && e[-1].site < e->site) ||
		              (e[-1].site == e->site && e[-1].callee <= e->callee),
		      "the calls are not sorted");
		const char *wrong = verify_edge(p, e);
		CHECK(!wrong, wrong);
	}
	for (uint32_t i = 0; i < p->nbottom_up; i++)
		CHECK(p->cfgs[p->bottom_up[i]] &&
		              (!i || p->scc[p->bottom_up[i - 1]] <= p->scc[p->bottom_up[i]]),
		      "the order of functions is not bottom-up");
	return NULL;
}

const char *program_verify(const struct program *p)
{
	uint32_t bodies = 0;
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		const char *wrong = p->cfgs[f] ? verify_cfg(p->cfgs[f]) : NULL;
		CHECK(!wrong, wrong);
		bodies += p->cfgs[f] != NULL;
	}
	CHECK(bodies == p->nbottom_up, "a function is missing from the order");
	return verify_calls(p);
}
