/*
 * twins.h - sources that are compiled more than once with the same meaning, for a shared and a static library, say: one of them is parsed,
 * and what the worker says of it stands for the others.
 */
#ifndef CANCELINT_CLI_TWINS_H
#define CANCELINT_CLI_TWINS_H

#include "check.h"

struct twins;

/* Of these units, which are about to be parsed. Leaves in `units` those that are not left to a twin, in the same order. */
struct twins *twins_new(struct analysis *a, uint32_t *units, uint32_t *n);
/* Completes the request of a unit. */
void twins_request(const struct twins *t, uint32_t unit, json_t *request);
/* A unit was parsed, and its reply not yet looked at: twins that mean the same get it, too. NULL is accepted. */
void twins_took(struct twins *t, uint32_t unit, json_t *reply);
/* Those that were left to a twin and mean something else, or may do so. */
void twins_rest(const struct twins *t, uint32_t *units, uint32_t *n);
void twins_free(struct twins *t); /* NULL is accepted */

#endif
