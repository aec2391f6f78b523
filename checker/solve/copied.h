/*
 * copied.h - the parts of solve_copied().
 */
#ifndef CANCELINT_SOLVE_COPIED_H
#define CANCELINT_SOLVE_COPIED_H

#include "solve.h"

struct copies {
	const struct solution *s;
	void (*each)(void *ctx, const struct copied_state *k);
	void *ctx;
};
struct registration;

/* Loops that only look at a copy of a flag. */
void copied_flags(const struct copies *c, uint32_t func);
/* copied_capture.c: flags that a lambda has by value, while another one writes the original. */
void copied_capture(const struct copies *c, uint32_t func);
/* Every turn of the loop comes by there: what is asked there does not depend on what else was found. */
bool copied_each_turn(const struct cfg *cfg, const struct cfg_loop *l, ir_block b);
/* An address is that of a flag which others write to end a loop: fills in which, and who does. */
bool copied_from_flag(const struct solution *s, uint32_t func, ir_val at, struct copied_state *k);
/* Loops over a parameter, which is a copy of such a flag. */
void copied_given(const struct copies *c, uint32_t func);
/* Objects that a thread is started with by value. */
void copied_into_thread(const struct copies *c, const struct registration *r);
/* An argument that the callee, or what is started, takes by value as that parameter. */
bool copied_argument(const struct copies *c, uint32_t func, ir_instr call, ir_val arg, uint32_t callee,
                     uint32_t param);
/* copied_own.c: the copy is compared with the original later. */
bool copied_is_snapshot(const struct solution *s, const struct copied_state *k, ir_val to, ir_val from);
/* The copy's own state is written where the copy is kept. */
bool copied_is_told(const struct solution *s, const struct copied_state *k, ir_val to,
                    const struct ir_field *field);
/* A volatile number that is neither a flag nor a counter. */
bool copied_is_value(const struct solution *s, const struct ir_field *field);
/* The loop makes no more turns than a constant says. */
bool copied_loop_is_short(const struct solution *s, uint32_t func, uint32_t loop);

#endif
