/*
 * caught.h - exceptions that may mean "cancelled", and end in a handler. Private to solve.
 */
#ifndef CANCELINT_SOLVE_CAUGHT_H
#define CANCELINT_SOLVE_CAUGHT_H

#include "solve.h"

/* The next handler of w->func behind w->at (0: the first) that loses one. */
bool caught_next(const struct solution *s, struct swallowed *w);

/* caught_thrown.c: the handler takes exceptions of the class with that type information. */
bool caught_takes(const struct solution *s, const struct ir_handler *h, const char *info);
/* The function throws something that the handler takes, and none of those before it, where a call was
 * cancelled. `depth`: 0 */
bool caught_status(const struct solution *s, uint32_t callee, const struct ir_handler *h,
                   const struct ir_handler *const *before, uint32_t nbefore, unsigned depth);

#endif
