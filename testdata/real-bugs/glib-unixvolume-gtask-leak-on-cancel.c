// pkg-config: gio-2.0
/* Returning the task's error does not drop the reference of the one who made it. */
#include <gio/gio.h>

static void ejected(GObject *process, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	g_task_return_boolean(
	        task, g_subprocess_communicate_utf8_finish(G_SUBPROCESS(process), result, NULL, NULL, NULL));
	g_object_unref(task);
}

void eject_bad(GVolume *volume, GSubprocess *process, GCancellable *cancellable, GAsyncReadyCallback done,
               gpointer data)
{
	GTask *task = g_task_new(volume, cancellable, done, data); // want missing-cancel: g_task_new
	if (g_task_return_error_if_cancelled(task))
		return;
	g_subprocess_communicate_utf8_async(process, NULL, cancellable, ejected, task);
}

void eject_ok(GVolume *volume, GSubprocess *process, GCancellable *cancellable, GAsyncReadyCallback done,
              gpointer data)
{
	GTask *task = g_task_new(volume, cancellable, done, data);
	if (g_task_return_error_if_cancelled(task)) {
		g_object_unref(task);
		return;
	}
	g_subprocess_communicate_utf8_async(process, NULL, cancellable, ejected, task);
}
