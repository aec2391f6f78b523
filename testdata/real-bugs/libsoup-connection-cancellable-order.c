// pkg-config: gio-2.0
/* A connection clears its cancellable after it has told the caller, who may have closed the connection by
 * then. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GSocketConnection *connection;
	GCancellable *cancellable;
} Conn;
typedef GObjectClass ConnClass;

GType conn_get_type(void);
G_DEFINE_TYPE(Conn, conn, G_TYPE_OBJECT)

gboolean conn_connected(Conn *conn, GSocketConnection *connection, GError **error);

static void ready_bad(GSocketClient *client, GAsyncResult *result, GTask *task)
{
	Conn *conn = g_task_get_source_object(task);
	GError *error = NULL;
	GSocketConnection *connection = g_socket_client_connect_finish(client, result, &error);
	if (!connection) {
		g_task_return_error(task, error);
		g_object_unref(task);
		g_clear_object(&conn->cancellable); // want premature-cancel: cancellable
		return;
	}
	if (!conn_connected(conn, connection, &error)) {
		g_task_return_error(task, error);
		g_object_unref(task);
		g_object_unref(connection);
		g_clear_object(&conn->cancellable); // want premature-cancel: cancellable
		return;
	}
	g_clear_object(&conn->cancellable);
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

static void ready_ok(GSocketClient *client, GAsyncResult *result, GTask *task)
{
	Conn *conn = g_task_get_source_object(task);
	GError *error = NULL;
	GSocketConnection *connection = g_socket_client_connect_finish(client, result, &error);
	if (!connection) {
		g_clear_object(&conn->cancellable);
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	if (!conn_connected(conn, connection, &error)) {
		g_clear_object(&conn->cancellable);
		g_task_return_error(task, error);
		g_object_unref(task);
		g_object_unref(connection);
		return;
	}
	g_clear_object(&conn->cancellable);
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

static void conn_connect(Conn *conn, GSocketClient *client, GSocketConnectable *to, GAsyncReadyCallback ready,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	conn->cancellable = cancellable ? g_object_ref(cancellable) : g_cancellable_new();
	GTask *task = g_task_new(conn, conn->cancellable, callback, data);
	g_socket_client_connect_async(client, to, conn->cancellable, ready, task);
}

void conn_connect_first(Conn *conn, GSocketClient *client, GSocketConnectable *to, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
	conn_connect(conn, client, to, (GAsyncReadyCallback)ready_bad, cancellable, callback, data);
}

void conn_connect_second(Conn *conn, GSocketClient *client, GSocketConnectable *to, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
	conn_connect(conn, client, to, (GAsyncReadyCallback)ready_ok, cancellable, callback, data);
}

void conn_disconnect(Conn *conn)
{
	if (conn->cancellable) {
		g_cancellable_cancel(conn->cancellable);
		g_clear_object(&conn->cancellable);
	}
	g_clear_object(&conn->connection);
}

static void conn_dispose(GObject *object)
{
	conn_disconnect((Conn *)object);
	G_OBJECT_CLASS(conn_parent_class)->dispose(object);
}

static void conn_class_init(ConnClass *klass)
{
	klass->dispose = conn_dispose;
}

static void conn_init(Conn *conn)
{
	conn->connection = NULL;
}
