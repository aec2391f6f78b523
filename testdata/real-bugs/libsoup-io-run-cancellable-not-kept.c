// pkg-config: gio-2.0
/* A cancellable is lent from a record that the call it is given to may free on its way. */
#include <gio/gio.h>

struct io {
	GSource *source;
	GCancellable *cancellable;
	GMainContext *context;
	GInputStream *in;
	char buffer[1024];
};
struct message {
	struct io *io;
	int refs;
};

static struct message *message_ref(struct message *msg)
{
	msg->refs++;
	return msg;
}

static void message_unref(struct message *msg)
{
	if (--msg->refs == 0)
		g_free(msg);
}

static void io_finished(struct message *msg)
{
	struct io *io = msg->io;
	msg->io = NULL;
	if (io == NULL)
		return;
	if (io->source)
		g_source_destroy(io->source);
	g_clear_object(&io->cancellable);
	g_free(io);
}

static gboolean run_until(struct message *msg, GCancellable *cancellable, GError **error)
{
	message_ref(msg);
	while (msg->io) {
		gssize got = g_input_stream_read(msg->io->in, msg->io->buffer, sizeof msg->io->buffer,
		                                 cancellable, error);
		if (got < 0)
			break;
		if (got == 0)
			io_finished(msg);
	}
	gboolean cancelled = g_cancellable_is_cancelled(cancellable);
	message_unref(msg);
	return !cancelled;
}

static gboolean io_run_bad(gpointer data)
{
	struct message *msg = data;
	struct io *io = msg->io;
	GError *error = NULL;

	message_ref(msg);
	if (run_until(msg, io->cancellable, &error)) // want premature-cancel: cancellable
		io_finished(msg);
	else
		g_clear_error(&error);
	message_unref(msg);
	return FALSE;
}

static gboolean io_run_ok(gpointer data)
{
	struct message *msg = data;
	struct io *io = msg->io;
	GError *error = NULL;

	message_ref(msg);
	GCancellable *cancellable = io->cancellable ? g_object_ref(io->cancellable) : NULL;
	if (run_until(msg, cancellable, &error))
		io_finished(msg);
	else
		g_clear_error(&error);
	message_unref(msg);
	g_clear_object(&cancellable);
	return FALSE;
}

void io_start(struct message *msg, GSource *first, GSource *second)
{
	g_source_set_callback(first, io_run_bad, msg, NULL);
	g_source_set_callback(second, io_run_ok, msg, NULL);
}
