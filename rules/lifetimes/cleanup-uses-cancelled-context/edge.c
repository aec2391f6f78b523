// flags: %glib_flags
// models: ctx
/* cleanup-uses-cancelled-context: clean-up on paths where its token is done. `want` stands at the clean-up call. */
#include "ctx.h"

#include <gio/gio.h>

void note(const char *text);
int step(ctx *c);
int session_close(void *session, ctx *c);
int session_prepare(void *session, ctx *c);
void token_renew(ctx *c);

/* ---- after a test ---- */

void after_poll_bad(GFile *tmp, GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable))
		g_file_delete(tmp, cancellable, NULL); // want: clean-up by g_file_delete gets `cancellable`
}

void after_poll_without_token_ok(GFile *tmp, GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable))
		g_file_delete(tmp, NULL, NULL);
}

void not_cancelled_ok(GFile *tmp, GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable))
		return;
	g_file_delete(tmp, cancellable, NULL);
}

void other_token_ok(GFile *tmp, GCancellable *cancellable, GCancellable *other)
{
	if (g_cancellable_is_cancelled(cancellable))
		g_file_delete(tmp, other, NULL);
}

void fresh_token_ok(GFile *tmp, GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable)) {
		g_autoptr(GCancellable) fresh = g_cancellable_new();
		g_file_delete(tmp, fresh, NULL);
	}
}

void answer_in_a_variable_bad(GFile *tmp, GCancellable *cancellable)
{
	gboolean cancelled = g_cancellable_is_cancelled(cancellable);
	note("asked");
	if (cancelled)
		g_file_delete(tmp, cancellable, NULL); // want: `cancellable`
}

void loop_until_cancelled_bad(GOutputStream *out, GCancellable *cancellable)
{
	while (!g_cancellable_is_cancelled(cancellable))
		g_output_stream_write(out, "x", 1, cancellable, NULL);
	g_output_stream_close(out, cancellable, NULL); // want: g_output_stream_close
}

/* ---- exit labels ---- */

int label_of_the_cancelled_path_bad(GOutputStream *out, GCancellable *cancellable, GError **error)
{
	int rc = -1;
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		goto out;
	if (g_output_stream_write(out, "x", 1, cancellable, error) == 1)
		rc = 0;
out:
	g_output_stream_close(out, cancellable, NULL); // want: g_output_stream_close
	return rc;
}

int label_of_other_failures_ok(GOutputStream *out, GCancellable *cancellable, GError **error)
{
	int rc = -1;
	if (g_output_stream_write(out, "x", 1, cancellable, error) != 1)
		goto out;
	rc = 0;
out:
	g_output_stream_close(out, cancellable, NULL);
	return rc;
}

/* ---- errors that mean cancelled ---- */

