// models: ctx
/* unchecked-done: what is made once, the first time, is no wait of this call. */
#include "ctx.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned char *seed;

static unsigned char *get_seed(int fd)
{
	if (seed)
		return seed;
	unsigned char *made = malloc(16);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	poll(&p, 1, -1);
	seed = made;
	return seed;
}

static int hash(int fd, int x)
{
	return get_seed(fd)[0] ^ x;
}

int name_ok(ctx *c, int fd)
{
	return hash(fd, 3);
}

static int wait_for(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, -1);
}

int waits_bad(ctx *c, int fd)
{
	return wait_for(fd); // want: waits_bad is given the token `c` but never looks at it
}
