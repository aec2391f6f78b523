// flags: %glib_flags
/* double-completion: two completions of one operation. `want` stands at the second. */
#include <gio/gio.h>

void note(const char *text);
gboolean may_i(GTask *task);

struct loader {
	GTask *task;
	GCancellable *cancellable;
};

void missing_return_bad(GTask *task, GError *error)
{
	if (error)
		g_task_return_error(task, error);
	g_task_return_boolean(task, TRUE); // want: `task` is completed a second time by g_task_return_boolean
}

void return_ok(GTask *task, GError *error)
{
	if (error) {
		g_task_return_error(task, error);
		return;
	}
	g_task_return_boolean(task, TRUE);
}

void either_or_ok(GTask *task, GError *error)
{
	if (error)
		g_task_return_error(task, error);
	else
		g_task_return_boolean(task, TRUE);
}

void callback_data_bad(GObject *file, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	if (!g_file_delete_finish(G_FILE(file), result, &error))
		g_task_return_error(task, error);
	g_task_return_boolean(task, TRUE); // want: `data`
	g_object_unref(task);
}

void created_here_bad(GFile *file, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, NULL, ready, NULL);
	if (!g_file_query_exists(file, NULL))
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "no");
	g_task_return_boolean(task, TRUE); // want: `task`
	g_object_unref(task);
}

/* ---- the call that completes only when cancelled ---- */

void if_cancelled_ok(GTask *task)
{
	if (g_task_return_error_if_cancelled(task))
		return;
	g_task_return_boolean(task, TRUE);
}

void if_cancelled_unasked_bad(GTask *task)
{
	g_task_return_error_if_cancelled(task);
	g_task_return_boolean(task, TRUE); // want: `task`
}

void if_cancelled_no_return_bad(GTask *task)
{
	if (g_task_return_error_if_cancelled(task))
		note("cancelled");
	g_task_return_boolean(task, TRUE); // want: g_task_return_error_if_cancelled
}

/* ---- guards ---- */

void flag_ok(GTask *task, GError *error)
{
	gboolean returned = FALSE;
	if (error) {
		g_task_return_error(task, error);
		returned = TRUE;
	}
	note("done");
	if (!returned)
		g_task_return_boolean(task, TRUE);
}

void asked_ok(GTask *task, GError *error)
{
	if (error)
		g_task_return_error(task, error);
	if (!g_task_get_completed(task))
		g_task_return_boolean(task, TRUE);
}

void same_condition_ok(GTask *task, GError *error)
{
	if (error != NULL)
		g_task_return_error(task, error);
	note("between");
	if (error == NULL)
		g_task_return_boolean(task, TRUE);
}

void switch_ok(GTask *task, int kind)
{
	switch (kind) {
	case 0:
		g_task_return_boolean(task, TRUE);
		break;
	case 1:
		g_task_return_int(task, 1);
		break;
	default:
		g_task_return_pointer(task, NULL, NULL);
	}
}

void falls_through_bad(GTask *task, int kind)
{
	switch (kind) {
	case 0:
		g_task_return_boolean(task, TRUE);
	case 1:
		g_task_return_int(task, 1); // want: `task`
		break;
	default:
		break;
	}
}

/* ---- helpers ---- */

static void fail(GTask *task, const char *text)
{
	g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", text);
}

void helper_and_self_bad(GTask *task, int rc)
{
	if (rc < 0)
		fail(task, "no");
	g_task_return_boolean(task, TRUE); // want: fail has completed it
}

static gboolean fails(GTask *task, int rc)
{
	if (rc >= 0)
		return FALSE;
	g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "no");
	return TRUE;
}

void helper_tells_ok(GTask *task, int rc)
{
	if (fails(task, rc))
		return;
	g_task_return_boolean(task, TRUE);
}

void helper_not_asked_bad(GTask *task, int rc)
{
	fails(task, rc);
	g_task_return_boolean(task, TRUE); // want: fails
}

/* ---- fields and several ---- */

void field_bad(struct loader *l, GError *error)
{
	if (error)
		g_task_return_error(l->task, error);
	g_task_return_boolean(l->task, TRUE); // want: `l->task`
}

void field_cleared_ok(struct loader *l, GError *error)
{
	if (error) {
		g_task_return_error(l->task, error);
		g_clear_object(&l->task);
	}
	if (l->task)
		g_task_return_boolean(l->task, TRUE);
}

void stolen_ok(struct loader *l, GError *error)
{
	g_autoptr(GTask) task = g_steal_pointer(&l->task);
	if (error)
		g_task_return_error(task, error);
	else
		g_task_return_boolean(task, TRUE);
}

void two_tasks_ok(GTask *a, GTask *b)
{
	g_task_return_boolean(a, TRUE);
	g_task_return_boolean(b, TRUE);
}

void list_ok(GList *tasks)
{
	for (GList *l = tasks; l; l = l->next)
		g_task_return_boolean(l->data, TRUE);
}

void queue_ok(GQueue *tasks)
{
	GTask *task;
	while ((task = g_queue_pop_head(tasks)) != NULL) {
		g_task_return_boolean(task, TRUE);
		g_object_unref(task);
	}
}

void no_return_ok(GTask *task, GError *error)
{
	if (error) {
		g_task_return_error(task, error);
		g_error("cannot go on");
	}
	g_task_return_boolean(task, TRUE);
}

void invocation_bad(GDBusMethodInvocation *invocation, GError *error)
{
	if (error)
		g_dbus_method_invocation_return_gerror(invocation, error);
	g_dbus_method_invocation_return_value(invocation, NULL); // want: `invocation`
}

/* ---- two functions ---- */

static void on_cancelled(GCancellable *cancellable, gpointer data)
{
	g_task_return_new_error(data, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

static void on_deleted(GObject *file, GAsyncResult *result, gpointer data)
{
	GError *error = NULL;
	g_autoptr(GTask) task = data;
	if (g_file_delete_finish(G_FILE(file), result, &error))
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, error);
}

void handler_and_callback_bad(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, cancellable, ready, NULL);
	g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), task, NULL); // miss: on_cancelled
	g_file_delete_async(file, 0, cancellable, on_deleted, task);
}
