/*
 * call.h - one call under simulation, and what the paths of its model entry name there. Shared by the files
 * that apply roles.
 */
#ifndef CANCELINT_SOLVE_CALL_H
#define CANCELINT_SOLVE_CALL_H

#include "sim.h"

struct call {
	ir_instr i;
	const struct ir_instruction *in;
	uint32_t callee;
	struct sval result;
};

struct sval call_base(struct sim *m, struct state *s, const struct call *c, const struct api_path *p);
/* The address a dereferencing path names; SV_NONE when it cannot be told. */
struct sval call_address(struct sim *m, struct state *s, const struct call *c, const struct api_path *p);
struct sval call_value(struct sim *m, struct state *s, const struct call *c, const struct api_path *p);
/* Puts a new handle into memory. */
void call_makes_at(struct sim *m, struct state *s, const struct call *c, struct sval at, uint8_t slot,
                   enum api_cond when, const char *family, const struct api_func *model, uint32_t size);
/* Does the role's `unless` hold? */
enum tri call_excused(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);
bool call_tested(const struct sim *m, const struct call *c); /* somebody asks what it returned */
bool call_returned(const struct sim *m, const struct call *c); /* ... or callers may */
/* A condition on the result that a path can be split by. */
bool call_splits(enum api_cond when);
/* Splits the path by what the call returned: `s` goes on where the condition holds, a copy where it does not.
 * `modelled`: a described function that says zero for success is taken to say a negative number for failure.
 * False: the condition cannot hold. */
bool call_split(struct sim *m, struct state *s, const struct call *c, enum api_cond when, bool modelled);

/* ignored.c: the entry of a spawn, when its body is known; NULL otherwise */
const struct summary *call_known_entry(struct sim *m, struct sval entry);
/* It does something with the data, or (`behind`) with what lies at `offset` behind it. */
bool call_entry_concerns(const struct sim *m, struct sval entry, const struct summary *sum, bool behind, int64_t offset);
/* ... with any of its parameters. */
bool call_entry_ends(const struct summary *sum);
/* Of what is owed it neither ends nor keeps any: neither the data itself nor a handle in its memory. */
bool call_entry_ignores(struct sim *m, struct state *s, struct sval v, struct sval entry);

/* error_out.c: where the call puts an error, if there is none yet; SV_NONE. Behind the call: false: the path
 * ends. */
struct sval error_out_before(struct sim *m, struct state *s, const struct call *c);
bool error_out_is(const struct sim *m, const struct call *c, uint32_t arg); /* it is the place for an error */
bool error_out_after(struct sim *m, struct state *s, const struct call *c, struct sval at);

/* given.c: the data of the call's callback goes away with a function that ends it; a reference to a value is
 * taken, or one is ended */
/* `v`, the argument `arg`, is the data of code that is seen, and only what that writes in it is forgotten. */
bool given_to_seen(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                   uint32_t arg, struct sval v);
void given_away(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);
void given_referenced(struct state *s, struct sval v);
/* A task was started with `data`; the call returned `result`, and when that satisfies the condition the task
 * has it. */
void given_to_task(struct state *s, struct sval data, struct sval result, enum api_cond when);
/* timer.c: a call that may arm a timer whose handle was there before */
void timer_called(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
void given_back(struct state *s); /* what tasks have: they were waited for */
void given_released(struct sim *m, struct state *s, struct sval v, ir_instr i);

/* moved.c: an argument is taken by `T &&`: what is in it may be moved elsewhere. Behind the call: it is. */
bool moved_from(const struct sim *m, const struct call *c, uint32_t arg);
void moved_by_call(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
void moved_operations(struct sim *m, struct state *s, const struct call *c);

/* answers.c: what a callee returns for the arguments it gets; false: it does not come back with these. */
/* own.c: the handle that the call makes, or is about to make, at that place of its model; SV_NONE. */
struct sval own_makes_there(struct sim *m, const struct call *c, const struct api_func *d,
                            const struct api_path *at);
/* An effect that a parameter decides on: was it had here? */
enum tri answers_done(struct sim *m, struct state *s, const struct call *c, const struct effect *e);
bool answers_assume(struct sim *m, struct state *s, struct call *c, const struct summary *sum);
/* call_summary.c: a callee with a body; false: it does not come back. */
bool call_summary(struct sim *m, struct state *s, struct call *c, const struct func_facts *facts);

/* container.c: `v` is put into the container `into`; what the call puts there, as its role says. */
void container_store(struct sim *m, struct state *s, const struct call *c, struct sval v, struct sval into);
void container_store_argument(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);

/* handed.c: what was owed is now what lies in memory, or what started code ends. */
void handed_before(struct sim *m, struct state *s, struct sval v, ir_instr i);
void handed_to_entry(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
/* call_failed.c: of a call that has no other outcome than a failure, that is known from now on; false: it does not
 * come back here. */
bool call_comes_back(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
/* call_check.c: what the call checks is so on this path, and is known from now on; false: it is not so. */
bool call_check_holds(struct sim *m, struct state *s, const struct call *c);

#endif
