/*
 * peer.h - a thread and the function that starts it: what one of them waits for, and what the other does
 * about it. Private to solve.
 */
#ifndef CANCELINT_SOLVE_PEER_H
#define CANCELINT_SOLVE_PEER_H

#include "access.h"
#include "solve.h"

/* A call that starts a function of the unit on a thread of its own, with data. */
struct peer {
	uint32_t starter, worker; /* in ir_unit.funcs */
	ir_instr spawn;
	const struct api_role *role;
	ir_val data;    /* in the starter */
	uint32_t param; /* of the worker, that gets it */
};
void peer_each(const struct solution *s, void (*each)(void *ctx, const struct peer *p), void *ctx);

enum wanted_kind {
	WANTS_ITEM, /* a queue, a descriptor, a counter: one has to be put in */
	WANTS_FLAG, /* memory, looked at around a wait for a condition */
};
/* What a wait without a limit waits for. */
struct wanted {
	enum wanted_kind kind;
	struct access on; /* in terms of the function that waits */
};
bool peer_waits(const struct solution *s, uint32_t func, ir_instr i, struct wanted *out);

/* `a`, as a callee sees it whose parameter `param` gets the value; false: it is not reached from that. */
bool peer_inside(const struct solution *s, uint32_t func, ir_val arg, uint32_t param, const struct access *a,
                 struct access *out);

/* Does an instruction end the wait for what is wanted there, or a callee? PERHAPS: nobody knows. */
enum peer_gives { GIVES_NOT, GIVES_PERHAPS, GIVES_IT };
enum peer_gives peer_gives_at(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w);

/* The block after block on the shortest way between two instructions on which nothing gives. False: there is
 * none. `to` 0: to a way out; `*last` is then the last jump before it. Edges where `skips` says so are not
 * taken. */
struct peer_way {
	ir_block *blocks; /* first to last */
	uint32_t n;
	ir_instr last;
};
struct peer_search {
	uint32_t func;
	ir_instr from, to; /* from 0: the entry */
	struct wanted wanted;
	const struct peer *started; /* the start at `from` has succeeded; NULL: it is none */
};
bool peer_way(const struct solution *s, const struct peer_search *q, struct peer_way *way);
void peer_way_release(struct peer_way *way);

#endif
