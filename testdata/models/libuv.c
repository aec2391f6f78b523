// pkg-config: libuv
// models: ctx
/* The handles and waits of libuv, as rules/models/libuv describes them. */
#include "ctx.h"

#include <uv.h>

void work(long what);

/* ---- handles ---- */

int timer_bad(uv_loop_t *loop, int n)
{
	uv_timer_t timer;
	if (uv_timer_init(loop, &timer) < 0) // want missing-cancel: uv_timer_init
		return -1;
	if (n < 0)
		return -1;
	uv_close((uv_handle_t *)&timer, NULL);
	return uv_run(loop, UV_RUN_DEFAULT);
}

int timer_ok(uv_loop_t *loop)
{
	uv_timer_t timer;
	if (uv_timer_init(loop, &timer) < 0)
		return -1;
	uv_close((uv_handle_t *)&timer, NULL);
	return uv_run(loop, UV_RUN_DEFAULT);
}

int tcp_bad(uv_loop_t *loop, const struct sockaddr *addr)
{
	uv_tcp_t socket;
	if (uv_tcp_init(loop, &socket) < 0) // want missing-cancel: uv_tcp_init
		return -1;
	if (uv_tcp_bind(&socket, addr, 0) < 0)
		return -1;
	uv_close((uv_handle_t *)&socket, NULL);
	return uv_run(loop, UV_RUN_DEFAULT);
}

int poll_bad(uv_loop_t *loop, int fd)
{
	uv_poll_t watch;
	if (uv_poll_init(loop, &watch, fd) < 0) // want missing-cancel: uv_poll_init
		return -1;
	return uv_poll_stop(&watch); /* stopped is not closed */
}

/* The callback may close the handle it gets. */
static void on_timer(uv_timer_t *timer)
{
	uv_close((uv_handle_t *)timer, NULL);
}

int closed_by_its_callback_ok(uv_loop_t *loop)
{
	uv_timer_t timer;
	if (uv_timer_init(loop, &timer) < 0)
		return -1;
	uv_timer_start(&timer, on_timer, 10, 0);
	return uv_run(loop, UV_RUN_DEFAULT);
}

/* The owner of the handle outlives this function. */
struct server {
	uv_tcp_t socket;
};

int in_an_owner_ok(uv_loop_t *loop, struct server *server)
{
	return uv_tcp_init(loop, &server->socket);
}

/* ---- waits ---- */

int sem_wait_bad(ctx *c, uv_sem_t *posted)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		uv_sem_wait(posted); // want blocking-select-no-exit: uv_sem_wait
		work(1);
	}
}

int cond_wait_bad(ctx *c, uv_cond_t *cond, uv_mutex_t *lock)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		uv_mutex_lock(lock);
		uv_cond_wait(cond, lock); // want blocking-select-no-exit: uv_cond_wait
		uv_mutex_unlock(lock);
	}
}

int cond_wait_ok(ctx *c, uv_cond_t *cond, uv_mutex_t *lock)
{
	uv_mutex_lock(lock);
	while (!ctx_is_done(c))
		uv_cond_timedwait(cond, lock, 1000000);
	uv_mutex_unlock(lock);
	return CTX_ECANCELED;
}

int sleep_bad(ctx *c)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	for (;;) {
		uv_sleep(1000); // want blocking-select-no-exit: uv_sleep
		work(1);
	}
}
