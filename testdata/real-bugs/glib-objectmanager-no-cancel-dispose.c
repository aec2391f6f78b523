// pkg-config: gio-2.0
/* An object asks a peer for its state without a cancellable, so its teardown has nothing to cancel: the call
 * lingers. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GDBusProxy *control;
	GHashTable *objects;
	char *owner;
	GCancellable *cancel;
} Manager;
typedef GObjectClass ManagerClass;

GType manager_get_type(void);
G_DEFINE_TYPE(Manager, manager, G_TYPE_OBJECT)

static GWeakRef *weak_new(gpointer object)
{
	GWeakRef *weak = g_new0(GWeakRef, 1);
	g_weak_ref_init(weak, object);
	return weak;
}

static void weak_free(GWeakRef *weak)
{
	g_weak_ref_clear(weak);
	g_free(weak);
}

static void got_objects(GObject *source, GAsyncResult *result, gpointer data)
{
	GWeakRef *weak = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
	Manager *self = g_weak_ref_get(weak);
	weak_free(weak);
	if (self == NULL)
		return;
	if (value == NULL) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_warning("%s", error->message);
	} else {
		g_hash_table_insert(self->objects, g_variant_print(value, FALSE), value);
	}
	g_object_unref(self);
}

void manager_owner_changed_bad(GObject *object, GParamSpec *pspec, gpointer data)
{
	Manager *self = data;
	(void)object, (void)pspec;
	char *owner = g_dbus_proxy_get_name_owner(self->control);
	if (owner != NULL)
		g_dbus_proxy_call( // miss field-never-cancelled: NULL
		        self->control, "GetManagedObjects", NULL, 0, -1, NULL, got_objects, weak_new(self));
	g_free(owner);
}

void manager_owner_changed_ok(GObject *object, GParamSpec *pspec, gpointer data)
{
	Manager *self = data;
	(void)object, (void)pspec;
	char *owner = g_dbus_proxy_get_name_owner(self->control);
	if (owner != NULL)
		g_dbus_proxy_call(self->control, "GetManagedObjects", NULL, 0, -1, self->cancel, got_objects,
		                  weak_new(self));
	g_free(owner);
}

static void manager_dispose(GObject *object)
{
	Manager *self = (Manager *)object;
	if (self->cancel != NULL) {
		g_cancellable_cancel(self->cancel);
		g_clear_object(&self->cancel);
	}
	G_OBJECT_CLASS(manager_parent_class)->dispose(object);
}

static void manager_finalize(GObject *object)
{
	Manager *self = (Manager *)object;
	g_hash_table_unref(self->objects);
	g_free(self->owner);
	g_clear_object(&self->control);
	G_OBJECT_CLASS(manager_parent_class)->finalize(object);
}

static void manager_class_init(ManagerClass *klass)
{
	klass->dispose = manager_dispose;
	klass->finalize = manager_finalize;
}

static void manager_init(Manager *self)
{
	self->objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->cancel = g_cancellable_new();
}
