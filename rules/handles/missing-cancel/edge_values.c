// models: ctx
/* missing-cancel: what decides is a value: one that is not a number, one that memory was filled with, one that comes back. */
#include "ctx.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

int ask(int what);
void perror_like(const char *text);

/* ---- a value that is not a certain number, asked twice ---- */

int not_one_ok(ctx *parent, int a)
{
	rows *r = NULL;
	if (a != 1)
		r = db_query(parent, "select");
	if (a != 1 && r)
		rows_close(r);
	return 0;
}

int not_the_same_bad(ctx *parent, int a)
{
	rows *r = NULL;
	if (a != 1)
		r = db_query(parent, "select"); // want: db_query
	if (a != 2 && r)
		rows_close(r);
	return 0;
}

int no_case_ok(int a)
{
	wait_group *wg = NULL;
	switch (a) {
	case 3:
	case 5:
		return 0;
	default:
		wg = wg_new();
	}
	if (a != 3 && a != 5 && wg)
		wg_free(wg);
	return 0;
}

int two_values_ok(int a, int b)
{
	wait_group *wg = NULL;
	if (a < b)
		wg = wg_new();
	if (a < b && wg)
		wg_free(wg);
	return 0;
}

int two_values_bad(int a, int b)
{
	wait_group *wg = NULL;
	if (a < b)
		wg = wg_new(); // want: wg_new
	if (a > b && wg)
		wg_free(wg);
	return 0;
}

/* ---- memory that was filled ---- */

struct pair {
	rows *first, *second;
};

int filled_with_zero_ok(ctx *parent)
{
	struct pair p = {NULL, NULL};
	if (p.second)
		p.first = db_query(parent, "select");
	return 0;
}

int filled_with_zero_bad(ctx *parent)
{
	struct pair p = {NULL, NULL};
	if (!p.second)
		p.first = db_query(parent, "select"); // want: db_query
	return 0;
}

int filled_with_ones_ok(void)
{
	int fds[2] = {-1, -1};
	if (fds[1] >= 0)
		fds[0] = eventfd(0, 0);
	return 0;
}

int filled_with_ones_bad(void)
{
	int fds[2] = {-1, -1};
	if (fds[1] < 0)
		fds[0] = eventfd(0, 0); // want: eventfd
	return 0;
}

struct numbers {
	int asked, given;
	rows *r;
};

static void give(int *to)
{
	*to = ask(1);
}

/* Half of what was filled is written by somebody else. */
int half_is_written_bad(ctx *parent)
{
	struct numbers n = {0};
	give(&n.given);
	if (n.given)
		n.r = db_query(parent, "select"); // want: db_query
	return n.asked;
}

/* ---- what comes back is the parameter, or none because that was none ---- */

static rows *checked(rows *r)
{
	if (!r)
		return NULL;
	return r;
}

int comes_back_ok(ctx *parent)
{
	rows *r = db_query(parent, "select");
	r = checked(r);
	if (r)
		rows_close(r);
	return 0;
}

int comes_back_bad(ctx *parent)
{
	rows *r = db_query(parent, "select"); // want: db_query
	r = checked(r);
	return r != NULL;
}

/* ---- a number that a function puts somewhere ---- */

static int open_into(int *out)
{
	*out = eventfd(0, 0);
	return 0;
}

int opened_bad(void)
{
	int fd = -1;
	open_into(&fd); // want: open_into
	return fd >= 0;
}

int opened_ok(void)
{
	int fd = -1;
	open_into(&fd);
	if (fd >= 0)
		close(fd);
	return 0;
}

/* What is not 0 may be 1. */
int last_one_bad(unsigned n)
{
	int fd = eventfd(0, 0); // want: eventfd
	if (fd < 0)
		return -1;
	if (n == 0) {
		close(fd);
		return 0;
	}
	if (n - 1 > 0) {
		close(fd);
		return 1;
	}
	return 2;
}

int one_or_two_bad(unsigned n)
{
	int fd = eventfd(0, 0); // want: eventfd
	if (fd < 0)
		return -1;
	if (n - 1 < 2)
		return (int)n;
	close(fd);
	return 0;
}

int neither_one_nor_two_ok(unsigned n)
{
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	if (n - 1 >= 2) {
		close(fd);
		return 0;
	}
	if (n != 1 && n != 2)
		return 1;
	close(fd);
	return 2;
}

/* ---- a helper that gives back what it got, or a failure for a failure ---- */

static int checked_fd(int fd)
{
	if (fd < 0) {
		perror_like("no descriptor");
		return -1;
	}
	return fd;
}

static int only_big(int fd)
{
	return fd > 2 ? fd : -1;
}

int checked_ok(void)
{
	int fd = checked_fd(eventfd(0, 0));
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

int checked_bad(int full)
{
	int fd = checked_fd(eventfd(0, 0)); // want: eventfd
	if (fd < 0)
		return -1;
	if (full)
		return 1;
	close(fd);
	return 0;
}

int small_one_lost_bad(void)
{
	int fd = only_big(eventfd(0, 0)); // want: eventfd
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* ---- a value that is excluded stays so behind a branch that says nothing of it ---- */

int excluded_ok(ctx *parent, int a)
{
	rows *r = NULL;
	if (a != 1)
		r = db_query(parent, "select");
	if (a > 0)
		ask(a);
	if (a != 1 && r)
		rows_close(r);
	return 0;
}