void error_matches_bad(GOutputStream *out, GCancellable *cancellable)
{
	GError *error = NULL;
	if (!g_output_stream_flush(out, cancellable, &error) &&
	    g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_output_stream_close(out, cancellable, NULL); // want: g_output_stream_close
	g_clear_error(&error);
}

void other_error_ok(GOutputStream *out, GCancellable *cancellable)
{
	GError *error = NULL;
	if (!g_output_stream_flush(out, cancellable, &error) &&
	    g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
		g_output_stream_close(out, cancellable, NULL);
	g_clear_error(&error);
}

int code_for_cancelled_bad(ctx *c)
{
	int rc = db_exec(c, "insert into t values (1)");
	if (rc == CTX_ECANCELED)
		db_exec(c, "ROLLBACK"); // want: clean-up by db_exec gets `c`
	return rc;
}

int any_failure_ok(ctx *c)
{
	int rc = db_exec(c, "insert into t values (1)");
	if (rc < 0)
		db_exec(c, "rollback");
	return rc;
}

int work_is_no_cleanup_ok(ctx *c)
{
	if (ctx_is_done(c))
		note("it will fail");
	return db_exec(c, "select 1");
}

/* ---- children ---- */

int child_of_a_done_one_bad(ctx *c)
{
	ctx_canceller *stop;
	if (!ctx_is_done(c))
		return step(c);
	ctx *last = ctx_with_timeout(c, 1000, &stop);
	if (!last)
		return -1;
	int rc = rpc_call(last, "undo", NULL, NULL); // want: a child of a token that is done
	ctx_cancel(stop);
	return rc;
}

int value_of_a_done_one_bad(ctx *c, void *user)
{
	if (!ctx_is_done(c))
		return step(c);
	ctx *named = ctx_with_value(c, "user", user);
	return db_exec(named, "rollback"); // want: db_exec gets `named`
}

int detached_ok(ctx *c)
{
	if (!ctx_is_done(c))
		return step(c);
	return db_exec(ctx_without_cancel(c), "rollback");
}

int detached_with_a_limit_ok(ctx *c)
{
	ctx_canceller *stop;
	if (!ctx_is_done(c))
		return step(c);
	ctx *last = ctx_with_timeout(ctx_without_cancel(c), 1000, &stop);
	if (!last)
		return -1;
	int rc = db_exec(last, "rollback");
	ctx_cancel(stop);
	return rc;
}

int background_ok(ctx *c)
{
	if (ctx_is_done(c))
		return db_exec(ctx_background(), "rollback");
	return step(c);
}

/* ---- functions of the program ---- */

int named_cleanup_bad(void *session, ctx *c)
{
	if (ctx_err(c) != 0)
		return session_close(session, c); // want: session_close
	return step(c);
}

int named_otherwise_ok(void *session, ctx *c)
{
	if (ctx_err(c) != 0)
		return session_prepare(session, c);
	return step(c);
}

int renewed_ok(void *session, ctx *c)
{
	if (ctx_err(c) != 0) {
		token_renew(c);
		return session_close(session, c);
	}
	return step(c);
}

void usable_again_ok(GOutputStream *out, GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable))
		g_cancellable_reset(cancellable);
	g_output_stream_close(out, cancellable, NULL);
}

void closers_without_a_token_ok(ctx *c, rows *r)
{
	if (ctx_is_done(c))
		rows_close(r);
}

/* ---- handlers ---- */

static GOutputStream *g_out;

static void on_cancelled_bad(GCancellable *cancellable, gpointer data)
{
	g_output_stream_close(g_out, cancellable, NULL); // want: g_output_stream_close
}

static void on_cancelled_ok(GCancellable *cancellable, gpointer data)
{
	g_output_stream_close(g_out, NULL, NULL);
}

void connect_both_ok(GCancellable *cancellable)
{
	gulong a = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled_bad), NULL, NULL);
	gulong b = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled_ok), NULL, NULL);
	g_cancellable_disconnect(cancellable, a);
	g_cancellable_disconnect(cancellable, b);
}

/* ---- paths ---- */

void correlated_ok(GFile *tmp, GCancellable *cancellable)
{
	gboolean cancelled = g_cancellable_is_cancelled(cancellable);
	if (cancelled)
		note("cancelled");
	if (!cancelled)
		g_file_delete(tmp, cancellable, NULL);
}

void asked_after_ok(GFile *tmp, GCancellable *cancellable)
{
	g_file_delete(tmp, cancellable, NULL);
	if (g_cancellable_is_cancelled(cancellable))
		note("cancelled");
}

/* ---- helpers that do nothing but clean up ---- */

static void forget_half(GFile *file, GCancellable *cancellable)
{
	g_file_delete(file, cancellable, NULL);
}

static gboolean probe_half(GFile *file, GCancellable *cancellable)
{
	g_file_delete(file, cancellable, NULL);
	return g_file_query_exists(file, cancellable);
}

gboolean helper_cleans_bad(GFile *from, GFile *to, GCancellable *cancellable, GError **error)
{
	gboolean ok = g_file_move(from, to, G_FILE_COPY_NONE, cancellable, NULL, NULL, error);
	if (g_cancellable_is_cancelled(cancellable))
		forget_half(to, cancellable); // want: forget_half gets `cancellable`
	return ok;
}

gboolean helper_cleans_ok(GFile *from, GFile *to, GCancellable *cancellable, GError **error)
{
	gboolean ok = g_file_move(from, to, G_FILE_COPY_NONE, cancellable, NULL, NULL, error);
	if (g_cancellable_is_cancelled(cancellable))
		forget_half(to, NULL);
	return ok;
}

gboolean helper_asks_ok(GFile *from, GFile *to, GCancellable *cancellable, GError **error)
{
	gboolean ok = g_file_move(from, to, G_FILE_COPY_NONE, cancellable, NULL, NULL, error);
	if (g_cancellable_is_cancelled(cancellable))
		probe_half(to, cancellable);
	return ok;
}

