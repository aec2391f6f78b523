/*
 * stop_case.h - what the case of a stop event does before its `break`. Private to solve.
 */
#ifndef CANCELINT_SOLVE_STOP_CASE_H
#define CANCELINT_SOLVE_STOP_CASE_H

#include "scan.h"

/* Is what `cond`, the condition of a way out of a loop, asks for - a flag, a token - brought about in one of
 * `blocks`, or may it be in unknown code that gets the object it lies in? */
bool stop_case_answers(const struct solution *s, uint32_t func, const bool *blocks, ir_val cond);
/* Does one of `blocks` write to memory, or call code that does something to an object, which was there before
 * `loop`? */
bool stop_case_acts_on(const struct solution *s, uint32_t func, const bool *blocks, uint32_t loop);
/* Of two labels: their words are the same but for the last, which begins something in `other` that the one of
 * `label` stops. */
bool stop_case_is_end_of(const char *label, const char *other);

#endif
