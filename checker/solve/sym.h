/*
 * sym.h - symbolic values of one function. Symbols are structural and hash-consed: the same expression over
 * the same symbols is the same symbol, so two tests of an unchanged condition agree by construction.
 */
#ifndef CANCELINT_SOLVE_SYM_H
#define CANCELINT_SOLVE_SYM_H

#include "ir.h"
#include "map.h"
#include "mem.h"

typedef uint32_t sym; /* 0: none */

enum sv_kind { SV_NONE, SV_CONST, SV_SYM, SV_LOCAL, SV_GLOBAL, SV_FUNC, SV_STR };
/* CONST: off is the value, null is 0. SYM: the symbol plus off. LOCAL: the address of alloca `id` plus off.
 * GLOBAL: likewise of a global. FUNC: the function `id`. */
struct sval {
	uint8_t kind;
	uint32_t id;
	int64_t off;
};

enum sym_kind {
	SYM_PARAM,  /* a: the parameter */
	SYM_RESULT, /* a: the instruction, b: 0 this turn, 1 an earlier turn of a loop */
	SYM_OUT,    /* what call a wrote through its k-th create role: b = k * 2 + turn */
	SYM_MEM,    /* x: the address, a: the last instruction that may have changed it, 0 since entry */
	SYM_CMP,    /* a: predicate, x, y */
	SYM_BIN,    /* a: operation, x, y */
	SYM_ELEM,   /* x: an array's address, y: an index that is not constant, b: its stride */
	SYM_JOIN,   /* a: block, b: what was joined there, x: the static storage all of it is reached from */
};
struct symbol {
	uint8_t kind;
	bool pointer;  /* null or nonnull is all that matters */
	uint8_t depth; /* of the expression; set by sym_get() */
	uint32_t a, b;
	uint32_t met; /* by which walk over expressions it was met last */
	struct sval x, y;
};
struct symtab {
	VEC(struct symbol) items;
	struct sym_slot { /* open addressing */
		uint32_t hash;
		sym id; /* 0: free */
	} * slots;
	uint32_t nslots;
	sym last;       /* that was asked for */
	uint32_t *walk; /* the last one */
};
/* Generated code nests expressions without end. Who makes one asks before it goes deeper, and takes a fresh
 * symbol instead. */
#define SYM_MAX_DEPTH 48
bool sv_is_deep(const struct symtab *t, struct sval v);

sym sym_get(struct symtab *t, struct symbol s);
void symtab_release(struct symtab *t);

static inline struct sval sv_const(int64_t v)
{
	return (struct sval){SV_CONST, 0, v};
}
static inline struct sval sv_sym(sym s)
{
	return (struct sval){SV_SYM, s, 0};
}
static inline bool sv_eq(struct sval a, struct sval b)
{
	return !((uint32_t)(a.kind ^ b.kind) | (a.id ^ b.id)) && a.off == b.off;
}
static inline bool sv_is_const(struct sval v, int64_t c)
{
	return v.kind == SV_CONST && v.off == c;
}
/* Is it `-x`, as in `return -pthread_create(...)`? */
static inline bool sv_negated(const struct symtab *t, struct sval v, struct sval *x)
{
	const struct symbol *q = v.kind == SV_SYM && v.off == 0 ? &t->items.data[v.id] : NULL;
	if (!q || q->kind != SYM_BIN || q->a != IR_SUB || !sv_is_const(q->x, 0))
		return false;
	*x = q->y;
	return true;
}
/* Begins a walk over the symbols that values mention; sym_visit() is true the first time it gets a symbol
 * since then. */
void sym_begin_visits(const struct symtab *t);
bool sym_visit(const struct symtab *t, sym s);
static inline bool sym_visited(const struct symtab *t, sym s)
{
	return t->items.data[s].met == *t->walk;
}
void sym_visit_below(const struct symtab *t, sym s);
/* Visits all symbols that a value mentions. */
static inline void sym_visit_all(const struct symtab *t, struct sval v)
{
	if (v.kind == SV_SYM && !sym_visited(t, v.id))
		sym_visit_below(t, v.id);
}
/* Does `v` mention symbol `s`, itself or inside an expression or address? */
bool sv_mentions(const struct symtab *t, struct sval v, sym s);
/* The parameter at the root of an address or value; 0 none, else 1 + index. Counts dereferences into *depth
 * (may be NULL). */
uint32_t sv_root_param(const struct symtab *t, struct sval v, unsigned *depth);
/* The global at the root of an address or value, 0: none. */
uint32_t sv_root_global(const struct symtab *t, struct sval v, unsigned *depth);

#endif
