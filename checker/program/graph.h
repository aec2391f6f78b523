/*
 * graph.h - what the files of this folder share: plain graphs in compressed rows, and the steps of building a
 * cfg. Everything "scratch" is released when the program is built.
 */
#ifndef CANCELINT_PROGRAM_GRAPH_H
#define CANCELINT_PROGRAM_GRAPH_H

#include "arena.h"
#include "program.h"

/* The successors of node n are to[first[n]] .. to[first[n + 1]). */
struct graph {
	uint32_t n; /* nodes are 0 .. n-1 */
	uint32_t *first;
	uint32_t *to;
};
struct graph_edge {
	uint32_t from, to;
};
/* Keeps the order of the edges of each node. */
struct graph graph_make(struct arena *a, uint32_t n, const struct graph_edge *edges, uint32_t nedges);
struct graph graph_reverse(struct arena *a, const struct graph *g);

/* Blocks and their edges, each once; `keep` outlives `scratch`. Block 0 has none. */
struct cfg *cfg_build(struct arena *keep, struct arena *scratch, const struct ir_func *f);

/* Sets rpo, rpo_index, loops, loop_of. `succs` may have unreachable blocks; preds are set. */
void loops_build(struct cfg *c, struct arena *keep, struct arena *scratch, const struct graph *succs);
/* Edges between blocks, each once. */
struct graph cfg_edges(struct arena *a, const struct ir_func *f);
/* Sets idom and dom_span, or ipdom and pdom_span. */
void dom_find(struct cfg *c);
void dom_find_post(struct cfg *c);

/* ---- the unit: the steps of program_build, in this order ---- */

void program_describe(struct program *p, const bool *told);
/* shapes.c: what a function does that no model has, by the types of its parameters; NULL: they say nothing. */
const struct api_func *shape_of(struct arena *keep, const struct apimodel *api, const struct ir_func *f);
void program_list_calls(struct program *p); /* calls, and of which kinds they are */
void program_connect(struct program *p, struct arena *scratch);    /* edges */
void program_components(struct program *p, struct arena *scratch); /* scc, bottom_up */
void program_gate(struct program *p, const bool *told, struct arena *scratch);       /* relevant */

/* ---- function pointers ---- */

enum { MAX_TARGETS = 16 };
struct targets {
	uint32_t funcs[MAX_TARGETS];
	uint32_t n;
	bool unknown; /* may be something else as well, or more than fit */
};
void targets_add(struct targets *t, uint32_t func);

/* Which functions are stored where, over the whole unit. */
struct pointers;
struct pointers *pointers_collect(struct arena *scratch, const struct program *p);
void pointers_release(struct pointers *ptrs);
/* What the value may be when it is called. */
void pointers_resolve(const struct pointers *ptrs, const struct ir_func *f, ir_val v, struct targets *out);
/* What a field of the record that `v` points to may hold; `record` 0: unknown. */
/* The functions a local variable holds whose address is v: false when it is no such address, or holds none. */
bool pointers_held(const struct pointers *ptrs, const struct ir_func *f, ir_val v, struct targets *out);
void pointers_field(const struct pointers *ptrs, const struct ir_func *f, ir_val v, uint32_t record,
                    const char *field, struct targets *out);

#endif
