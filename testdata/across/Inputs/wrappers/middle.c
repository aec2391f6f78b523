#include "lib.h"

int middle_new(void)
{
	return bell_new_named("middle");
}

void middle_end(int fd)
{
	bell_show(fd);
	bell_end(fd);
}
