/*
 * caught.h - exceptions that may mean "cancelled", and end in a handler. Private to solve.
 */
#ifndef CANCELINT_SOLVE_CAUGHT_H
#define CANCELINT_SOLVE_CAUGHT_H

#include "solve.h"

/* The next handler of w->func behind w->at (0: the first) that loses one. */
bool caught_next(const struct solution *s, struct swallowed *w);

#endif
