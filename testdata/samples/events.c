// models: ctx
// pkg-config: gio-2.0 libuv hiredis libpq
/* events.c - the event loop's side: a watched descriptor, a counting thread, a wake-up handle. */
#include "service.h"

#include <stdio.h>
#include <stdlib.h>

static uv_async_t wake;

static void on_wake(uv_async_t *handle)
{
	if (!handle->data)
		uv_stop(handle->loop);
}

int events_init(uv_loop_t *loop)
{
	return uv_async_init(loop, &wake, on_wake);
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
	struct events *e = handle->data;
	if (status == 0 && events)
		uv_sem_post(&e->ticks);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

/*
 * Once it is initialised, the loop has the handle in its list. To free it there and then is to hand the
 * loop a pointer to nothing: the crash comes in the next turn of the loop, in code that has done nothing
 * wrong.
 */
int events_open_bad(struct events *e, int fd)
{
	uv_poll_t *handle = calloc(1, sizeof *handle);
	if (!handle)
		return UV_ENOMEM;
	int rc = uv_poll_init(e->loop, handle, fd); // want missing-cancel: uv_poll_init
	if (rc < 0) {
		free(handle);
		return rc;
	}
	rc = uv_poll_start(handle, UV_READABLE, on_readable);
	if (rc < 0) {
		free(handle);
		return rc;
	}
	handle->data = e;
	e->wake = handle;
	return 0;
}

int events_open_ok(struct events *e, int fd)
{
	uv_poll_t *handle = calloc(1, sizeof *handle);
	if (!handle)
		return UV_ENOMEM;
	int rc = uv_poll_init(e->loop, handle, fd);
	if (rc < 0) {
		free(handle);
		return rc;
	}
	rc = uv_poll_start(handle, UV_READABLE, on_readable);
	if (rc < 0) {
		uv_close((uv_handle_t *)handle, on_closed);
		return rc;
	}
	handle->data = e;
	e->wake = handle;
	return 0;
}

/* Nothing but another tick wakes it, so the join below never returns. */
static void count_bad(void *arg)
{
	unsigned long turns = 0;
	for (;;) {
		uv_sem_wait(arg); // want blocking-select-no-exit: uv_sem_wait
		fprintf(stderr, "%lu ticks\n", ++turns);
	}
}

int events_count_forever(struct events *e)
{
	int rc = uv_thread_create(&e->thread, count_bad, &e->ticks);
	return rc < 0 ? rc : uv_thread_join(&e->thread);
}

struct counter {
	uv_sem_t *ticks;
	_Atomic bool stop;
};

static void count_ok(void *arg)
{
	struct counter *counter = arg;
	unsigned long turns = 0;
	for (;;) {
		uv_sem_wait(counter->ticks);
		if (counter->stop)
			return;
		fprintf(stderr, "%lu ticks\n", ++turns);
	}
}

int events_count_ok(struct events *e)
{
	struct counter counter = {.ticks = &e->ticks};
	int rc = uv_thread_create(&e->thread, count_ok, &counter);
	if (rc < 0)
		return rc;
	uv_run(e->loop, UV_RUN_DEFAULT);
	counter.stop = true;
	uv_sem_post(&e->ticks);
	return uv_thread_join(&e->thread);
}

/*
 * The handle is the program's, the context one request's: a late wake-up looks at a context that was freed.
 */
void events_attach_bad(ctx *c)
{
	wake.data = c; // want context-in-global: wake
	uv_async_send(&wake);
}

void events_attach_ok(struct request *request, uv_async_t *async)
{
	async->data = request;
	uv_async_send(async);
}
