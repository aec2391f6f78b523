// pkg-config: libevent
/* missing-cancel: events of libevent; adding one to its loop hands it to nobody. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

struct app {
	int n;
	struct event *tick;
};

static void on_event(evutil_socket_t fd, short what, void *arg)
{
	struct app *a = arg;
	a->n += fd > what;
}

static void on_last(evutil_socket_t fd, short what, void *arg)
{
	if (fd != what)
		event_free(arg);
}

int frees_itself_ok(struct event_base *base)
{
	struct timeval tv = {1, 0};
	struct event *e = event_new(base, -1, 0, on_last, event_self_cbarg());
	return e ? event_add(e, &tv) : -1;
}

int lost_in_the_loop_bad(struct event_base *base, struct app *a)
{
	struct timeval tv = {1, 0};
	struct event *e = event_new(base, -1, EV_PERSIST, on_event, a); // want: event_new
	return e ? event_add(e, &tv) : -1;
}

int freed_after_the_loop_ok(struct event_base *base, struct app *a)
{
	struct event *e = event_new(base, -1, EV_PERSIST, on_event, a);
	if (!e)
		return -1;
	event_add(e, NULL);
	event_base_dispatch(base);
	event_free(e);
	return 0;
}

struct bufferevent *lost_on_failure_bad(struct event_base *base, int fd)
{
	struct bufferevent *b = bufferevent_socket_new(base, fd, 0); // want: bufferevent_socket_new
	if (!b || bufferevent_enable(b, EV_READ) < 0)
		return NULL;
	return b;
}

int moved_and_lost_bad(struct bufferevent *to, const char *text, int n)
{
	struct evbuffer *a = evbuffer_new(); // want: evbuffer_free is missing
	struct evbuffer *b = evbuffer_new();
	if (a && b) {
		evbuffer_add(a, text, n);
		evbuffer_add_buffer(b, a);
		bufferevent_write_buffer(to, b);
	}
	if (b)
		evbuffer_free(b);
	if (n < 0)
		return -1;
	if (a)
		evbuffer_free(a);
	return 0;
}

int moved_ok(struct bufferevent *to, const char *text, int n)
{
	struct evbuffer *a = evbuffer_new();
	if (!a)
		return -1;
	evbuffer_add(a, text, n);
	bufferevent_write_buffer(to, a);
	evbuffer_free(a);
	return (int)evbuffer_get_length(bufferevent_get_output(to));
}
