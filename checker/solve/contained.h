/*
 * contained.h - where objects lie that are reached by pointers which are kept elsewhere: elements of a
 * container, what a smart pointer owns. The container stands for all of them. Private to solve.
 */
#ifndef CANCELINT_SOLVE_CONTAINED_H
#define CANCELINT_SOLVE_CONTAINED_H

#include "place.h"

#define MAX_CONTAINERS 8

struct containers {
	struct handle_place at[MAX_CONTAINERS]; /* equal to no place of an object itself */
	uint32_t n;
	uint32_t param; /* 1 + the parameter that they are reached from; 0: none */
};
/* What the object at an address lies in. */
struct containers contained_in(const struct solution *s, uint32_t func, ir_val at);
/* The same, and what it is moved into from there. */
struct containers contained_later(const struct solution *s, uint32_t func, ir_val at);
/* Is a place that something lies in what is kept in `container`, a field or static storage? */
bool contained_is(const struct handle_place *in, const struct handle_place *container);
/* A loop that every way from the start to `at` comes by joins what lies in the same container. */
bool contained_joined(const struct solution *s, uint32_t func, ir_instr start, ir_val handle, ir_instr at);

/* The call that joins, in any function, what lies in a container where the handle goes, too; 0: there is none. */
ir_instr contained_joined_elsewhere(const struct solution *s, uint32_t func, ir_val handle, uint32_t *where);

#endif
