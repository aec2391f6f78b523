// models: ctx
/* detached-context: the dull cases. `want` stands at the call with the bad argument. */
#include "ctx.h"

int root_bad(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return rpc_call(ctx_background(), key, NULL, NULL); // want: rpc_call gets a token that ctx_background made afresh although `c` is at hand
}

int todo_bad(ctx *c, const char *key)
{
	(void)c;
	return rpc_call(ctx_todo(), key, NULL, NULL); // want: ctx_todo made afresh
}

int overwritten_bad(ctx *c)
{
	if (ctx_is_done(c))
		return -1;
	c = ctx_background();
	return db_exec(c, "commit"); // want: db_exec gets a token that ctx_background made
}

/* A child of a root ends by itself, but not with the caller. */
int child_of_root_bad(ctx *c, const char *key)
{
	ctx_canceller *h;
	if (ctx_is_done(c))
		return -1;
	ctx *own = ctx_with_timeout(ctx_background(), 60000, &h);
	if (!own)
		return -1;
	int rc = rpc_call(own, key, NULL, NULL); // want: rpc_call gets a token that
	ctx_cancel(h);
	return rc;
}

static int job(ctx *c, void *data)
{
	return rpc_call(c, data, NULL, NULL);
}

int started_with_root_bad(ctx *c, char *key)
{
	if (ctx_is_done(c))
		return -1;
	return ctx_go(ctx_background(), job, key); // want: ctx_go gets a token
}

int child_ok(ctx *c, const char *key)
{
	ctx_canceller *h;
	ctx *child = ctx_with_timeout(c, 100, &h);
	if (!child)
		return -1;
	int rc = rpc_call(child, key, NULL, NULL);
	ctx_cancel(h);
	return rc;
}

/* Says that it is meant. */
int detached_openly_ok(ctx *c, const char *key)
{
	return rpc_call(ctx_without_cancel(c), key, NULL, NULL);
}

/* A fallback for those who have none. */
int fallback_ok(ctx *c, const char *key)
{
	if (!c)
		c = ctx_background();
	return rpc_call(c, key, NULL, NULL);
}

/* Once the token is done. */
int shut_down_ok(ctx *c, int (*serve)(ctx *c))
{
	ctx_canceller *h;
	while (!ctx_is_done(c))
		serve(c);
	ctx *grace = ctx_with_timeout(ctx_background(), 5000, &h);
	if (!grace)
		return -1;
	int rc = rpc_call(grace, "leave", NULL, NULL);
	ctx_cancel(h);
	return rc;
}

/* No token at hand. */
int no_token_ok(const char *key)
{
	return rpc_call(ctx_background(), key, NULL, NULL);
}

/* Values only. */
void *values_ok(ctx *c)
{
	return ctx_is_done(c) ? NULL : ctx_value(ctx_background(), "key");
}

/* ---- what runs is not known ---- */

typedef int (*handler)(ctx *c, const char *request);

int middleware_bad(ctx *c, handler next, const char *request)
{
	if (ctx_is_done(c))
		return -1;
	return next(ctx_background(), request); // want: although `c` is at hand
}

int middleware_ok(ctx *c, handler next, const char *request)
{
	if (ctx_is_done(c))
		return next(ctx_background(), "cancelled");
	return next(c, request);
}

int middleware_with_default_ok(ctx *c, handler next, const char *request)
{
	return next(c ? c : ctx_background(), request);
}

int derives_from_default_ok(ctx *c, const char *sql)
{
	ctx *base = c ? c : ctx_background();
	ctx_canceller *h;
	ctx *own = ctx_with_timeout(base, 100, &h);
	if (!own)
		return -1;
	int rc = db_exec(own, sql);
	ctx_cancel(h);
	return rc;
}
