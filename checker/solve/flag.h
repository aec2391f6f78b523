/*
 * flag.h - places that several functions look at: static storage, or a field of any object of a record.
 * Private to solve.
 */
#ifndef CANCELINT_SOLVE_FLAG_H
#define CANCELINT_SOLVE_FLAG_H

#include "solve.h"

struct flag {
	uint32_t global, record;
	int64_t offset;
	bool local; /* in a local variable of the function that was looked at */
};
/* The outermost record that an address leads into. */
bool flag_at(const struct ir_func *f, ir_val at, struct flag *flag);
/* A name that says that something is to end. */
bool flag_says_stop(const char *name);
bool flag_goes_on(const char *name); /* or that something is to go on */
bool flag_same(const struct flag *a, const struct flag *b);

#endif
