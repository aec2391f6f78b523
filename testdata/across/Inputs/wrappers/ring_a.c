#include "lib.h"
#include <unistd.h>

/* A cycle across units: neither is told of the other. */
int ring_a(int fd, int turns)
{
	if (turns > 0)
		return ring_b(fd, turns - 1);
	return close(fd);
}
