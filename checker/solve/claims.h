/*
 * claims.h - operations in a place, of which whoever takes them out completes them. Private to solve.
 */
#ifndef CANCELINT_SOLVE_CLAIMS_H
#define CANCELINT_SOLVE_CLAIMS_H

#include "solve.h"

void claims_each(const struct solution *s, uint32_t func, void (*each)(void *, const struct rivals *), void *ctx);

#endif
