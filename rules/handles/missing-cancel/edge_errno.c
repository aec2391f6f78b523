/* missing-cancel: creators of the unit that return `-errno` when they fail: that is never 0. */
#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct ticker {
	int fd;
	int wake;
};

static int ticker_init(struct ticker *t)
{
	struct itimerspec its = {{1, 0}, {1, 0}};
	t->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (t->fd < 0)
		return -errno;
	if (timerfd_settime(t->fd, 0, &its, NULL) < 0) {
		int e = errno;
		close(t->fd);
		t->fd = -1;
		return -e;
	}
	return 0;
}

static int wake_init(struct ticker *t)
{
	t->wake = eventfd(0, EFD_CLOEXEC);
	return t->wake < 0 ? errno : 0;
}

int left_bad(int want)
{
	struct ticker t;
	uint64_t n;
	if (ticker_init(&t) < 0) // want: close is missing
		return -1;
	for (int got = 0; got < want; got += (int)n)
		if (read(t.fd, &n, sizeof n) != sizeof n)
			return -1;
	close(t.fd);
	return 0;
}

int closed_ok(int want)
{
	struct ticker t;
	uint64_t n;
	int rc = ticker_init(&t);
	if (rc < 0)
		return rc;
	for (int got = 0; got < want && rc == 0; got += (int)n)
		if (read(t.fd, &n, sizeof n) != sizeof n)
			rc = -1;
	close(t.fd);
	return rc;
}

int positive_bad(uint64_t n)
{
	struct ticker t;
	if (wake_init(&t) != 0) // want: close is missing
		return -1;
	if (write(t.wake, &n, sizeof n) != sizeof n)
		return -1;
	close(t.wake);
	return 0;
}

int both_ok(uint64_t n)
{
	struct ticker t;
	int rc = ticker_init(&t);
	if (rc)
		return rc;
	rc = wake_init(&t);
	if (rc) {
		close(t.fd);
		return -rc;
	}
	if (write(t.wake, &n, sizeof n) != sizeof n)
		rc = -1;
	close(t.wake);
	close(t.fd);
	return rc;
}
