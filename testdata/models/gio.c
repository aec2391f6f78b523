// pkg-config: gio-2.0 gio-unix-2.0
/* The handles and waits of GIO, as rules/models/gio describes them. */
#include <gio/gio.h>

void work(gssize what);

/* ---- handles ---- */

gboolean cancellable_bad(GFile *file, GError **error)
{
	GCancellable *cancellable = g_cancellable_new(); // want missing-cancel: g_cancellable_new
	if (!g_file_delete(file, cancellable, error))
		return FALSE;
	g_object_unref(cancellable);
	return TRUE;
}

gboolean cancellable_ok(GFile *file, GError **error)
{
	GCancellable *cancellable = g_cancellable_new();
	gboolean deleted = g_file_delete(file, cancellable, error);
	g_object_unref(cancellable);
	return deleted;
}

gboolean autoptr_ok(GFile *file, GError **error)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	return g_file_delete(file, cancellable, error);
}

static void on_cancelled(GCancellable *cancellable, gpointer loop)
{
	(void)cancellable;
	g_main_loop_quit(loop);
}

gboolean handler_bad(GCancellable *cancellable, GMainLoop *loop, GFile *file)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), loop, NULL); // want missing-cancel: g_cancellable_connect
	if (!g_file_delete(file, cancellable, NULL))
		return FALSE;
	g_cancellable_disconnect(cancellable, id);
	return TRUE;
}

void handler_ok(GCancellable *cancellable, GMainLoop *loop)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), loop, NULL);
	g_main_loop_run(loop);
	g_cancellable_disconnect(cancellable, id);
}

int pollfd_bad(GCancellable *cancellable)
{
	GPollFD set[1];
	if (!g_cancellable_make_pollfd(cancellable, &set[0])) // want missing-cancel: g_cancellable_make_pollfd
		return -1;
	if (g_poll(set, 1, 1000) < 0)
		return -1;
	g_cancellable_release_fd(cancellable);
	return 0;
}

int pollfd_ok(GCancellable *cancellable)
{
	GPollFD set[1];
	if (!g_cancellable_make_pollfd(cancellable, &set[0]))
		return -1;
	int rc = g_poll(set, 1, 1000);
	g_cancellable_release_fd(cancellable);
	return rc;
}

void task_bad(GObject *self, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(self, cancellable, NULL, NULL); // want missing-cancel: g_task_new
	if (g_task_return_error_if_cancelled(task))
		return; /* it returned the task, the reference is still owed */
	g_task_return_boolean(task, done != NULL && data != NULL);
	g_object_unref(task);
}

void task_ok(GObject *self, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(self, cancellable, done, data);
	if (!g_task_return_error_if_cancelled(task))
		g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

static void on_deleted(GObject *file, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	g_task_return_boolean(task, g_file_delete_finish(G_FILE(file), result, NULL));
	g_object_unref(task);
}

void task_given_to_its_callback_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(file, cancellable, done, data);
	g_file_delete_async(file, G_PRIORITY_DEFAULT, cancellable, on_deleted, task);
}

static void on_deleted_cast(GObject *file, GAsyncResult *result, gpointer data)
{
	GTask *task = G_TASK(data);
	g_task_return_boolean(task, g_file_delete_finish(G_FILE(file), result, NULL));
	g_object_unref(task);
}

static void on_deleted_kept(GObject *file, GAsyncResult *result, gpointer data)
{
	g_task_return_boolean(G_TASK(data), g_file_delete_finish(G_FILE(file), result, NULL));
}

void task_cast_by_its_callback_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(file, cancellable, done, data);
	g_file_delete_async(file, G_PRIORITY_DEFAULT, cancellable, on_deleted_cast, task);
}

void task_kept_by_its_callback_bad(GFile *file, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(file, cancellable, done, data); // want missing-cancel: g_task_new
	g_file_delete_async(file, G_PRIORITY_DEFAULT, cancellable, on_deleted_kept, task);
}

void monitor_cast_ok(GFile *file)
{
	GObject *monitor = G_OBJECT(g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, NULL));
	g_object_unref(monitor);
}

gboolean monitor_bad(GFile *file, GCallback changed)
{
	GFileMonitor *monitor = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, NULL); // want missing-cancel: g_file_monitor_file
	if (!monitor)
		return FALSE;
	g_signal_connect(monitor, "changed", changed, NULL);
	return TRUE;
}

GFileMonitor *monitor_ok(GFile *file, GCallback changed)
{
	GFileMonitor *monitor = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, NULL);
	if (monitor)
		g_signal_connect(monitor, "changed", changed, NULL);
	return monitor;
}

/* ---- waits ---- */

int socket_receive_bad(GCancellable *cancellable, GSocket *sock)
{
	char buf[64];
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(g_socket_receive(sock, buf, sizeof buf, NULL, NULL)); // want blocking-select-no-exit: g_socket_receive
}

gssize socket_receive_ok(GCancellable *cancellable, GSocket *sock)
{
	char buf[64];
	for (;;) {
		gssize n = g_socket_receive(sock, buf, sizeof buf, cancellable, NULL);
		if (n <= 0)
			return n;
		work(n);
	}
}

int stream_read_bad(GCancellable *cancellable, GInputStream *in)
{
	char buf[64];
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(g_input_stream_read(in, buf, sizeof buf, NULL, NULL)); // want blocking-select-no-exit: g_input_stream_read
}

gssize stream_read_ok(GCancellable *cancellable, GInputStream *in)
{
	char buf[64];
	gssize n;
	while ((n = g_input_stream_read(in, buf, sizeof buf, cancellable, NULL)) > 0)
		work(n);
	return n;
}

int subprocess_wait_bad(GCancellable *cancellable, GSubprocess *child)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(g_subprocess_wait(child, NULL, NULL)); // want blocking-select-no-exit: g_subprocess_wait
}
