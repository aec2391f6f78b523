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
	WANTS_ITEM,  /* a queue, a descriptor, a counter: one has to be put in */
	WANTS_FLAG,  /* memory, looked at around a wait for a condition */
	WANTS_TAKER, /* a queue that may be full: something has to be taken out */
	WANTS_CLOSE, /* a queue: it has to be closed */
};
/* What a wait without a limit waits for. */
struct wanted {
	enum wanted_kind kind;
	struct access on;   /* in terms of the function that waits */
	struct access also; /* another name that the same thing has there, or its other end; NOWHERE: none is known */
};
/* The next instruction behind `i` that puts what a call has just made into the place; 0: no more. */
ir_instr peer_next_store(const struct solution *s, uint32_t func, const struct access *on, ir_instr i);
/* What the function made and put into the place: the value goes on being a name of it. */
struct access peer_alias(const struct solution *s, uint32_t func, const struct access *on);
/* What a role's path names; what was loaded from a field is named by that. */
struct access peer_access(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                          const struct api_path *path);
/* Names what lies at an address by the field that it is; false: it is none. */
bool peer_name(const struct ir_func *f, ir_val address, struct access *a);
/* The call of the function that made the pipe which an access is an end of; 0: none. */
ir_instr peer_pipe(const struct solution *s, uint32_t func, const struct access *on);
bool peer_waits(const struct solution *s, uint32_t func, ir_instr i, struct wanted *out);
/* The flags that the loop around a wait for a condition looks at; 0: none, or it looks at something else, too. */
#define MOST_PREDICATES 3
uint32_t peer_predicates(const struct solution *s, uint32_t func, ir_instr wait, struct access out[MOST_PREDICATES]);

/* `a`, as a callee sees it whose parameter `param` gets the value; false: it is not reached from that. */
bool peer_inside(const struct solution *s, uint32_t func, ir_val arg, uint32_t param, const struct access *a,
                 struct access *out);

/* Does an instruction end the wait for what is wanted there, or a callee? PERHAPS: nobody knows. */
enum peer_gives { GIVES_NOT, GIVES_PERHAPS, GIVES_IT };
enum peer_gives peer_gives_at(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w);

/* What a call that waits for one of several returns when it is not this queue's turn; false: it does not wait
 * for the queue. */
bool peer_selects(const struct solution *s, uint32_t func, ir_instr i, const struct wanted *w,
                  int64_t *other);
/* Waits for the end of the thread. */
bool peer_joins(const struct solution *s, const struct peer *p, uint32_t func, ir_instr i);

/* The shortest way between two instructions on which nothing gives, or only so often. */
struct peer_way {
	ir_block *blocks; /* first to last */
	uint32_t n;
	ir_instr last; /* what leads to the way out */
};
struct peer_search {
	uint32_t func;
	ir_instr from, to; /* from 0: the entry; to 0: a way out that does not hand on what is wanted */
	bool or_join;      /* to 0: a wait for the end of `started` will do as well */
	bool or_back;      /* to 0: nor one that returns what is wanted, or what that lies in */
	unsigned allowed;  /* so often it may be given */
	struct wanted wanted;
	const struct peer *started; /* the start at `from` has succeeded; NULL: it is none */
};
bool peer_way(const struct solution *s, const struct peer_search *q, struct peer_way *way);
void peer_way_release(struct peer_way *way);

/* peer_doubt.c: reasons to be silent. */
/* The conditions of the way exclude each other, or what holds where `from` is reached. */
bool peer_way_impossible(const struct solution *s, uint32_t func, ir_instr from, const struct peer_way *way);
/* The starter's way is decided by something that the thread gets, too; not counting what is asked in `loop`.
 */
bool peer_way_shares(const struct solution *s, const struct peer *p, const struct peer_way *way,
                     uint32_t loop);
/* Somebody else had it before the start, and may give it at any time. */
bool peer_others_have(const struct solution *s, const struct peer *p, const struct wanted *w);
/* Functions that neither the thread nor its starter runs give it, too. */
bool peer_given_elsewhere(const struct solution *s, const struct peer *p, const struct wanted *w);

#endif
