// flags: %glib_flags
/* double-completion: an error that is set agrees with what the call returned. */
#include <gio/gio.h>

gboolean load(const char *name, GError **error);
GObject *find(const char *name, GError **error);

void asked_by_result_ok(GTask *task, const char *name)
{
	GError *error = NULL;
	if (load(name, &error))
		g_task_return_boolean(task, TRUE);
	if (error != NULL)
		g_task_return_error(task, error);
}

void two_calls_ok(GTask *task, const char *name)
{
	GError *error = NULL;
	if (!load(name, &error))
		goto out;
	if (!load("other", &error))
		goto out;
	g_task_return_boolean(task, TRUE);
out:
	if (error)
		g_task_return_error(task, error);
}

/* NULL may also mean that there is none. */
void pointer_ok(GTask *task, const char *name)
{
	GError *error = NULL;
	GObject *object = find(name, &error);
	if (object)
		g_task_return_pointer(task, object, g_object_unref);
	else if (error)
		g_task_return_error(task, error);
	else
		g_task_return_pointer(task, NULL, NULL);
}

void completed_before_it_is_known_bad(GTask *task, const char *name)
{
	GError *error = NULL;
	gboolean ok = load(name, &error);
	g_task_return_boolean(task, ok);
	if (error != NULL)
		g_task_return_error(task, error); // want: completed a second time
}
