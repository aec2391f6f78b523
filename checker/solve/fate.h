/*
 * fate.h - what becomes of an outcome that means "cancelled": the code behind it is walked as it runs then,
 * without regard to anything else, until somebody asks, hands the outcome on, or reports something.
 */
#ifndef CANCELINT_SOLVE_FATE_H
#define CANCELINT_SOLVE_FATE_H

#include "scan.h"

#include "map.h"
#include "mem.h"

enum fate_end {
	FATE_HANDLED,   /* every way asks, hands it on or reports a failure */
	FATE_UNSURE,    /* nothing says so, and nothing says that a success is reported */
	FATE_RETURNS,   /* the function just ends */
	FATE_GOES_ON,   /* other work is begun */
	FATE_RETRIES,   /* all that happens is that it is tried again */
	FATE_CONVERTED, /* another failure is reported, which does not say so */
	FATE_SUCCESS,   /* a success is reported */
};
struct fate_edge {
	ir_block from, to;
	bool cleared; /* the error is gone by now */
	/* The last merge of numbers that a switch asks, and which it was: where a clean-up goes on. */
	ir_val chosen;
	int64_t choice;
};
struct fate {
	const struct solution *s;
	uint32_t func;
	const struct ir_func *f;
	const struct cfg *cfg;
	const struct use_index *x;
	const struct ir_instruction *call; /* whose outcome it is; coming back to it is a new try */
	bool *result;                      /* per value: the outcome, or a copy of it */
	int64_t outcome;                   /* its value */
	ir_val code;                       /* negative, for the outcome is a failure; 0: none */
	bool positive;                     /* or positive */
	ir_val told_by;                    /* what is read behind it says so: it is not 0; 0: none */
	bool *error;                       /* per value: the error, or something made of it */
	ir_val error_at;                   /* the local variable that gets the error; 0: none */
	ir_val carrier;                    /* what holds the token that the call was given; 0: none */
	bool exception;                    /* the error is a caught exception, */
	ir_val caught;                     /* this one */
	bool knows;   /* questions whether it was cancelled are answered yes, and end nothing */
	bool ignored; /* nobody looks at the outcome */
	/* ---- found ---- */
	enum fate_end end;
	ir_instr at;                 /* where that shows */
	ir_instr went;               /* other work is begun here */
	ir_instr clears;             /* the error is thrown away here */
	bool again;                  /* some way comes back to the call, */
	bool forgotten;              /* with the error thrown away */
	bool handled;                /* some way asks or hands it on */
	bool asked;                  /* some way asks the token whether to go on */
	struct intmap seen, seen_so; /* edges; with what was chosen */
	struct intmap *unset;        /* fate_unset.c: what it has answered, by field */
	VEC(struct fate_edge) todo;
	VEC(ir_instr) rets;
};

/* Begins with the tables empty. */
void fate_init(struct fate *w, const struct solution *s, uint32_t func);
void fate_release(struct fate *w);
void fate_result(struct fate *w, ir_val v);          /* this value and its copies are the outcome */
bool fate_is_result(const struct fate *w, ir_val v); /* it is, or it is negated */
void fate_error(struct fate *w, ir_val v);           /* this value and what is made of it is the error */
/* The object whose field the token of the call is; who gets it, gets the token. */
void fate_carrier(struct fate *w);
/* Of a call with an out-parameter for its error: its result and that error, as they are after a failure. */
void fate_fetch(struct fate *w);
/* A condition that is decided by that. */
bool fate_is_boolean(const struct solution *s, const struct ir_func *f, ir_val v, const char *type);
bool fate_is_local(const struct ir_func *f, ir_val v); /* the address of a local variable */
/* A condition asks for the code or the domain of the error. `depth`: 0 */
bool fate_tests_error(const struct fate *w, ir_val v, unsigned depth);
bool fate_condition(const struct fate *w, ir_val cond, struct fate_edge e, int64_t *out);
/* Asks whether it was cancelled. */
bool fate_asks_cancelled(const struct fate *w, const struct ir_instruction *in);
/* The worst that may become of it when the code goes on behind instruction `from`. */
void fate_walk(struct fate *w, ir_instr from);

/* fate_unset.c: the value is read from a field that this function fills only where the call has succeeded. */
bool fate_unset(const struct fate *w, ir_val v);

/* fate_kept.c: the variable, or the merged value, is told of later on: what is put there is kept. */
bool fate_keeps(const struct fate *w, ir_val at);
bool fate_keeps_merged(const struct fate *w, ir_val merged);
/* The condition asks whether an error is kept so already; *if_set: its answer then. */
bool fate_asks_kept(const struct fate *w, ir_val cond, bool *if_set);

/* The store counts something, `job->failed++`, that is not counted in each case. */
bool fate_counts_one(const struct fate *w, const struct ir_instruction *store);

/* fate_says.c: what that return says. */
enum fate_end fate_says(const struct fate *w, const struct ir_instruction *ret);

/* Throws again what was caught, by itself or in a function that it calls. `depth`: 0 */
bool fate_rethrows(const struct solution *s, uint32_t callee, unsigned depth);
/* A type goes by a name that says cancelled, aborted or interrupted. */
bool fate_names_cancelled(const char *type);
/* Does the call give a live token to something that may honour it? Clean-up of the project's own does not
 * count. */
bool fate_gives_token(const struct solution *s, uint32_t func, const struct ir_instruction *in);
/* The out-parameter of a call for its error, counted from 1; 0: none. */
uint32_t fate_error_arg(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in);

#endif
