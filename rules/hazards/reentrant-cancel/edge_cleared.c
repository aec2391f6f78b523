// flags: %glib_flags
/* reentrant-cancel: a handler that takes itself off before it ends the operation, and one that does not. */
#include <gio/gio.h>

struct look_up {
	GTask *task;
	GCancellable *cancellable;
	gulong cancelled_id;
};

static void complete_bad(struct look_up *l)
{
	if (l->cancelled_id) {
		gulong id = l->cancelled_id;
		l->cancelled_id = 0;
		g_cancellable_disconnect(l->cancellable, id); // want: must not be called from a handler like on_cancelled_still_connected
	}
	g_task_return_boolean(l->task, FALSE);
	g_object_unref(l->task);
	g_free(l);
}

static void finish(struct look_up *l)
{
	if (l->cancelled_id)
		g_cancellable_disconnect(l->cancellable, l->cancelled_id);
	g_free(l);
}

static void on_cancelled_still_connected(GCancellable *cancellable, gpointer data)
{
	(void)cancellable;
	complete_bad(data);
}

static void on_cancelled_ok(GCancellable *cancellable, gpointer data)
{
	struct look_up *l = data;
	if (l->cancelled_id) {
		g_signal_handler_disconnect(cancellable, l->cancelled_id);
		l->cancelled_id = 0;
	}
	finish(l);
}

void begin(struct look_up *first, struct look_up *second)
{
	first->cancelled_id = g_cancellable_connect(first->cancellable, G_CALLBACK(on_cancelled_still_connected), first, NULL);
	second->cancelled_id = g_cancellable_connect(second->cancellable, G_CALLBACK(on_cancelled_ok), second, NULL);
}
