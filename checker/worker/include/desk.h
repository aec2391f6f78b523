/*
 * desk.h - one worker for a caller that has a loop of its own: it is asked one thing at a time, and the
 * question can be taken back at any moment. Nothing here waits, but for a killed process to be gone.
 */
#ifndef CANCELINT_DESK_H
#define CANCELINT_DESK_H

#include "worker.h"

#include <poll.h>

struct desk;

enum { DESK_FDS = 3 };

/* What `o` points to must outlive the desk; `jobs` means nothing. The worker is started by desk_warm() or
 * with the first question. */
struct desk *desk_new(const struct pool_options *o);
void desk_free(struct desk *d); /* NULL is accepted; kills the worker */

/* Starts the worker, so that it is ready when it is asked. */
void desk_warm(struct desk *d);
/* The desk must not be busy. The request is borrowed until it is answered or taken back. */
void desk_ask(struct desk *d, json_t *request);
/* Takes back what was asked: its worker is killed, and another one started. */
void desk_drop(struct desk *d);
const struct pool_options *desk_limits(const struct desk *d); /* those that hold, defaults filled in */

void desk_poll(const struct desk *d, struct pollfd fds[DESK_FDS]);
int desk_wait_ms(const struct desk *d); /* how long poll may wait; -1: for ever */
/* After each poll, whatever it said. True: what was asked is done, and `r` says how; `r->reply` is then the
 * caller's, the texts are valid until the next call. A worker that cannot be started gives UNIT_CRASHED with
 * the reason in stderr_tail. */
bool desk_serve(struct desk *d, const struct pollfd fds[DESK_FDS], struct pool_reply *r);

#endif
