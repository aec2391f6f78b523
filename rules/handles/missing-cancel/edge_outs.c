// flags: %glib_flags
// models: ctx
/* missing-cancel: helpers that put what they make where they are told, and never fail, or may fail. */
#include "ctx.h"

#include <gio/gio.h>

static int put_token(GCancellable **out)
{
	*out = g_cancellable_new();
	return 0;
}

static int put_canceller(ctx *c, ctx_canceller **out)
{
	ctx_with_cancel(c, out);
	return 0;
}

int never_none_ok(void)
{
	GCancellable *token = NULL;
	int rc = put_token(&token);
	if (!token)
		return -1;
	g_object_unref(token);
	return rc;
}

int never_none_bad(void)
{
	GCancellable *token = NULL;
	int rc = put_token(&token); // want: made by put_token
	if (!token)
		token = g_cancellable_new();
	return rc;
}

int may_be_none_bad(ctx *c)
{
	ctx_canceller *h = NULL;
	put_canceller(c, &h); // want: made by put_canceller
	if (!h)
		ctx_with_cancel(c, &h); // want: made by ctx_with_cancel
	return 0;
}

int may_be_none_ok(ctx *c)
{
	ctx_canceller *h = NULL;
	put_canceller(c, &h);
	if (!h)
		return -1;
	ctx_cancel(h);
	return 0;
}
