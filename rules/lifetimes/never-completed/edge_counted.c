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

/* ---- a number of tries is not a number of operations ---- */

struct attempts {
	guint failed;
};

static void gives_up_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	struct attempts *a = g_task_get_task_data(task);
	GError *error = NULL;
	if (!g_file_delete_finish(G_FILE(source), result, &error)) {
		if (++a->failed >= 3) {
			g_error_free(error);
			g_object_unref(task);
			return; // want: without completing it
		}
		g_task_return_error(task, error);
	} else {
		g_task_return_boolean(task, TRUE);
	}
	g_object_unref(task);
}

void attempts_begin(GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	GTask *task = g_task_new(file, cancellable, callback, data);
	g_task_set_task_data(task, g_new0(struct attempts, 1), g_free);
	g_file_delete_async(file, 0, cancellable, gives_up_bad, task);
}
