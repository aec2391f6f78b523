/*
 * limit.h - which limits handles have: calls that wait for another party and that nothing limits.
 */
#ifndef CANCELINT_SOLVE_LIMIT_H
#define CANCELINT_SOLVE_LIMIT_H

#include "solve.h"

enum limit_covers { LIMIT_CONNECT = 1, LIMIT_READ = 2, LIMIT_WRITE = 4, LIMIT_ALL = 7 };

struct limits;
struct limits *limits_new(struct solution *s); /* NULL: no call of this unit is offered a limit */
/* Callees before callers: fills in what the summary says of limits. */
void limits_summarise(struct limits *l, uint32_t func);
/* When all functions are summarised: finds the calls, and frees `l`. */
void limits_judge(struct limits *l);

#endif
