#include "lib.h"

int ring_b(int fd, int turns)
{
	bell_show(fd);
	return ring_a(fd, turns - 1);
}
