// pkg-config: gio-2.0
/* A directory of files is watched; when it is set up anew the old monitor loses its handler and its
 * reference, no more. */
#include <gio/gio.h>

typedef struct {
	char *path;
	char *watched;
	GFileMonitor *monitor;
	GHashTable *names;
	gboolean is_set_up;
} Dir;

typedef struct {
	char *path;
	char *watched;
	GFileMonitor *monitor;
	GHashTable *names;
	gboolean is_set_up;
} Folder;

static GMutex lock;

static void dir_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                        gpointer data);
static void folder_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                           gpointer data);

static void dir_reset_bad(Dir *dir) // want field-never-cancelled: monitor
{
	g_clear_pointer(&dir->watched, g_free);
	if (dir->monitor) {
		g_signal_handlers_disconnect_by_func(dir->monitor, dir_changed, dir);
		g_object_unref(dir->monitor);
		dir->monitor = NULL;
	}
	if (dir->names) {
		g_hash_table_unref(dir->names);
		dir->names = NULL;
	}
	dir->is_set_up = FALSE;
}

static void folder_reset_ok(Folder *dir)
{
	g_clear_pointer(&dir->watched, g_free);
	if (dir->monitor) {
		g_signal_handlers_disconnect_by_func(dir->monitor, folder_changed, dir);
		g_file_monitor_cancel(dir->monitor);
		g_object_unref(dir->monitor);
		dir->monitor = NULL;
	}
	if (dir->names) {
		g_hash_table_unref(dir->names);
		dir->names = NULL;
	}
	dir->is_set_up = FALSE;
}

static void dir_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                        gpointer data)
{
	(void)monitor, (void)file, (void)other, (void)event;
	g_mutex_lock(&lock);
	dir_reset_bad(data);
	g_mutex_unlock(&lock);
}

static void folder_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                           gpointer data)
{
	(void)monitor, (void)file, (void)other, (void)event;
	g_mutex_lock(&lock);
	folder_reset_ok(data);
	g_mutex_unlock(&lock);
}

void dir_set_up(Dir *dir)
{
	GFile *file = g_file_new_for_path(dir->path);
	dir->names = g_hash_table_new(g_str_hash, g_str_equal);
	dir->watched = g_strdup(dir->path);
	dir->monitor = g_file_monitor_directory(file, G_FILE_MONITOR_NONE, NULL, NULL);
	if (dir->monitor)
		g_signal_connect(dir->monitor, "changed", G_CALLBACK(dir_changed), dir);
	dir->is_set_up = TRUE;
	g_object_unref(file);
}

void folder_set_up(Folder *dir)
{
	GFile *file = g_file_new_for_path(dir->path);
	dir->names = g_hash_table_new(g_str_hash, g_str_equal);
	dir->watched = g_strdup(dir->path);
	dir->monitor = g_file_monitor_directory(file, G_FILE_MONITOR_NONE, NULL, NULL);
	if (dir->monitor)
		g_signal_connect(dir->monitor, "changed", G_CALLBACK(folder_changed), dir);
	dir->is_set_up = TRUE;
	g_object_unref(file);
}
