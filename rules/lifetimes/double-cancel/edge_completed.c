// flags: %glib_flags
/* double-cancel: what follows from completing an operation once more is no defect of its own. */
#include <gio/gio.h>

gboolean check(GFile *file);

static void fail(GTask *task, const char *why)
{
	g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", why);
	g_object_unref(task);
}

void return_is_missing_ok(GFile *file, GAsyncReadyCallback ready, gpointer data)
{
	GTask *task = g_task_new(file, NULL, ready, data);
	if (!check(file))
		fail(task, "no such file");
	g_task_return_boolean(task, TRUE); /* double-completion */
	g_object_unref(task);
}

void given_back_twice_bad(GFile *file, GAsyncReadyCallback ready, gpointer data)
{
	GTask *task = g_task_new(file, NULL, ready, data);
	if (!check(file))
		fail(task, "no such file");
	else
		g_task_return_boolean(task, TRUE);
	g_object_unref(task); // want: task
}
