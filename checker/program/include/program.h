/*
 * program.h - the shape of a unit's code: control-flow graphs, dominators, loops, and the call graph with its callback
 * edges. Built once per unit, immutable afterwards, one direction: ir + apimodel in, tables out.
 */
#ifndef CANCELINT_PROGRAM_H
#define CANCELINT_PROGRAM_H

#include "apimodel.h"
#include "ir.h"

struct arena;
struct intmap;

/* ---- one function ---- */

struct cfg_loop {
	ir_block head;
	uint32_t parent;    /* index in cfg.loops of the innermost loop around it; 0: none */
	uint32_t depth;     /* 1 for an outermost loop */
	ir_block *blocks;   /* members, inner loops included, in reverse post-order, head first: a slice of cfg.rpo */
	uint32_t nblocks;
	ir_block *latches;  /* members with an edge back to the head */
	uint32_t nlatches;
	struct cfg_exit { ir_block from, to; } *exits; /* edges that leave the loop */
	uint32_t nexits;
	bool irreducible;   /* entered elsewhere than at its head, or nested so deeply that inner loops were merged into it */
};
enum { CFG_MAX_LOOP_DEPTH = 100 }; /* loops nested deeper are merged into the one at this depth */

struct cfg {
	const struct ir_func *func;
	ir_block **preds;  /* per block, each predecessor once, unreachable ones too */
	uint32_t *npreds;
	ir_block *rpo;     /* reachable blocks in reverse post-order, each loop's members next to each other; rpo[0] is the entry */
	uint32_t nrpo;
	uint32_t *rpo_index; /* per block; UINT32_MAX: unreachable */
	struct cfg_loop *loops; /* [0] unused; outer loops before inner ones, in order of their heads in rpo */
	uint32_t nloops;     /* length of that table, [0] included: 1 without loops */
	uint32_t *loop_of;   /* innermost loop of each block; 0: none */
	/* Private: the dominator trees and their subtrees. Few functions are asked for them: NULL until then. */
	struct arena *arena;
	ir_block *idom, *ipdom;
	struct cfg_span { uint32_t first, end; } *dom_span, *pdom_span;
};

bool cfg_reachable(const struct cfg *c, ir_block b);
ir_block cfg_idom(const struct cfg *c, ir_block b);  /* immediate dominator; 0 for the entry and unreachable blocks */
ir_block cfg_ipdom(const struct cfg *c, ir_block b); /* immediate post-dominator; 0: none (leaves the function, or an endless loop is on the way) */
bool cfg_dominates(const struct cfg *c, ir_block a, ir_block b);     /* reflexive */
bool cfg_postdominates(const struct cfg *c, ir_block a, ir_block b); /* reflexive */
bool cfg_on_each_way(const struct cfg *c, ir_block b); /* whoever returns from the function has come by it */
bool cfg_in_loop(const struct cfg *c, uint32_t loop, ir_block b);
/* Is there a path of one edge or more from one block to another? (reflexive only through a cycle) */
bool cfg_can_reach(const struct cfg *c, ir_block from, ir_block to);

/* ---- the unit ---- */

enum call_kind { /* from VIRTUAL on, the caller may come before the callee in the order from the bottom up */
	CALL_DIRECT,
	CALL_TABLE,    /* through an operations table or function pointer with known targets */
	CALL_VIRTUAL,  /* of a class: the functions that are seen to be there. Other units may have more */
	CALL_CALLBACK, /* handed to an API that runs it: `runs` says where */
};
struct call_edge {
	uint32_t caller, callee; /* in ir_unit.funcs */
	ir_instr site;           /* in the caller */
	enum call_kind kind;
	enum api_runs runs;      /* CALL_CALLBACK */
	uint32_t data_arg;       /* CALL_CALLBACK: 1 + the argument of the site passed as the callee's data; 0 unknown */
};

struct call_site {
	ir_instr at;
	uint32_t callee; /* that it names: ir_callee(); 0: none */
};

struct program {
	struct arena *arena;
	const struct ir_unit *unit;
	const struct apimodel *api;
	struct cfg **cfgs;                  /* per function; NULL for declarations and skipped ones */
	const struct api_func **described;  /* per function: its model entry, or NULL */
	struct api_kinds kinds;             /* of the roles of all of them */
	struct call_site *calls;            /* of each function in the order of its code */
	uint32_t *calls_of;                 /* calls[calls_of[f] .. calls_of[f+1]) are those in f */
	struct api_kinds *called_kinds;     /* per function: of the roles of what those name */
	struct call_edge *edges;            /* sorted by caller, site, callee */
	uint32_t nedges;
	uint32_t *edges_of;                 /* edges[edges_of[f] .. edges_of[f+1]) are those of caller f */
	uint32_t *in_edges, *in_edges_of;   /* indices of edges by callee, likewise */
	uint32_t *scc;                      /* per function: the number of its strongly connected component over direct and
	                                       table edges; callees have smaller numbers than callers */
	uint32_t *bottom_up;                /* functions with a cfg, callees before callers; members of an SCC are adjacent */
	uint32_t nbottom_up;
	uint32_t *place_bottom_up;          /* per function with a cfg: where it stands there */
	bool *relevant;                     /* per function: it, or something it calls, references a described name (P2) */
	bool any_relevant;
	uint32_t *token_param;              /* per function: 1 + the first parameter of a token's type; 0: none */
	struct intmap *tokens;              /* private: see program_is_token() */
};

/* `told`: per function of the unit, does another unit say what it does, in a way that matters? NULL: none does. */
struct program *program_build(const struct ir_unit *u, const struct apimodel *api, const bool *told);
void program_free(struct program *p); /* NULL is accepted */

/* Is it a token's type, as apimodel_is_token_type() says? `ctype` is a text of the unit: one answer for each. */
bool program_is_token(const struct program *p, const char *ctype);
/* Has a function that the unit mentions such a role? */
static inline bool program_has(const struct program *p, enum api_role_kind kind)
{
	return api_kinds_have(&p->kinds, kind);
}
/* Has a function that this one calls by its name such a role? */
static inline bool program_calls(const struct program *p, uint32_t func, enum api_role_kind kind)
{
	return api_kinds_have(&p->called_kinds[func], kind);
}
/* for (PROGRAM_EACH_CALL(p, func, c)) ...: `c` is a const struct call_site *. */
#define PROGRAM_EACH_CALL(p, func, c)                                                                        \
	const struct call_site *c = (p)->calls + (p)->calls_of[func],                                        \
			       *const c##_end = (p)->calls + (p)->calls_of[(func) + 1];                      \
	c < c##_end;                                                                                         \
	c++

/* ---- dumps: stable text for FileCheck, Graphviz for people; names only, no addresses. `func` NULL: all. ---- */
void program_dump_cfg(const struct program *p, const char *func, bool dot, FILE *to);
void program_dump_calls(const struct program *p, const char *func, bool dot, FILE *to); /* func: what it reaches */
const char *program_verify(const struct program *p); /* NULL, or what is wrong */

#endif
