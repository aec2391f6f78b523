/* Who uses it is told of its functions all the same. */
#include "lib.h"

int leaves_ends_bad(void)
{
	int ends[2];
	if (ends_make(ends) < 0) // want missing-cancel: ends_make
		return -1;
	return ends_read(ends);
}

int closes_ends_ok(void)
{
	int ends[2];
	if (ends_make(ends) < 0)
		return -1;
	int n = ends_read(ends);
	ends_close(ends);
	return n;
}
