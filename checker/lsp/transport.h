/*
 * transport.h - messages as bytes: Content-Length, an empty line, and so many bytes. Nothing here waits.
 */
#ifndef CANCELINT_LSP_TRANSPORT_H
#define CANCELINT_LSP_TRANSPORT_H

#include "str.h"

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>

#define TRANSPORT_MAX ((size_t)128 << 20)     /* of one message */
#define TRANSPORT_MAX_OUT ((size_t)256 << 20) /* that a client leaves unread */

struct transport {
	int from, to;
	struct str in, out;
	size_t in_at, out_at;
	int flags;   /* of `to`, as they were */
	bool ended;  /* the client is gone, or does not read what it is sent */
	bool broken; /* what it sends is no message: nothing behind can be found */
	char problem[120];
};

void transport_open(struct transport *t, int from, int to);
void transport_close(struct transport *t);
enum { TRANSPORT_FDS = 2 };
void transport_poll(const struct transport *t, struct pollfd fds[TRANSPORT_FDS]);
void transport_serve(struct transport *t, const struct pollfd fds[TRANSPORT_FDS]);
/* The next message that is there as a whole, valid until the next call. */
bool transport_next(struct transport *t, const char **body, size_t *len);
void transport_send(struct transport *t, const json_t *message);
/* Gives the client `ms` to take what is on its way. */
void transport_finish(struct transport *t, int ms);

#endif
