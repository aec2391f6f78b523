// pkg-config: gio-2.0
/* A file monitor is only unreferenced: while another thread delivers its events, it is not over. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GFileMonitor *monitor;
	GPtrArray *blocked;
	char *file;
} Config;
typedef GObjectClass ConfigClass;

typedef struct {
	GObject parent;
	GFileMonitor *monitor;
	GPtrArray *blocked;
	char *file;
} Setup;
typedef GObjectClass SetupClass;

GType config_get_type(void);
GType setup_get_type(void);
G_DEFINE_TYPE(Config, config, G_TYPE_OBJECT)
G_DEFINE_TYPE(Setup, setup, G_TYPE_OBJECT)

static void config_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                           gpointer data)
{
	Config *self = data;
	(void)monitor, (void)other, (void)event;
	g_free(self->file);
	self->file = g_file_get_path(file);
}

static void setup_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                          gpointer data)
{
	Setup *self = data;
	(void)monitor, (void)other, (void)event;
	g_free(self->file);
	self->file = g_file_get_path(file);
}

gboolean config_load(Config *self, GError **error)
{
	g_autoptr(GFile) file = g_file_new_for_path(self->file);
	self->monitor = g_file_monitor(file, G_FILE_MONITOR_NONE, NULL, error);
	if (self->monitor == NULL)
		return FALSE;
	g_signal_connect(self->monitor, "changed", G_CALLBACK(config_changed), self);
	return TRUE;
}

gboolean setup_load(Setup *self, GError **error)
{
	g_autoptr(GFile) file = g_file_new_for_path(self->file);
	self->monitor = g_file_monitor(file, G_FILE_MONITOR_NONE, NULL, error);
	if (self->monitor == NULL)
		return FALSE;
	g_signal_connect(self->monitor, "changed", G_CALLBACK(setup_changed), self);
	return TRUE;
}

static void config_finalize_bad(GObject *object) // want field-never-cancelled: monitor
{
	Config *self = (Config *)object;
	if (self->monitor != NULL)
		g_object_unref(self->monitor);
	g_ptr_array_unref(self->blocked);
	g_free(self->file);
	G_OBJECT_CLASS(config_parent_class)->finalize(object);
}

static void setup_finalize_ok(GObject *object)
{
	Setup *self = (Setup *)object;
	if (self->monitor != NULL) {
		g_file_monitor_cancel(self->monitor);
		g_object_unref(self->monitor);
	}
	g_ptr_array_unref(self->blocked);
	g_free(self->file);
	G_OBJECT_CLASS(setup_parent_class)->finalize(object);
}

static void config_class_init(ConfigClass *klass)
{
	klass->finalize = config_finalize_bad;
}

static void setup_class_init(SetupClass *klass)
{
	klass->finalize = setup_finalize_ok;
}

static void config_init(Config *self)
{
	self->blocked = g_ptr_array_new_with_free_func(g_free);
}

static void setup_init(Setup *self)
{
	self->blocked = g_ptr_array_new_with_free_func(g_free);
}
