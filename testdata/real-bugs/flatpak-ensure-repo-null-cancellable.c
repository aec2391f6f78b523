// pkg-config: gio-2.0
/* A call to a helper process gets no token, although the function has one and passes it to all the others. */
#include <gio/gio.h>

typedef struct {
	GDBusConnection *bus;
	GFile *base;
	gboolean system;
} Dir;

static gboolean helper_ensure(Dir *dir, guint flags, const char *installation, GCancellable *cancellable, GError **error)
{
	g_autoptr(GVariant) reply = g_dbus_connection_call_sync(
		dir->bus, "org.example.Helper", "/org/example", "org.example.Helper", "Ensure",
		g_variant_new("(us)", flags, installation), NULL, 0, -1, cancellable, error);
	return reply != NULL;
}

gboolean ensure_bad(Dir *dir, gboolean allow_empty, GCancellable *cancellable, GError **error)
{
	if (!g_file_query_exists(dir->base, cancellable)) {
		g_autoptr(GError) local_error = NULL;
		if (dir->system && !helper_ensure(dir, 0, "default", NULL, &local_error)) { // want context-not-forwarded: helper_ensure
			if (allow_empty)
				return TRUE;
			g_propagate_error(error, g_steal_pointer(&local_error));
			return FALSE;
		}
	}
	return g_file_make_directory(dir->base, cancellable, error);
}

gboolean ensure_ok(Dir *dir, gboolean allow_empty, GCancellable *cancellable, GError **error)
{
	if (!g_file_query_exists(dir->base, cancellable)) {
		g_autoptr(GError) local_error = NULL;
		if (dir->system && !helper_ensure(dir, 0, "default", cancellable, &local_error)) {
			if (allow_empty)
				return TRUE;
			g_propagate_error(error, g_steal_pointer(&local_error));
			return FALSE;
		}
	}
	return g_file_make_directory(dir->base, cancellable, error);
}
