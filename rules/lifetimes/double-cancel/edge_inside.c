// flags: %uv_flags
/* double-cancel: what lies in an object, ended by a helper that gets the object. */
#include <uv.h>

struct pair {
	int n;
	uv_timer_t tick;
	uv_async_t wake;
};

static void close_tick(struct pair *p)
{
	uv_close((uv_handle_t *)&p->tick, NULL);
}

void closed_again_bad(struct pair *p)
{
	close_tick(p);
	uv_close((uv_handle_t *)&p->tick, NULL); // want: a second time
}

void each_closed_once_ok(struct pair *p)
{
	close_tick(p);
	uv_close((uv_handle_t *)&p->wake, NULL);
}
