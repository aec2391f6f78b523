/* A due timer is handled, which makes the library take the timer back, and then its record is freed once
 * more. */
#include <stdlib.h>
#include <time.h>

struct timeout;
int timeout_handle(struct timeout *timeout, void (*removed)(struct timeout *, void *), void *data);

struct timer {
	struct timer *next;
	struct timeout *timeout;
	time_t fire;
};

struct loop {
	struct timer *timers;
};

static void unlink_timer(struct loop *loop, struct timer *timer)
{
	for (struct timer **at = &loop->timers; *at; at = &(*at)->next) {
		if (*at == timer) {
			*at = timer->next;
			return;
		}
	}
}

static void removed(struct timeout *timeout, void *data)
{
	struct loop *loop = data;
	for (struct timer *r = loop->timers; r; r = r->next) {
		if (r->timeout == timeout) {
			unlink_timer(loop, r);
			free(r);
			return;
		}
	}
}

void fire_bad(struct loop *loop)
{
	for (struct timer *r = loop->timers, *next; r; r = next) {
		next = r->next;
		if (time(NULL) > r->fire) {
			timeout_handle(r->timeout, removed, loop);
			unlink_timer(loop, r);
			free(r); // miss double-cancel: r
		}
	}
}

void fire_ok(struct loop *loop)
{
	for (struct timer *r = loop->timers, *next; r; r = next) {
		next = r->next;
		if (time(NULL) > r->fire)
			timeout_handle(r->timeout, removed, loop);
	}
}
