/* put_back.h - what is in static storage for a while only. Private to solve. */
#ifndef CANCELINT_SOLVE_PUT_BACK_H
#define CANCELINT_SOLVE_PUT_BACK_H

#include "solve.h"

/* The function keeps in an object what was in the storage before, and another one puts it back from there; or
 * it is that other one. */
bool put_back_later(const struct solution *s, const struct incident *in);

#endif
