// pkg-config: gio-2.0
// rules: field-never-cancelled
/* leaked-timer: a call back stops the timer of its object on one way, and ends the object on another without.
 */
#include <gio/gio.h>

typedef struct {
	guint timeout;
	GCancellable *cancellable;
	char *name;
	gboolean late;
} Request;

static void request_free(Request *r)
{
	g_clear_object(&r->cancellable);
	g_free(r->name);
	g_free(r);
}

static gboolean on_timeout(gpointer data)
{
	Request *r = data;
	r->timeout = 0;
	g_cancellable_cancel(r->cancellable);
	return G_SOURCE_REMOVE;
}

static void on_done(GObject *o, GAsyncResult *res, gpointer data)
{
	Request *r = data;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(o), res, NULL);
	if (!info) {
		g_clear_handle_id(&r->timeout, g_source_remove);
		request_free(r);
		return;
	}
	g_print("%s\n", g_file_info_get_name(info));
	request_free(r);
}

void start_bad(GFile *f)
{
	Request *r = g_new0(Request, 1);
	r->cancellable = g_cancellable_new();
	r->timeout = g_timeout_add_seconds(10, on_timeout, r); // want: on_done ends that
	g_file_query_info_async(f, "*", 0, 0, r->cancellable, on_done, r);
}

/* ---- the timer is over on that way ---- */

typedef struct {
	guint timeout;
	GCancellable *cancellable;
} Watched;

static gboolean on_watched_timeout(gpointer data)
{
	Watched *w = data;
	w->timeout = 0;
	g_cancellable_cancel(w->cancellable);
	return G_SOURCE_REMOVE;
}

static void on_watched_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	Watched *w = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(o), res, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_object_unref(w->cancellable);
		g_free(w);
		return;
	}
	g_source_remove(w->timeout);
	g_object_unref(w->cancellable);
	g_free(w);
}

void watch_ok(GFile *f)
{
	Watched *w = g_new0(Watched, 1);
	w->cancellable = g_cancellable_new();
	w->timeout = g_timeout_add_seconds(10, on_watched_timeout, w);
	g_file_query_info_async(f, "*", 0, 0, w->cancellable, on_watched_ok, w);
}

typedef struct {
	guint timeout;
	gboolean late;
} Flagged;

static gboolean on_flagged_timeout(gpointer data)
{
	Flagged *w = data;
	w->timeout = 0;
	w->late = TRUE;
	return G_SOURCE_REMOVE;
}

static void on_flagged_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	Flagged *w = data;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(o), res, NULL);
	if (w->late) {
		g_free(w);
		return;
	}
	g_source_remove(w->timeout);
	g_free(w);
}

void flag_ok(GFile *f, GCancellable *c)
{
	Flagged *w = g_new0(Flagged, 1);
	w->timeout = g_timeout_add_seconds(10, on_flagged_timeout, w);
	g_file_query_info_async(f, "*", 0, 0, c, on_flagged_ok, w);
}

/* ---- what ends the object stops it ---- */

typedef struct {
	guint timeout;
	int n;
} Stopped;

static void stopped_free(Stopped *s)
{
	g_clear_handle_id(&s->timeout, g_source_remove);
	g_free(s);
}

static gboolean on_stopped_timeout(gpointer data)
{
	Stopped *s = data;
	s->n++;
	return G_SOURCE_CONTINUE;
}

static void on_stopped_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	Stopped *s = data;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(o), res, NULL);
	if (!info)
		g_clear_handle_id(&s->timeout, g_source_remove);
	stopped_free(s);
}

void stop_ok(GFile *f, GCancellable *c)
{
	Stopped *s = g_new0(Stopped, 1);
	s->timeout = g_timeout_add_seconds(10, on_stopped_timeout, s);
	g_file_query_info_async(f, "*", 0, 0, c, on_stopped_ok, s);
}

/* ---- one function for both ends ---- */

typedef struct {
	guint timeout;
	int n;
} Finished;

static void finish(Finished *w, gboolean late)
{
	if (!late)
		g_source_remove(w->timeout);
	g_free(w);
}

static gboolean on_finished_timeout(gpointer data)
{
	finish(data, TRUE);
	return G_SOURCE_REMOVE;
}

static void on_finished_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(o), res, NULL);
	finish(data, FALSE);
}

void finish_ok(GFile *f, GCancellable *c)
{
	Finished *w = g_new0(Finished, 1);
	w->timeout = g_timeout_add_seconds(10, on_finished_timeout, w);
	g_file_query_info_async(f, "*", 0, 0, c, on_finished_ok, w);
}
