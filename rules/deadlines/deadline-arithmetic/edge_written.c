// flags: %glib_flags
/* deadline-arithmetic: numbers that the source writes as a name. */
#include <glib.h>
#include <poll.h>
#include <unistd.h>

#define LINGER_SECS 15
#define LINGER_MS (LINGER_SECS * 1000)
#define SECS(n) ((n) * 1000)
enum { GRACE_SEC = 20, GRACE_MSEC = 20000 };
static const int kIdleSeconds = 30;

int macro_bad(struct pollfd *p)
{
	return poll(p, 1, LINGER_SECS); // want: poll reads milliseconds, and gets `LINGER_SECS`, which is in seconds
}

int constant_bad(struct pollfd *p)
{
	return poll(p, 1, GRACE_SEC); // want: poll reads milliseconds, and gets `GRACE_SEC`
}

int variable_bad(struct pollfd *p)
{
	return poll(p, 1, kIdleSeconds); // want: poll reads milliseconds, and gets `kIdleSeconds`
}

int local_bad(struct pollfd *p)
{
	int timeout_seconds = 12;
	return poll(p, 1, timeout_seconds); // want: poll reads milliseconds, and gets `timeout_seconds`
}

static gboolean tick(gpointer data)
{
	return data != NULL;
}

guint timer_bad(void)
{
	return g_timeout_add_seconds(GRACE_MSEC, tick, NULL); // want: gets `GRACE_MSEC`, which is in milliseconds
}

guint cast_bad(void)
{
	return g_timeout_add((guint)kIdleSeconds, tick, NULL); // want: gets `kIdleSeconds`
}

int multiplied_ok(struct pollfd *p)
{
	return poll(p, 1, LINGER_SECS * 1000) + poll(p, 1, LINGER_MS) + poll(p, 1, GRACE_MSEC);
}

int function_like_ok(struct pollfd *p)
{
	return poll(p, 1, SECS(15));
}

void seconds_ok(void)
{
	sleep(GRACE_SEC);
	g_timeout_add_seconds(kIdleSeconds, tick, NULL);
}

int for_ever_ok(struct pollfd *p)
{
	const int no_timeout_sec = -1;
	return poll(p, 1, no_timeout_sec);
}
