/*
 * queue.h - queues made by a function, with both of their ends in sight: how often it and the threads it
 * started send and receive. A peer that waits for what can no longer come is an incident.
 *
 * A queue is an object of kind QUEUE, a claim. One that a parameter names is counted for the summary, in
 * status PARAM.
 */
#ifndef CANCELINT_SOLVE_QUEUE_H
#define CANCELINT_SOLVE_QUEUE_H

#include "call.h"

#define QUEUE_MANY 3 /* counts end here: so many, more, or in a loop */

void queue_made(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                const struct api_role *r, struct sval key);
/* The roles send, receive and close-queue. */
void queue_role(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                const struct api_role *r);
/* A described call: it may wait for one of several. */
void queue_called(struct sim *m, struct state *s, const struct call *c, const struct api_func *d);
/* Code with a known body is started with what lies behind the role's data. False: what it does there is not
 * known. */
bool queue_started(struct sim *m, struct state *s, const struct call *c, const struct api_role *r);
void queue_effect(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                  struct sval v);
/* Other code may have put another queue where one was. */
void queue_replaced(struct sim *m, struct state *s);
/* Other code got the queue: its ends are no longer in sight. */
void queue_published(struct sim *m, struct state *s, struct sval v);
void queue_exit(struct sim *m, struct state *s, ir_instr i);
/* The effects of a counted queue at an exit, at most three. */
uint32_t queue_effects_at_exit(struct sim *m, const struct obj *o, struct effect *out);

#endif
