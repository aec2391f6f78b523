// models: ctx
// pkg-config: gio-2.0 libuv hiredis libpq
/* front.c - the HTTP-ish front: accepts connections, answers from files, renders in threads. */
#include "service.h"

#include <string.h>
#include <sys/socket.h>

static GCancellable *last_request;

static void serve(GSocketConnection *connection)
{
	GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
	g_output_stream_write_all(out, "HTTP/1.0 204 No Content\r\n\r\n", 27, NULL, NULL, NULL);
	g_object_unref(connection);
}

/*
 * accept() is given nothing to stop it and the loop has no exit: front_stop() waits until the process is
 * killed.
 */
static gpointer accept_bad(gpointer data)
{
	for (;;) {
		GSocketConnection *connection =
			g_socket_listener_accept(data, NULL, NULL, NULL); // want blocking-select-no-exit: accept
		if (connection)
			serve(connection);
	}
	return NULL;
}

void front_start_without_stop(struct front *front)
{
	front->thread = g_thread_new("front", accept_bad, front->listener);
}

static gpointer accept_ok(gpointer data)
{
	struct front *front = data;
	GSocketConnection *connection;
	while ((connection = g_socket_listener_accept(front->listener, NULL, front->stop, NULL)) != NULL)
		serve(connection);
	return NULL;
}

void front_start_ok(struct front *front)
{
	front->thread = g_thread_new("front", accept_ok, front);
}

void front_stop(struct front *front)
{
	g_cancellable_cancel(front->stop);
	g_thread_join(front->thread);
}

static void cancel_child(GCancellable *parent, gpointer child)
{
	(void)parent;
	g_cancellable_cancel(child);
}

/*
 * A missing page leaves the handler connected and drops the request's cancellable. When the server stops,
 * the handlers of all requests that ever failed run, one after the other.
 */
gboolean front_forward_bad(GCancellable *stop, GFile *page, GOutputStream *to, GError **error)
{
	g_autoptr(GCancellable) child = g_cancellable_new();
	gulong id = g_cancellable_connect(stop, G_CALLBACK(cancel_child), child, NULL); // want missing-cancel: connect
	GFileInputStream *in = g_file_read(page, child, error);
	if (!in)
		return FALSE;
	gssize n = g_output_stream_splice(to, G_INPUT_STREAM(in), G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, child, error);
	g_object_unref(in);
	g_cancellable_disconnect(stop, id);
	return n >= 0;
}

gboolean front_forward_ok(GCancellable *stop, GFile *page, GOutputStream *to, GError **error)
{
	gssize n = -1;
	g_autoptr(GCancellable) child = g_cancellable_new();
	gulong id = g_cancellable_connect(stop, G_CALLBACK(cancel_child), child, NULL);
	GFileInputStream *in = g_file_read(page, child, error);
	if (in) {
		n = g_output_stream_splice(to, G_INPUT_STREAM(in), G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, child, error);
		g_object_unref(in);
	}
	g_cancellable_disconnect(stop, id);
	return n >= 0;
}

/* Each dry run costs a cancellable, and each cancellable that was waited for costs a descriptor. */
gboolean front_expire_bad(GFile *page, gboolean dry_run, GError **error)
{
	GCancellable *cancellable = g_cancellable_new(); // want missing-cancel: g_cancellable_new
	if (dry_run)
		return TRUE;
	gboolean expired = g_file_delete(page, cancellable, error);
	g_object_unref(cancellable);
	return expired;
}

gboolean front_expire_ok(GFile *page, gboolean dry_run, GError **error)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	if (dry_run)
		return TRUE;
	return g_file_delete(page, cancellable, error);
}

/*
 * The operator's "abort" hits whichever request came last, or the freed cancellable of one that is long
 * gone.
 */
gboolean front_handle_bad(GInputStream *in, GCancellable *cancellable, GError **error)
{
	last_request = cancellable; // want context-in-global: last_request
	return g_input_stream_skip(in, REPLY_MAX, cancellable, error) >= 0;
}

gboolean front_handle_ok(GInputStream *in, GCancellable *cancellable, GError **error)
{
	GCancellable *outer = last_request;
	last_request = cancellable;
	gssize n = g_input_stream_skip(in, REPLY_MAX, cancellable, error);
	last_request = outer;
	return n >= 0;
}

void front_abort(void)
{
	g_cancellable_cancel(last_request);
}

/*
 * The client has left and the task was cancelled; its thread of the shared pool waits for the client's next
 * byte.
 */
static void render_bad(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	char page[REPLY_MAX];
	(void)source, (void)cancellable;
	ssize_t n = recv(GPOINTER_TO_INT(data), page, sizeof page, 0); // want unchecked-done: recv
	g_task_return_int(task, n);
}

static void render_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	char page[REPLY_MAX];
	GError *error = NULL;
	gssize n = g_input_stream_read(source, page, MIN(sizeof page, GPOINTER_TO_SIZE(data)), cancellable, &error);
	if (error)
		g_task_return_error(task, error);
	else
		g_task_return_int(task, n);
}

void front_render(GInputStream *in, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	g_autoptr(GTask) old_style = g_task_new(in, cancellable, done, data);
	g_autoptr(GTask) new_style = g_task_new(in, cancellable, done, data);
	g_task_run_in_thread(old_style, render_bad);
	g_task_run_in_thread(new_style, render_ok);
}
