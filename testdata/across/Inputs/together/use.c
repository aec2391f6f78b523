#include "lib.h"
#include <stdio.h>

int ring_bad(int times)
{
	struct bell_tower *t = tower_build(); // want missing-cancel: made by tower_build
	if (!t)
		return -1;
	if (times < 0)
		return -1;
	tower_fall(t);
	return 0;
}

int ring_ok(int times)
{
	struct bell_tower *t = tower_build();
	if (!t)
		return -1;
	for (int i = 0; i < times; i++)
		puts("ding");
	tower_fall(t);
	return 0;
}
