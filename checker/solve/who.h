/*
 * who.h - who runs where: each call of the unit that has code run elsewhere, and what starts and ends it.
 */
#ifndef CANCELINT_SOLVE_WHO_H
#define CANCELINT_SOLVE_WHO_H

#include "place.h"

#define MAX_FROM 4
#define MAX_HANDLES 12

struct registration {  /* of one entry, by a role spawn or connect */
	uint32_t func; /* where */
	ir_instr at;
	const struct api_func *model;
	const struct api_role *role;
	uint32_t entry;                          /* in ir_unit.funcs; may be without a body */
	uint32_t data_arg;                       /* 1 + the argument that is its data; 0: not known */
	struct handle_place handle[MAX_HANDLES]; /* spawn: what stands for it, and where that is moved to;
	                                            connect: its id */
	uint32_t nhandle;
	struct handle_place
	        from[MAX_FROM]; /* connect: what it is attached to, as this function or its callers say */
	uint32_t nfrom;
};
struct registrations {
	const struct registration *all;
	uint32_t n;
};
struct registrations who_registered(const struct solution *s); /* computed when first asked for */

/* Where the value is kept; of a parameter, where what the callers give it is. Returns the number, at most
 * `max`. */
uint32_t who_places(const struct solution *s, uint32_t func, ir_val v, struct handle_place *out,
                    uint32_t max);

/* May the callee come to `at` when it is called there? Not where a branch on a parameter leads elsewhere, and
 * the call gives it a constant. */
bool who_possible(const struct solution *s, uint32_t caller, ir_instr call, uint32_t callee, ir_instr at);

/* What `func` runs on its own thread, calls and tables and what is run at once: calls `each` with every
 * function that is reached, itself first, until it returns true. `from`: the edge that led there, 0 for
 * `func`. */
struct reached {
	uint32_t func;
	uint32_t before; /* index of the caller's entry among the reached ones */
	ir_instr site;   /* in the caller */
};
struct reach {
	struct reached *all;
	uint32_t n;
};
struct reach who_reaches(const struct solution *s, uint32_t func);
/* "on_cancel -> abort_call": the way to the one at that index. */
/* May the one at that index come to an instruction, called as it is? */
bool who_comes_to(const struct solution *s, const struct reach *r, uint32_t index, ir_instr at);
/* Some call in what is reached has such a role. */
bool who_reach_has(const struct solution *s, const struct reach *r, enum api_role_kind kind);
const char *who_chain(const struct solution *s, const struct reach *r, uint32_t index);
/* The same, where the way goes on in another unit: `chain` begins with the one at that index. */
const char *who_chain_on(const struct solution *s, const struct reach *r, uint32_t index, const char *chain);

#endif
