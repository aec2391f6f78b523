// flags: %glib_flags
/* double-completion: two completions of one operation. `want` stands at the second. */
#include <gio/gio.h>
#include <pthread.h>
#include <unistd.h>

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
		g_task_return_boolean(task, TRUE); // want: also by on_cancelled
	else
		g_task_return_error(task, error);
}

void handler_and_callback(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, cancellable, ready, NULL);
	g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), task, NULL);
	g_file_delete_async(file, 0, cancellable, on_deleted, task);
}

/* In memory that both get, and the handler is a helper's. */
struct call {
	GTask *task;
	GCancellable *cancellable;
	gulong handler;
	gboolean done;
	guint timeout;
};

static gboolean too_late(gpointer data)
{
	struct call *call = data;
	g_task_return_new_error(call->task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "late");
	return G_SOURCE_REMOVE;
}

static void call_done(GObject *file, GAsyncResult *result, gpointer data)
{
	struct call *call = data;
	g_task_return_boolean(call->task, g_file_delete_finish(G_FILE(file), result, NULL)); // want: also by too_late
}

void call_with_timeout(struct call *call, GFile *file)
{
	call->timeout = g_timeout_add(1000, too_late, call);
	g_file_delete_async(file, 0, NULL, call_done, call);
}

static gboolean too_late_and_said(gpointer data)
{
	struct call *call = data;
	call->timeout = 0;
	g_task_return_new_error(call->task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "late");
	return G_SOURCE_REMOVE;
}

static void timeout_removed(GObject *file, GAsyncResult *result, gpointer data)
{
	struct call *call = data;
	if (!call->timeout)
		return;
	g_source_remove(call->timeout);
	g_task_return_boolean(call->task, g_file_delete_finish(G_FILE(file), result, NULL));
}

void timeout_is_removed_ok(struct call *call, GFile *file)
{
	call->timeout = g_timeout_add(1000, too_late_and_said, call);
	g_file_delete_async(file, 0, NULL, timeout_removed, call);
}

static void cancelled_with_flag(GCancellable *cancellable, gpointer data)
{
	struct call *call = data;
	if (call->done)
		return;
	call->done = TRUE;
	g_task_return_new_error(call->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

static void done_with_flag(GObject *file, GAsyncResult *result, gpointer data)
{
	struct call *call = data;
	if (call->done)
		return;
	call->done = TRUE;
	g_task_return_boolean(call->task, g_file_delete_finish(G_FILE(file), result, NULL));
}

void state_between_them_ok(struct call *call, GFile *file)
{
	g_cancellable_connect(call->cancellable, G_CALLBACK(cancelled_with_flag), call, NULL);
	g_file_delete_async(file, 0, NULL, done_with_flag, call);
}

static void done_disconnected(GObject *file, GAsyncResult *result, gpointer data)
{
	struct call *call = data;
	g_cancellable_disconnect(call->cancellable, call->handler);
	g_task_return_boolean(call->task, g_file_delete_finish(G_FILE(file), result, NULL));
}

static void cancelled_plain(GCancellable *cancellable, gpointer data)
{
	struct call *call = data;
	g_task_return_new_error(call->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

void handler_disconnected_ok(struct call *call, GFile *file)
{
	call->handler = g_cancellable_connect(call->cancellable, G_CALLBACK(cancelled_plain), call, NULL);
	g_file_delete_async(file, 0, NULL, done_disconnected, call);
}

/* Too late: the handler may have completed it. */
static void done_then_disconnected_bad(GObject *file, GAsyncResult *result, gpointer data)
{
	struct call *call = data;
	g_task_return_boolean(call->task, g_file_delete_finish(G_FILE(file), result, NULL)); // want: completed here
	g_cancellable_disconnect(call->cancellable, call->handler);
}

void disconnected_afterwards(struct call *call, GFile *file)
{
	call->handler = g_cancellable_connect(call->cancellable, G_CALLBACK(cancelled_plain), call, NULL);
	g_file_delete_async(file, 0, NULL, done_then_disconnected_bad, call);
}

/* Only one of them is started. */
static void done_alone(GObject *file, GAsyncResult *result, gpointer data)
{
	struct call *call = data;
	g_task_return_boolean(call->task, g_file_delete_finish(G_FILE(file), result, NULL));
}

void either_of_two_ok(struct call *call, GFile *file, gboolean later)
{
	if (later)
		g_timeout_add(1000, too_late, call);
	else
		g_file_delete_async(file, 0, NULL, done_alone, call);
}

/* ---- a descriptor of two threads ---- */

struct connection {
	int fd;
	pthread_t thread;
};

static void *reads_and_closes(void *arg)
{
	struct connection *c = arg;
	char byte;
	while (read(c->fd, &byte, 1) == 1)
		note("read");
	close(c->fd);
	return NULL;
}

int connection_start(struct connection *c)
{
	return pthread_create(&c->thread, NULL, reads_and_closes, c);
}

void connection_cancel_bad(struct connection *c)
{
	close(c->fd); // want: `fd` is ended here by close and also by the thread reads_and_closes
	pthread_join(c->thread, NULL);
}

struct quiet {
	int fd;
	pthread_t thread;
};

static void *reads_only(void *arg)
{
	struct quiet *q = arg;
	char byte;
	while (read(q->fd, &byte, 1) == 1)
		note("read");
	return NULL;
}

int quiet_start(struct quiet *q)
{
	return pthread_create(&q->thread, NULL, reads_only, q);
}

void quiet_stop_ok(struct quiet *q)
{
	pthread_join(q->thread, NULL);
	close(q->fd);
}

struct marked {
	int fd;
	pthread_t thread;
};

static void *closes_and_marks(void *arg)
{
	struct marked *m = arg;
	note("work");
	close(m->fd);
	m->fd = -1;
	return NULL;
}

int marked_start(struct marked *m)
{
	return pthread_create(&m->thread, NULL, closes_and_marks, m);
}

void marked_stop_ok(struct marked *m)
{
	pthread_join(m->thread, NULL);
	if (m->fd >= 0)
		close(m->fd);
}
