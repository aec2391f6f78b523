/*
 * signals.h - what a unit does with signals and stop flags, found once: handlers, and waits for an event in
 * loops that ask a flag. Private to solve.
 */
#ifndef CANCELINT_SOLVE_SIGNALS_H
#define CANCELINT_SOLVE_SIGNALS_H

#include "flag.h"

enum { SIGNAL_FLAGS = 16 };
enum signal_leaves { LEAVES_ANY, LEAVES_ZERO, LEAVES_NONZERO };

struct signal_handler {
	uint32_t func;
	bool restarts;                   /* what it interrupts goes on afterwards */
	struct flag flags[SIGNAL_FLAGS]; /* in static storage, which it sets, and does nothing else */
	enum signal_leaves leaves[SIGNAL_FLAGS]; /* what they are then */
	uint32_t nflags;
};
struct flag_wait { /* the loop around the wait asks this plain memory */
	struct flag flag;
	struct field_site at;
};
struct signal_table {
	const struct signal_handler *handlers;
	uint32_t nhandlers;
	const struct flag_wait *waits; /* in the order of functions */
	uint32_t nwaits;
};
const struct signal_table *signals_of(const struct solution *s); /* computed when first asked for */
bool signals_handles(const struct solution *s, uint32_t func);
/* A wait for an event that somebody tells: it gets the event and the lock. `b` may be NULL. */
bool signals_waits_for_event(const struct block_site *b, const struct ir_func *f);

#endif
