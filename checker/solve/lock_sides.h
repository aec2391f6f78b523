/*
 * lock_sides.h - what calls wait for, or run: the code on the other side. What a function waits for is a list
 * that its callers inherit.
 */
#ifndef CANCELINT_SOLVE_LOCK_SIDES_H
#define CANCELINT_SOLVE_LOCK_SIDES_H

#include "locks.h"
#include "who.h"

#define MAX_WAITS 12

struct wait_item {
	enum lock_hazard kind;
	ir_instr at;   /* in the function */
	uint32_t func; /* where the call that waits is, */
	ir_instr call;
	const struct registration *reg; /* NULL: it is called through a table */
	uint32_t entry;
	struct access subject; /* what it is done to, in terms of the function */
	const char *
	        far; /* the entry is one of another unit, called so, which takes this lock; NULL: it is not */
	struct access lock;
	bool lock_shared;
};
struct wait_list {
	struct wait_item all[MAX_WAITS];
	uint32_t n;
};

/* Adds what a call waits for, and what functions of this unit and of others wait for that it calls. */
void lock_sides_at(const struct solution *s, uint32_t func, ir_instr call, struct wait_list *l);
/* What a function waits for; NULL: nothing that is known. */
const struct wait_list *lock_sides(const struct solution *s, uint32_t func);
/* A lock that the other side takes, in terms of the function that registers it, where its data is known
 * there.
 */
struct access lock_seen_from(const struct solution *s, const struct wait_item *w, const struct access *lock,
                             bool *one_frame, uint32_t func);
/* lock_quiet.c: a function that is called through a pointer, and about whose locks nothing is said. */
bool lock_quiet(const struct solution *s, uint32_t func, ir_instr call, uint32_t entry);
/* lock_moved.c: what is joined there is a variable whose thread was moved elsewhere before. */
bool lock_moved(const struct solution *s, uint32_t func, ir_instr join, ir_val of);
/* Adds what callers have to know to the summary under way: locks that the other sides take. */
uint32_t lock_sides_effects(const struct solution *s, uint32_t func, struct effect *out, uint32_t room);

#endif
