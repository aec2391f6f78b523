// flags: %glib_flags
// models: ctx
/* What is only done after the end was seen is clean-up, whatever it is called; who cancels a token knows that it is done. */
#include "ctx.h"

#include <gio/gio.h>

int leaves_by_two_ways_bad(ctx *c, unsigned *missed)
{
	while (!ctx_is_done(c)) {
		if (ctx_sleep(c, 1000) == CTX_ECANCELED)
			break;
		if (rpc_call(c, "beat", NULL, NULL) < 0)
			++*missed;
	}
	return rpc_call(c, "goodbye", NULL, NULL); // want: rpc_call gets `c`, which is done
}

int leaves_by_an_error_ok(ctx *c)
{
	while (!ctx_is_done(c)) {
		if (rpc_call(c, "beat", NULL, NULL) < 0)
			break;
	}
	return rpc_call(c, "goodbye", NULL, NULL);
}

int sleeps_and_waits_ok(ctx *c)
{
	if (ctx_is_done(c))
		return ctx_sleep(c, 1000);
	return rpc_call(c, "work", NULL, NULL);
}

int says_bye_bad(ctx *c, int in, int out)
{
	char buf[256];
	ssize_t n = ctx_read(c, in, buf, sizeof buf);
	if (n == CTX_ECANCELED) {
		ctx_write(c, out, "BYE\n", 4); // want: ctx_write gets `c`, which is done
		return CTX_ECANCELED;
	}
	return 0;
}

int says_bye_ok(ctx *c, int in, int out)
{
	char buf[256];
	ssize_t n = ctx_read(c, in, buf, sizeof buf);
	if (n == CTX_ECANCELED) {
		ctx_write(ctx_without_cancel(c), out, "BYE\n", 4);
		return CTX_ECANCELED;
	}
	return 0;
}

/* ---- own cancels ---- */

struct upload {
	GCancellable *cancellable;
	GOutputStream *out;
};

void own_cancel_bad(struct upload *u)
{
	g_cancellable_cancel(u->cancellable);
	g_output_stream_close(u->out, u->cancellable, NULL); // want: g_output_stream_close gets
	g_clear_object(&u->out);
	g_clear_object(&u->cancellable);
	g_free(u);
}

void own_cancel_ok(struct upload *u)
{
	g_cancellable_cancel(u->cancellable);
	g_output_stream_close(u->out, NULL, NULL);
	g_clear_object(&u->out);
	g_clear_object(&u->cancellable);
	g_free(u);
}

void cancelled_and_made_anew_ok(struct upload *u)
{
	g_cancellable_cancel(u->cancellable);
	g_clear_object(&u->cancellable);
	u->cancellable = g_cancellable_new();
	g_output_stream_close(u->out, u->cancellable, NULL);
}

void cancelled_and_reset_ok(struct upload *u)
{
	g_cancellable_cancel(u->cancellable);
	g_cancellable_reset(u->cancellable);
	g_output_stream_close(u->out, u->cancellable, NULL);
}

int by_its_handle_bad(ctx *parent)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_cancel(parent, &stop);
	if (!c)
		return -1;
	int rc = db_exec(c, "UPDATE t SET n = 1");
	ctx_cancel(stop);
	if (rc < 0)
		db_exec(c, "ROLLBACK"); // want: db_exec gets `c`, which is done
	return rc;
}
