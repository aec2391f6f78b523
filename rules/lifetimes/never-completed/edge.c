// flags: %glib_flags
/* never-completed: an operation that nobody completes. `want` stands at the creation, or at the exit of a function that
 * was handed the operation. */
#include <gio/gio.h>

void note(const char *text);
void somebody_completes(GTask *task);
gboolean usable(GFile *file);

struct loader {
	GTask *task;
	GFile *file;
};

/* ---- the function that begins it ---- */

void dropped_on_error_bad(GFile *file, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, NULL, ready, NULL); // want: the task `task` is neither completed nor handed on
	if (!usable(file)) {
		g_object_unref(task);
		return;
	}
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

void autoptr_dropped_bad(GFile *file, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, NULL, ready, NULL); // want: `task`
	if (!usable(file))
		return;
	g_task_return_boolean(task, TRUE);
}

void completed_everywhere_ok(GFile *file, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, NULL, ready, NULL);
	if (!usable(file)) {
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "no");
		return;
	}
	g_task_return_boolean(task, TRUE);
}

static void fail(GTask *task)
{
	g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "no");
}

void completed_in_helper_ok(GFile *file, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, NULL, ready, NULL);
	if (!usable(file))
		fail(task);
	else
		g_task_return_boolean(task, TRUE);
}

void helper_that_ignores_it_bad(GFile *file, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, NULL, ready, NULL); // want: `task`
	g_task_set_name(task, "load");
}

void unknown_code_ok(GFile *file, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, NULL, ready, NULL);
	somebody_completes(task);
	g_object_unref(task);
}

void stored_ok(struct loader *l, GAsyncReadyCallback ready)
{
	l->task = g_task_new(l->file, NULL, ready, NULL);
}

GTask *returned_ok(GFile *file, GAsyncReadyCallback ready)
{
	return g_task_new(file, NULL, ready, NULL);
}

void queued_ok(GQueue *queue, GFile *file, GAsyncReadyCallback ready)
{
	g_queue_push_tail(queue, g_task_new(file, NULL, ready, NULL));
}

void nobody_waits_ok(GFile *file)
{
	GTask *task = g_task_new(file, NULL, NULL, NULL);
	g_object_unref(task);
}

void no_return_ok(GFile *file, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, NULL, ready, NULL);
	if (!usable(file))
		g_error("cannot go on");
	g_task_return_boolean(task, TRUE);
}

void if_cancelled_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, cancellable, ready, NULL);
	if (g_task_return_error_if_cancelled(task))
		return;
	g_task_return_boolean(task, TRUE);
}

void if_cancelled_only_bad(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, cancellable, ready, NULL); // want: `task`
	g_task_return_error_if_cancelled(task);
}

void cancelled_branch_bad(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, cancellable, ready, NULL); // want: `task`
	if (g_cancellable_is_cancelled(cancellable))
		return;
	g_task_return_boolean(task, TRUE);
}

/* ---- handed to callbacks and threads ---- */

static void deleted_ok(GObject *file, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = data;
	GError *error = NULL;
	if (g_file_delete_finish(G_FILE(file), result, &error))
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, error);
}

void delete_async_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, cancellable, ready, NULL);
	g_file_delete_async(file, 0, cancellable, deleted_ok, task);
}

static void forgets_on_cancel_bad(GObject *file, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = data;
	GError *error = NULL;
	if (g_file_delete_finish(G_FILE(file), result, &error)) {
		g_task_return_boolean(task, TRUE);
		return;
	}
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_clear_error(&error);
		return; // want: was handed to forgets_on_cancel_bad
	}
	g_task_return_error(task, error);
}

void delete_and_forget_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, cancellable, ready, NULL);
	g_file_delete_async(file, 0, cancellable, forgets_on_cancel_bad, task);
}

static void thread_bad(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable))
		return; // want: was handed to thread_bad
	g_task_return_boolean(task, TRUE);
}

static void thread_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	if (g_task_return_error_if_cancelled(task))
		return;
	g_task_return_boolean(task, TRUE);
}

void in_thread_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, cancellable, ready, NULL);
	g_task_run_in_thread(task, thread_bad);
}

void in_other_thread_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(file, cancellable, ready, NULL);
	g_task_run_in_thread(task, thread_ok);
}

/* Handed from callback to callback. */
static void second_bad(GObject *file, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	if (g_file_delete_finish(G_FILE(file), result, NULL))
		g_task_return_boolean(task, TRUE);
	g_object_unref(task);
} // want: was handed to second_bad

static void first_ok(GObject *file, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	if (!g_file_delete_finish(G_FILE(file), result, &error)) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	g_file_delete_async(G_FILE(file), 0, g_task_get_cancellable(task), second_bad, task);
}

void chain_ok(GFile *file, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, NULL, ready, NULL);
	g_file_delete_async(file, 0, NULL, first_ok, task);
}

/* A timeout that gives up while the operation goes on: its callback completes. */
static gboolean gives_up(gpointer data)
{
	GTask *task = data;
	g_cancellable_cancel(g_task_get_cancellable(task));
	return G_SOURCE_REMOVE;
}

static void ends_it(GObject *file, GAsyncResult *result, gpointer data)
{
	g_task_return_boolean(data, g_file_delete_finish(G_FILE(file), result, NULL));
	g_object_unref(data);
}

