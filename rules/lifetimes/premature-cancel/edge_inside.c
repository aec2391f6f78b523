// flags: %uv_flags
/* premature-cancel: handles that lie in an object which is freed, closed here or by a helper. */
#include <stdlib.h>
#include <uv.h>

struct pair {
	int n;
	uv_timer_t tick;
	uv_async_t wake;
};

static void pair_close(struct pair *p)
{
	uv_close((uv_handle_t *)&p->tick, NULL);
	uv_close((uv_handle_t *)&p->wake, NULL);
}

static void pair_gone(uv_handle_t *handle)
{
	free(handle->data);
}

static void pair_end(struct pair *p)
{
	p->wake.data = p;
	uv_close((uv_handle_t *)&p->tick, NULL);
	uv_close((uv_handle_t *)&p->wake, pair_gone);
}

void freed_with_them_bad(struct pair *p)
{
	pair_close(p);
	free(p); // want: free ends here
}

void freed_after_a_turn_ok(uv_loop_t *loop, struct pair *p)
{
	pair_close(p);
	uv_run(loop, UV_RUN_DEFAULT);
	free(p);
}

void freed_by_the_last_ok(struct pair *p)
{
	pair_end(p);
}
