// pkg-config: gio-2.0
/* A network client does the same with the cancellable that its connect and its receives share. */
#include <gio/gio.h>

struct client {
	GSocket *socket;
	GCancellable *cancellable;
	gboolean open;
};

gboolean client_start(struct client *c, GSocketAddress *address, GError **error)
{
	c->open = g_socket_connect(c->socket, address, c->cancellable, error);
	return c->open;
}

gssize client_receive(struct client *c, gchar *buf, gsize n, GError **error)
{
	if (!g_socket_condition_wait(c->socket, G_IO_IN | G_IO_HUP, c->cancellable, error))
		return -1;
	return g_socket_receive(c->socket, buf, n, c->cancellable, error);
}

gboolean client_unlock(struct client *c)
{
	g_cancellable_cancel(c->cancellable);
	return TRUE;
}

gboolean client_unlock_stop_bad(struct client *c)
{
	g_cancellable_reset(c->cancellable); // want unsafe-cancel-mechanism: `c->cancellable`
	return TRUE;
}

gboolean client_unlock_stop_ok(struct client *c)
{
	g_object_unref(c->cancellable);
	c->cancellable = g_cancellable_new();
	return TRUE;
}
