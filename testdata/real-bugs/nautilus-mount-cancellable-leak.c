// pkg-config: gio-2.0
/* Clearing a pointer with the function that cancels drops the only name of the cancellable, but no reference.
 */
#include <gio/gio.h>

void find_mount_bad(GFile *place)
{
	GCancellable *find = g_cancellable_new(); // want missing-cancel: g_cancellable_new
	g_file_find_enclosing_mount_async(place, G_PRIORITY_DEFAULT, find, NULL, NULL);
	g_clear_pointer(&find, g_cancellable_cancel);
}

void find_mount_ok(GFile *place)
{
	GCancellable *find = g_cancellable_new();
	g_file_find_enclosing_mount_async(place, G_PRIORITY_DEFAULT, find, NULL, NULL);
	g_cancellable_cancel(find);
	g_clear_object(&find);
}
