// flags: %glib_flags
/* missing-cancel: what was not made, as the error says. */
#include <gio/gio.h>

void keep(GFileMonitor *monitor);
void complain(GError *error);

gboolean error_first_ok(GFile *file)
{
	GError *error = NULL;
	GFileMonitor *monitor = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, &error);
	if (error != NULL) {
		g_error_free(error);
		return FALSE;
	}
	keep(monitor);
	return TRUE;
}

gboolean error_first_bad(GFile *file)
{
	GError *error = NULL;
	GFileMonitor *monitor = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, &error); // want: `monitor`
	if (error != NULL) {
		g_error_free(error);
		return FALSE;
	}
	return g_file_monitor_is_cancelled(monitor);
}
