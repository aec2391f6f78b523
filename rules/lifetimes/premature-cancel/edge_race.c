// flags: %glib_flags
/* premature-cancel: loops that one of several callbacks leaves. */
#include <gio/gio.h>

typedef struct {
	GMainLoop *loop;
	GCancellable *cancellable;
	GFileInfo *info;
	guint timeout;
	gboolean late;
} Wait;

static void quit(Wait *w)
{
	g_main_loop_quit(w->loop);
}

static void got_info(GObject *file, GAsyncResult *result, gpointer data)
{
	Wait *w = data;
	w->info = g_file_query_info_finish(G_FILE(file), result, NULL);
	quit(w);
}

static gboolean too_late(gpointer data)
{
	Wait *w = data;
	w->late = TRUE;
	w->timeout = 0;
	g_main_loop_quit(w->loop);
	return G_SOURCE_REMOVE;
}

static gboolean too_late_cancels(gpointer data)
{
	Wait *w = data;
	g_cancellable_cancel(w->cancellable);
	w->timeout = 0;
	return G_SOURCE_REMOVE;
}

GFileInfo *heap_bad(GFile *file)
{
	Wait *w = g_new0(Wait, 1);
	w->loop = g_main_loop_new(NULL, FALSE);
	w->timeout = g_timeout_add(100, too_late, w);
	g_file_query_info_async(file, "*", 0, 0, NULL, got_info, w);
	g_main_loop_run(w->loop);
	if (w->timeout)
		g_source_remove(w->timeout);
	g_main_loop_unref(w->loop);
	GFileInfo *info = w->info;
	g_free(w); // want: got_info may still use: the loop may have been left before it ran
	return info;
}

GFileInfo *stack_bad(GFile *file)
{
	Wait w = {0};
	w.loop = g_main_loop_new(NULL, FALSE);
	w.timeout = g_timeout_add(100, too_late, &w);
	g_file_query_info_async(file, "*", 0, 0, NULL, got_info, &w); // want: may still use the local variable `w`
	g_main_loop_run(w.loop);
	if (w.timeout)
		g_source_remove(w.timeout);
	g_main_loop_unref(w.loop);
	return w.info;
}

/* Nothing but the answer leaves the loop. */
GFileInfo *one_leaves_ok(GFile *file)
{
	Wait *w = g_new0(Wait, 1);
	w->loop = g_main_loop_new(NULL, FALSE);
	w->cancellable = g_cancellable_new();
	w->timeout = g_timeout_add(100, too_late_cancels, w);
	g_file_query_info_async(file, "*", 0, 0, w->cancellable, got_info, w);
	g_main_loop_run(w->loop);
	if (w->timeout)
		g_source_remove(w->timeout);
	g_object_unref(w->cancellable);
	g_main_loop_unref(w->loop);
	GFileInfo *info = w->info;
	g_free(w);
	return info;
}

GFileInfo *withdrawn_ok(GFile *file)
{
	Wait *w = g_new0(Wait, 1);
	w->loop = g_main_loop_new(NULL, FALSE);
	w->cancellable = g_cancellable_new();
	w->timeout = g_timeout_add(100, too_late, w);
	g_file_query_info_async(file, "*", 0, 0, w->cancellable, got_info, w);
	g_main_loop_run(w->loop);
	if (w->timeout)
		g_source_remove(w->timeout);
	g_cancellable_cancel(w->cancellable);
	g_object_unref(w->cancellable);
	g_main_loop_unref(w->loop);
	GFileInfo *info = w->info;
	g_free(w);
	return info;
}

/* The answer is asked for: without one there is nothing to free. */
GFileInfo *asked_ok(GFile *file)
{
	Wait *w = g_new0(Wait, 1);
	w->loop = g_main_loop_new(NULL, FALSE);
	guint id = g_timeout_add(100, too_late, w);
	g_file_query_info_async(file, "*", 0, 0, NULL, got_info, w);
	g_main_loop_run(w->loop);
	if (w->info == NULL)
		return NULL;
	g_source_remove(id);
	g_main_loop_unref(w->loop);
	GFileInfo *info = w->info;
	g_free(w);
	return info;
}

/* The same call back for both: each run of it leaves the loop once, and the second run is waited for. */
int twice_ok(GFile *a, GFile *b)
{
	Wait w = {0};
	w.loop = g_main_loop_new(NULL, FALSE);
	g_file_query_info_async(a, "*", 0, 0, NULL, got_info, &w);
	g_main_loop_run(w.loop);
	g_file_query_info_async(b, "*", 0, 0, NULL, got_info, &w);
	g_main_loop_run(w.loop);
	g_main_loop_unref(w.loop);
	return w.info != NULL;
}

/* The last of several that count leaves the loop. */
struct counted {
	GMainLoop *loop;
	int left;
};

static gboolean one_done(gpointer data)
{
	struct counted *c = data;
	if (--c->left == 0)
		g_main_loop_quit(c->loop);
	return FALSE;
}

static gboolean other_done(gpointer data)
{
	struct counted *c = data;
	c->left--;
	if (c->left == 0)
		g_main_loop_quit(c->loop);
	return FALSE;
}

void counted_ok(GMainLoop *loop)
{
	struct counted c = {loop, 2};
	g_idle_add(one_done, &c);
	g_timeout_add(10, other_done, &c);
	g_main_loop_run(loop);
}
