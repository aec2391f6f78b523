// pkg-config: gio-2.0
/* The long part of the work, in a library that is not described, gets no token. */
#include <gio/gio.h>

typedef struct Builder Builder;
typedef struct Silo Silo;
typedef struct {
	Silo *silo;
} Store;

gboolean add_remote(Store *store, Builder *builder, guint n, GCancellable *cancellable, GError **error);
Silo *builder_ensure(Builder *builder, GFile *file, guint flags, GCancellable *cancellable, GError **error);

gboolean rescan_bad(Store *store, Builder *builder, GFile *file, guint n, GCancellable *cancellable, GError **error)
{
	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) local_error = NULL;
		if (!add_remote(store, builder, i, cancellable, &local_error))
			g_debug("skipped: %s", local_error->message);
	}
	store->silo = builder_ensure(builder, file, 1, NULL, error); // want context-not-forwarded: builder_ensure
	return store->silo != NULL;
}

gboolean rescan_ok(Store *store, Builder *builder, GFile *file, guint n, GCancellable *cancellable, GError **error)
{
	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) local_error = NULL;
		if (!add_remote(store, builder, i, cancellable, &local_error)) {
			g_debug("skipped: %s", local_error->message);
			if (g_cancellable_set_error_if_cancelled(cancellable, error))
				return FALSE;
		}
	}
	store->silo = builder_ensure(builder, file, 1, cancellable, error);
	return store->silo != NULL;
}