/* ---- requests that undo ---- */

int undo_by_name_bad(ctx *c)
{
	if (rpc_call(c, "seat.take", NULL, NULL) < 0 && ctx_is_done(c))
		return rpc_call(c, "seat.release", NULL, NULL); // want: rpc_call gets `c`
	return 0;
}

int undo_by_name_ok(ctx *c)
{
	if (rpc_call(c, "seat.take", NULL, NULL) < 0 && ctx_is_done(c))
		return rpc_call(ctx_without_cancel(c), "seat.release", NULL, NULL);
	return 0;
}

/* ---- callbacks: the token in their data ---- */

struct upload {
	GOutputStream *out;
	GCancellable *token;
};

static void uploaded_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	struct upload *u = data;
	GError *error = NULL;
	g_output_stream_write_finish(G_OUTPUT_STREAM(source), result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_output_stream_close(u->out, u->token, NULL); // want: g_output_stream_close gets `data->token`
	g_clear_error(&error);
	g_free(u);
}

static void uploaded_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct upload *u = data;
	GError *error = NULL;
	g_output_stream_write_finish(G_OUTPUT_STREAM(source), result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_output_stream_close(u->out, NULL, NULL);
	else
		g_output_stream_close(u->out, u->token, NULL);
	g_clear_error(&error);
	g_free(u);
}

void upload_ok(GOutputStream *out, const char *text, gsize n, gboolean careful, GCancellable *token)
{
	struct upload *u = g_new0(struct upload, 1);
	u->out = out;
	u->token = token;
	g_output_stream_write_async(out, text, n, 0, token, careful ? uploaded_ok : uploaded_bad, u);
}

/* ---- a child is made for the clean-up: that it is named after it does not clean up ---- */

static int stage_key;

int value_for_rollback_bad(ctx *c)
{
	if (ctx_sleep(c, 100) == CTX_ECANCELED) {
		ctx *v = ctx_with_value(c, &stage_key, "rollback");
		return rpc_call(v, "unregister", NULL, NULL); // want: a child of a token
	}
	return 0;
}

int value_for_rollback_ok(ctx *c)
{
	if (ctx_sleep(c, 100) == CTX_ECANCELED) {
		ctx *v = ctx_with_value(ctx_without_cancel(c), &stage_key, "rollback");
		return rpc_call(v, "unregister", NULL, NULL);
	}
	return 0;
}

ctx *value_handed_back_ok(ctx *c)
{
	return ctx_is_done(c) ? ctx_with_value(c, &stage_key, "rollback") : c;
}

/* ---- the code for "cancelled", from a function that is given the token ---- */

int load_all(ctx *c);
int bye_close(ctx *c, int id);

int case_of_cancelled_bad(ctx *c, int id)
{
	switch (load_all(c)) {
	case 0:
		return 0;
	case CTX_ECANCELED:
		bye_close(c, id); // want: bye_close gets `c`
		return -1;
	default:
		bye_close(c, id);
		return -1;
	}
}

int case_of_another_error_ok(ctx *c, int id)
{
	int rc = load_all(c);
	if (rc == -22)
		bye_close(c, id);
	return rc;
}

/* ---- a helper that only undoes ---- */

static void takes_back(ctx *c)
{
	db_exec(c, "ROLLBACK");
}

static void takes_back_and_more(ctx *c)
{
	db_exec(c, "ROLLBACK");
	db_exec(c, "SELECT 1");
}

int helper_undoes_bad(ctx *c, const char *sql)
{
	int rc = db_exec(c, sql);
	if (ctx_err(c) != 0) {
		takes_back(c); // want: takes_back
		return CTX_ECANCELED;
	}
	return rc;
}

int helper_does_more_ok(ctx *c, const char *sql)
{
	int rc = db_exec(c, sql);
	if (ctx_err(c) != 0) {
		takes_back_and_more(c);
		return CTX_ECANCELED;
	}
	return rc;
}

int helper_of_its_own_ok(ctx *c, const char *sql)
{
	int rc = db_exec(c, sql);
	if (ctx_err(c) != 0) {
		takes_back(ctx_without_cancel(c));
		return CTX_ECANCELED;
	}
	return rc;
}
