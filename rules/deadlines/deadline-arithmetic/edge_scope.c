// models: ctx
/* deadline-arithmetic: a limit is at hand, and the wait has none, or one for each try. */
#include "ctx.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

int ignores_parameter_bad(int fd, int64_t deadline)
{
	struct pollfd p = {fd, POLLIN, 0};
	if (time(NULL) >= deadline)
		return -ETIMEDOUT;
	return poll(&p, 1, -1); // want: although `deadline`
}

int ignores_structure_bad(int fd, const struct timespec *deadline)
{
	struct pollfd p = {fd, POLLIN, 0};
	return poll(&p, 1, -1); // want: although `deadline`
}

/* A negative timeout means that there is none. */
int asks_for_none_ok(int fd, int timeout_ms)
{
	struct pollfd p = {fd, POLLIN, 0};
	if (timeout_ms < 0)
		return poll(&p, 1, -1);
	return -EINVAL;
}

int uses_it_otherwise_ok(int fd, int timeout_ms)
{
	struct pollfd p = {fd, POLLIN, 0};
	if (poll(&p, 1, timeout_ms) <= 0)
		return -ETIMEDOUT;
	return poll(&p, 1, -1);
}

int ignores_token_bad(ctx *c, int fd)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 1000, &h);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int rc;
	if (!t)
		return -1;
	while ((rc = poll(&p, 1, -1)) < 0 && errno == EINTR) // want: although `t`
		if (ctx_is_done(t))
			break;
	ctx_cancel(h);
	return rc;
}

int waits_for_token_ok(ctx *c, int fd)
{
	ctx_canceller *h;
	ctx *t = ctx_with_timeout(c, 1000, &h);
	if (!t)
		return -1;
	struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = ctx_done_fd(t), .events = POLLIN}};
	int rc = poll(p, 2, -1);
	ctx_cancel(h);
	return rc;
}

int each_try_bad(int fd, const char *q, char *a, size_t n, time_t deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	(void)deadline;
	for (;;) {
		if (send(fd, q, strlen(q), MSG_DONTWAIT) < 0)
			return -errno;
		if (poll(&p, 1, 2000) > 0) // want: never looks at `deadline`
			return (int)recv(fd, a, n, MSG_DONTWAIT);
	}
}

int each_try_until_ok(int fd, const char *q, char *a, size_t n, time_t deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	for (;;) {
		if (time(NULL) >= deadline || send(fd, q, strlen(q), MSG_DONTWAIT) < 0)
			return -errno;
		if (poll(&p, 1, 2000) > 0)
			return (int)recv(fd, a, n, MSG_DONTWAIT);
	}
}

int three_tries_ok(int fd, const char *q, char *a, size_t n, time_t deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	(void)deadline;
	for (int i = 0; i < 3; i++) {
		if (send(fd, q, strlen(q), MSG_DONTWAIT) < 0)
			return -errno;
		if (poll(&p, 1, 2000) > 0)
			return (int)recv(fd, a, n, MSG_DONTWAIT);
	}
	return -ETIMEDOUT;
}

/* ---- what a loop counts in are no tries ---- */

int take_all_bad(int fd, char *to, size_t n, long deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t off = 0;
	if (deadline <= time(NULL))
		return -1;
	while (off < n) {
		if (poll(&p, 1, 1000) < 0) // want: deadline
			return -1;
		ssize_t got = recv(fd, to + off, n - off, MSG_DONTWAIT);
		if (got > 0)
			off += (size_t)got;
	}
	return 0;
}

int take_some_ok(int fd, char *to, size_t n, long deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	if (deadline <= time(NULL))
		return -1;
	for (int tries = 0; tries < 5; tries++) {
		if (poll(&p, 1, 1000) < 0)
			return -1;
		if (recv(fd, to, n, MSG_DONTWAIT) > 0)
			return 0;
	}
	return -1;
}
