// flags: %glib_flags
/* A callback that frees its data where it is over, and goes on without the token that lies in it. */
#include <gio/gio.h>

typedef struct {
	GInputStream *in;
	GCancellable *cancellable;
	char buf[100];
	gsize total;
} Copy;

static void copy_free(Copy *copy)
{
	g_object_unref(copy->in);
	g_clear_object(&copy->cancellable);
	g_free(copy);
}

static void on_chunk_bad(GObject *src, GAsyncResult *res, gpointer data)
{
	Copy *copy = data;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(src), res, NULL);
	if (n <= 0) {
		copy_free(copy);
		return;
	}
	copy->total += n;
	g_input_stream_read_async(copy->in, copy->buf, sizeof copy->buf, 0, NULL, on_chunk_bad, copy); // want: although `cancellable`
}

void copy_start(GInputStream *in, GCancellable *cancellable)
{
	Copy *copy = g_new0(Copy, 1);
	copy->in = g_object_ref(in);
	copy->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
	g_input_stream_read_async(in, copy->buf, sizeof copy->buf, 0, copy->cancellable, on_chunk_bad, copy);
}

static void on_chunk_ok(GObject *src, GAsyncResult *res, gpointer data)
{
	Copy *copy = data;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(src), res, NULL);
	if (n <= 0) {
		copy_free(copy);
		return;
	}
	copy->total += n;
	g_input_stream_read_async(copy->in, copy->buf, sizeof copy->buf, 0, copy->cancellable, on_chunk_ok, copy);
}

void copy_ok(GInputStream *in, GCancellable *cancellable)
{
	Copy *copy = g_new0(Copy, 1);
	copy->in = g_object_ref(in);
	copy->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
	g_input_stream_read_async(in, copy->buf, sizeof copy->buf, 0, copy->cancellable, on_chunk_ok, copy);
}
