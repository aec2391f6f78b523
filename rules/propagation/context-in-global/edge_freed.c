// pkg-config: gio-2.0
/* context-in-global: what a function is given to free things with takes the token out again. */
#include <gio/gio.h>

struct job {
	GCancellable *cancellable;
	GList *link;
	GQueue *queue;
};

static GList *active, *kept;
static GMutex lock;

static void job_free(gpointer data)
{
	struct job *job = data;
	g_mutex_lock(&lock);
	active = g_list_delete_link(active, job->link);
	g_mutex_unlock(&lock);
	g_clear_object(&job->cancellable);
	g_free(job);
}

static void job_forget(gpointer data)
{
	struct job *job = data;
	g_clear_object(&job->cancellable);
}

static void run(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	(void)source, (void)data, (void)cancellable;
	g_task_return_boolean(task, TRUE);
}

void push_ok(GCancellable *cancellable)
{
	struct job *job = g_new0(struct job, 1);
	job->cancellable = g_object_ref(cancellable);
	g_mutex_lock(&lock);
	active = g_list_prepend(active, job);
	job->link = active;
	g_mutex_unlock(&lock);
	GTask *task = g_task_new(NULL, cancellable, NULL, NULL);
	g_task_set_task_data(task, job, job_free);
	g_task_run_in_thread(task, run);
	g_object_unref(task);
}

void push_bad(GCancellable *cancellable)
{
	struct job *job = g_new0(struct job, 1);
	job->cancellable = g_object_ref(cancellable);
	kept = g_list_prepend(kept, job); // want: kept in the global `kept`
	GTask *task = g_task_new(NULL, cancellable, NULL, NULL);
	g_task_set_task_data(task, job, job_forget);
	g_task_run_in_thread(task, run);
	g_object_unref(task);
}
