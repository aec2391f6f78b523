// flags: %glib_flags
/* double-completion: tasks in an array. */
#include <gio/gio.h>

static void refuse(GTask *task)
{
	g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
}

void each_once_ok(GTask **tasks, gsize n, gboolean busy)
{
	for (gsize i = 0; i < n; i++) {
		if (busy) {
			refuse(tasks[i]);
			continue;
		}
		g_task_return_boolean(tasks[i], TRUE);
	}
}

void refused_and_answered_bad(GTask **tasks, gsize n, gboolean busy)
{
	for (gsize i = 0; i < n; i++) {
		if (busy)
			refuse(tasks[i]);
		if (!g_task_get_name(tasks[i]))
			continue;
		g_task_return_boolean(tasks[i], TRUE); // want: completed a second time
	}
}

void odd_and_even_ok(GTask **tasks, gsize n)
{
	for (gsize i = 0; i + 1 < n; i += 2) {
		refuse(tasks[i]);
		g_task_return_boolean(tasks[i + 1], TRUE);
	}
}

void in_two_loops_ok(GTask **tasks, gsize n, gsize refused)
{
	gsize i;
	for (i = 0; i < n && i < refused; i++)
		refuse(tasks[i]);
	for (; i < n; i++)
		g_task_return_boolean(tasks[i], TRUE);
}

void neighbours_ok(GTask **tasks, gsize n, gboolean busy)
{
	for (gsize i = 1; i < n; i++) {
		if (busy)
			refuse(tasks[i - 1]);
		else
			g_task_return_boolean(tasks[i - 1], TRUE);
	}
}
