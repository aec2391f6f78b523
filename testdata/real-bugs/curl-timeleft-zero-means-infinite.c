/* What is left of a limit is 0 at one moment, and 0 means that there is no limit. */
#include <poll.h>
#include <time.h>

struct transfer {
	long timeout, started; /* seconds; 0: no limit */
};

static long left_bad(const struct transfer *t) // miss no-deadline: may be zero
{
	if (!t->timeout)
		return 0;
	return t->timeout - (time(NULL) - t->started);
}

static long left_ok(const struct transfer *t)
{
	if (!t->timeout)
		return 0;
	long left = t->timeout - (time(NULL) - t->started);
	return left ? left : -1;
}

int wait_for(const struct transfer *t, struct pollfd *fd)
{
	long left = left_bad(t) < left_ok(t) ? left_bad(t) : left_ok(t);
	if (left < 0)
		return 0;
	return poll(fd, 1, left ? (int)left * 1000 : -1);
}
