// pkg-config: gio-2.0
/* A notifier drops its cancellable without cancelling it: queries under way call back into freed memory. */
#include <gio/gio.h>

typedef struct {
	GCancellable *cancellable;
	GDBusConnection *connection;
	GFileMonitor *monitor;
	GList *roots;
	GTimer *timer;
	guint pending;
} NotifierPrivate;

typedef struct {
	GObject parent;
	NotifierPrivate *priv;
} Notifier;
typedef GObjectClass NotifierClass;

typedef struct {
	GCancellable *cancellable;
	GDBusConnection *connection;
	GFileMonitor *monitor;
	GList *roots;
	GTimer *timer;
	guint pending;
} WatcherPrivate;

typedef struct {
	GObject parent;
	WatcherPrivate *priv;
} Watcher;
typedef GObjectClass WatcherClass;

GType notifier_get_type(void);
GType watcher_get_type(void);
G_DEFINE_TYPE(Notifier, notifier, G_TYPE_OBJECT)
G_DEFINE_TYPE(Watcher, watcher, G_TYPE_OBJECT)

static void answered(GObject *source, GAsyncResult *result, gpointer data)
{
	Notifier *self = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self->priv->pending--;
}

void notifier_query(Notifier *self, const char *root)
{
	NotifierPrivate *priv = self->priv;
	priv->pending++;
	g_dbus_connection_call(priv->connection, "org.example", "/", "org.example.Store", "Query",
	                       g_variant_new("(s)", root), NULL, 0, -1, priv->cancellable, answered, self);
}

static void notifier_finalize_bad(GObject *object) // want field-never-cancelled: cancellable
{
	NotifierPrivate *priv = ((Notifier *)object)->priv;

	g_object_unref(priv->monitor);
	g_object_unref(priv->cancellable);
	g_object_unref(priv->connection);
	g_list_free_full(priv->roots, g_free);
	g_timer_destroy(priv->timer);
	g_free(priv);
	G_OBJECT_CLASS(notifier_parent_class)->finalize(object);
}

static void notifier_class_init(NotifierClass *klass)
{
	klass->finalize = notifier_finalize_bad;
}

static void notifier_init(Notifier *self)
{
	self->priv = g_new0(NotifierPrivate, 1);
	self->priv->cancellable = g_cancellable_new();
	self->priv->timer = g_timer_new();
}

static void heard(GObject *source, GAsyncResult *result, gpointer data)
{
	Watcher *self = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self->priv->pending--;
}

void watcher_query(Watcher *self, const char *root)
{
	WatcherPrivate *priv = self->priv;
	priv->pending++;
	g_dbus_connection_call(priv->connection, "org.example", "/", "org.example.Store", "Query",
	                       g_variant_new("(s)", root), NULL, 0, -1, priv->cancellable, heard, self);
}

static void watcher_finalize_ok(GObject *object)
{
	WatcherPrivate *priv = ((Watcher *)object)->priv;

	g_cancellable_cancel(priv->cancellable);
	g_object_unref(priv->monitor);
	g_object_unref(priv->cancellable);
	g_object_unref(priv->connection);
	g_list_free_full(priv->roots, g_free);
	g_timer_destroy(priv->timer);
	g_free(priv);
	G_OBJECT_CLASS(watcher_parent_class)->finalize(object);
}

static void watcher_class_init(WatcherClass *klass)
{
	klass->finalize = watcher_finalize_ok;
}

static void watcher_init(Watcher *self)
{
	self->priv = g_new0(WatcherPrivate, 1);
	self->priv->cancellable = g_cancellable_new();
	self->priv->timer = g_timer_new();
}
