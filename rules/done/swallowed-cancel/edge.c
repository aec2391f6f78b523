// flags: %glib_flags
// models: ctx
/*
 * swallowed-cancel: outcomes that may mean cancelled, in C. `want` stands where the outcome is lost.
 */
#include "ctx.h"

#include <gio/gio.h>

#define MY_ERROR g_quark_from_static_string("my")
#define MY_ERROR_FAILED 4

void note(const char *text);

/* ---- the error is cleared ---- */

gboolean clears_and_succeeds_bad(GFile *file, GCancellable *cancellable)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err))
		g_clear_error(&err); // want: success is reported
	return TRUE;
}

gboolean warns_and_succeeds_bad(GFile *file, GCancellable *cancellable)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		g_warning("cannot delete: %s", err->message);
		g_error_free(err); // want: success is reported
		return TRUE;
	}
	return TRUE;
}

gboolean scope_clears_bad(GFile *file, GCancellable *cancellable)
{
	g_autoptr(GError) err = NULL;
	if (!g_file_delete(file, cancellable, &err)) // want: success is reported
		note(err->message);
	return TRUE;
}

gboolean asks_for_another_error_bad(GFile *file, GCancellable *cancellable, GError **error)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		if (!g_error_matches(err, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
			note("that is bad");
		g_clear_error(&err); // want: success is reported
	}
	return TRUE;
}

void goes_on_bad(GFile *file, GInputStream *other, GCancellable *cancellable)
{
	char buf[8];
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err))
		g_clear_error(&err); // want: goes on
	g_input_stream_read(other, buf, sizeof buf, NULL, NULL);
}

void tries_for_ever_bad(GFile *file, GCancellable *cancellable)
{
	for (;;) {
		GError *err = NULL;
		if (g_file_delete(file, cancellable, &err))
			break;
		g_clear_error(&err); // want: again and again
		g_usleep(1000);
	}
}

gboolean converts_bad(GFile *file, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		g_set_error(error, MY_ERROR, MY_ERROR_FAILED, "no: %s", err->message); // want: cannot tell
		return FALSE;
	}
	return TRUE;
}

gboolean reports_failure_ok(GFile *file, GCancellable *cancellable)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		g_warning("cannot delete: %s", err->message);
		g_clear_error(&err);
		return FALSE;
	}
	return TRUE;
}

gboolean passes_it_on_ok(GFile *file, GCancellable *cancellable, GError **error)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		g_propagate_error(error, err);
		return FALSE;
	}
	return TRUE;
}

gboolean callers_error_ok(GFile *file, GCancellable *cancellable, GError **error)
{
	return g_file_delete(file, cancellable, error);
}

gboolean asks_for_cancelled_ok(GFile *file, GCancellable *cancellable, GError **error)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		if (g_error_matches(err, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
			g_propagate_error(error, err);
			return FALSE;
		}
		g_clear_error(&err);
	}
	return TRUE;
}

gboolean asks_for_the_code_ok(GFile *file, GCancellable *cancellable)
{
	g_autoptr(GError) err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		if (err->code != G_IO_ERROR_NOT_FOUND)
			return FALSE;
	}
	return TRUE;
}

