// flags: %glib_flags
// models: ctx
/* null-context: the dull cases. `want` stands at the call. */
#include "ctx.h"

#include <gio/gio.h>

/* The model forbids it. */
void reset_bad(void)
{
	g_cancellable_reset(NULL); // want: g_cancellable_reset gets NULL, and must get a token
}

gulong connect_bad(GCallback cb, void *data)
{
	return g_cancellable_connect(NULL, cb, data, NULL); // want: g_cancellable_connect gets NULL, and must get a token
}

void push_bad(void)
{
	g_cancellable_push_current(NULL); // want: g_cancellable_push_current gets NULL, and must get a token
}

bool literal_bad(void)
{
	return ctx_is_done(NULL); // want: ctx_is_done gets NULL, and must get a token
}

ctx *no_parent_bad(ctx_canceller **h)
{
	return ctx_with_cancel(NULL, h); // want: ctx_with_cancel gets NULL, and must get a token
}

bool tested_bad(ctx *c)
{
	if (!c)
		return ctx_is_done(c); // want: `c` is NULL here
	return false;
}

bool on_one_path_bad(ctx *parent, bool some)
{
	ctx *c = some ? parent : NULL;
	return ctx_is_done(c); // want: `c` is NULL here
}

bool on_no_path_ok(ctx *parent, bool some)
{
	ctx *c = some ? parent : NULL;
	return some && ctx_is_done(c);
}

bool tested_ok(ctx *c)
{
	return c && ctx_is_done(c);
}

/* Allowed. */
void allowed_ok(void)
{
	g_cancellable_cancel(NULL);
	if (g_cancellable_is_cancelled(NULL))
		return;
}

gssize operation_ok(GInputStream *in, void *buf, gsize n)
{
	return g_input_stream_read(in, buf, n, NULL, NULL);
}

/* NULL for something else. */
int another_argument_ok(ctx *c)
{
	return rpc_call(c, "ping", NULL, NULL);
}

/* A function of the project that looks into the token whatever it is. */
struct token {
	int done;
};

static int look(const char *what, ctx *c)
{
	return what[0] + (int)ctx_is_done(c);
}

static int look_if_any(const char *what, ctx *c)
{
	return c ? what[0] + (int)ctx_is_done(c) : 0;
}

int visible_callee_bad(void)
{
	return look("x", NULL); // want: look gets NULL, and must get a token
}

int visible_callee_ok(ctx *c)
{
	return look("x", c) + look_if_any("y", NULL);
}

/* A constructor with an optional token. */
struct worker {
	ctx *c;
};

static void worker_init(struct worker *w, ctx *c)
{
	w->c = c;
}

void optional_ok(struct worker *w)
{
	worker_init(w, NULL);
}

/* ---- tokens in memory: nothing else in the function matters ---- */

struct operation {
	ctx *c;
	ctx_canceller *h;
};

int stored_null_bad(struct operation *o, ctx_task task)
{
	o->c = NULL;
	return ctx_go(o->c, task, o); // want: `o->c` is NULL here
}

int one_arm_bad(struct operation *o, ctx *parent, bool limited, ctx_task task)
{
	if (limited)
		o->c = parent;
	else
		o->c = NULL;
	return ctx_go(o->c, task, o); // want: `o->c` is NULL here
}

static void clear(struct operation *o)
{
	o->c = NULL;
	o->h = NULL;
}

int cleared_by_a_helper_bad(struct operation *o, ctx_task task)
{
	clear(o);
	return ctx_go(o->c, task, o); // want: `o->c` is NULL here
}

int filled_again_ok(struct operation *o, ctx *parent, ctx_task task)
{
	clear(o);
	o->c = parent;
	return ctx_go(o->c, task, o);
}

int tested_first_ok(struct operation *o, ctx_task task)
{
	if (!o->c)
		return -1;
	return ctx_go(o->c, task, o);
}
