// flags: %glib_flags
/* never-completed: a task for several operations, which the last of them completes. */
#include <gio/gio.h>

struct job {
	guint pending;
	gpointer workers[4];
	void (*start)(gpointer worker, GAsyncReadyCallback cb, gpointer data);
};

static void one_less(struct job *job, GTask *task, GError *error)
{
	g_assert(job->pending > 0);
	job->pending--;
	if (job->pending > 0)
		return;
	if (error)
		g_task_return_error(task, error);
	else
		g_task_return_boolean(task, TRUE);
}

static void on_done(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = data;
	one_less(g_task_get_task_data(task), task, NULL);
}

void all_of_them_ok(struct job *job, int n, GCancellable *c, GAsyncReadyCallback callback, gpointer data)
{
	g_autoptr(GTask) task = g_task_new(NULL, c, callback, data);
	g_task_set_task_data(task, job, NULL);
	job->pending = 1;
	for (int i = 0; i < n; i++) {
		job->pending++;
		job->start(job->workers[i], on_done, g_object_ref(task));
	}
	one_less(job, task, NULL);
}

void none_of_them_bad(struct job *job, GCancellable *c, GAsyncReadyCallback callback, gpointer data)
{
	g_autoptr(GTask) task = g_task_new(NULL, c, callback, data); // want: neither completed nor handed on
	g_task_set_task_data(task, job, NULL);
	job->pending = 1;
}