gboolean keeps_the_code_ok(GFile *file, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		if (g_error_matches(err, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no: %s", err->message);
		else
			g_set_error(error, MY_ERROR, MY_ERROR_FAILED, "no: %s", err->message);
		return FALSE;
	}
	return TRUE;
}

void warns_unless_cancelled_ok(GFile *file, GCancellable *cancellable)
{
	g_autoptr(GError) err = NULL;
	if (!g_file_delete(file, cancellable, &err) && !g_error_matches(err, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("cannot delete: %s", err->message);
}

void best_effort_ok(GFile **files, int n, GCancellable *cancellable)
{
	for (int i = 0; i < n; i++) {
		g_autoptr(GError) err = NULL;
		if (!g_file_delete(files[i], cancellable, &err))
			note(err->message);
		if (g_cancellable_is_cancelled(cancellable))
			break;
	}
}

/* The next one says that the token is done. */
gboolean next_call_tells_ok(GFile *file, GFile *to, GCancellable *cancellable, GError **error)
{
	g_file_make_directory(to, cancellable, NULL);
	return g_file_copy(file, to, G_FILE_COPY_NONE, cancellable, NULL, NULL, error);
}

/* ---- nobody asks ---- */

gboolean ignores_both_bad(GFile *file, GCancellable *cancellable)
{
	g_file_make_directory(file, cancellable, NULL); // want: neither
	return TRUE;
}

void ignores_both_and_goes_on_bad(GFile *file, GCancellable *cancellable)
{
	g_file_make_directory(file, cancellable, NULL); // want: neither
	note("done");
}

void without_a_token_ok(GFile *file)
{
	g_file_make_directory(file, NULL, NULL);
	note("done");
}

gboolean asks_the_result_ok(GFile *file, GCancellable *cancellable)
{
	if (!g_file_make_directory(file, cancellable, NULL))
		return FALSE;
	return TRUE;
}

void closes_ok(GOutputStream *out, GCancellable *cancellable)
{
	g_output_stream_close(out, cancellable, NULL);
	note("done");
}

void my_session_close(GFile *file, GCancellable *cancellable)
{
	g_file_make_directory(file, cancellable, NULL);
	note("done");
}

/* ---- status codes ---- */

int status_ignored_bad(ctx *c)
{
	db_exec(c, "delete from jobs"); // want: neither
	return 0;
}

int status_logged_bad(ctx *c)
{
	if (db_exec(c, "delete from jobs") < 0) // want: success is reported
		note("failed");
	return 0;
}

static int wipe(ctx *c)
{
	return db_exec(c, "delete from jobs");
}

int status_of_a_wrapper_bad(ctx *c)
{
	int rc = wipe(c); // want: success is reported
	if (rc != 0)
		note("failed");
	return 0;
}

void status_retried_bad(ctx *c)
{
	while (db_exec(c, "delete from jobs") < 0) // want: again and again
		note("once more");
}

int status_passed_on_ok(ctx *c)
{
	int rc = db_exec(c, "delete from jobs");
	if (rc < 0)
		note("failed");
	return rc;
}

int status_asked_ok(ctx *c)
{
	int rc = db_exec(c, "delete from jobs");
	if (rc == CTX_ECANCELED)
		return rc;
	return 0;
}

int other_codes_ok(ctx *c)
{
	int rc = db_exec(c, "delete from jobs");
	if (rc < 0 && rc != CTX_ECANCELED)
		note("failed");
	return 0;
}

int failure_reported_ok(ctx *c)
{
	if (db_exec(c, "delete from jobs") < 0)
		return -1;
	return 0;
}

void loop_with_a_test_ok(ctx *c)
{
	while (!ctx_is_done(c)) {
		if (db_exec(c, "delete from jobs") < 0)
			note("failed");
		ctx_sleep(c, 100);
	}
}

void retried_until_done_ok(ctx *c)
{
	while (db_exec(c, "delete from jobs") < 0) {
		if (ctx_is_done(c))
			return;
	}
}

void kept_ok(ctx *c, int *status)
{
	*status = db_exec(c, "delete from jobs");
}

/* ---- logged, and on with the next one ---- */

void next_file_bad(GFile **f, int n, GCancellable *c)
{
	for (int i = 0; i < n; i++) {
		GError *e = NULL;
		if (!g_file_make_directory(f[i], c, &e)) {
			g_warning("%s", e->message);
			g_error_free(e); // want: the work goes on
		}
	}
}

guint next_info_bad(GFile **f, guint n, GCancellable *c)
{
	guint found = 0;
	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) e = NULL;
		g_autoptr(GFileInfo) info =
			g_file_query_info(f[i], "standard::size", G_FILE_QUERY_INFO_NONE, c, &e); // want: the work goes on
		if (!info)
			continue;
		found++;
	}
	return found;
}

void next_file_unless_cancelled_ok(GFile **f, int n, GCancellable *c)
{
	for (int i = 0; i < n; i++) {
		GError *e = NULL;
		if (!g_file_make_directory(f[i], c, &e)) {
			g_warning("%s", e->message);
			g_error_free(e);
		}
		if (g_cancellable_is_cancelled(c))
			return;
	}
}

/* The first failure ends it, and is told. */
gboolean first_failure_ok(GFile **f, int n, GCancellable *c, GError **error)
{
	for (int i = 0; i < n; i++)
		if (!g_file_make_directory(f[i], c, error))
			return FALSE;
	return TRUE;
}

/* ---- neither the result nor the error is asked for ---- */

void makes_directory_bad(GFile *f, GCancellable *c)
{
	g_file_make_directory(f, c, NULL); // want: nobody learns
}

gboolean makes_directory_ok(GFile *f, GCancellable *c)
{
	return g_file_make_directory(f, c, NULL);
}

/* ---- what is made in place of it ---- */

char *default_text_bad(GFile *f, GCancellable *c)
{
	char *text = NULL;
	GError *err = NULL;
	if (!g_file_load_contents(f, c, &text, NULL, NULL, &err)) {
		note(err->message);
		g_error_free(err); // want: a success is reported
		return g_strdup("default");
	}
	return text;
}

char *nothing_ok(GFile *f, GCancellable *c)
{
	char *text = NULL;
	if (!g_file_load_contents(f, c, &text, NULL, NULL, NULL))
		return NULL;
	return text;
}

/* ---- callbacks of a loop ---- */

struct periodic {
	GFile *file;
	GCancellable *cancellable;
};

/* TRUE says that the timer goes on, not that the file was removed. */
static gboolean try_each_time_ok(gpointer data)
{
	struct periodic *p = data;
	GError *err = NULL;
	if (!g_file_delete(p->file, p->cancellable, &err)) {
		g_warning("cannot delete: %s", err->message);
		g_clear_error(&err);
	}
	return G_SOURCE_CONTINUE;
}

guint periodic_start(struct periodic *p)
{
	return g_timeout_add_seconds(60, try_each_time_ok, p);
}

/* ---- a flag of the caller's tells that something was left out ---- */

gboolean tells_by_flag_ok(GFile *file, GCancellable *cancellable, gboolean *skipped)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		*skipped = TRUE;
		g_error_free(err);
	}
	return TRUE;
}

