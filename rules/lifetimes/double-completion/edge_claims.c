// flags: %glib_flags
/* double-completion: tasks in a list, which whoever takes them out completes. */
#include <gio/gio.h>

struct queue {
	GMutex lock;
	GQueue *asked;
	GSList *waiting;
	gulong handler;
};

static void all_done(GPid pid, gint status, gpointer data)
{
	struct queue *q = data;
	g_mutex_lock(&q->lock);
	GSList *tasks = q->waiting;
	q->waiting = NULL;
	g_mutex_unlock(&q->lock);
	for (GSList *at = tasks; at; at = at->next) {
		g_task_return_int(at->data, status);
		g_object_unref(at->data);
	}
	g_slist_free(tasks);
	g_spawn_close_pid(pid);
}

static void cancelled_bad(GCancellable *cancellable, gpointer data)
{
	GTask *task = data;
	struct queue *q = g_task_get_task_data(task);
	g_mutex_lock(&q->lock);
	q->waiting = g_slist_remove(q->waiting, task);
	g_mutex_unlock(&q->lock);
	g_task_return_int(task, -1); // want: whether or not it was still there
	g_object_unref(task);
}

static void cancelled_found_ok(GCancellable *cancellable, gpointer data)
{
	GTask *task = data;
	struct queue *q = g_task_get_task_data(task);
	g_mutex_lock(&q->lock);
	gboolean there = g_slist_find(q->waiting, task) != NULL;
	if (there)
		q->waiting = g_slist_remove(q->waiting, task);
	g_mutex_unlock(&q->lock);
	if (there)
		g_task_return_int(task, -1);
	g_object_unref(task);
}

/* The other list is emptied by nobody else. */
static void cancelled_other_list_ok(GCancellable *cancellable, gpointer data)
{
	GTask *task = data;
	struct queue *q = g_task_get_task_data(task);
	g_queue_remove(q->asked, task);
	g_task_return_int(task, -1);
	g_object_unref(task);
}

static void start(struct queue *q, GCancellable *cancellable, GCallback cancelled, GAsyncReadyCallback callback,
                  gpointer data)
{
	GTask *task = g_task_new(NULL, cancellable, callback, data);
	g_task_set_task_data(task, q, NULL);
	q->waiting = g_slist_prepend(q->waiting, task);
	g_signal_connect_object(cancellable, "cancelled", cancelled, task, 0);
}

void start_all(struct queue *q, GPid pid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	g_child_watch_add(pid, all_done, q);
	start(q, cancellable, G_CALLBACK(cancelled_bad), callback, data);
	start(q, cancellable, G_CALLBACK(cancelled_found_ok), callback, data);
	start(q, cancellable, G_CALLBACK(cancelled_other_list_ok), callback, data);
}
