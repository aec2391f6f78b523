/*
 * deadline.h - times: what an expression says of one, and the calls that read it.
 */
#ifndef CANCELINT_SOLVE_DEADLINE_H
#define CANCELINT_SOLVE_DEADLINE_H

#include "call.h"

enum time_part {                      /* what an expression is made of */
	         TIME_POINT = 1 << 0, /* a point in time: the clock's, or one made from it */
	         TIME_SPAN = 1 << 1,  /* a duration, by its name */
	         TIME_LEFT = 1 << 2,  /* a point less the time it is now */
	         TIME_OTHER = 1 << 3, /* we cannot tell */
	         TIME_SUM = 1 << 4,   /* a point that something was added to */
};
struct time_value {
	unsigned parts;   /* enum time_part; 0: a constant */
	int64_t unit;     /* nanoseconds that a 1 stands for; 0 unknown */
	const char *name; /* of what told the unit, or that it is a duration; "" if nothing did */
	const char *odd;  /* of what was added to a time of another unit; NULL: nothing was */
	bool bare;        /* by a unit alone: `usec` */
	bool plain;       /* by a word alone that says no unit: `timeout` */
	bool product;     /* made by a multiplication or division that told the unit */
	bool opaque; /* what an unknown function returned was added: a point in time, perhaps */
};
#define NS_PER_S 1000000000

/* What a name says of a time. */
struct time_value time_of_name(const char *name);
/* By the names and the clock calls that the expression is made of. */
struct time_value time_read(const struct solution *s, uint32_t func, ir_val v);
/* Does the unit ask a clock, or call somebody who does? If not, no function returns what comes from one. */
bool time_has_clock(const struct solution *s);
/* Is the returned value a point in time that the function made from the clock, or what is left until one? */
void time_summarise(struct solution *s, uint32_t func);

/* One argument of a call that is a time. */
struct time_arg {
	const struct api_role *role;
	const struct api_path *path;
	const char *unit;
	int64_t ns; /* nanoseconds that a 1 stands for; 0: a structure */
};
/* The n-th one of a described function; false: there is none, or its unit is not known. *n goes on behind it.
 */
bool time_next_arg(const struct api_func *d, uint32_t *n, struct time_arg *out);

/* deadline_param.c: what reads a parameter of a function of the program, which hands it on as it is. */
bool time_param(const struct solution *s, uint32_t func, uint32_t param, struct time_arg *out);
bool time_may_read(const struct solution *s, uint32_t func, uint32_t param); /* as one: its type would do */

/* deadline_fill.c: a helper fills in the structure in the local variable, right before the call `before`. `limit`: parts of
 * a second that are one. */
struct time_fill {
	unsigned seconds; /* enum time_part: what it puts there; 0: nothing, or a constant */
	bool uncarried;   /* it adds to the fraction, and carries nothing */
};
bool time_filled(const struct solution *s, uint32_t func, ir_val local, ir_instr before, int64_t limit,
                 struct time_fill *out);
/* deadline.c: the most that an expression of remainders and constants can be; the function asks for that number. */
int64_t time_most(const struct ir_func *f, ir_val v);
bool time_mentions(const struct ir_func *f, int64_t limit);

/* The role holds for this value of an argument: its `only`. */
bool time_applies(struct sim *m, struct state *s, const struct call *c, const struct api_test *only);
int64_t time_unit_ns(const char *unit); /* 0: a structure, or not known */

/* deadline_scope.c: the parameter that gives a limit which the call, or with `each_try` the loop around it, never looks
 * at; 0: none. The same for a token that was made with a limit. */
ir_val time_ignored_limit(const struct solution *s, uint32_t func, ir_instr call, bool each_try);
ir_val time_ignored_token(const struct solution *s, uint32_t func, ir_instr call);

/* nested.c: limits that are later than those around them. */
void nested_summarise(struct solution *s, uint32_t func);
void nested_call(struct sim *m, struct state *s, const struct call *c);
void nested_leave(struct sim *m); /* after the last path: the child that the caller gets */
bool nested_may_matter(const struct solution *s, uint32_t callee);

bool deadline_may_matter(const struct solution *s, uint32_t func);
void deadline_call(struct sim *m, struct state *s, const struct call *c); /* before it is applied */

#endif
