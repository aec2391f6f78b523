// pkg-config: gio-2.0
// rules: premature-cancel
/* leaked-timer: a timeout watches over a wait, and what it gets ends with the function that waits. */
#include <gio/gio.h>

struct wait {
	GMainLoop *loop;
	GCancellable *cancellable;
	guint guard;
	gboolean ok, late;
	int ticks;
};

static gboolean give_up(gpointer data)
{
	struct wait *w = data;
	w->guard = 0;
	w->late = TRUE;
	g_cancellable_cancel(w->cancellable);
	return G_SOURCE_REMOVE;
}

static gboolean tick(gpointer data)
{
	struct wait *w = data;
	w->ticks++;
	return G_SOURCE_CONTINUE;
}

static void done(GObject *o, GAsyncResult *res, gpointer data)
{
	struct wait *w = data;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(o), res, NULL);
	w->ok = info != NULL;
	g_main_loop_quit(w->loop);
}

gboolean left_behind_bad(GFile *f, GMainLoop *loop, GCancellable *c)
{
	struct wait w = {loop, c, 0, FALSE, FALSE, 0};
	w.guard = g_timeout_add_seconds(5, give_up, &w); // want: can fire when `w` is gone
	g_file_query_info_async(f, "*", 0, 0, c, done, &w);
	g_main_loop_run(loop);
	return w.ok;
}

gboolean id_in_a_variable_bad(GFile *f, GMainLoop *loop, GCancellable *c)
{
	struct wait w = {loop, c, 0, FALSE, FALSE, 0};
	guint id = g_timeout_add_seconds(5, give_up, &w); // want: can fire when `w` is gone
	g_file_query_info_async(f, "*", 0, 0, c, done, &w);
	g_main_loop_run(loop);
	g_debug("timeout was %u", id);
	return w.ok;
}

gboolean on_the_heap_bad(GFile *f, GCancellable *c)
{
	struct wait *w = g_new0(struct wait, 1);
	w->loop = g_main_loop_new(NULL, FALSE);
	w->cancellable = g_object_ref(c);
	w->guard = g_timeout_add_seconds(5, give_up, w); // want: can fire after `w` is freed
	g_file_query_info_async(f, "*", 0, 0, c, done, w);
	g_main_loop_run(w->loop);
	gboolean ok = w->ok;
	g_main_loop_unref(w->loop);
	g_object_unref(w->cancellable);
	g_free(w);
	return ok;
}

gboolean repeating_bad(GFile *f, GMainLoop *loop, GCancellable *c)
{
	struct wait w = {loop, c, 0, FALSE, FALSE, 0};
	w.guard = g_timeout_add(100, tick, &w); // want: can fire when `w` is gone
	g_file_query_info_async(f, "*", 0, 0, c, done, &w);
	g_main_loop_run(loop);
	return w.ok && w.ticks;
}

gboolean stopped_ok(GFile *f, GMainLoop *loop, GCancellable *c)
{
	struct wait w = {loop, c, 0, FALSE, FALSE, 0};
	w.guard = g_timeout_add_seconds(5, give_up, &w);
	g_file_query_info_async(f, "*", 0, 0, c, done, &w);
	g_main_loop_run(loop);
	g_clear_handle_id(&w.guard, g_source_remove);
	return w.ok;
}

gboolean stopped_unless_late_ok(GFile *f, GMainLoop *loop, GCancellable *c)
{
	struct wait w = {loop, c, 0, FALSE, FALSE, 0};
	guint id = g_timeout_add_seconds(5, give_up, &w);
	g_file_query_info_async(f, "*", 0, 0, c, done, &w);
	g_main_loop_run(loop);
	if (!w.late)
		g_source_remove(id);
	return w.ok;
}

gboolean ticker_stopped_ok(GFile *f, GMainLoop *loop, GCancellable *c)
{
	struct wait w = {loop, c, 0, FALSE, FALSE, 0};
	guint id = g_timeout_add(100, tick, &w);
	g_file_query_info_async(f, "*", 0, 0, c, done, &w);
	g_main_loop_run(loop);
	g_source_remove(id);
	return w.ok;
}

static gboolean quit(gpointer data)
{
	struct wait *w = data;
	g_main_loop_quit(w->loop);
	return G_SOURCE_REMOVE;
}

/* Nothing else ends the wait. */
void pause_ok(GMainLoop *loop)
{
	struct wait w = {loop, NULL, 0, FALSE, FALSE, 0};
	g_timeout_add(100, quit, &w);
	g_main_loop_run(loop);
}

static gboolean begin(gpointer data)
{
	struct wait *w = data;
	w->ticks = 1;
	return G_SOURCE_REMOVE;
}

/* It has run before the wait can end, for it begins what is waited for. */
gboolean begins_it_ok(GFileMonitor *m, GMainLoop *loop)
{
	struct wait w = {loop, NULL, 0, FALSE, FALSE, 0};
	gulong id = g_signal_connect_swapped(m, "changed", G_CALLBACK(quit), &w);
	g_timeout_add(10, begin, &w);
	g_main_loop_run(loop);
	g_signal_handler_disconnect(m, id);
	return w.ok;
}
