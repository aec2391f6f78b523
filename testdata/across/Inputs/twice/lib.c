// also: -Dlib_EXPORTS
/* A library that is built twice. */
#include "lib.h"

int ends_make(int ends[2])
{
	return pipe(ends);
}

void ends_close(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

int ends_read(int ends[2])
{
	char c;
	return read(ends[0], &c, 1);
}
