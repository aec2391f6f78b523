// pkg-config: gio-2.0
/* A pending operation is cancelled and completed by a helper that frees it; the field still has it. */
#include <gio/gio.h>

struct operation {
	GTask *task;
	GCancellable *cancellable;
	gulong handler;
	gboolean ended;
};

struct volume {
	struct operation *pending;
	char *name;
};

static void operation_free(struct operation *op)
{
	g_object_unref(op->task);
	g_object_unref(op->cancellable);
	g_free(op);
}

static void cancel_pending(struct operation *op)
{
	g_cancellable_cancel(op->cancellable);
	if (!op->ended) {
		op->ended = TRUE;
		g_task_return_new_error(op->task, G_IO_ERROR, G_IO_ERROR_FAILED_HANDLED, "aborted");
	}
	operation_free(op);
}

void volume_mount(struct volume *volume, GAsyncReadyCallback callback, gpointer data)
{
	struct operation *op = g_new0(struct operation, 1);
	op->cancellable = g_cancellable_new();
	op->task = g_task_new(NULL, op->cancellable, callback, data);
	volume->pending = op;
}

static void removed_first(struct volume *volume)
{
	if (volume->pending != NULL)
		cancel_pending(volume->pending);
	g_clear_pointer(&volume->name, g_free);
}

static void removed_second(struct volume *volume)
{
	if (volume->pending != NULL) {
		cancel_pending(volume->pending);
		volume->pending = NULL;
	}
	g_clear_pointer(&volume->name, g_free);
}

void volume_unmount_bad(struct volume *volume)
{
	removed_first(volume);
	if (volume->pending != NULL)
		cancel_pending(volume->pending); // want double-cancel: pending
	g_free(volume);
}

void volume_unmount_ok(struct volume *volume)
{
	removed_second(volume);
	if (volume->pending != NULL)
		cancel_pending(volume->pending);
	g_free(volume);
}
