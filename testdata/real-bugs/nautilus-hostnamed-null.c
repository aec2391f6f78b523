// pkg-config: gio-2.0
/* A side bar makes a proxy with itself as data, and nothing that could cancel it when the bar is gone. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GVolumeMonitor *monitor;
	GDBusProxy *hostnamed;
	char *hostname;
} Bar;
typedef GObjectClass BarClass;

typedef struct {
	GObject parent;
	GVolumeMonitor *monitor;
	GDBusProxy *hostnamed;
	GCancellable *cancellable;
	char *hostname;
} Side;
typedef GObjectClass SideClass;

GType bar_get_type(void);
GType side_get_type(void);
G_DEFINE_TYPE(Bar, bar, G_TYPE_OBJECT)
G_DEFINE_TYPE(Side, side, G_TYPE_OBJECT)

static void bar_proxy(GObject *source, GAsyncResult *result, gpointer data)
{
	Bar *self = data;
	GError *error = NULL;
	(void)source;

	self->hostnamed = g_dbus_proxy_new_for_bus_finish(result, &error);
	if (error != NULL) {
		g_debug("no proxy: %s", error->message);
		g_error_free(error);
		return;
	}
	g_free(self->hostname);
	self->hostname = g_dbus_proxy_get_name_owner(self->hostnamed);
}

static void bar_init_bad(Bar *self)
{
	self->monitor = g_volume_monitor_get();
	self->hostname = g_strdup("Computer");
	g_dbus_proxy_new_for_bus( // want premature-cancel: self
	        G_BUS_TYPE_SYSTEM, G_DBUS_PROXY_FLAGS_GET_INVALIDATED_PROPERTIES, NULL,
	        "org.freedesktop.hostname1", "/org/freedesktop/hostname1", "org.freedesktop.hostname1", NULL,
	        bar_proxy, self);
}

static void bar_init(Bar *self)
{
	bar_init_bad(self);
}

static void bar_dispose(GObject *object)
{
	Bar *self = (Bar *)object;
	g_clear_object(&self->monitor);
	g_clear_object(&self->hostnamed);
	g_free(self->hostname);
	self->hostname = NULL;
	G_OBJECT_CLASS(bar_parent_class)->dispose(object);
}

static void bar_class_init(BarClass *klass)
{
	klass->dispose = bar_dispose;
}

static void side_proxy(GObject *source, GAsyncResult *result, gpointer data)
{
	Side *self = data;
	GError *error = NULL;
	(void)source;

	GDBusProxy *proxy = g_dbus_proxy_new_for_bus_finish(result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	self->hostnamed = proxy;
	g_clear_object(&self->cancellable);
	if (error != NULL) {
		g_debug("no proxy: %s", error->message);
		g_error_free(error);
		return;
	}
	g_free(self->hostname);
	self->hostname = g_dbus_proxy_get_name_owner(self->hostnamed);
}

static void side_init_ok(Side *self)
{
	self->monitor = g_volume_monitor_get();
	self->hostname = g_strdup("Computer");
	self->cancellable = g_cancellable_new();
	g_dbus_proxy_new_for_bus(G_BUS_TYPE_SYSTEM, G_DBUS_PROXY_FLAGS_GET_INVALIDATED_PROPERTIES, NULL,
	                         "org.freedesktop.hostname1", "/org/freedesktop/hostname1",
	                         "org.freedesktop.hostname1", self->cancellable, side_proxy, self);
}

static void side_init(Side *self)
{
	side_init_ok(self);
}

static void side_dispose(GObject *object)
{
	Side *self = (Side *)object;
	g_clear_object(&self->monitor);
	if (self->cancellable != NULL) {
		g_cancellable_cancel(self->cancellable);
		g_clear_object(&self->cancellable);
	}
	g_clear_object(&self->hostnamed);
	g_free(self->hostname);
	self->hostname = NULL;
	G_OBJECT_CLASS(side_parent_class)->dispose(object);
}

static void side_class_init(SideClass *klass)
{
	klass->dispose = side_dispose;
}
