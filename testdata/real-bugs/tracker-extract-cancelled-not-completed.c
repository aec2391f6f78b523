// pkg-config: gio-2.0
// flags: -Wno-deprecated-declarations
/* Who asked for a file's data is given the error on cancellation, and never told. */
#include <gio/gio.h>

typedef struct {
	GCancellable *cancellable;
	GAsyncResult *res;
	char *file;
	int module;
} Job;

static void job_free(Job *job)
{
	g_object_unref(job->res);
	if (job->cancellable)
		g_object_unref(job->cancellable);
	g_free(job->file);
	g_free(job);
}

static gboolean read_file(Job *job, char **info)
{
	return job->module == 0 && g_file_get_contents(job->file, info, NULL, NULL);
}

static gboolean get_data_bad(Job *job)
{
	char *info = NULL;

	if (job->cancellable && g_cancellable_is_cancelled(job->cancellable)) {
		g_simple_async_result_set_error((GSimpleAsyncResult *)job->res, G_IO_ERROR, 0,
		                                "'%s' was cancelled", job->file);
		job_free(job);
		return FALSE; // want never-completed: res
	}

	if (read_file(job, &info)) {
		g_simple_async_result_set_op_res_gpointer((GSimpleAsyncResult *)job->res, info, g_free);
		g_simple_async_result_complete_in_idle((GSimpleAsyncResult *)job->res);
		job_free(job);
	} else {
		job->module++;
		g_idle_add((GSourceFunc)get_data_bad, job);
	}
	return FALSE;
}

static gboolean get_data_ok(Job *job)
{
	char *info = NULL;

	if (job->cancellable && g_cancellable_is_cancelled(job->cancellable)) {
		g_simple_async_result_set_error((GSimpleAsyncResult *)job->res, G_IO_ERROR, 0,
		                                "'%s' was cancelled", job->file);
		g_simple_async_result_complete_in_idle((GSimpleAsyncResult *)job->res);
		job_free(job);
		return FALSE;
	}

	if (read_file(job, &info)) {
		g_simple_async_result_set_op_res_gpointer((GSimpleAsyncResult *)job->res, info, g_free);
		g_simple_async_result_complete_in_idle((GSimpleAsyncResult *)job->res);
		job_free(job);
	} else {
		job->module++;
		g_idle_add((GSourceFunc)get_data_ok, job);
	}
	return FALSE;
}

static void job_start(const char *file, GSourceFunc run, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
	Job *job = g_new0(Job, 1);
	job->file = g_strdup(file);
	job->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
	job->res = (GAsyncResult *)g_simple_async_result_new(NULL, callback, data, job_start);
	g_idle_add(run, job);
}

void file_data_first(const char *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	job_start(file, (GSourceFunc)get_data_bad, cancellable, callback, data);
}

void file_data_second(const char *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer data)
{
	job_start(file, (GSourceFunc)get_data_ok, cancellable, callback, data);
}
