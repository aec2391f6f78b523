// pkg-config: gtk4
/* discarded-handle: what runs until somebody takes it off: subscriptions, watches of names, tick callbacks.
 */
#include <gtk/gtk.h>

typedef struct {
	GDBusConnection *bus;
	guint id;
	int n;
} Self;

static void on_signal(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                      const char *signal, GVariant *values, gpointer data)
{
	Self *self = data;
	self->n++;
}

static void on_gone(GDBusConnection *bus, const char *name, gpointer data)
{
	Self *self = data;
	self->n = 0;
}

static gboolean on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
	return G_SOURCE_CONTINUE;
}

static gboolean once(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
	return G_SOURCE_REMOVE;
}

void subscribe_bad(GDBusConnection *bus, Self *self)
{
	g_dbus_connection_signal_subscribe(bus, NULL, "a.b", NULL, NULL, NULL, 0, on_signal, self, // want: subscription
	                                   NULL);
}

void subscribe_static_ok(GDBusConnection *bus)
{
	static Self all;
	g_dbus_connection_signal_subscribe(bus, NULL, "a.b", NULL, NULL, NULL, 0, on_signal, &all, NULL);
}

void subscribe_counted_ok(GDBusConnection *bus, GObject *self)
{
	g_dbus_connection_signal_subscribe(bus, NULL, "a.b", NULL, NULL, NULL, 0, on_signal,
	                                   g_object_ref(self), g_object_unref);
}

void subscribe_on_its_own_ok(Self *self)
{
	g_dbus_connection_signal_subscribe(self->bus, NULL, "a.b", NULL, NULL, NULL, 0, on_signal, self,
	                                   NULL);
}

void subscribe_kept_ok(GDBusConnection *bus, Self *self)
{
	self->id = g_dbus_connection_signal_subscribe(bus, NULL, "a.b", NULL, NULL, NULL, 0, on_signal, self,
	                                              NULL);
}

void watch_bad(Self *self)
{
	g_bus_watch_name(G_BUS_TYPE_SESSION, "a.b", 0, NULL, on_gone, self, NULL); // want: watch
}

void watch_ok(void)
{
	g_bus_watch_name(G_BUS_TYPE_SESSION, "a.b", 0, NULL, NULL, NULL, NULL);
}

void tick_bad(GtkWidget *widget, Self *self)
{
	gtk_widget_add_tick_callback(widget, on_tick, self, NULL); // want: tick callback
}

gboolean on_tick_elsewhere(GtkWidget *widget, GdkFrameClock *clock, gpointer data);

void tick_elsewhere_bad(GtkWidget *widget, Self *self)
{
	gtk_widget_add_tick_callback(widget, on_tick_elsewhere, self, NULL); // want: tick callback
}

void tick_kept_ok(GtkWidget *widget, Self *self)
{
	self->id = gtk_widget_add_tick_callback(widget, on_tick, self, NULL);
}

/* ---- data that is code ---- */

typedef void (*died_func)(const char *name);

static void on_owner(GDBusConnection *c, const char *sender, const char *path, const char *iface, const char *signal,
                     GVariant *parameters, gpointer data)
{
	died_func died = data;
	if (died)
		died(sender);
}

void tracks_owners_ok(GDBusConnection *c, died_func died)
{
	g_dbus_connection_signal_subscribe(c, NULL, "org.own", "Died", "/", NULL, 0, on_owner, died, NULL);
}
