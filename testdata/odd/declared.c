// pkg-config: gio-2.0
// rules: default
/* Callbacks and destroy notifies that are only declared here: what they do with their data is not known. */
#include <gio/gio.h>

gboolean on_time(gpointer data);
void on_done(GObject *source, GAsyncResult *result, gpointer data);
gpointer worker(gpointer data);

void timer_data(GFile *file)
{
	GCancellable *stop = g_cancellable_new();
	guint timer = g_timeout_add_seconds(1, on_time, stop);
	g_file_query_info_async(file, "*", 0, 0, stop, on_done, NULL);
	g_source_remove(timer);
	g_object_unref(stop);
}

void thread_data(void)
{
	GCancellable *stop = g_cancellable_new();
	GThread *t = g_thread_new("w", worker, stop);
	g_cancellable_cancel(stop);
	g_thread_join(t);
	g_object_unref(stop);
}
