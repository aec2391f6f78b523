// flags: %glib_flags
// models: ctx
/* missing-cancel: who else may end a handle: callers, owners, containers, helpers, threads. */
#include "ctx.h"

#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct scope {
	ctx *c;
	ctx_canceller *stop;
};

struct session {
	struct scope scope;
	int fd;
};

void hand_to_unknown_code(ctx_canceller *canceller);
void note(const char *text);

GPtrArray *open_scopes;

/* ---- transfers ---- */

ctx *out_parameter_ok(ctx *parent, ctx_canceller **out)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	*out = c ? stop : NULL;
	return c;
}

ctx *out_parameter_on_one_path_bad(ctx *parent, ctx_canceller **out)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return NULL;
	if (rpc_call(c, "hello", NULL, NULL) < 0)
		return NULL;
	*out = stop;
	return c;
}

static struct scope scope_open(ctx *parent)
{
	struct scope s = {0};
	s.c = ctx_with_cancel(parent, &s.stop);
	return s;
}

int struct_by_value_ok(ctx *parent)
{
	struct scope s = scope_open(parent);
	int rc = s.c ? rpc_call(s.c, "get", NULL, NULL) : -1;
	ctx_cancel(s.stop);
	return rc;
}

int struct_by_value_bad(ctx *parent)
{
	struct scope s = scope_open(parent); // want: scope_open
	return s.c ? rpc_call(s.c, "get", NULL, NULL) : -1;
}

static int scope_init(struct scope *s, ctx *parent)
{
	s->c = ctx_with_timeout(parent, 100, &s->stop);
	return s->c ? 0 : -1;
}

int wrapper_creates_into_a_local_ok(ctx *parent)
{
	struct scope s;
	if (scope_init(&s, parent) < 0)
		return -1;
	int rc = rpc_call(s.c, "get", NULL, NULL);
	ctx_cancel(s.stop);
	return rc;
}

int wrapper_creates_into_a_local_bad(ctx *parent)
{
	struct scope s;
	if (scope_init(&s, parent) < 0) // want: scope_init
		return -1;
	return rpc_call(s.c, "get", NULL, NULL);
}

int wrapper_creates_into_a_parameter_ok(struct session *self, ctx *parent)
{
	return scope_init(&self->scope, parent);
}

static void drop(ctx_canceller *stop)
{
	if (stop)
		ctx_cancel(stop);
}

static void drop_after(ctx_canceller *stop, int n)
{
	if (n > 0)
		drop_after(stop, n - 1);
	else
		ctx_cancel(stop);
}

static void look_at(ctx_canceller *stop)
{
	note(stop ? "stoppable" : "not stoppable");
}

static void keep(struct session *self, ctx_canceller *stop)
{
	self->scope.stop = stop;
}

int helper_releases_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	drop(stop);
	return rc;
}

int recursive_helper_releases_ok(ctx *parent, int n)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	drop_after(stop, n);
	return 0;
}

int helper_ignores_bad(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	look_at(stop);
	return rc;
}

int helper_takes_ok(struct session *self, ctx *parent)
{
	ctx_canceller *stop = NULL;
	self->scope.c = ctx_with_cancel(parent, &stop);
	if (!self->scope.c)
		return -1;
	keep(self, stop);
	return 0;
}

int unknown_code_takes_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	hand_to_unknown_code(stop);
	return rc;
}

int function_pointer_from_the_releaser_ok(ctx *parent)
{
	void (*finish)(ctx_canceller *) = ctx_cancel;
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	finish(stop);
	return rc;
}

static const struct scope_ops {
	void (*end)(ctx_canceller *stop);
} scope_ops = {.end = drop};

int table_of_functions_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	scope_ops.end(stop);
	return rc;
}

int alias_ok(ctx *parent)
{
	ctx_canceller *stop = NULL;
	ctx *c = ctx_with_cancel(parent, &stop);
	ctx_canceller *other = stop;
	int rc = c ? rpc_call(c, "get", NULL, NULL) : -1;
	ctx_cancel(other);
	return rc;
}

int copied_struct_ok(ctx *parent)
{
	struct scope s, t;
	if (scope_init(&s, parent) < 0)
		return -1;
	t = s;
	ctx_cancel(t.stop);
	return 0;
}

void container_ok(ctx *parent, GQueue *queue, chan *out)
{
	ctx_canceller *a = NULL, *b = NULL, *c = NULL;
	if (ctx_with_cancel(parent, &a))
		g_ptr_array_add(open_scopes, a);
	if (ctx_with_cancel(parent, &b))
		g_queue_push_tail(queue, b);
	if (ctx_with_cancel(parent, &c))
		chan_send(out, c);
}

/* ---- structs with a teardown ---- */

static void session_free(struct session *self)
{
	if (!self)
		return;
	ctx_cancel(self->scope.stop);
	free(self);
}

struct session *session_new_bad(ctx *parent, int fd)
{
	struct session *self = calloc(1, sizeof *self);
	if (!self)
		return NULL;
	self->scope.c = ctx_with_cancel(parent, &self->scope.stop); // want: ctx_with_cancel
	if (!self->scope.c) {
		free(self);
		return NULL;
	}
	if (fd < 0) {
		free(self);
		return NULL;
	}
	self->fd = fd;
	return self;
}

struct session *session_new_ok(ctx *parent, int fd)
{
	struct session *self = calloc(1, sizeof *self);
	if (!self)
		return NULL;
	self->scope.c = ctx_with_cancel(parent, &self->scope.stop);
	if (!self->scope.c || fd < 0) {
		session_free(self);
		return NULL;
	}
	self->fd = fd;
	return self;
}

/* ---- tasks and threads ---- */

static int cancel_task(ctx *c, void *arg)
{
	int rc = ctx_sleep(c, 100);
	ctx_cancel(arg);
	return rc;
}

static int idle_task(ctx *c, void *arg)
{
	note(arg ? "data" : "no data");
	return ctx_sleep(c, 100);
}

int task_releases_ok(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (ctx_go(c, cancel_task, stop) < 0) {
		ctx_cancel(stop);
		return -1;
	}
	return 0;
}

/* A submit that failed runs no callback: nobody is left to release. */
int failed_submit_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return -1;
	if (ctx_go(c, cancel_task, stop) < 0)
		return -1;
	return 0;
}

int task_ignores_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop); // want: ctx_with_cancel
	if (!c)
		return -1;
	return ctx_go(c, idle_task, stop);
}

static void *stop_soon(void *arg)
{
	ctx_canceller *stop = arg;
	usleep(1000);
	ctx_cancel(stop);
	return NULL;
}

int thread_releases_ok(ctx *parent)
{
	pthread_t t;
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	if (pthread_create(&t, NULL, stop_soon, stop) != 0) {
		ctx_cancel(stop);
		return -1;
	}
	pthread_detach(t);
	return 0;
}

/* A thread body is a function like any other. */
void *thread_body_bad(void *arg)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(arg, 100, &stop); // want: ctx_with_timeout
	if (c)
		rpc_call(c, "get", NULL, NULL);
	return NULL;
}
