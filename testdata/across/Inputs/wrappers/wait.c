#include "lib.h"
#include <poll.h>
#include <unistd.h>

int wait_for_reply(ctx *c, int fd)
{
	struct pollfd p[2] = {{fd, POLLIN, 0}, {ctx_done_fd(c), POLLIN, 0}};
	return poll(p, 2, -1);
}

int wait_blindly(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};
	return poll(&p, 1, -1);
}

int wait_deaf_bad(ctx *c, int fd)
{
	struct pollfd p = {fd, POLLIN, 0};
	(void)c;
	return poll(&p, 1, -1); // want unchecked-done: poll cannot be cancelled
}
