// pkg-config: libevent
/* blocking-in-callback: buffer events, and names that are looked up. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netdb.h>
#include <unistd.h>

static void on_read(struct bufferevent *b, void *data)
{
	char buf[64];
	if (bufferevent_read(b, buf, sizeof buf))
		sleep(1); // want: sleep waits inside on_read
}

static void on_event(struct bufferevent *b, short what, void *data)
{
	struct addrinfo *ai = NULL;
	if (what && !getaddrinfo("example.org", "80", NULL, &ai)) // want: getaddrinfo waits inside on_event
		freeaddrinfo(ai);
	(void)b;
	(void)data;
}

void buffer_start(struct bufferevent *b, void *data)
{
	bufferevent_setcb(b, on_read, NULL, on_event, data);
}

int looks_up_ok(void)
{
	struct addrinfo *ai = NULL;
	if (getaddrinfo("example.org", "80", NULL, &ai))
		return -1;
	freeaddrinfo(ai);
	return 0;
}
