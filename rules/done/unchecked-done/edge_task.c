// flags: %glib_flags
/* unchecked-done: threads of tasks, whose token may be nobody's, or known by another name. */
#include <gio/gio.h>
#include <unistd.h>

typedef struct {
	GCancellable *cancellable;
	GSocket *socket;
} Job;

static gssize wait_for_peer(Job *job)
{
	char text[64];
	if (g_cancellable_is_cancelled(job->cancellable))
		return -1;
	return g_socket_receive(job->socket, text, sizeof text, job->cancellable, NULL);
}

static void thread_without_token_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	(void)source, (void)data, (void)cancellable;
	g_usleep(5000000);
	g_task_return_boolean(task, TRUE);
}

void start_without_token(GAsyncReadyCallback ready);
void start_without_token(GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(NULL, NULL, ready, NULL);
	g_task_run_in_thread(task, thread_without_token_ok);
}

static void thread_with_token_bad(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	(void)source, (void)data, (void)cancellable;
	g_usleep(5000000); // want: is given the token `cancellable` but never looks at it
	g_task_return_boolean(task, TRUE);
}

void start_with_token(GCancellable *cancellable, GAsyncReadyCallback ready);
void start_with_token(GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, ready, NULL);
	g_task_run_in_thread(task, thread_with_token_bad);
}

static void thread_by_job_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	Job *job = data;
	(void)source, (void)cancellable;
	g_task_return_boolean(task, wait_for_peer(job) > 0);
}

void start_with_job(Job *job, GAsyncReadyCallback ready);
void start_with_job(Job *job, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(NULL, job->cancellable, ready, NULL);
	g_task_set_task_data(task, job, NULL);
	g_task_run_in_thread(task, thread_by_job_ok);
}
