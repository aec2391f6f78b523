// pkg-config: libevent
/* The handles of libevent, as rules/models/libevent describes them. */
#include <event2/event.h>

int base_bad(event_callback_fn run)
{
	struct event_base *base = event_base_new(); // want missing-cancel: event_base_new
	if (!base)
		return -1;
	if (event_base_once(base, -1, EV_TIMEOUT, run, NULL, NULL) < 0)
		return -1;
	event_base_free(base);
	return 0;
}

int base_ok(event_callback_fn run)
{
	struct event_base *base = event_base_new();
	if (!base)
		return -1;
	int rc = event_base_once(base, -1, EV_TIMEOUT, run, NULL, NULL);
	event_base_free(base);
	return rc;
}

int event_bad(struct event_base *base, event_callback_fn run, int priority)
{
	struct event *ev = event_new(base, -1, EV_PERSIST, run, NULL); // want missing-cancel: event_new
	if (!ev)
		return -1;
	if (event_priority_set(ev, priority) < 0)
		return -1;
	event_free(ev);
	return 0;
}

/* A pending event may be freed by its callback. */
int pending_event_ok(struct event_base *base, event_callback_fn run, const struct timeval *when)
{
	struct event *ev = event_new(base, -1, 0, run, event_self_cbarg());
	return ev ? event_add(ev, when) : -1;
}
