// pkg-config: gio-2.0
/* The end of a read gives up its reference on the worker, then looks at the worker once more. */
#include <gio/gio.h>

typedef struct {
	gint refs;
	GMutex read_lock;
	GMutex write_lock;
	GInputStream *stream;
	GCancellable *cancellable;
	char *buffer;
	gsize have, want;
	gboolean close_pending;
} Worker;

static Worker *worker_ref(Worker *worker)
{
	g_atomic_int_inc(&worker->refs);
	return worker;
}

static void worker_unref(Worker *worker)
{
	if (g_atomic_int_dec_and_test(&worker->refs)) {
		g_object_unref(worker->stream);
		g_object_unref(worker->cancellable);
		g_mutex_clear(&worker->read_lock);
		g_mutex_clear(&worker->write_lock);
		g_free(worker->buffer);
		g_free(worker);
	}
}

static void schedule_close(Worker *worker)
{
	g_mutex_lock(&worker->write_lock);
	if (worker->close_pending)
		g_input_stream_close_async(worker->stream, 0, NULL, NULL, NULL);
	g_mutex_unlock(&worker->write_lock);
}

static void read_some(Worker *worker, GAsyncReadyCallback done)
{
	g_input_stream_read_async(worker->stream, worker->buffer + worker->have, worker->want, 0,
	                          worker->cancellable, done, worker_ref(worker));
}

static void read_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	Worker *worker = data;
	g_autoptr(GError) error = NULL;

	g_mutex_lock(&worker->read_lock);
	gssize got = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);
	if (got <= 0)
		goto out;
	worker->have += (gsize)got;
	worker->want -= (gsize)got;
	if (worker->want > 0)
		read_some(worker, read_bad);
out:
	g_mutex_unlock(&worker->read_lock);
	worker_unref(worker);
	schedule_close(worker); // want double-cancel: worker
}

static void read_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	Worker *worker = data;
	g_autoptr(GError) error = NULL;

	g_mutex_lock(&worker->read_lock);
	gssize got = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);
	if (got <= 0)
		goto out;
	worker->have += (gsize)got;
	worker->want -= (gsize)got;
	if (worker->want > 0)
		read_some(worker, read_ok);
out:
	g_mutex_unlock(&worker->read_lock);
	schedule_close(worker);
	worker_unref(worker);
}

void worker_start(Worker *first, Worker *second)
{
	read_some(first, read_bad);
	read_some(second, read_ok);
}
