// pkg-config: gio-2.0
/* The device asks for secrets with itself as data and without its cancellable, which its teardown cancels. */
#include <gio/gio.h>
#include <string.h>

typedef struct {
	GObject parent;
	GDBusProxy *remote;
	GCancellable *cancellable;
	char *secret;
} Device;
typedef GObjectClass DeviceClass;

GType device_get_type(void);
G_DEFINE_TYPE(Device, device, G_TYPE_OBJECT)

static void show(Device *self, const char *secret)
{
	g_free(self->secret);
	self->secret = g_strdup(secret);
}

static void got_secrets(GObject *source, GAsyncResult *result, gpointer data)
{
	Device *self = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
	if (value == NULL) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_warning("%s", error->message);
		return;
	}
	show(self, g_variant_get_type_string(value));
}

static void security_bad(Device *self, const char *kind, char **secret)
{
	const char *known = NULL;
	if (strcmp(kind, "none") == 0)
		known = "";
	else if (strcmp(kind, "psk") == 0)
		known = self->secret;
	else
		g_warning("unhandled '%s'", kind);
	if (known == NULL) {
		g_dbus_proxy_call( // want premature-cancel: self
		        self->remote, "GetSecrets", NULL, 0, -1, NULL, got_secrets, self);
		return;
	}
	if (secret)
		*secret = g_strdup(known);
}

static void security_ok(Device *self, const char *kind, char **secret)
{
	const char *known = NULL;
	if (strcmp(kind, "none") == 0)
		known = "";
	else if (strcmp(kind, "psk") == 0)
		known = self->secret;
	else
		g_warning("unhandled '%s'", kind);
	if (known == NULL) {
		g_dbus_proxy_call(self->remote, "GetSecrets", NULL, 0, -1, self->cancellable, got_secrets,
		                  self);
		return;
	}
	if (secret)
		*secret = g_strdup(known);
}

void device_refresh(Device *self, const char *kind)
{
	g_autofree char *first = NULL, *second = NULL;
	security_bad(self, kind, &first);
	security_ok(self, kind, &second);
	g_message("%s %s", first, second);
}

static void device_finalize(GObject *object)
{
	Device *self = (Device *)object;
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	g_clear_object(&self->remote);
	g_free(self->secret);
	G_OBJECT_CLASS(device_parent_class)->finalize(object);
}

static void device_class_init(DeviceClass *klass)
{
	klass->finalize = device_finalize;
}

static void device_init(Device *self)
{
	self->cancellable = g_cancellable_new();
}
