/* put_back.h - what is in static storage for a while only. Private to solve. */
#ifndef CANCELINT_SOLVE_PUT_BACK_H
#define CANCELINT_SOLVE_PUT_BACK_H

#include "solve.h"

/* The function keeps in an object what was in the storage before, and another one puts it back from there; or
 * it is that other one. */
bool put_back_later(const struct solution *s, const struct incident *in);

/* All that the function does with the parameter is to put it into static storage: NULL takes out what is there. */
bool put_back_only_puts(const struct solution *s, uint32_t func, uint32_t param);

#endif
