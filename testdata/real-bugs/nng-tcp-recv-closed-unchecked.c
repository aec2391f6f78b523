/* The receive callback starts the next receive although the pipe was closed: its flag is not asked. */
#include "../../integrations/include/cancelint.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct aio aio;
struct pipe {
	aio *rx;
	bool closed;
	int got;
};

CANCELINT_ROLE(spawn, entry=arg1, data=arg2, runs=pool)
int aio_begin(aio *a, void (*done)(void *), void *data);
CANCELINT_ROLE(cancel, handle=arg0)
void aio_close(aio *a);
int aio_result(aio *a);

static void recv_bad(void *data)
{
	struct pipe *p = data;
	if (aio_result(p->rx) != 0)
		return;
	p->got++;
	aio_begin(p->rx, recv_bad, p); // want stale-owner-after-cancel: closed
}

static void recv_ok(void *data)
{
	struct pipe *p = data;
	if (p->closed || aio_result(p->rx) != 0)
		return;
	p->got++;
	aio_begin(p->rx, recv_ok, p);
}

void pipe_recv(struct pipe *p)
{
	if (!p->closed)
		aio_begin(p->rx, recv_ok, p);
}

int pipe_start(struct pipe *a, struct pipe *b)
{
	return aio_begin(a->rx, recv_bad, a) || aio_begin(b->rx, recv_ok, b);
}

void pipe_close(struct pipe *p)
{
	p->closed = true;
	aio_close(p->rx);
}
