// flags: %uv_flags
/* missing-cancel: handles that are ended by walking over all that a loop holds. */
#include <stdlib.h>
#include <uv.h>

static void close_it(uv_handle_t *handle, void *data)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void look_at_it(uv_handle_t *handle, void *data)
{
	++*(int *)data;
}

static void close_all(uv_loop_t *loop)
{
	uv_walk(loop, close_it, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
}

int closed_by_a_walk_ok(uv_loop_t *loop)
{
	uv_timer_t timer;
	if (uv_timer_init(loop, &timer))
		return -1;
	uv_walk(loop, close_it, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
	return 0;
}

int closed_by_a_walk_in_a_helper_ok(uv_loop_t *loop)
{
	uv_timer_t timer;
	uv_idle_t idle;
	if (uv_timer_init(loop, &timer))
		return -1;
	if (uv_idle_init(loop, &idle) == 0)
		uv_run(loop, UV_RUN_NOWAIT);
	close_all(loop);
	return 0;
}

int counted_by_a_walk_bad(uv_loop_t *loop)
{
	int count = 0;
	uv_timer_t timer;
	if (uv_timer_init(loop, &timer)) // want: `timer`
		return -1;
	uv_walk(loop, look_at_it, &count);
	return count;
}

int walked_by_a_stranger_ok(uv_loop_t *loop, uv_walk_cb visit)
{
	uv_timer_t timer;
	if (uv_timer_init(loop, &timer))
		return -1;
	uv_walk(loop, visit, NULL);
	return 0;
}

int left_before_the_walk_bad(uv_loop_t *loop)
{
	uv_timer_t timer;
	if (uv_timer_init(loop, &timer)) // want: `timer`
		return -1;
	if (uv_timer_start(&timer, NULL, 10, 0))
		return -1;
	close_all(loop);
	return 0;
}

/* ---- handles inside memory of their own ---- */

struct connection {
	int number;
	uv_timer_t timer;
	uv_tcp_t tcp;
};

struct connection *returned_with_its_memory_ok(uv_loop_t *loop)
{
	struct connection *c = malloc(sizeof *c);
	if (!c)
		return NULL;
	if (uv_timer_init(loop, &c->timer)) {
		free(c);
		return NULL;
	}
	return c;
}

void reached_from_another_handle_ok(uv_loop_t *loop, uv_pipe_t *other)
{
	struct connection *c = malloc(sizeof *c);
	if (c && uv_timer_init(loop, &c->timer) == 0)
		other->data = c;
}

static void allocate(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
	buffer->base = malloc(size);
	buffer->len = size;
}

static void freed(uv_handle_t *handle)
{
	free(handle->data);
}

static void end_at_the_end(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	if (n >= 0)
		return;
	uv_close((uv_handle_t *)stream, freed);
}

static void only_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	free(buffer->base);
}

void ended_by_its_callback_ok(uv_stream_t *server)
{
	struct connection *c = malloc(sizeof *c);
	if (!c || uv_tcp_init(server->loop, &c->tcp))
		return;
	if (uv_accept(server, (uv_stream_t *)&c->tcp))
		abort();
	if (uv_read_start((uv_stream_t *)&c->tcp, allocate, end_at_the_end))
		abort();
}

void never_ended_by_its_callback_bad(uv_stream_t *server)
{
	struct connection *c = malloc(sizeof *c);
	if (!c || uv_tcp_init(server->loop, &c->tcp)) // miss: uv_tcp_init
		return;
	if (uv_accept(server, (uv_stream_t *)&c->tcp))
		abort();
	if (uv_read_start((uv_stream_t *)&c->tcp, allocate, only_read))
		abort();
}
