// flags: %glib_flags
/* context-not-forwarded: callbacks whose data is a task. */
#include <gio/gio.h>

static char buffer[16];

static void asked_for_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GCancellable *cancellable = g_task_get_cancellable(task);
	if (g_cancellable_is_cancelled(cancellable))
		return;
	g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
	g_input_stream_read_async(G_INPUT_STREAM(source), buffer, 16, 0, NULL, asked_for_bad, task); // want: `cancellable` is at hand
}

static void handed_on_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GCancellable *cancellable = g_task_get_cancellable(task);
	g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
	g_input_stream_read_async(G_INPUT_STREAM(source), buffer, 16, 0, cancellable, handed_on_ok, task);
}

void start_ok(GInputStream *in, GTask *task)
{
	g_input_stream_read_async(in, buffer, 16, 0, g_task_get_cancellable(task), asked_for_bad, task);
	g_input_stream_read_async(in, buffer, 16, 0, g_task_get_cancellable(task), handed_on_ok, task);
}
