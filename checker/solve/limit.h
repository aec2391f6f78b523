/*
 * limit.h - which limits handles have: calls that wait for another party and that nothing limits.
 */
#ifndef CANCELINT_SOLVE_LIMIT_H
#define CANCELINT_SOLVE_LIMIT_H

#include "solve.h"

enum limit_covers { LIMIT_CONNECT = 1, LIMIT_READ = 2, LIMIT_WRITE = 4, LIMIT_ALL = 7 };

/* limit_role.c: of one call. */
uint8_t limit_bits(const char *covers); /* enum limit_covers */
bool limit_is_infinite(const struct ir_func *f, const struct api_role *r, const struct ir_instruction *in);
/* A call to a service that is told to wait for ever, where it would not by itself. */
bool limit_waits_for_ever(const struct ir_func *f, const struct api_role *r, const struct ir_instruction *in);
/* A literal that holds the option's name sets it, unless to 0, which is none. */
bool limit_literal_sets(const struct ir_func *f, ir_val v, const char *option);

struct limits;
struct limits *limits_new(struct solution *s); /* NULL: no call of this unit is offered a limit */
/* Callees before callers: fills in what the summary says of limits. */
void limits_summarise(struct limits *l, uint32_t func);
/* When all functions are summarised: finds the calls, and frees `l`. */
void limits_judge(struct limits *l);

#endif
