/* maybe_null.h - values that may be NULL. Private to solve. */
#ifndef CANCELINT_SOLVE_MAYBE_NULL_H
#define CANCELINT_SOLVE_MAYBE_NULL_H

#include "solve.h"

/* It is NULL or compared, one of those that it is chosen from is, or the place that it is read from is cleared. */
bool maybe_null(const struct solution *s, const struct ir_func *f, ir_val v);

#endif
