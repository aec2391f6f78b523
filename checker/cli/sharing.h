/*
 * sharing.h - which units of a run share precompiled headers, and when: some are parsed first to learn what they include, then some
 * try what was precompiled, then all others use it.
 */
#ifndef CANCELINT_CLI_SHARING_H
#define CANCELINT_CLI_SHARING_H

#include "check.h"

struct sharing;

/* Of these units, which are about to be parsed, in this order. */
struct sharing *sharing_new(struct analysis *a, const uint32_t *units, uint32_t n);
/* The units to be parsed before anything is precompiled; `order` has room for all. */
void sharing_first(struct sharing *s, uint32_t *order, uint32_t *n);
/* False when no worker could be started. */
bool sharing_precompile(struct sharing *s);
/* Is more to be tried: because most of those that did so did not share, for what only others include, or because something is missing
 * that would let others share? */
bool sharing_again(struct sharing *s);
/* Those to be parsed before all others. */
void sharing_trials(struct sharing *s, uint32_t *order, uint32_t *n);
/* Completes the request of a unit. */
void sharing_request(const struct sharing *s, uint32_t unit, json_t *request);
/* A unit was parsed. NULL is accepted. */
void sharing_took(struct sharing *s, uint32_t unit, const json_t *reply);
/* The worker of a unit that was asked to share ended. Where most are so, or did not share, the others are not asked. */
void sharing_died(struct sharing *s, uint32_t unit, const char *how);
void sharing_free(struct sharing *s); /* NULL is accepted */

#endif
