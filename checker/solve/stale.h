/*
 * stale.h - what a callback does when its operation was cancelled. Private to solve.
 */
#ifndef CANCELINT_SOLVE_STALE_H
#define CANCELINT_SOLVE_STALE_H

#include "fields.h"

/* Fills in use, kind, fetch, asked. `data`: the callback's data; unless it is `held`, it may be dead.
 * `start`: how the callback is told of the outcome when it does not fetch it; may be NULL. */
bool stale_walk(struct fields *x, uint32_t entry, ir_val data, bool held, const struct api_role *start,
                struct stale_use *out);

/* stale_request.c: a call that starts a request which refers to its owner, whose end cancels it. */
bool stale_request(struct fields *x, uint32_t func, ir_instr i, struct stale_use *out);

/* A call that completes a task with a fresh pointer and with nothing that frees it when the task was
 * cancelled. */
bool stale_loses_result(struct fields *x, uint32_t func, ir_instr i, struct stale_use *out);

#endif
