// flags: %uv_flags
/* leaked-timer: timers of libuv. What is started and never closed fires on; `want` stands where it is started. */
#include <stdlib.h>
#include <uv.h>

int prepare(void);

static void on_timer(uv_timer_t *t)
{
	int *n = t->data;
	++*n;
}

static void on_last(uv_timer_t *t)
{
	uv_close((uv_handle_t *)t, (uv_close_cb)free);
}

int left_running_bad(uv_loop_t *loop, int *n)
{
	uv_timer_t *t = malloc(sizeof *t);
	if (!t)
		return UV_ENOMEM;
	t->data = n;
	uv_timer_init(loop, t);
	uv_timer_start(t, on_timer, 100, 100); // want: t
	if (prepare() < 0)
		return -1;
	uv_close((uv_handle_t *)t, (uv_close_cb)free);
	return 0;
}

int closed_on_all_ways_ok(uv_loop_t *loop, int *n)
{
	uv_timer_t *t = malloc(sizeof *t);
	if (!t)
		return UV_ENOMEM;
	t->data = n;
	uv_timer_init(loop, t);
	uv_timer_start(t, on_timer, 100, 100);
	int rc = prepare();
	uv_close((uv_handle_t *)t, (uv_close_cb)free);
	return rc;
}

int closes_itself_ok(uv_loop_t *loop)
{
	uv_timer_t *t = malloc(sizeof *t);
	if (!t)
		return UV_ENOMEM;
	uv_timer_init(loop, t);
	return uv_timer_start(t, on_last, 100, 0);
}

/* One that was never started fires never: that is missing-cancel's. */
int never_started(uv_loop_t *loop)
{
	uv_timer_t *t = malloc(sizeof *t);
	if (!t)
		return UV_ENOMEM;
	uv_timer_init(loop, t);
	if (uv_timer_start(t, NULL, 100, 0) < 0) {
		free(t);
		return -1;
	}
	uv_close((uv_handle_t *)t, (uv_close_cb)free);
	return 0;
}

/* ---- the callback looks at its data, and ends nothing ---- */

static void sets_flag(uv_timer_t *t)
{
	*(int *)t->data = 1;
}

int on_the_stack_bad(uv_loop_t *loop)
{
	uv_timer_t t;
	int hit = 0;
	if (uv_timer_init(loop, &t) < 0)
		return -1;
	t.data = &hit;
	uv_timer_start(&t, sets_flag, 10, 0); // want: is not stopped
	uv_run(loop, UV_RUN_ONCE);
	return hit;
}

int on_the_stack_ok(uv_loop_t *loop)
{
	uv_timer_t t;
	int hit = 0;
	if (uv_timer_init(loop, &t) < 0)
		return -1;
	t.data = &hit;
	uv_timer_start(&t, sets_flag, 10, 0);
	uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&t, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
	return hit;
}