gboolean takes_the_flag_back_bad(GFile *file, GCancellable *cancellable, gboolean *skipped)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		*skipped = FALSE;
		g_error_free(err); // want: success is reported
	}
	return TRUE;
}

struct job {
	int failed;
};

gboolean counts_it_ok(GFile *file, GCancellable *cancellable, struct job *job)
{
	GError *err = NULL;
	if (!g_file_delete(file, cancellable, &err)) {
		job->failed++;
		g_error_free(err);
	}
	return TRUE;
}

gboolean counts_for_itself_bad(GFile *file, GCancellable *cancellable)
{
	GError *err = NULL;
	int failed = 0;
	if (!g_file_delete(file, cancellable, &err)) {
		failed++;
		g_error_free(err); // want: success is reported
	}
	g_print("%d\n", failed);
	return TRUE;
}

/* ---- another failure is told apart, and a clean-up lies between ---- */

extern gboolean query_size(GFile *file, guint64 *size, GCancellable *cancellable, GError **error);
extern gboolean read_op(GInputStream *in, int *op, gboolean *eof, GCancellable *cancellable, GError **error);

gboolean other_failure_only_ok(GFile *file, guint64 *sum, GCancellable *cancellable)
{
	if (sum) {
		guint64 size = 0;
		g_autoptr(GError) err = NULL;
		if (!query_size(file, &size, cancellable, &err)) {
			if (!g_error_matches(err, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
				return FALSE;
			size = 5;
		}
		*sum += size;
	}
	return TRUE;
}

gboolean other_failure_too_bad(GFile *file, guint64 *sum, GCancellable *cancellable)
{
	if (sum) {
		guint64 size = 0;
		g_autoptr(GError) err = NULL;
		if (!query_size(file, &size, cancellable, &err)) { // want: success is reported
			if (g_error_matches(err, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
				return FALSE;
			size = 5;
		}
		*sum += size;
	}
	return TRUE;
}

gboolean told_beside_the_error_ok(GInputStream *in, GCancellable *cancellable, GError **error)
{
	for (;;) {
		g_autoptr(GError) err = NULL;
		gboolean eof;
		int op;
		if (!read_op(in, &op, &eof, cancellable, &err)) {
			if (eof)
				break;
			g_propagate_error(error, g_steal_pointer(&err));
			return FALSE;
		}
	}
	return TRUE;
}

/* ---- what is counted in each case says nothing of this one ---- */

struct progress {
	const char *keys[8];
	char values[8][32];
	int done, failed;
};

int counts_all_bad(ctx *c, struct progress *p)
{
	for (int i = 0; i < 8; i++) {
		if (kv_get(c, p->keys[i], p->values[i], sizeof p->values[i])) // want: kv_get
			p->values[i][0] = 0;
		p->done++;
	}
	return 0;
}

int counts_failed_ok(ctx *c, struct progress *p)
{
	for (int i = 0; i < 8; i++) {
		if (kv_get(c, p->keys[i], p->values[i], sizeof p->values[i]))
			p->failed++;
		else
			p->done++;
	}
	return 0;
}

/* ---- numbers that are asked for ---- */

struct part {
	size_t size;
	char data[64];
};

int all_or_nothing_ok(ctx *c, int fd, void *resp, size_t m)
{
	if (ctx_read(c, fd, resp, m) != (ssize_t)m)
		return -1;
	return 0;
}

int size_in_object_ok(ctx *c, int fd, struct part *p)
{
	if (ctx_read(c, fd, p->data, p->size) == (ssize_t)p->size)
		return 0;
	return -1;
}

int short_write_ok(ctx *c, int fd, const void *buf, size_t n)
{
	ssize_t done = ctx_write(c, fd, buf, n);
	return done < (ssize_t)n ? -1 : 0;
}

int wrong_way_bad(ctx *c, int fd, void *resp, size_t m)
{
	if (ctx_read(c, fd, resp, m) == (ssize_t)m) // want: success is reported
		note("all there");
	return 0;
}

/* ---- the error is kept in another variable, and told of later ---- */

gboolean first_of_all_ok(GFile **files, guint n, GCancellable *cancellable, GError **error)
{
	GError *first = NULL;
	for (guint i = 0; i < n; i++) {
		GError *err = NULL;
		if (g_file_delete(files[i], cancellable, &err))
			continue;
		if (!first)
			first = err;
		else
			g_error_free(err);
	}
	if (first) {
		g_propagate_error(error, first);
		return FALSE;
	}
	return TRUE;
}

gboolean moved_out_of_scope_ok(GFile *file, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) kept = NULL;
	{
		g_autoptr(GError) err = NULL;
		if (!g_file_delete(file, cancellable, &err))
			kept = g_steal_pointer(&err);
	}
	if (kept) {
		g_propagate_error(error, g_steal_pointer(&kept));
		return FALSE;
	}
	return TRUE;
}

gboolean kept_to_print_bad(GFile **files, guint n, GCancellable *cancellable)
{
	GError *first = NULL;
	for (guint i = 0; i < n; i++) {
		GError *err = NULL;
		if (g_file_delete(files[i], cancellable, &err))
			continue;
		if (!first)
			first = err;
		else
			g_error_free(err); // want: success is reported
	}
	if (first) {
		g_print("%s\n", first->message);
		g_error_free(first);
	}
	return TRUE;
}
