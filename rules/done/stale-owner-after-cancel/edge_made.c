// flags: %glib_flags
/* stale-owner-after-cancel: where a task's fresh result comes from. */
#include <gio/gio.h>

static char *describe(int n)
{
	if (n < 0)
		return NULL;
	return n ? g_strdup_printf("%d", n) : g_strdup("none");
}

static const char *title(int n)
{
	return n ? "some" : "none";
}

void from_helper_bad(GTask *task, int n)
{
	char *text = describe(n);
	g_task_return_pointer(task, text, NULL); // want: is lost
}

void static_text_ok(GTask *task, int n)
{
	g_task_return_pointer(task, (gpointer)title(n), NULL);
}

void from_helper_ok(GTask *task, int n)
{
	g_task_return_pointer(task, describe(n), g_free);
}

void read_file_bad(GTask *task, GFile *file)
{
	char *text = NULL;
	GError *error = NULL;
	if (!g_file_load_contents(file, NULL, &text, NULL, NULL, &error)) {
		g_task_return_error(task, error);
		return;
	}
	g_task_return_pointer(task, text, NULL); // want: is lost
}

void read_file_ok(GTask *task, GFile *file)
{
	char *text = NULL;
	GError *error = NULL;
	if (!g_file_load_contents(file, NULL, &text, NULL, NULL, &error))
		g_task_return_error(task, error);
	else
		g_task_return_pointer(task, text, g_free);
}
