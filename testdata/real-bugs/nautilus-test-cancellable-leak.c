// pkg-config: gio-2.0
/* Made before it is known whether it is needed at all. */
#include <gio/gio.h>

void thumbnail_bad(GFile *file, gboolean possible)
{
	GCancellable *cancellable = g_cancellable_new(); // want missing-cancel: g_cancellable_new
	if (!possible) {
		g_test_skip("cannot be drawn");
		return;
	}
	g_file_delete(file, cancellable, NULL);
	g_object_unref(cancellable);
}

void thumbnail_ok(GFile *file, gboolean possible)
{
	if (!possible) {
		g_test_skip("cannot be drawn");
		return;
	}
	GCancellable *cancellable = g_cancellable_new();
	g_file_delete(file, cancellable, NULL);
	g_object_unref(cancellable);
}
