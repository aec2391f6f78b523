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

/* ---- a callback whose data is an operation that was made with a token ---- */

static void piece_read(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);
	if (error)
		g_task_return_error(task, error);
	else
		g_task_return_int(task, n);
	g_object_unref(task);
}

static void opened_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	g_autoptr(GFileInputStream) in = g_file_read_finish(G_FILE(source), result, &error);
	if (!in) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	g_input_stream_read_async(G_INPUT_STREAM(in), g_task_get_task_data(task), 100, 0, NULL, piece_read, task); // want: g_input_stream_read_async gets no token
}

static void opened_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	g_autoptr(GFileInputStream) in = g_file_read_finish(G_FILE(source), result, &error);
	if (!in) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	g_input_stream_read_async(G_INPUT_STREAM(in), g_task_get_task_data(task), 100, 0, g_task_get_cancellable(task),
	                          piece_read, task);
}

static void opened_without_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	g_autoptr(GFileInputStream) in = g_file_read_finish(G_FILE(source), result, &error);
	if (!in) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	g_input_stream_read_async(G_INPUT_STREAM(in), g_task_get_task_data(task), 100, 0, NULL, piece_read, task);
}

void read_piece(GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	GTask *task = g_task_new(file, cancellable, callback, data);
	g_task_set_task_data(task, g_malloc(100), g_free);
	g_file_read_async(file, 0, cancellable, opened_bad, g_object_ref(task));
	g_file_read_async(file, 0, cancellable, opened_ok, g_steal_pointer(&task));
}

void read_piece_without(GFile *file, GAsyncReadyCallback callback, gpointer data)
{
	GTask *task = g_task_new(file, NULL, callback, data);
	g_task_set_task_data(task, g_malloc(100), g_free);
	g_file_read_async(file, 0, NULL, opened_without_ok, task);
}
