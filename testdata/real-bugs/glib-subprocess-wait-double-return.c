// pkg-config: gio-2.0
/* Who waits for a child is told twice when the cancellation and the end of the child meet. */
#include <gio/gio.h>

struct child {
	GMutex lock;
	GSList *waits;
	gboolean ended;
	GPid pid;
};

static gboolean remove_present(GSList **list, gconstpointer data)
{
	GSList *previous = NULL;
	for (GSList *at = *list; at != NULL; previous = at, at = at->next) {
		if (at->data == data) {
			if (previous != NULL)
				previous->next = at->next;
			else
				*list = at->next;
			g_slist_free_1(at);
			return TRUE;
		}
	}
	return FALSE;
}

static void child_exited(GPid pid, gint status, gpointer data)
{
	struct child *child = data;
	(void)status;
	g_mutex_lock(&child->lock);
	child->ended = TRUE;
	GSList *waits = child->waits;
	child->waits = NULL;
	g_mutex_unlock(&child->lock);
	while (waits) {
		g_task_return_boolean(waits->data, TRUE);
		g_object_unref(waits->data);
		waits = g_slist_delete_link(waits, waits);
	}
	g_spawn_close_pid(pid);
}

void child_watch(struct child *child)
{
	g_child_watch_add(child->pid, child_exited, child);
}

static void wait_cancelled_bad(GCancellable *cancellable, gpointer data)
{
	GTask *task = data;
	struct child *child = g_task_get_task_data(task);
	(void)cancellable;

	g_mutex_lock(&child->lock);
	child->waits = g_slist_remove(child->waits, task);
	g_mutex_unlock(&child->lock);

	g_task_return_boolean(task, FALSE); // want double-completion: task
	g_object_unref(task);
}

static void wait_cancelled_ok(GCancellable *cancellable, gpointer data)
{
	GTask *task = data;
	struct child *child = g_task_get_task_data(task);
	(void)cancellable;

	g_mutex_lock(&child->lock);
	gboolean pending = remove_present(&child->waits, task);
	g_mutex_unlock(&child->lock);

	if (pending) {
		g_task_return_boolean(task, FALSE);
		g_object_unref(task);
	}
}

static void child_wait(struct child *child, GCancellable *cancellable, GCallback cancelled,
                       GAsyncReadyCallback callback, gpointer data)
{
	GTask *task = g_task_new(NULL, cancellable, callback, data);
	g_task_set_task_data(task, child, NULL);

	g_mutex_lock(&child->lock);
	if (child->ended) {
		g_mutex_unlock(&child->lock);
		g_task_return_boolean(task, TRUE);
		g_object_unref(task);
		return;
	}
	if (cancellable)
		g_signal_connect_object(cancellable, "cancelled", cancelled, task, 0);
	child->waits = g_slist_prepend(child->waits, task);
	g_mutex_unlock(&child->lock);
}

void child_wait_first(struct child *child, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer data)
{
	child_wait(child, cancellable, G_CALLBACK(wait_cancelled_bad), callback, data);
}

void child_wait_second(struct child *child, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer data)
{
	child_wait(child, cancellable, G_CALLBACK(wait_cancelled_ok), callback, data);
}
