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

/* ---- the descriptor of a token is given back, not the token ---- */

gssize read_cancellably_ok(int fd, char *to, gsize n, GCancellable *c, GError **error)
{
	int cancel_fd = g_cancellable_get_fd(c);
	gssize got = cancel_fd == -1 ? (gssize)n : fd;
	g_cancellable_release_fd(c);
	if (g_cancellable_set_error_if_cancelled(c, error))
		return -1;
	return got;
}
