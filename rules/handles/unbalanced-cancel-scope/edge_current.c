// flags: %glib_flags
/* unbalanced-cancel-scope: the thread's current cancellable. */
#include <gio/gio.h>

gboolean left_pushed_bad(GFile *file, GCancellable *cancellable)
{
	g_cancellable_push_current(cancellable); // want: g_cancellable_pop_current
	if (!g_file_delete(file, cancellable, NULL))
		return FALSE;
	g_cancellable_pop_current(cancellable);
	return TRUE;
}

gboolean popped_on_all_ways_ok(GFile *file, GCancellable *cancellable)
{
	g_cancellable_push_current(cancellable);
	gboolean done = g_file_delete(file, cancellable, NULL);
	g_cancellable_pop_current(cancellable);
	return done;
}

gboolean only_if_there_is_one_ok(GFile *file, GCancellable *cancellable)
{
	if (cancellable)
		g_cancellable_push_current(cancellable);
	gboolean done = g_file_delete(file, cancellable, NULL);
	if (cancellable)
		g_cancellable_pop_current(cancellable);
	return done;
}

/* The same is asked before and after; that the job's own function replaces what is asked for is not likely: low. */
typedef struct {
	GCancellable *cancellable;
	gboolean (*run)(gpointer job, GCancellable *cancellable);
} Job;

void run_job_bad(Job *job)
{
	if (job->cancellable)
		g_cancellable_push_current(job->cancellable); // want: still open
	while (job->run(job, job->cancellable))
		;
	if (job->cancellable)
		g_cancellable_pop_current(job->cancellable);
}

gboolean asked_twice_bad(GCancellable *cancellable, gboolean (*ask)(void))
{
	if (ask())
		g_cancellable_push_current(cancellable); // want: still open
	while (g_cancellable_is_cancelled(cancellable))
		;
	if (ask())
		g_cancellable_pop_current(cancellable);
	return TRUE;
}

void emptied_between_bad(Job *job, gboolean (*use)(void))
{
	if (job->cancellable)
		g_cancellable_push_current(job->cancellable); // want: still open
	if (use())
		job->cancellable = NULL;
	if (job->cancellable)
		g_cancellable_pop_current(job->cancellable);
}
