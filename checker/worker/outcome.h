/*
 * outcome.h - what the end of a worker says about its unit, and what limits it has.
 */
#ifndef CANCELINT_WORKER_OUTCOME_H
#define CANCELINT_WORKER_OUTCOME_H

#include "child.h"
#include "worker.h"

enum unit_outcome outcome_of(const struct child_end *end, const char *tail);
/* Has a process with so much address space grown too large for the next unit? */
bool outcome_has_grown(const struct pool_options *o, long address_kb);
/* Fills in what is 0. */
void pool_defaults(struct pool_options *o);

#endif
