/* must_use.h - parameters that a function uses whatever it is given. Private to solve. */
#ifndef CANCELINT_SOLVE_MUST_USE_H
#define CANCELINT_SOLVE_MUST_USE_H

#include "solve.h"

/* Where the function reads or writes behind that parameter, on every way through it and without having asked
 * whether it is NULL; or calls what does, or what forbids NULL. 0: it does not. */
ir_instr must_use(const struct solution *s, uint32_t func, uint32_t param);
/* Likewise, where it reads a field there that says whether to stop: a token of the program's own. */
ir_instr must_use_flag(const struct solution *s, uint32_t func, uint32_t param);
/* Another unit says so of its function. */
bool must_use_far(const struct solution *s, uint32_t func, uint32_t param);

#endif
