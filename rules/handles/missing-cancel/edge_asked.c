// models: ctx
/* missing-cancel: a helper that releases only where a parameter says so. */
#include "ctx.h"
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/eventfd.h>
static void drop(int fd, bool force)
{
	if (force)
		close(fd);
}
int said_no_bad(int k)
{
	int fd = eventfd(0, 0); // want: is not released
	if (fd < 0)
		return -1;
	if (k) {
		drop(fd, false);
		return -1;
	}
	drop(fd, true);
	return 0;
}
int said_yes_ok(int k)
{
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	if (k) {
		drop(fd, true);
		return -1;
	}
	drop(fd, true);
	return 0;
}
static int finish(ctx_canceller *h, int rc)
{
	if (rc < 0)
		ctx_cancel(h);
	return rc;
}
int told_by_the_result_bad(ctx *p)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h); // want: is not released
	if (!c)
		return -1;
	return finish(h, db_exec(c, "x"));
}
int told_by_the_result_ok(ctx *p)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h);
	if (!c)
		return -1;
	int rc = db_exec(c, "x");
	if (rc < 0)
		return finish(h, rc);
	ctx_cancel(h);
	return rc;
}
int not_known_ok(int k, bool f)
{
	int fd = eventfd(0, 0);
	if (fd < 0)
		return -1;
	drop(fd, f);
	if (!f)
		close(fd);
	return k;
}
enum how { KEEP, CLOSE, LOG };
static void dispose(ctx_canceller *h, enum how how)
{
	switch (how) {
	case CLOSE:
		ctx_cancel(h);
		break;
	case KEEP:
	case LOG:
		break;
	}
}
int another_way_bad(ctx *p)
{
	ctx_canceller *h;
	ctx *c = ctx_with_cancel(p, &h); // want: is not released
	if (!c)
		return -1;
	int rc = db_exec(c, "x");
	if (rc < 0) {
		dispose(h, LOG);
		return rc;
	}
	dispose(h, CLOSE);
	return 0;
}
