// pkg-config: libevent
// rules: discarded-handle
/* missing-cancel: events of a loop that the caller runs next, and those of other loops. */
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>

struct daemon {
	struct event_base *base;
	int control;
};

static void on_event(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	d->control += fd > what;
}

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

/* They last as long as the program. */
static void set_up_ok(struct daemon *d)
{
	d->base = event_base_new();
	struct event *e = event_new(d->base, d->control, EV_READ | EV_PERSIST, on_event, d);
	if (!e)
		exit(1);
	event_add(e, NULL);
	event_add(evsignal_new(d->base, SIGTERM, on_stop, d->base), NULL);
}

void daemon_run(struct daemon *d)
{
	set_up_ok(d);
	event_base_dispatch(d->base);
}

/* One of many loops. */
static void set_up_request_bad(struct daemon *d, struct event_base *base)
{
	struct event *e = event_new(base, d->control, EV_READ | EV_PERSIST, on_event, d); // want: event_new
	if (e)
		event_add(e, NULL);
}

void request_run(struct daemon *d)
{
	struct event_base *base = event_base_new();
	if (!base)
		return;
	set_up_request_bad(d, base);
	event_base_dispatch(base);
	event_base_free(base);
}

/* Nobody runs a loop. */
static void watch_bad(struct daemon *d)
{
	event_add(event_new(d->base, d->control, EV_READ, on_event, d), NULL); // want discarded-handle: event_new
}

void daemon_watch(struct daemon *d)
{
	watch_bad(d);
}

/* Once for each client. */
static void add_client_bad(struct daemon *d, int fd)
{
	struct event *e = event_new(d->base, fd, EV_READ | EV_PERSIST, on_event, d); // want: event_new
	if (e)
		event_add(e, NULL);
}

void daemon_serve(struct daemon *d, const int *fds, int n)
{
	for (int i = 0; i < n; i++)
		add_client_bad(d, fds[i]);
	event_base_dispatch(d->base);
}
