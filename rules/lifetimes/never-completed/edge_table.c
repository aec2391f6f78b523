// flags: %glib_flags
/* never-completed: bodies of threads that a table chooses among. */
#include <gio/gio.h>

static void answers_sometimes_bad(GTask *task, gpointer source, gpointer data, GCancellable *c)
{
	if (g_cancellable_is_cancelled(c))
		return; // want: was handed to answers_sometimes_bad
	g_task_return_boolean(task, TRUE);
}

static void answers_ok(GTask *task, gpointer source, gpointer data, GCancellable *c)
{
	if (!g_task_return_error_if_cancelled(task))
		g_task_return_boolean(task, TRUE);
}

void start(GFile *f, guint mode, GCancellable *c, GAsyncReadyCallback ready, gpointer data)
{
	static const GTaskThreadFunc bodies[2] = {answers_sometimes_bad, answers_ok};
	g_autoptr(GTask) task = g_task_new(f, c, ready, data);
	g_task_run_in_thread(task, bodies[mode & 1]);
}
