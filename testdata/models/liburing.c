// pkg-config: liburing
// flags: -D_GNU_SOURCE
// models: ctx
/* The handles and waits of liburing, as rules/models/liburing describes them. */
#include "ctx.h"

#include <liburing.h>

void work(long what);

int ring_bad(unsigned entries, int fd)
{
	struct io_uring ring;
	if (io_uring_queue_init(entries, &ring, 0) < 0) // want missing-cancel: io_uring_queue_init
		return -1;
	if (io_uring_register_eventfd(&ring, fd) < 0)
		return -1;
	io_uring_queue_exit(&ring);
	return 0;
}

int ring_ok(unsigned entries, int fd)
{
	struct io_uring ring;
	if (io_uring_queue_init(entries, &ring, 0) < 0)
		return -1;
	int rc = io_uring_register_eventfd(&ring, fd);
	io_uring_queue_exit(&ring);
	return rc;
}

int wait_bad(ctx *c, struct io_uring *ring)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;)
		work(io_uring_submit_and_wait(ring, 1)); // want blocking-select-no-exit: io_uring_submit_and_wait
}

int wait_ok(ctx *c, struct io_uring *ring)
{
	while (!ctx_is_done(c))
		work(io_uring_submit_and_wait(ring, 1));
	return CTX_ECANCELED;
}
