/* after_stop.h - code that runs only once somebody was asked to stop. Private to solve. */
#ifndef CANCELINT_SOLVE_AFTER_STOP_H
#define CANCELINT_SOLVE_AFTER_STOP_H

#include "solve.h"

/* Every way to the instruction leads through an answer that says so, through the end of a wait for the signal to
 * stop, or through clean-up; in the function, or in all that call it. */
bool after_stop(const struct solution *s, uint32_t func, ir_instr i);

#endif
