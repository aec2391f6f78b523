/* missing-cancel: what helpers return for what they get. */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int is_valid(int fd)
{
	return fd >= 0;
}

static int usable(const char *name)
{
	if (!name || !*name)
		return -1;
	return 0;
}

static int mode_of(int fd, int how)
{
	if (!(how != 0))
		return 0;
	return 1;
}

static void must(const void *p)
{
	if (!p)
		abort();
}

int asked_by_helper_ok(void)
{
	int fd = eventfd(0, 0);
	if (is_valid(fd))
		close(fd);
	return 1;
}

int asked_by_helper_bad(void)
{
	int fd = eventfd(0, 0); // want: is not released on every path
	if (!is_valid(fd))
		return -1;
	if (write(fd, "12345678", 8) < 0)
		return -1;
	close(fd);
	return 0;
}

int refused_ok(const char *name)
{
	int fd = eventfd(0, 0);
	if (!name && usable(name) == 0)
		return 1;
	close(fd);
	return 0;
}

int not_refused_bad(const char *name)
{
	int fd = eventfd(0, 0); // want: is not released on every path
	if (name && usable(name) == 0)
		return 1;
	close(fd);
	return 0;
}

int same_mode_ok(void)
{
	int mode = 0, fd = eventfd(0, 0);
	mode = mode_of(fd, mode);
	if (mode == 1)
		fd = -1;
	if (fd >= 0)
		close(fd);
	return mode;
}

int other_mode_bad(int how)
{
	int fd = eventfd(0, 0); // want: is not released on every path
	if (mode_of(fd, how) == 1)
		fd = -1;
	if (fd >= 0)
		close(fd);
	return 0;
}

int comes_back_ok(const void *p)
{
	int fd = eventfd(0, 0);
	must(p);
	if (!p)
		return 0;
	close(fd);
	return 1;
}

/* Of values that come together, it is kept what all of them are. */
int first_turn_ok(int a, int b, int (*ask)(int))
{
	int fd = -1;
	if (a == 0)
		for (int i = 0; i < b; i++)
			ask(0);
	while (ask(2) > 0) {
		if (a < 0)
			return -1;
		if (fd < 0)
			fd = eventfd(0, 0);
	}
	if (fd >= 0)
		close(fd);
	return 0;
}
