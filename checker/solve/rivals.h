/*
 * rivals.h - the parts of solve_rivals().
 */
#ifndef CANCELINT_SOLVE_RIVALS_H
#define CANCELINT_SOLVE_RIVALS_H

#include "solve.h"

/* The call attaches something to a token. */
bool rivals_by_token(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     const struct api_role *r);
/* The function, or one that it calls, takes a registration back. */
bool rivals_take_back(const struct solution *s, uint32_t entry, unsigned depth);
/* The first call of a function that completes something. */
ir_instr rivals_ending_call(const struct solution *s, uint32_t func);

/* rivals_member.c */
void rivals_member(const struct solution *s, void (*each)(void *, const struct rivals *), void *ctx);

#endif
