/*
 * turn_walk.h - what a turn of a loop comes by, from one edge on. The number that the end of a scope is told,
 * so that it goes on where the scope was left for, is followed. Private to solve.
 */
#ifndef CANCELINT_SOLVE_TURN_WALK_H
#define CANCELINT_SOLVE_TURN_WALK_H

#include "scan.h"

#include "map.h"

struct turn {
	bool *blocks; /* of the loop: it comes there, */
	bool *exits;  /* and leaves by that one of the loop's */
	struct intmap seen;
};
/* From the edge `from` -> `to` on, until the next turn; not by way of `not_via`. Begin with *t at zeros; more
 * edges add to it. */
void turn_walk(struct turn *t, const struct cfg *cfg, uint32_t loop, ir_block from, ir_block to,
               ir_block not_via);
void turn_release(struct turn *t);

#endif
