/* unending.h - what looks like a limit and is none. Private to solve. */
#ifndef CANCELINT_SOLVE_UNENDING_H
#define CANCELINT_SOLVE_UNENDING_H

#include "solve.h"

/* The token is a root, or made of one, and nobody but who waits with it could end it. */
bool unending_token(const struct solution *s, uint32_t func, ir_val v);
/* No token is at hand, and the call gets one that is never done. */
bool unending_wait(const struct solution *s, uint32_t func, const struct api_role *block,
                   const struct ir_instruction *in);
/* Likewise, through a function that does nothing with that argument but make such a call: that one's role, and
 * "load -> rpc_call". NULL: it is none. */
const struct api_role *unending_through(const struct solution *s, uint32_t func, ir_instr at, uint32_t arg,
                                        const char **chain);
/* The function calls the form of `called` with a limit elsewhere: which of the two, its caller or a setting says. */
bool unending_on_purpose(const struct solution *s, uint32_t func, uint32_t called, const char *limited_form);
/* A function that is asked whether to go on, and always says so. */
bool unending_callback(const struct solution *s, const struct ir_func *f, ir_val v);
/* The test is for a flag in an argument that is taken, as it is, from a record where no flags are kept. */
bool unending_flags(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                    const struct api_test *only);

#endif