void two_holders_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, cancellable, ready, NULL);
	g_timeout_add(1000, gives_up, task);
	g_file_delete_async(file, 0, cancellable, ends_it, task);
}

/* A source that stays is called again. */
static gboolean polls_ok(gpointer data)
{
	GTask *task = data;
	if (!usable(g_task_get_source_object(task)))
		return G_SOURCE_CONTINUE;
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
	return G_SOURCE_REMOVE;
}

void polled_ok(GFile *file, GAsyncReadyCallback ready)
{
	g_timeout_add(100, polls_ok, g_task_new(file, NULL, ready, NULL));
}

static gboolean stops_polling_bad(gpointer data)
{
	GTask *task = data;
	if (!usable(g_task_get_source_object(task)))
		return G_SOURCE_CONTINUE;
	g_object_unref(task);
	return G_SOURCE_REMOVE; // want: was handed to stops_polling_bad
}

void polled_and_forgotten_ok(GFile *file, GAsyncReadyCallback ready)
{
	g_timeout_add(100, stops_polling_bad, g_task_new(file, NULL, ready, NULL));
}

/* Used with other data, too: it cannot owe what it may not have. */
static void sometimes_ok(GObject *file, GAsyncResult *result, gpointer data)
{
	if (data)
		g_object_unref(data);
	g_file_delete_finish(G_FILE(file), result, NULL);
}

void with_task_ok(GFile *file, GAsyncReadyCallback ready)
{
	g_file_delete_async(file, 0, NULL, sometimes_ok, g_task_new(file, NULL, ready, NULL));
}

void without_ok(GFile *file)
{
	g_file_delete_async(file, 0, NULL, sometimes_ok, NULL);
}

/* In memory that the callback gets. */
struct job {
	GTask *task;
	int tries;
};

static void job_done_bad(GObject *file, GAsyncResult *result, gpointer data)
{
	struct job *job = data;
	if (g_file_delete_finish(G_FILE(file), result, NULL))
		g_task_return_boolean(job->task, TRUE);
	g_object_unref(job->task);
	g_free(job);
} // want: was handed to job_done_bad

void job_ok(GFile *file, GAsyncReadyCallback ready)
{
	struct job *job = g_new0(struct job, 1);
	job->task = g_task_new(file, NULL, ready, NULL);
	g_file_delete_async(file, 0, NULL, job_done_bad, job);
}

void job_freed_bad(GFile *file, GAsyncReadyCallback ready)
{
	struct job *job = g_new0(struct job, 1);
	job->task = g_task_new(file, NULL, ready, NULL); // want: neither completed nor handed on
	if (!usable(file)) {
		g_object_unref(job->task);
		g_free(job);
		return;
	}
	g_file_delete_async(file, 0, NULL, job_done_bad, job);
}

/* Who started it is not seen; it completes what is in its data on one way out, and only frees it on another. */
static void job_free(struct job *job)
{
	g_object_unref(job->task);
	g_free(job);
}

static gboolean job_dropped_bad(gpointer data)
{
	struct job *job = data;
	if (job->tries > 3) {
		job_free(job);
		return G_SOURCE_REMOVE; // want: was handed to job_dropped_bad
	}
	g_task_return_boolean(job->task, TRUE);
	job_free(job);
	return G_SOURCE_REMOVE;
}

static gboolean job_failed_ok(gpointer data)
{
	struct job *job = data;
	if (job->tries > 3)
		g_task_return_new_error(job->task, G_IO_ERROR, G_IO_ERROR_FAILED, "no");
	else
		g_task_return_boolean(job->task, TRUE);
	job_free(job);
	return G_SOURCE_REMOVE;
}

static gboolean job_again_ok(gpointer data)
{
	struct job *job = data;
	if (job->tries++ < 3)
		return G_SOURCE_CONTINUE;
	g_task_return_boolean(job->task, TRUE);
	job_free(job);
	return G_SOURCE_REMOVE;
}

GSourceFunc jobs[] = {job_dropped_bad, job_failed_ok, job_again_ok};

/* A helper that gives a reference away. */
static void push(GQueue *queue, GTask *task)
{
	g_queue_push_tail(queue, g_object_ref(task));
}

void pushed_by_a_helper_ok(GQueue *queue, GFile *file, GAsyncReadyCallback ready)
{
	GTask *task = g_task_new(file, NULL, ready, NULL);
	push(queue, task);
	g_object_unref(task);
}

/* ---- two who may complete it, one of whom does ---- */

struct race {
	GTask *task;
	gint over;
};

static void race_lost_ok(GCancellable *cancellable, gpointer data)
{
	struct race *r = data;
	(void)cancellable;
	if (g_atomic_int_compare_and_exchange(&r->over, 0, 1))
		g_task_return_boolean(r->task, FALSE);
}

static void race_won_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct race *r = data;
	g_autoptr(GError) error = NULL;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);
	if (!g_atomic_int_compare_and_exchange(&r->over, 0, 1))
		return;
	g_task_return_int(r->task, n);
}

void race_starts_ok(GInputStream *in, void *buffer, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	struct race *r = g_new0(struct race, 1);
	r->task = g_task_new(NULL, c, done, data);
	if (c)
		g_signal_connect(c, "cancelled", G_CALLBACK(race_lost_ok), r);
	g_input_stream_read_async(in, buffer, 8, 0, NULL, race_won_ok, r);
}
