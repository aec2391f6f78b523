// flags: %uv_flags
/* missing-cancel: handles that lie in an object, and helpers that get the object. */
#include <stdlib.h>
#include <uv.h>

extern void adopt(uv_timer_t *timer);

struct pair {
	uv_loop_t loop;
	int n;
	uv_timer_t tick;
	uv_async_t wake;
};

static void pair_close(struct pair *p)
{
	uv_close((uv_handle_t *)&p->tick, NULL);
	uv_close((uv_handle_t *)&p->wake, NULL);
}

static void pair_close_once(struct pair *p)
{
	if (uv_is_closing((uv_handle_t *)&p->tick))
		return;
	uv_close((uv_handle_t *)&p->tick, NULL);
	uv_close((uv_handle_t *)&p->wake, NULL);
}

static void pair_close_one(struct pair *p)
{
	uv_close((uv_handle_t *)&p->tick, NULL);
}

static void pair_give(struct pair *p)
{
	adopt(&p->tick);
}

int closed_by_a_helper_ok(void)
{
	struct pair *p = calloc(1, sizeof *p);
	if (!p)
		return -1;
	uv_loop_init(&p->loop);
	uv_timer_init(&p->loop, &p->tick);
	uv_async_init(&p->loop, &p->wake, NULL);
	pair_close(p);
	uv_run(&p->loop, UV_RUN_DEFAULT);
	uv_loop_close(&p->loop);
	free(p);
	return 0;
}

int closed_once_by_a_helper_ok(void)
{
	struct pair p;
	uv_loop_init(&p.loop);
	uv_timer_init(&p.loop, &p.tick);
	uv_async_init(&p.loop, &p.wake, NULL);
	pair_close_once(&p);
	uv_run(&p.loop, UV_RUN_DEFAULT);
	return uv_loop_close(&p.loop);
}

int one_closed_by_a_helper_bad(void)
{
	struct pair *p = calloc(1, sizeof *p);
	if (!p)
		return -1;
	uv_loop_init(&p->loop);
	uv_timer_init(&p->loop, &p->tick);
	uv_async_init(&p->loop, &p->wake, NULL); // want: uv_async_init
	pair_close_one(p);
	uv_run(&p->loop, UV_RUN_DEFAULT);
	uv_loop_close(&p->loop);
	free(p);
	return 0;
}

int given_by_a_helper_ok(uv_loop_t *loop)
{
	struct pair *p = calloc(1, sizeof *p);
	if (!p)
		return -1;
	uv_timer_init(loop, &p->tick);
	pair_give(p);
	return 0;
}

int closed_each_ok(struct pair *p)
{
	pair_close_one(p);
	uv_close((uv_handle_t *)&p->wake, NULL);
	return 0;
}
