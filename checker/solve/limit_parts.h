/*
 * limit_parts.h - what limit.c knows of handles: classes of values that are the same one, and the places that
 * they lie in. Private to both files.
 */
#ifndef CANCELINT_SOLVE_LIMIT_PARTS_H
#define CANCELINT_SOLVE_LIMIT_PARTS_H

#include "limit.h"

#include "map.h"
#include "mem.h"

struct handle { /* what is known of a class */
	bool made, unknown, returned;
	bool in_place;    /* it lies in a field or static variable */
	bool told;        /* a call that waits on it was reported */
	uint8_t covers;   /* enum limit_covers */
	uint8_t before;   /* what it covered before it was made as new again */
	uint32_t renewed; /* when that was, in the order of the walk; 0: never */
	uint64_t params;  /* it may be these */
	ir_instr by;      /* the call that made it */
	uint32_t escapes; /* when it first got out of sight, in the order of the walk; 0: never */
};
struct wait { /* a call that is offered a limit */
	ir_instr at;
	const struct api_role *role;
	uint32_t node, when;
	uint32_t also; /* another handle whose limit would do; 0: none */
	const char *offer, *chain;
	uint32_t arg; /* without an offer: the one that is the token */
	bool listed;  /* its options are a list, and none of them is the limit */
	uint8_t needs;
	bool second; /* says what else has to be set by then */
	bool later;  /* it does not wait here: its answer may never come */
};
struct place_use {
	uint32_t place, node; /* in limits.places */
};
struct func_limits {
	uint32_t *up;         /* per value, and behind them per value again: what lies in that variable */
	struct handle *known; /* per node; counts at roots */
	VEC(struct place_use) places;
	struct wait *waits;
	uint32_t nwaits, waits_cap, nnodes, cap;
};
struct limits {
	struct solution *s;
	struct func_limits *funcs;
	struct intmap keys;  /* of places */
	struct intmap local; /* per place, of the function at work: its node */
	VEC(struct handle) places;
};
struct walk {
	struct limits *l;
	struct func_limits *g;
	const struct ir_func *f;
	uint32_t func, now;
};

/* The class of a node. */
uint32_t limit_find(struct func_limits *g, uint32_t n);
struct handle *limit_of(struct walk *w, uint32_t node);
void limit_join(struct func_limits *g, uint32_t a, uint32_t b); /* 0 is no node */
/* Adds to `to` what is known of `h`. True: that was something new. */
bool limit_absorb(struct handle *to, const struct handle *h);

enum { PLACE_FIELD, PLACE_IN_FIELD, PLACE_GLOBAL, PLACE_IN_GLOBAL };
uint64_t limit_place_key(unsigned kind, uint32_t of, int64_t offset);
uint32_t limit_place_node(struct walk *w, uint64_t key);
/* The node of what lies at an address; 0: it could be anything. */
uint32_t limit_content(struct walk *w, ir_val address);
/* The node of a value; 0: a constant, which is no handle. */
uint32_t limit_node(struct walk *w, ir_val val);

/* limit_request.c: of what is started and answered later. */
/* The callee gets it as something that it must not change. */
bool limit_is_const(const struct solution *s, uint32_t callee, uint32_t arg);
/* What a new handle is made of, if that is one of its kind; 0: of something else. */
ir_val limit_made_of(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     uint32_t arg);
/* What the call has started may be told to stop after some time: somebody in the unit sets a timer, or ends
 * operations of that library, or something unknown is done to this one. */
bool limit_may_end(const struct solution *s, uint32_t func, ir_instr call);

#endif
