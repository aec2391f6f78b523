// models: ctx
/* missing-cancel: functions that return memory of their own with a handle in it. Whoever gets it owes its
 * end. */
#include "ctx.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

struct session {
	ctx *c;
	ctx_canceller *stop;
	struct session *next;
	int id;
};

void elsewhere(struct session *s);
void only_known_elsewhere(struct session *s);

static struct session *session_new(ctx *parent)
{
	struct session *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->c = ctx_with_cancel(parent, &s->stop);
	if (!s->c) {
		free(s);
		return NULL;
	}
	return s;
}

static void session_free(struct session *s)
{
	if (!s)
		return;
	ctx_cancel(s->stop);
	free(s);
}

int lost_on_an_error_bad(ctx *parent)
{
	struct session *s = session_new(parent); // want: `s`
	if (!s)
		return -1;
	if (db_exec(s->c, "begin") < 0)
		return -1;
	session_free(s);
	return 0;
}

int freed_as_memory_bad(ctx *parent)
{
	struct session *s = session_new(parent); // want: `s`
	if (!s)
		return -1;
	int rc = db_exec(s->c, "begin");
	free(s);
	return rc;
}

int freed_ok(ctx *parent)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	int rc = db_exec(s->c, "begin");
	session_free(s);
	return rc;
}

int freed_without_asking_ok(ctx *parent)
{
	struct session *s = session_new(parent);
	int rc = s ? db_exec(s->c, "begin") : -1;
	session_free(s);
	return rc;
}

int taken_apart_ok(ctx *parent)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	int rc = db_exec(s->c, "begin");
	ctx_cancel(s->stop);
	free(s);
	return rc;
}

static void session_stop(struct session *s)
{
	ctx_cancel(s->stop);
	s->stop = NULL;
}

int stopped_ok(ctx *parent)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	session_stop(s);
	free(s);
	return 0;
}

struct session *returned_ok(ctx *parent, int id)
{
	struct session *s = session_new(parent);
	if (s)
		s->id = id;
	return s;
}

static struct session *all;

int kept_ok(ctx *parent)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	s->next = all;
	all = s;
	return db_exec(s->c, "begin");
}

struct server {
	struct session *first;
};

int stored_ok(struct server *server, ctx *parent)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	server->first = s;
	return db_exec(s->c, "begin");
}

int given_away_ok(ctx *parent)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	elsewhere(s);
	return 0;
}

static int runs(ctx *c, void *arg)
{
	struct session *s = arg;
	int rc = db_exec(c, "begin");
	session_free(s);
	return rc;
}

int given_to_a_task_ok(ctx *parent)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	int rc = ctx_go(s->c, runs, s);
	if (rc < 0)
		session_free(s);
	return rc;
}

int watched_ok(ctx *parent, int ep, int fd)
{
	struct session *s = session_new(parent);
	if (!s)
		return -1;
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event) < 0) {
		session_free(s);
		return -1;
	}
	return 0;
}

/* ---- counted ---- */

struct shared {
	int refs;
	ctx *c;
	ctx_canceller *stop;
};

static struct shared *shared_new(ctx *parent)
{
	struct shared *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->refs = 1;
	s->c = ctx_with_cancel(parent, &s->stop);
	return s;
}

static void shared_unref(struct shared *s)
{
	if (--s->refs > 0)
		return;
	ctx_cancel(s->stop);
	free(s);
}

int unreferenced_ok(ctx *parent)
{
	struct shared *s = shared_new(parent);
	if (!s)
		return -1;
	int rc = db_exec(s->c, "begin");
	shared_unref(s);
	return rc;
}

/* ---- known to others from the beginning ---- */

static struct session *registered_new(ctx *parent)
{
	struct session *s = session_new(parent);
	if (s) {
		s->next = all;
		all = s;
	}
	return s;
}

int registered_ok(ctx *parent)
{
	struct session *s = registered_new(parent);
	return s ? db_exec(s->c, "begin") : -1;
}

static struct session *told_new(ctx *parent)
{
	struct session *s = session_new(parent);
	if (s)
		only_known_elsewhere(s);
	return s;
}

int told_ok(ctx *parent)
{
	struct session *s = told_new(parent);
	return s ? db_exec(s->c, "begin") : -1;
}

int descriptor_watched_bad(int ep)
{
	int fd = eventfd(0, 0); // want: `fd`
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
	if (fd < 0)
		return -1;
	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
}
