/*
 * copied.h - the parts of solve_copied().
 */
#ifndef CANCELINT_SOLVE_COPIED_H
#define CANCELINT_SOLVE_COPIED_H

#include "solve.h"

struct copies {
	const struct solution *s;
	void (*each)(void *ctx, const struct copied_state *k);
	void *ctx;
};
/* Loops that only look at a copy of a flag. */
void copied_flags(const struct copies *c, uint32_t func);

#endif
