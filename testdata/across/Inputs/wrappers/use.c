#include "lib.h"
#include <stdlib.h>
#include <string.h>

/* ---- a wrapper of another file makes it ---- */

int made_elsewhere_bad(int n)
{
	int fd = bell_new(); // want missing-cancel: made by bell_new is not released on every path
	if (fd < 0)
		return -1;
	bell_show(fd);
	if (n > 3)
		return -2;
	bell_end(fd);
	return 0;
}

int made_elsewhere_ok(int n)
{
	int fd = bell_new();
	if (fd < 0)
		return -1;
	bell_show(fd);
	if (n > 3) {
		bell_end(fd);
		return -2;
	}
	bell_end_inline(fd);
	return 0;
}

int three_deep_bad(void)
{
	int fd = middle_new(); // want missing-cancel: made by middle_new is not released
	if (fd < 0)
		return -1;
	bell_show(fd);
	return 0;
}

int three_deep_ok(void)
{
	int fd = middle_new();
	if (fd < 0)
		return -1;
	middle_end(fd);
	return 0;
}

int in_memory_bad(void)
{
	struct pair p;
	if (pair_open(&p) != 0) // want missing-cancel: made by pair_open is not released
		return -1;
	bell_end(p.in);
	return 0;
}

int in_memory_ok(void)
{
	struct pair p;
	if (pair_open(&p) != 0)
		return -1;
	bell_end(p.in);
	bell_end(p.out);
	return 0;
}

/* ---- a wrapper of another file ends, keeps, or only looks at it ---- */

int conditional_bad(int now)
{
	int fd = bell_new(); // want missing-cancel: made by bell_new is not released
	if (fd < 0)
		return -1;
	bell_try_end(fd, now);
	return 0;
}

int conditional_ok(int now)
{
	int fd = bell_new();
	if (fd < 0)
		return -1;
	if (!bell_try_end(fd, now))
		bell_end(fd);
	return 0;
}

int kept_ok(void)
{
	int fd = bell_new();
	if (fd < 0)
		return -1;
	bell_keep(fd);
	return 0;
}

int unknown_ok(void)
{
	int fd = bell_new();
	if (fd < 0)
		return -1;
	ring_a(fd, 2);
	return 0;
}

int no_return_ok(int n)
{
	int fd = bell_new();
	if (fd < 0)
		return -1;
	if (n > 3)
		quit(1);
	bell_end(fd);
	return 0;
}

/* ---- tokens ---- */

int forwards_ok(ctx *c, int fd)
{
	return wait_for_reply(c, fd);
}

int forwards_to_the_deaf_ok(ctx *c, int fd)
{
	return wait_deaf_bad(c, fd); /* the defect stands there */
}

int blocks_elsewhere_bad(ctx *c, int fd)
{
	if (!c)
		return -1;
	return wait_blindly(fd); // want unchecked-done: wait_blindly cannot be cancelled
}

int null_elsewhere_bad(int fd)
{
	return wait_for_reply(NULL, fd); // want null-context: wait_for_reply gets NULL
}
