// pkg-config: gio-2.0
/* A manager drops its cancellable once its proxy is there; the calls that follow are given the empty field.
 */
#include <gio/gio.h>

struct manager {
	GDBusProxy *proxy;
	GCancellable *cancellable;
	GList *configs;
};

static void clear_cancellable(GCancellable **cancellable)
{
	if (*cancellable) {
		g_cancellable_cancel(*cancellable);
		g_clear_object(cancellable);
	}
}

static void sent(GObject *source, GAsyncResult *result, gpointer data)
{
	struct manager *self = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self->configs = g_list_prepend(self->configs, g_steal_pointer(&value));
}

static void send_all(struct manager *self)
{
	for (GList *at = self->configs; at; at = at->next)
		g_dbus_proxy_call(self->proxy, "Create", at->data, 0, -1, self->cancellable, sent, self);
}

static void got_proxy_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	struct manager *self = data;
	(void)source;
	GError *error = NULL;
	GDBusProxy *proxy = g_dbus_proxy_new_for_bus_finish(result, &error);
	if (!proxy) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_warning("%s", error->message);
		g_error_free(error);
		return;
	}
	self->proxy = proxy;
	clear_cancellable(&self->cancellable);
	send_all(self); // miss double-cancel: cancellable
}

static void got_proxy_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct manager *self = data;
	(void)source;
	GError *error = NULL;
	GDBusProxy *proxy = g_dbus_proxy_new_for_bus_finish(result, &error);
	if (!proxy) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_warning("%s", error->message);
		g_error_free(error);
		return;
	}
	self->proxy = proxy;
	send_all(self);
}

static void manager_start(struct manager *self, GAsyncReadyCallback got_proxy)
{
	self->cancellable = g_cancellable_new();
	g_dbus_proxy_new_for_bus(G_BUS_TYPE_SYSTEM, 0, NULL, "org.pac", "/org/pac", "org.pac.Manager",
	                         self->cancellable, got_proxy, self);
}

struct manager *manager_new(gboolean first)
{
	struct manager *self = g_new0(struct manager, 1);
	manager_start(self, first ? got_proxy_bad : got_proxy_ok);
	return self;
}

void manager_free(struct manager *self)
{
	clear_cancellable(&self->cancellable);
	g_clear_object(&self->proxy);
	g_list_free_full(self->configs, (GDestroyNotify)g_variant_unref);
	g_free(self);
}
