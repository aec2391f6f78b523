/*
 * state_vec.h - the vectors of a state: their memory is its stock's.
 */
#ifndef CANCELINT_SOLVE_STATE_VEC_H
#define CANCELINT_SOLVE_STATE_VEC_H

#include "stock.h"
#include "state.h"

/* The `len` elements in a block that has room for `need`; the old block goes back to the stock. */
void *state_vec_grow(struct stock *p, void *data, uint32_t *cap, uint32_t len, uint32_t need, size_t elem);

#define STATE_RESERVE(s, v, n)                                                                               \
	((n) > (s)->v.cap ? (void)((s)->v.data = state_vec_grow((s)->stock, (s)->v.data, &(s)->v.cap,        \
	                                                        (s)->v.len, (n), sizeof *(s)->v.data))       \
	                  : (void)0)
/* Opens a gap at index i: what lies there is not the new element's yet. */
#define STATE_INSERT(s, v, i)                                                                                \
	do {                                                                                                 \
		STATE_RESERVE(s, v, (s)->v.len + 1);                                                         \
		memmove((s)->v.data + (i) + 1, (s)->v.data + (i), ((s)->v.len - (i)) * sizeof *(s)->v.data); \
		(s)->v.len++;                                                                                \
	} while (0)
/* Memory is shared: a new block of cells, and a state that gives its own up. */
struct cell *state_new_mem(struct stock *p, uint32_t *room);
void state_leave_mem(struct state *s);

#define STATE_RELEASE(s, v) stock_give((s)->stock, (s)->v.data, (s)->v.cap * sizeof *(s)->v.data)

#endif
