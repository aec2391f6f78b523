// pkg-config: gio-2.0
// models: ctx
/*
 * null-context: functions of the program that use their token whatever it is.
 */
#include "ctx.h"

#include <gio/gio.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- in what it calls, on every way ---- */

static int step(ctx *c, int n)
{
	return ctx_is_done(c) ? -1 : n;
}

static int outer(ctx *c)
{
	int rc = step(c, 3);
	return rc;
}

static int on_both_ways(ctx *c, int n)
{
	if (n > 3)
		return ctx_is_done(c);
	return ctx_err(c);
}

static int on_one_way(ctx *c, int n)
{
	if (n > 3)
		return ctx_is_done(c);
	return 0;
}

static int tolerant(ctx *c)
{
	if (!c)
		c = ctx_background();
	return ctx_is_done(c);
}

int two_calls_down_bad(void)
{
	return outer(NULL); // want: outer gets NULL
}

int both_ways_bad(void)
{
	return on_both_ways(NULL, 3); // want: on_both_ways gets NULL
}

int one_way_ok(void)
{
	return on_one_way(NULL, 1);
}

int tolerated_ok(void)
{
	return tolerant(NULL);
}

/* ---- a token of the program's own ---- */

struct scope {
	atomic_bool cancelled;
	struct scope *parent;
};

static bool scope_ended(struct scope *s)
{
	if (atomic_load(&s->cancelled))
		return true;
	return s->parent && scope_ended(s->parent);
}

static ssize_t scope_read(struct scope *s, int fd, char *buf, size_t n)
{
	if (scope_ended(s))
		return -1;
	return read(fd, buf, n);
}

static ssize_t maybe_scope_read(struct scope *s, int fd, char *buf, size_t n)
{
	if (s && scope_ended(s))
		return -1;
	return read(fd, buf, n);
}

ssize_t without_scope_bad(int fd, char *buf, size_t n)
{
	return scope_read(NULL, fd, buf, n); // want: scope_read gets NULL
}

ssize_t quick_bad(struct scope *given, bool quick, int fd, char *buf, size_t n)
{
	struct scope *s = given;
	if (quick)
		s = NULL;
	return scope_read(s, fd, buf, n); // want: `s` is NULL here
}

ssize_t without_scope_ok(int fd, char *buf, size_t n)
{
	return maybe_scope_read(NULL, fd, buf, n);
}

ssize_t chosen_ok(struct scope *given, bool quick, int fd, char *buf, size_t n)
{
	struct scope *s = quick ? NULL : given;
	if (!s)
		return read(fd, buf, n);
	return scope_read(s, fd, buf, n);
}

/* An object of which being done is one thing among many is no token. */
struct session {
	char *name;
	int fd;
	bool done;
	bool verbose;
};

static void session_log(struct session *s, const char *text)
{
	if (s->verbose)
		write(s->fd, text, 1);
}

void logged_ok(struct session *given, bool quiet)
{
	struct session *s = quiet ? NULL : given;
	session_log(s, "x");
}

/* One event, one finding. */
void reset_bad(void)
{
	g_cancellable_reset(NULL); // want: g_cancellable_reset gets NULL
}

/* An object whose name speaks of shutdown is no flag. */
struct call {
	GObject *shutdown_wait_obj;
	int command;
};

static void call_complete(struct call *c)
{
	g_clear_object(&c->shutdown_wait_obj);
}

void first_call_ok(struct call *queued, bool empty)
{
	struct call *c = empty ? NULL : queued;
	call_complete(c);
}
