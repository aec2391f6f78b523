/*
 * half.h - work of several steps that cancellation may cut in two: the steps, the places between them where
 * it may strike, and what the way out leaves behind. Private to solve.
 */
#ifndef CANCELINT_SOLVE_HALF_H
#define CANCELINT_SOLVE_HALF_H

#include "access.h"
#include "fate.h"
#include "told.h"

#define MAX_STREAMS 3 /* of one function, in which it moves on for its callers */

struct half_step { /* a call that moves on in a stream, by its role or in what it calls */
	ir_instr at;
	struct access stream;
	struct access place; /* of the variable that names it, if it is read from memory */
};
struct half_steps {
	VEC(struct half_step) all;
};
struct half_looker {
	const struct solution *s;
	void (*each)(void *ctx, const struct half_done *h);
	void *ctx;
	struct half_moves { /* per function: the streams of its parameters that it moves on in */
		bool known;
		uint32_t n;
		struct access streams[MAX_STREAMS];
	} *moves;
	struct told told;
};

/* half_steps.c */
void half_find_steps(struct half_looker *l, uint32_t func, struct half_steps *out);
/* The work can be cancelled in this call, or is asked there whether it was (`polls`). */
bool half_is_point(const struct solution *s, uint32_t func, ir_instr i, bool *polls);
bool half_same_stream(const struct access *a, const struct access *b);
/* Every way to `b` leads over `a`; `b` comes behind `a` without another turn of a loop. */
bool half_dominates(const struct solution *s, uint32_t func, ir_instr a, ir_instr b);
bool half_leads_to(const struct solution *s, uint32_t func, ir_instr a, ir_instr b);
/* Each turn of the loop goes on where the last one of this step stopped. */
bool half_accumulates(const struct solution *s, uint32_t func, ir_instr step, uint32_t loop);

/* half_exit.c: the code behind a point, as it runs when the work is cancelled there. */
struct half_exit {
	const struct half_steps *steps;
	struct access stream;
	ir_instr point;
	bool polls;
	bool file; /* closing it covers nothing */
	/* ---- found ---- */
	bool covered;    /* what was done is kept in sight, or nobody goes on with the stream */
	ir_instr leaves; /* a return; 0: none */
	ir_instr again;  /* the work is begun anew */
};
void half_walk(const struct solution *s, uint32_t func, struct half_exit *e);
/* The instruction keeps what was done where it is seen afterwards, or ends the stream. */
bool half_covers(const struct solution *s, uint32_t func, ir_instr i, const struct half_exit *e);

/* half_done.c */
/* The step before a point, and the one that is not made when it strikes there. */
bool half_pair(const struct solution *s, uint32_t func, const struct half_step *a, const struct half_exit *e,
               ir_instr *next);
/* Between the first step and the point something is kept, on some way. */
bool half_kept_before(const struct solution *s, uint32_t func, ir_instr first, const struct half_exit *e);
/* Cancellation is held back there; with `handlers`, or a clean-up handler is set up. */
bool half_is_guarded(const struct solution *s, uint32_t func, ir_instr point, bool handlers);

/* The files, and the threads that somebody cancels. */
void half_files(struct half_looker *l, uint32_t func);
void half_threads(struct half_looker *l, uint32_t entry);

#endif
