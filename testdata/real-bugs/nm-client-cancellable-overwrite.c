// pkg-config: gio-2.0
/* Each time the owner of a name changes, the old cancellable is cancelled and the new one is put over it. */
#include <gio/gio.h>

struct client {
	GDBusObjectManager *manager;
	GCancellable *pending;
};

static inline void clear_cancellable(GCancellable **cancellable)
{
	if (*cancellable) {
		g_cancellable_cancel(*cancellable);
		g_object_unref(*cancellable);
		*cancellable = NULL;
	}
}

static void prepare(struct client *self, GCancellable *cancellable, GAsyncReadyCallback ready, gpointer data)
{
	(void)self;
	g_dbus_object_manager_client_new_for_bus(G_BUS_TYPE_SYSTEM, 0, "org.example", "/org/example", NULL,
	                                         NULL, NULL, cancellable, ready, data);
}

static void got_manager(GObject *source, GAsyncResult *result, gpointer data)
{
	struct client *self = data;
	(void)source;
	g_autoptr(GError) error = NULL;
	GDBusObjectManager *manager = g_dbus_object_manager_client_new_for_bus_finish(result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self->manager = manager;
	g_clear_object(&self->pending);
}

static void unhook(struct client *self)
{
	g_clear_object(&self->manager);
}

void owner_changed_bad(GObject *object, GParamSpec *pspec, gpointer data)
{
	struct client *self = data;
	(void)pspec;
	char *owner = g_dbus_object_manager_client_get_name_owner(G_DBUS_OBJECT_MANAGER_CLIENT(object));
	if (owner) {
		g_free(owner);
		g_clear_object(&self->manager);
		if (self->pending)
			g_cancellable_cancel(self->pending);
		self->pending = g_cancellable_new(); // want overwritten-handle: pending
		prepare(self, self->pending, got_manager, self);
	} else {
		unhook(self);
	}
}

void owner_changed_ok(GObject *object, GParamSpec *pspec, gpointer data)
{
	struct client *self = data;
	(void)pspec;
	char *owner = g_dbus_object_manager_client_get_name_owner(G_DBUS_OBJECT_MANAGER_CLIENT(object));
	if (owner) {
		g_free(owner);
		g_clear_object(&self->manager);
		clear_cancellable(&self->pending);
		self->pending = g_cancellable_new();
		prepare(self, self->pending, got_manager, self);
	} else {
		unhook(self);
	}
}

void client_free(struct client *self)
{
	unhook(self);
	clear_cancellable(&self->pending);
	g_free(self);
}
