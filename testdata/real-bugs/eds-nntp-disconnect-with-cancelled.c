// pkg-config: gio-2.0
/* A command failed, perhaps as it was cancelled; the connection is closed with the token that is done then. */
#include <gio/gio.h>

typedef struct {
	GIOStream *stream;
	int retries;
} Store;

static int command_bad(Store *store, const char *line, gsize n, GCancellable *cancellable, GError **error)
{
	for (int retry = 0; retry < 3; retry++) {
		g_autoptr(GError) local_error = NULL;
		if (g_output_stream_write(g_io_stream_get_output_stream(store->stream), line, n, cancellable, &local_error) >= 0)
			return 0;
		g_io_stream_close(store->stream, cancellable, NULL); // want cleanup-uses-cancelled-context: g_io_stream_close
		if (g_error_matches(local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || retry == 2) {
			g_propagate_error(error, g_steal_pointer(&local_error));
			return -1;
		}
	}
	return -1;
}

static int command_ok(Store *store, const char *line, gsize n, GCancellable *cancellable, GError **error)
{
	for (int retry = 0; retry < 3; retry++) {
		g_autoptr(GError) local_error = NULL;
		if (g_output_stream_write(g_io_stream_get_output_stream(store->stream), line, n, cancellable, &local_error) >= 0)
			return 0;
		g_io_stream_close(store->stream, NULL, NULL);
		if (g_error_matches(local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || retry == 2) {
			g_propagate_error(error, g_steal_pointer(&local_error));
			return -1;
		}
	}
	return -1;
}

int commands(Store *store, const char *line, gsize n, GCancellable *cancellable, GError **error)
{
	return command_bad(store, line, n, cancellable, error) + command_ok(store, line, n, cancellable, error);
}
