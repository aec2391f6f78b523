/*
 * locks.h - which locks are held at each point of a function, and which ones it takes. By plain code, without
 * paths: a lock is held where every way leads through taking it, and whether cancellation is held back or
 * covered where some way does.
 */
#ifndef CANCELINT_SOLVE_LOCKS_H
#define CANCELINT_SOLVE_LOCKS_H

#include "access.h"

#define MAX_LOCKS 48 /* of one function, with the clean-up handlers */
#define MAX_TAKES 16
#define MAX_NET 6
#define MAX_LOCK_EFFECTS (MAX_TAKES + MAX_NET)
#define MAX_AWAITS 8
/* TAKES, AWAITS: how the lock is taken; of AWAITS also the kind of the wait */
enum { HOW_KIND = 7, HOW_SHARED = 1 << 3, HOW_RECURSIVE = 1 << 4, HOW_WAITS = 1 << 5 };

/* A lock that the function takes somewhere, on its own thread; in its terms. */
struct lock_take {
	struct access lock;
	ir_instr at;
	uint32_t via; /* the callee that takes it; 0: the call at `at` does */
	bool shared, recursive;
	bool waits;  /* it is taken again after a wait that has given it back: who calls holds it */
	bool others; /* a virtual function of another object takes it, whose own it is */
};
struct lock_change { /* what is different once it returns */
	struct access lock;
	bool taken; /* else given back */
	bool shared, recursive;
	enum api_cond when; /* on what the function returns: it only tried */
};
struct lock_facts {
	struct lock_res {
		struct access lock;
		ir_instr at; /* where it is taken first */
		bool shared, recursive;
		bool waits;   /* it is only taken by waits that have given it back before */
		bool handler; /* a clean-up handler that gives locks back */
	} * all;
	uint32_t n;
	struct lock_flow {
		uint64_t held;  /* on every way */
		uint64_t again; /* given back and taken again in between, on some way */
		uint64_t open;  /* handlers, on some way */
		bool masked;    /* cancellation is held back, on some way */
		bool reached;
	} * in; /* per block, at its start */
	struct lock_take takes[MAX_TAKES];
	uint32_t ntakes;
	struct lock_change net[MAX_NET];
	uint32_t nnet;
	bool gives_back; /* a lock, somewhere */
	bool lost;       /* there was no room for all of it */
};

/* Computes the facts of one function; its callees come first. */
void locks_find(struct solution *s, uint32_t func);
/* Once more, where callees could not come first: virtual functions. */
void locks_find_again(struct solution *s);
/* Every call that can be reached, and what is held before it does anything. */
void locks_walk(const struct solution *s, uint32_t func,
                void (*each)(void *ctx, ir_instr call, const struct lock_flow *at), void *ctx);
/* Of the locks held at a call those that the callee gives back, and takes again before it returns. */
uint64_t locks_given_meanwhile(const struct solution *s, uint32_t func, ir_instr call, uint64_t held);
/* What a virtual function takes that is called there is the lock of its own object, and that is another one than the
 * caller's: what is wrapped, or one of several children. */
bool locks_of_another(const struct solution *s, uint32_t func, ir_instr call, const struct lock_take *t);
/* What to say where a function has more locks than are kept account of, else NULL. */
const char *locks_limit(const struct solution *s, uint32_t func);
/* The locks that a function takes, of another unit, too; `at` is 0 then. Room for MAX_TAKES. */
uint32_t locks_taken(const struct solution *s, uint32_t func, struct lock_take *out);
bool locks_give_back(const struct solution *s, uint32_t func); /* it may give a lock back */
/* Adds what callers have to know to the summary under way. */
uint32_t locks_effects(const struct solution *s, uint32_t func, struct effect *out, uint32_t room);

#endif
