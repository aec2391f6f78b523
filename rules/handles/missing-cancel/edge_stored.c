// models: ctx
/* missing-cancel: a helper stores the handle in the caller's object: whoever has that owes the release. */
#include "ctx.h"
#include <stdlib.h>
#include <unistd.h>
#include <sys/eventfd.h>
struct job {
	ctx *c;
	ctx_canceller *h;
	int fd;
	int n;
};
extern void enqueue(struct job *j);
static void job_init(struct job *j, ctx *c, ctx_canceller *h)
{
	j->c = c;
	j->h = h;
	j->n = 0;
}
static void job_end(struct job *j)
{
	ctx_cancel(j->h);
	j->h = NULL;
}
int ended_ok(ctx *p)
{
	struct job j;
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c)
		return -1;
	job_init(&j, c, h);
	int rc = db_exec(j.c, "x");
	job_end(&j);
	return rc;
}
int left_bad(ctx *p)
{
	struct job j;
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h); // want: is not released
	if (!c)
		return -1;
	job_init(&j, c, h);
	int rc = db_exec(j.c, "x");
	if (rc < 0)
		return rc;
	job_end(&j);
	return rc;
}
int freed_plainly_bad(ctx *p)
{
	struct job *j = calloc(1, sizeof *j);
	ctx_canceller *h;
	if (!j)
		return -1;
	ctx *c = ctx_with_cancel(p, &h); // want: is not released
	if (!c) {
		free(j);
		return -1;
	}
	job_init(j, c, h);
	int rc = db_exec(j->c, "x");
	if (rc < 0) {
		free(j);
		return rc;
	}
	job_end(j);
	free(j);
	return rc;
}
int given_ok(ctx *p)
{
	struct job *j = calloc(1, sizeof *j);
	ctx_canceller *h;
	if (!j)
		return -1;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c) {
		free(j);
		return -1;
	}
	job_init(j, c, h);
	enqueue(j);
	return 0;
}
struct job *returned_ok(ctx *p)
{
	struct job *j = calloc(1, sizeof *j);
	ctx_canceller *h;
	if (!j)
		return NULL;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c) {
		free(j);
		return NULL;
	}
	job_init(j, c, h);
	return j;
}
struct job returned_by_value_ok(ctx *p)
{
	struct job j = {0};
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c)
		return j;
	job_init(&j, c, h);
	return j;
}
static void set_fd(struct job *j, int fd)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = fd;
}
int descriptor_replaced_ok(void)
{
	struct job j = {.fd = -1};
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	set_fd(&j, fd);
	set_fd(&j, -1);
	return 0;
}
int descriptor_left_bad(int k)
{
	struct job j = {.fd = -1};
	int fd = eventfd(0, 0); // want: is not released
	if (fd < 0)
		return -1;
	set_fd(&j, fd);
	if (k)
		return -2;
	set_fd(&j, -1);
	return 0;
}
static void maybe(struct job *j, ctx_canceller *h, int n)
{
	if (n)
		j->h = h;
}
int stored_perhaps_ok(ctx *p, int n)
{
	struct job j = {0};
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c)
		return -1;
	maybe(&j, h, n);
	int rc = db_exec(c, "x");
	job_end(&j);
	return rc;
}

/* ---- a list that may not take it ---- */

#include <sys/timerfd.h>

struct rack {
	int *all;
	int n, room;
};

static int rack_put(struct rack *r, int fd)
{
	if (r->n == r->room) {
		int *more = realloc(r->all, (size_t)(r->room + 8) * sizeof *more);
		if (!more)
			return -1;
		r->all = more;
		r->room += 8;
	}
	r->all[r->n++] = fd;
	return 0;
}

int rack_add_bad(struct rack *r)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0); // want: made by timerfd_create is not released on this path
	if (fd < 0)
		return -1;
	if (rack_put(r, fd) < 0)
		return -1;
	return 0;
}

int rack_add_ok(struct rack *r)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	if (fd < 0)
		return -1;
	if (rack_put(r, fd) < 0) {
		close(fd);
		return -1;
	}
	return 0;
}
