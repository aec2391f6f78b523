/*
 * ended_state.h - joins of threads that have said before that they are as good as over. Private to solve.
 */
#ifndef CANCELINT_SOLVE_ENDED_STATE_H
#define CANCELINT_SOLVE_ENDED_STATE_H

#include "solve.h"

/* The join is only made where memory was asked into which the thread writes after it has taken the lock, at
 * `taken` in its entry, for the last time. */
bool ended_state_asked(const struct solution *s, uint32_t func, ir_instr join, uint32_t entry,
                       ir_instr taken);
/* The join is only made where a state is this very one; whose, and what that means, is not known. */
bool ended_state_told(const struct solution *s, uint32_t func, ir_instr join);

#endif
