// flags: %glib_flags
/* stale-owner-after-cancel: a task whose result counts, although it was cancelled meanwhile. */
#include <gio/gio.h>

void returns_fresh_ok(GTask *task)
{
	g_task_set_check_cancellable(task, FALSE);
	g_task_return_pointer(task, g_strdup("result"), NULL);
}
