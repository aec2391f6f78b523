// pkg-config: libevent
/* premature-cancel: events of libevent, which end with their handle. */
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdlib.h>

struct data {
	int n;
};

static void on_event(evutil_socket_t fd, short what, void *arg)
{
	struct data *d = arg;
	d->n = (int)fd + what;
}

int freed_ok(struct event_base *b)
{
	struct data d = {0};
	struct event *e = event_new(b, -1, EV_TIMEOUT, on_event, &d);
	if (!e)
		return -1;
	event_add(e, NULL);
	event_del(e);
	event_free(e);
	return 0;
}

int heap_ok(struct event_base *b)
{
	struct data *d = calloc(1, sizeof *d);
	struct event *e = d ? event_new(b, -1, EV_TIMEOUT, on_event, d) : NULL;
	if (e) {
		event_add(e, NULL);
		event_free(e);
	}
	free(d);
	return 0;
}

int in_place_ok(struct event_base *b)
{
	struct data d = {0};
	struct event *e = malloc(event_get_struct_event_size());
	event_assign(e, b, -1, EV_TIMEOUT, on_event, &d);
	event_add(e, NULL);
	event_del(e);
	free(e);
	return 0;
}

void left_behind_bad(struct event_base *b, struct event **out)
{
	struct data d = {0};
	struct event *e = event_new(b, -1, EV_TIMEOUT, on_event, &d); // want: on_event may still use the local variable `d`
	if (!e)
		return;
	event_add(e, NULL);
	*out = e;
}

int freed_too_early_bad(struct event_base *b)
{
	struct data *d = calloc(1, sizeof *d);
	struct event *e = d ? event_new(b, -1, EV_TIMEOUT, on_event, d) : NULL;
	free(d); // want: free ends here what on_event may still use
	if (e)
		event_free(e);
	return 0;
}

int event_on_the_stack_bad(struct event_base *base, struct data *d)
{
	struct event e;
	struct timeval tv = {1, 0};
	event_assign(&e, base, -1, 0, on_event, d);
	return event_add(&e, &tv); // want: local variable `e`
}

int event_on_the_stack_ok(struct event_base *base, struct data *d)
{
	struct event e;
	struct timeval tv = {1, 0};
	event_assign(&e, base, -1, 0, on_event, d);
	if (event_add(&e, &tv) < 0)
		return -1;
	event_base_loop(base, EVLOOP_ONCE);
	event_del(&e);
	return 0;
}
