/*
 * ways.h - ways through the code of a function, its conditions aside. Private to solve.
 */
#ifndef CANCELINT_SOLVE_WAYS_H
#define CANCELINT_SOLVE_WAYS_H

#include "solve.h"

/* Is there a way from behind `from` (0: the entry) to `to` that comes by none of `barred`? */
bool ways_around(const struct solution *s, uint32_t func, ir_instr from, ir_instr to, const ir_instr *barred,
                 uint32_t n);

#endif
