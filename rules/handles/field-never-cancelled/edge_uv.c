// flags: %uv_flags
/* field-never-cancelled: libuv handles inside structs. */
#include <stdlib.h>
#include <uv.h>

struct conn {
	uv_tcp_t tcp;
	uv_timer_t timer;
	int n;
};

static void conn_closed(uv_handle_t *handle)
{
	struct conn *c = handle->data;
	free(c);
}

int conn_open(uv_loop_t *loop, struct conn *c)
{
	c->tcp.data = c;
	if (uv_tcp_init(loop, &c->tcp))
		return -1;
	return uv_timer_init(loop, &c->timer);
}

void conn_close_bad(struct conn *c) // want: timer
{
	uv_close((uv_handle_t *)&c->tcp, conn_closed);
}

struct good {
	uv_tcp_t tcp;
	uv_timer_t timer;
	int open;
};

static void good_closed(uv_handle_t *handle)
{
	struct good *g = handle->data;
	if (--g->open == 0)
		free(g);
}

int good_open(uv_loop_t *loop, struct good *g)
{
	if (uv_tcp_init(loop, &g->tcp))
		return -1;
	return uv_timer_init(loop, &g->timer);
}

void good_close_ok(struct good *g)
{
	uv_close((uv_handle_t *)&g->tcp, good_closed);
	uv_close((uv_handle_t *)&g->timer, good_closed);
}
