/*
 * propagate.h - tokens that a function has at hand, and calls that get another one or none.
 */
#ifndef CANCELINT_SOLVE_PROPAGATE_H
#define CANCELINT_SOLVE_PROPAGATE_H

#include "call.h"

/* Which tokens the function has at hand, if it makes a call that might have needed one; before the first
 * call. */
void propagate_start(struct sim *m);
void propagate_call(struct sim *m, struct state *s, const struct call *c);

/* Is the function worth simulating for its tokens? */
bool propagate_may_matter(const struct solution *s, uint32_t func);
/* Fills in what the function's summary says of cancellable calls that it gives no token. */
void propagate_summarise(struct solution *s, uint32_t func);
void propagate_summarise_cycle(struct solution *s, const uint32_t *funcs, uint32_t n);

/* Clean-up: such a call, code behind an exit label, or that runs only after a stop was asked for; a function
 * that cleans up, by its name or by what it handles. */
bool propagate_cleans_up(const struct solution *s, uint32_t func, ir_instr i, uint32_t callee);
bool propagate_is_cleanup(const struct solution *s, uint32_t func);
bool propagate_behind_exit_label(const struct solution *s, uint32_t func, ir_instr i);
/* The model of the function says that this argument is a token, and must not be NULL. */
bool propagate_forbids_null(const struct solution *s, uint32_t callee, uint32_t arg);

/* begun.c: it attaches a handler to the token: that ends what is started here in its own way. */
bool propagate_has_handler(const struct sim *m, const struct token_info *t);
/* The function handles a signal for an object, and has no token but in that, for other work perhaps. */
bool propagate_of_handler(const struct sim *m);
/* It is started, and nobody is told how it ends: `x_call(proxy, token, NULL, NULL)`; and the tokens at hand
 * lie in objects. */
bool propagate_nobody_waits(const struct sim *m, const struct call *c);
/* The operations that it is the callback of are all started without a token. */
bool propagate_begun_without(const struct sim *m);

/* queued_token.c: at a call that wakes a thread, an object of the function's own is in a list of others, with
 * a root. */
void queued_root(struct sim *m, struct state *s, const struct call *c);
ir_instr propagate_root(const struct sim *m, struct sval v); /* the call that made it; 0: it is none */
void propagate_tell_queued(struct sim *m, struct state *s, const struct call *c, ir_instr root);

#endif
