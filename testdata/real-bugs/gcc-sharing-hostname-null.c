// pkg-config: gio-2.0
/* A panel asks for the bus, and the answer's callback asks over it: both without the token that the panel's end cancels.
 * The data of both has the panel and no reference to it. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GCancellable *hostname_cancellable;
	char *label;
} Panel;
typedef GObjectClass PanelClass;

GType panel_get_type(void);
G_DEFINE_TYPE(Panel, panel, G_TYPE_OBJECT)

struct question {
	Panel *panel;
	const char *format;
};

static void got_name(GObject *source, GAsyncResult *result, gpointer data)
{
	struct question *q = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
	if (value) {
		const char *name;
		g_variant_get(value, "(&s)", &name);
		g_free(q->panel->label);
		q->panel->label = g_strdup_printf(q->format, name);
	} else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_free(q->panel->label);
		q->panel->label = g_strdup("?");
	}
	g_free(q);
}

static void bus_ready_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	struct question *q = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GDBusConnection) bus = g_bus_get_finish(result, &error);
	(void)source;
	if (bus == NULL) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			q->panel->label = g_strdup("?");
		g_free(q);
		return;
	}
	g_dbus_connection_call(bus, "org.names", "/", "org.names.Server", "GetName", NULL, G_VARIANT_TYPE("(s)"), // miss context-not-forwarded: g_dbus_connection_call
	                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, got_name, q);
}

static void bus_ready_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct question *q = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GDBusConnection) bus = g_bus_get_finish(result, &error);
	(void)source;
	if (bus == NULL) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			q->panel->label = g_strdup("?");
		g_free(q);
		return;
	}
	g_dbus_connection_call(bus, "org.names", "/", "org.names.Server", "GetName", NULL, G_VARIANT_TYPE("(s)"),
	                       G_DBUS_CALL_FLAGS_NONE, -1, q->panel->hostname_cancellable, got_name, q);
}

void setup_bad(Panel *self, const char *format)
{
	struct question *q = g_new(struct question, 1);
	q->panel = self;
	q->format = format;
	g_bus_get(G_BUS_TYPE_SYSTEM, NULL, bus_ready_bad, q); // want premature-cancel: self
}

void setup_ok(Panel *self, const char *format)
{
	struct question *q = g_new(struct question, 1);
	q->panel = self;
	q->format = format;
	g_bus_get(G_BUS_TYPE_SYSTEM, self->hostname_cancellable, bus_ready_ok, q);
}

static void panel_finalize(GObject *object)
{
	Panel *self = (Panel *)object;
	g_cancellable_cancel(self->hostname_cancellable);
	g_clear_object(&self->hostname_cancellable);
	g_free(self->label);
	G_OBJECT_CLASS(panel_parent_class)->finalize(object);
}

static void panel_class_init(PanelClass *klass)
{
	klass->finalize = panel_finalize;
}

static void panel_init(Panel *self)
{
	self->hostname_cancellable = g_cancellable_new();
}
