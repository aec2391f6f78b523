// flags: %uv_flags
/* double-cancel: handles of libuv, which end later and whose memory is their user's. */
#include <stdlib.h>
#include <uv.h>

struct watcher {
	uv_timer_t timer;
	uv_loop_t *loop;
	int active;
};

static void on_close(uv_handle_t *h)
{
	free(h);
}

void close_twice_bad(struct watcher *w)
{
	uv_close((uv_handle_t *)&w->timer, NULL);
	uv_close((uv_handle_t *)&w->timer, NULL); // want: a second time by uv_close
}

void close_once_ok(struct watcher *w)
{
	if (!uv_is_closing((uv_handle_t *)&w->timer))
		uv_close((uv_handle_t *)&w->timer, NULL);
}

int asked_after_close_ok(struct watcher *w)
{
	uv_close((uv_handle_t *)&w->timer, NULL);
	return uv_is_closing((uv_handle_t *)&w->timer) && uv_handle_get_data((uv_handle_t *)&w->timer) == w;
}

void parameter_bad(uv_timer_t *t, int failed)
{
	if (failed)
		uv_close((uv_handle_t *)t, on_close);
	uv_close((uv_handle_t *)t, on_close); // want: `t`
}

static int set_up(struct watcher *w)
{
	return uv_timer_init(w->loop, &w->timer);
}

void set_up_again_ok(struct watcher *w)
{
	uv_close((uv_handle_t *)&w->timer, NULL);
	uv_run(w->loop, UV_RUN_DEFAULT);
	uv_timer_init(w->loop, &w->timer);
	uv_close((uv_handle_t *)&w->timer, NULL);
}

void set_up_again_by_a_helper_ok(struct watcher *w)
{
	uv_close((uv_handle_t *)&w->timer, NULL);
	uv_run(w->loop, UV_RUN_DEFAULT);
	if (set_up(w) == 0)
		uv_close((uv_handle_t *)&w->timer, NULL);
}

static uv_fs_t open_req, close_req;

void descriptor_that_a_request_gives_ok(void)
{
	uv_fs_open(NULL, &open_req, "a", 0, 0, NULL);
	uv_fs_close(NULL, &close_req, open_req.result, NULL);
	uv_fs_open(NULL, &open_req, "b", 0, 0, NULL);
	uv_fs_close(NULL, &close_req, open_req.result, NULL);
}

void close_all_ok(uv_timer_t *all, int n)
{
	for (int i = 0; i < n; i++)
		uv_close((uv_handle_t *)&all[i], NULL);
}

/* ---- used although its end was asked for ---- */

void on_timer(uv_timer_t *t);
void on_written(uv_write_t *req, int status);

void started_after_close_bad(struct watcher *w, int failed)
{
	if (failed)
		uv_close((uv_handle_t *)&w->timer, NULL);
	uv_timer_start(&w->timer, on_timer, 10, 0); // want: is used by uv_timer_start
}

void left_after_close_ok(struct watcher *w, int failed)
{
	if (failed) {
		uv_close((uv_handle_t *)&w->timer, NULL);
		return;
	}
	uv_timer_start(&w->timer, on_timer, 10, 0);
}

void stopped_after_close_ok(struct watcher *w)
{
	uv_close((uv_handle_t *)&w->timer, NULL);
	uv_timer_stop(&w->timer);
}

void sent_after_close_bad(uv_async_t *a)
{
	uv_close((uv_handle_t *)a, on_close);
	uv_async_send(a); // want: is used by uv_async_send
}

void written_after_close_bad(uv_stream_t *s, uv_write_t *req, uv_buf_t *b)
{
	uv_close((uv_handle_t *)s, on_close);
	uv_write(req, s, b, 1, on_written); // want: is used by uv_write
}

void started_anew_ok(struct watcher *w)
{
	uv_close((uv_handle_t *)&w->timer, NULL);
	uv_run(w->loop, UV_RUN_DEFAULT);
	uv_timer_init(w->loop, &w->timer);
	uv_timer_start(&w->timer, on_timer, 10, 0);
}
