/*
 * wire.h - a worker process with what is on its way to and from it. Nothing here waits.
 */
#ifndef CANCELINT_WORKER_WIRE_H
#define CANCELINT_WORKER_WIRE_H

#include "child.h"
#include "str.h"
#include "tail.h"

#include <jansson.h>
#include <poll.h>

struct wire {
	struct child child;
	struct str out, in;
	size_t out_at;
	struct tail tail; /* of its stderr */
};

enum { WIRE_ERRORS, WIRE_FROM, WIRE_TO, WIRE_FDS }; /* places in what wire_poll() fills */

/* 0, or an errno. */
int wire_start(struct wire *w, const char *path, const char *const *args, unsigned memory_mb);
void wire_poll(const struct wire *w, bool on, struct pollfd fds[WIRE_FDS]);
/* Forgets what is left of the exchange before, and starts to send. False: the request is too large. */
bool wire_send(struct wire *w, const json_t *request);
void wire_flush(struct wire *w);
void wire_drain_errors(struct wire *w);

enum wire_got { WIRE_NOTHING, WIRE_REPLY, WIRE_GONE, WIRE_NONSENSE };
/* One frame is in flight, so more than one is nonsense. WIRE_REPLY: *j is the caller's, NULL if it was no
 * JSON. */
enum wire_got wire_read(struct wire *w, json_t **j);
/* Kills the process, unless it is dead, and waits for it. */
struct child_end wire_end(struct wire *w);
void wire_release(struct wire *w); /* the buffers alone */

#endif
