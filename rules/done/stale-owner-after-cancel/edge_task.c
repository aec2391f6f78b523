// flags: %glib_flags
/* stale-owner-after-cancel: a task whose result counts, although it was cancelled meanwhile. */
#include <gio/gio.h>

void returns_fresh_ok(GTask *task)
{
	g_task_set_check_cancellable(task, FALSE);
	g_task_return_pointer(task, g_strdup("result"), NULL);
}

/* Others have to say so for themselves. */
static void loses_result_bad(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	g_task_return_pointer(task, g_strdup("result"), NULL); // want: g_task_return_pointer
}

void start_ok(GTask *task)
{
	g_task_run_in_thread(task, loses_result_bad);
}

static void counts_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	g_task_return_pointer(task, g_strdup("result"), NULL);
}

void run_ok(GTask *task)
{
	g_task_set_check_cancellable(task, FALSE);
	g_task_run_in_thread(task, counts_ok);
}
