/* must_use.h - parameters that a function uses whatever it is given. Private to solve. */
#ifndef CANCELINT_SOLVE_MUST_USE_H
#define CANCELINT_SOLVE_MUST_USE_H

#include "solve.h"

/* Where the function reads or writes behind that parameter, on every way through it and without having asked
 * whether it is NULL; or calls what does, or what forbids NULL. 0: it does not. */
ir_instr must_use(const struct solution *s, uint32_t func, uint32_t param);
/* The parameter points to a record that says whether to stop: a token of the program's own. */
bool must_use_own_token(const struct solution *s, uint32_t func, uint32_t param);

#endif
