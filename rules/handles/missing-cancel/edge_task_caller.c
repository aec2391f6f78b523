// flags: %glib_flags
/* missing-cancel: a task that is answered at once, and whose only caller runs a loop: it is no part of that loop. */
#include <gio/gio.h>

#include <string.h>

typedef struct {
	GError **error;
	GMainLoop *loop;
	gboolean ret;
} Helper;
typedef struct {
	GObject parent;
	GDBusProxy *proxy;
} Device;

static gboolean connect_finish(GAsyncResult *res, GError **error)
{
	return g_task_propagate_boolean(G_TASK(res), error);
}

static void connected(GObject *src, GAsyncResult *res, gpointer data)
{
	GTask *task = G_TASK(data);
	Device *d = g_task_get_source_object(task);
	GError *error = NULL;
	d->proxy = g_dbus_proxy_new_for_bus_finish(res, &error);
	if (d->proxy)
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, error);
	g_object_unref(task);
}

static void connect_bad(Device *d, GCancellable *c, GAsyncReadyCallback cb, gpointer data)
{
	GTask *task = g_task_new(d, c, cb, data); // want: the task `task` made by g_task_new
	if (d->proxy != NULL) {
		g_task_return_boolean(task, TRUE);
		return;
	}
	g_dbus_proxy_new_for_bus(G_BUS_TYPE_SYSTEM, 0, NULL, "a.b", "/a", "a.b", c, connected, task);
}

static void connected_sync(GObject *src, GAsyncResult *res, gpointer data)
{
	Helper *h = data;
	h->ret = connect_finish(res, h->error);
	g_main_loop_quit(h->loop);
}

gboolean connect_sync(Device *d, GCancellable *c, GError **error)
{
	Helper h;
	memset(&h, 0, sizeof h);
	h.loop = g_main_loop_new(NULL, FALSE);
	h.error = error;
	connect_bad(d, c, connected_sync, &h);
	g_main_loop_run(h.loop);
	g_main_loop_unref(h.loop);
	return h.ret;
}
