/* missing-cancel: checks that go on when they fail, as test frameworks have them. */
#include <stdio.h>
#include <unistd.h>
#include <sys/eventfd.h>

int check_(int holds, const char *file, int line, const char *text);
#define CHECK(what) check_(!!(what), __FILE__, __LINE__, #what)
int note_(int level, int failed);
int use(int fd);

void opens_and_closes_ok(int start)
{
	int fd = eventfd(start, 0);
	CHECK(fd >= 0);
	CHECK(use(fd) == 0);
	close(fd);
}

/* What was not to be made is not left behind. */
void is_refused_ok(int start)
{
	int fd = eventfd(start, 0);
	CHECK(fd == -1);
}

void second_is_refused_ok(int start)
{
	int fds[2];
	int rc = pipe(fds);
	CHECK(rc == 0);
	int other = eventfd(start, EFD_NONBLOCK);
	CHECK(other < 0);
	close(fds[0]);
	close(fds[1]);
}

void stays_open_bad(int start)
{
	int fd = eventfd(start, 0); // want: eventfd
	CHECK(fd >= 0);
	write(fd, &start, 8);
}

/* What gets no place is no check: it is told how it went. */
void told_bad(int start)
{
	int fd = eventfd(start, 0); // want: eventfd
	note_(1, fd == -1);
	write(fd, &start, 8);
}
