// pkg-config: gio-2.0
/* An attempt is taken out of a list and unreferenced; when all were cancelled, it is no longer there and is
 * freed twice. */
#include <gio/gio.h>

struct data;

typedef struct {
	GSocketConnection *connection;
	GCancellable *cancellable;
	struct data *data;
	GSource *timeout;
	int refs;
} Attempt;

struct data {
	GTask *task;
	GSList *attempts;
};

static Attempt *attempt_ref(Attempt *attempt)
{
	g_atomic_int_inc(&attempt->refs);
	return attempt;
}

static void attempt_unref(gpointer pointer)
{
	Attempt *attempt = pointer;
	if (g_atomic_int_dec_and_test(&attempt->refs)) {
		g_clear_object(&attempt->connection);
		g_clear_object(&attempt->cancellable);
		if (attempt->timeout) {
			g_source_destroy(attempt->timeout);
			g_source_unref(attempt->timeout);
		}
		g_free(attempt);
	}
}

static void attempt_remove_bad(Attempt *attempt)
{
	attempt->data->attempts = g_slist_remove(attempt->data->attempts, attempt);
	attempt_unref(attempt); // miss double-cancel: attempt
}

static void attempt_remove_ok(Attempt *attempt)
{
	GSList *link = g_slist_find(attempt->data->attempts, attempt);
	if (link != NULL) {
		attempt->data->attempts = g_slist_delete_link(attempt->data->attempts, link);
		attempt_unref(attempt);
	}
}

static void cancel_all(struct data *data)
{
	while (data->attempts) {
		Attempt *attempt = data->attempts->data;
		g_cancellable_cancel(attempt->cancellable);
		data->attempts = g_slist_delete_link(data->attempts, data->attempts);
		attempt_unref(attempt);
	}
}

static void connected_first(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Attempt *attempt = user_data;
	g_autoptr(GError) error = NULL;
	if (!g_socket_connection_connect_finish(G_SOCKET_CONNECTION(source), result, &error)) {
		if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
			attempt_unref(attempt);
			return;
		}
		attempt_remove_bad(attempt);
		attempt_unref(attempt);
		return;
	}
	attempt_remove_bad(attempt);
	cancel_all(attempt->data);
	attempt_unref(attempt);
}

static void connected_second(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Attempt *attempt = user_data;
	g_autoptr(GError) error = NULL;
	if (!g_socket_connection_connect_finish(G_SOCKET_CONNECTION(source), result, &error)) {
		if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
			attempt_unref(attempt);
			return;
		}
		attempt_remove_ok(attempt);
		attempt_unref(attempt);
		return;
	}
	attempt_remove_ok(attempt);
	cancel_all(attempt->data);
	attempt_unref(attempt);
}

void attempt_start(struct data *data, GSocketConnection *connection, GSocketAddress *address, gboolean first)
{
	Attempt *attempt = g_new0(Attempt, 1);
	attempt->refs = 1;
	attempt->data = data;
	attempt->connection = g_object_ref(connection);
	attempt->cancellable = g_cancellable_new();
	data->attempts = g_slist_append(data->attempts, attempt);
	g_socket_connection_connect_async(connection, address, attempt->cancellable,
	                                  first ? connected_first : connected_second, attempt_ref(attempt));
}
