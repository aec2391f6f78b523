// flags: %glib_flags
/* context-not-forwarded: tokens that are lost on the way: in callbacks, and behind a question that is never answered with
 * yes. */
#include <gio/gio.h>

struct job {
	GMainLoop *loop;
	GInputStream *in;
	char text[64];
};

static void was_read(GObject *source, GAsyncResult *result, gpointer data)
{
	struct job *job = data;
	gssize n = g_input_stream_read_finish(job->in, result, NULL);
	if (n > 0)
		g_input_stream_read_async(job->in, job->text, sizeof job->text, 0, NULL, was_read, job); // want: job_run started this work with `cancellable`
	else
		g_main_loop_quit(job->loop);
}

void job_run(GInputStream *in, GCancellable *cancellable)
{
	struct job job = {.in = in, .loop = g_main_loop_new(NULL, FALSE)};
	g_input_stream_read_async(in, job.text, sizeof job.text, 0, cancellable, was_read, &job);
	g_main_loop_run(job.loop);
	g_main_loop_unref(job.loop);
}

/* Closing is clean-up, and the function is not waiting. */
static void then_closed(GObject *source, GAsyncResult *result, gpointer data)
{
	struct job *job = data;
	g_input_stream_close_finish(job->in, result, NULL);
	g_main_loop_quit(job->loop);
}

static void read_once_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct job *job = data;
	g_input_stream_read_finish(job->in, result, NULL);
	g_input_stream_close_async(job->in, 0, NULL, then_closed, job);
}

void job_close(GInputStream *in, GCancellable *cancellable)
{
	struct job job = {.in = in, .loop = g_main_loop_new(NULL, FALSE)};
	g_input_stream_read_async(in, job.text, sizeof job.text, 0, cancellable, read_once_ok, &job);
	g_main_loop_run(job.loop);
	g_main_loop_unref(job.loop);
}

struct call {
	char *name;
	GCancellable *cancellable;
};

void call_start(struct call *call);
void call_fill(struct call *call);

void call_bad(const char *name, GCancellable *cancellable)
{
	struct call *call = g_new0(struct call, 1);
	call->name = g_strdup(name);
	if (call->cancellable)
		call->cancellable = g_object_ref(cancellable); // want: `cancellable` goes nowhere
	call_start(call);
}

/* Somebody else may have filled it. */
void call_filled_ok(const char *name, GCancellable *cancellable)
{
	struct call *call = g_new0(struct call, 1);
	call_fill(call);
	call->name = g_strdup(name);
	if (call->cancellable == NULL)
		call->cancellable = g_object_ref(cancellable);
	call_start(call);
}

void call_empty_ok(const char *name, GCancellable *cancellable)
{
	struct call *call = g_new0(struct call, 1);
	if (!call->cancellable)
		call->cancellable = g_object_ref(cancellable);
	call->name = g_strdup(name);
	call_start(call);
}
