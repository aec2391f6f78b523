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

/* ---- a close callback ends what its handle lies in; the handle is closed by another name ---- */

struct peer {
	uv_connect_t request;
	uv_tcp_t tcp;
};

static void peer_closed_ok(uv_handle_t *handle)
{
	struct peer *p = handle->data;
	free(p);
}

static void peer_connected(uv_connect_t *request, int status)
{
	(void)status;
	uv_close((uv_handle_t *)request->handle, peer_closed_ok);
}

int peer_open(uv_loop_t *loop, const struct sockaddr *to)
{
	struct peer *p = malloc(sizeof *p);
	if (!p)
		return -1;
	if (uv_tcp_init(loop, &p->tcp)) {
		free(p);
		return -1;
	}
	p->tcp.data = p;
	return uv_tcp_connect(&p->request, &p->tcp, to, peer_connected);
}
