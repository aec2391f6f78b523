// pkg-config: gio-2.0
/* A handler gives back a reference, through its destroy notify, that it never took. */
#include <gio/gio.h>

typedef struct {
	GObject *entry;
	gulong notify_id;
	gulong cancelled_id;
} Block;

static void block_free(Block *block)
{
	g_assert(block->notify_id == 0);
	g_assert(block->cancelled_id == 0);
	g_clear_object(&block->entry);
	g_free(block);
}

static void check(GTask *unowned)
{
	g_autoptr(GTask) task = g_object_ref(unowned);
	Block *block = g_task_get_task_data(task);
	GCancellable *cancellable = g_task_get_cancellable(task);
	g_autoptr(GError) error = NULL;
	gboolean now = FALSE;

	g_object_get(block->entry, "download-now", &now, NULL);
	if (!now && !g_cancellable_is_cancelled(cancellable))
		return;
	g_signal_handler_disconnect(block->entry, block->notify_id);
	block->notify_id = 0;
	g_cancellable_disconnect(cancellable, block->cancelled_id);
	block->cancelled_id = 0;
	if (!now && g_cancellable_set_error_if_cancelled(cancellable, &error)) {
		g_task_return_error(task, g_steal_pointer(&error));
		return;
	}
	g_task_return_boolean(task, TRUE);
}

static void entry_changed(GObject *entry, GParamSpec *pspec, gpointer data)
{
	(void)entry, (void)pspec;
	check(data);
}

static void cancelled(GCancellable *cancellable, gpointer data)
{
	(void)cancellable;
	check(data);
}

static void scheduled_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = g_steal_pointer(&data);
	GCancellable *cancellable = g_task_get_cancellable(task);
	g_autoptr(GError) error = NULL;
	g_autoptr(GObject) entry = g_async_initable_new_finish(G_ASYNC_INITABLE(source), result, &error);
	if (entry == NULL) {
		g_task_return_error(task, g_steal_pointer(&error));
		return;
	}
	Block *block = g_new0(Block, 1);
	block->entry = g_object_ref(entry);
	block->notify_id =
	        g_signal_connect_object(entry, "notify::download-now", G_CALLBACK(entry_changed), task, 0);
	block->cancelled_id =
	        g_cancellable_connect(cancellable, G_CALLBACK(cancelled), task, // want premature-cancel: g_cancellable_connect gets its data with a function that ends it
	                              g_object_unref);
	g_task_set_task_data(task, block, (GDestroyNotify)block_free);
	check(task);
}

static void scheduled_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = g_steal_pointer(&data);
	GCancellable *cancellable = g_task_get_cancellable(task);
	g_autoptr(GError) error = NULL;
	g_autoptr(GObject) entry = g_async_initable_new_finish(G_ASYNC_INITABLE(source), result, &error);
	if (entry == NULL) {
		g_task_return_error(task, g_steal_pointer(&error));
		return;
	}
	Block *block = g_new0(Block, 1);
	block->entry = g_object_ref(entry);
	block->notify_id =
	        g_signal_connect_object(entry, "notify::download-now", G_CALLBACK(entry_changed), task, 0);
	block->cancelled_id =
	        g_cancellable_connect(cancellable, G_CALLBACK(cancelled), g_object_ref(task), g_object_unref);
	g_task_set_task_data(task, block, (GDestroyNotify)block_free);
	check(task);
}

void schedule_first(GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	g_async_initable_new_async(G_TYPE_SOCKET_CLIENT, 0, cancellable, scheduled_bad,
	                           g_task_new(NULL, cancellable, callback, data), NULL);
}

void schedule_second(GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	g_async_initable_new_async(G_TYPE_SOCKET_CLIENT, 0, cancellable, scheduled_ok,
	                           g_task_new(NULL, cancellable, callback, data), NULL);
}
