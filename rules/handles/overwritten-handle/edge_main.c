// pkg-config: libevent
/* overwritten-handle: events that last as long as the program, and others. */
#include <event2/event.h>
#include <signal.h>
#include <stddef.h>

static void on_signal(evutil_socket_t sig, short what, void *arg)
{
	if (sig != what)
		event_base_loopbreak(arg);
}

static void two_signals_bad(struct event_base *base)
{
	struct event *e = evsignal_new(base, SIGTERM, on_signal, base); // want: the event in `e` made by event_new
	event_add(e, NULL);
	e = evsignal_new(base, SIGINT, on_signal, base);
	event_add(e, NULL);
	event_free(e);
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct event *e = evsignal_new(base, SIGTERM, on_signal, base);
	event_add(e, NULL);
	e = evsignal_new(base, SIGINT, on_signal, base);
	event_add(e, NULL);
	struct event *never = evsignal_new(base, SIGHUP, on_signal, base); // want: the event in `never` made by event_new
	never = evsignal_new(base, SIGUSR1, on_signal, base);
	event_add(never, NULL);
	if (argc > 1)
		two_signals_bad(base);
	event_base_dispatch(base);
	return argv == NULL;
}
