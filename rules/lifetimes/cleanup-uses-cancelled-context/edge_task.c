// flags: %glib_flags
/* cleanup-uses-cancelled-context: the token of the operation that a callback completes. */
#include <gio/gio.h>

static void flushed_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GOutputStream *out = G_OUTPUT_STREAM(source);
	GError *error = NULL;
	if (!g_output_stream_flush_finish(out, result, &error)) {
		if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_output_stream_close_async(out, 0, g_task_get_cancellable(task), NULL, NULL); // want: close
		g_task_return_error(task, error);
	} else {
		g_task_return_boolean(task, TRUE);
	}
	g_object_unref(task);
}

static void flushed_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GOutputStream *out = G_OUTPUT_STREAM(source);
	GError *error = NULL;
	if (!g_output_stream_flush_finish(out, result, &error)) {
		if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_output_stream_close_async(out, 0, NULL, NULL, NULL);
		g_task_return_error(task, error);
	} else {
		g_output_stream_close_async(out, 0, g_task_get_cancellable(task), NULL, NULL);
		g_task_return_boolean(task, TRUE);
	}
	g_object_unref(task);
}

void flush_async(GOutputStream *out, GCancellable *c, GAsyncReadyCallback ready, gpointer data, gboolean right)
{
	GTask *task = g_task_new(out, c, ready, data);
	g_output_stream_flush_async(out, 0, c, right ? flushed_ok : flushed_bad, task);
}
