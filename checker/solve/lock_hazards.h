/*
 * lock_hazards.h - the parts of solve_under_lock().
 */
#ifndef CANCELINT_SOLVE_LOCK_HAZARDS_H
#define CANCELINT_SOLVE_LOCK_HAZARDS_H

#include "locks.h"

/* A thread that is cancelled leaves the lock behind. */
void lock_left(const struct solution *s, void (*each)(void *ctx, const struct under_lock *u), void *ctx);
/* A wait for something that only who takes the lock brings about. */
void lock_waits(const struct solution *s, void (*each)(void *ctx, const struct under_lock *u), void *ctx);

#endif
