// pkg-config: gio-2.0
/* The descriptor of a cancellable is not given back when the wait itself fails. */
#include <gio/gio.h>

static gboolean wait_readable_bad(int sock, GCancellable *cancellable)
{
	int stop = g_cancellable_get_fd(cancellable); // want missing-cancel: g_cancellable_get_fd
	GPollFD fds[] = {{sock, G_IO_IN, 0}, {stop, G_IO_IN, 0}};
	if (g_poll(fds, stop == -1 ? 1 : 2, -1) == -1)
		return FALSE;
	if (stop != -1)
		g_cancellable_release_fd(cancellable);
	return TRUE;
}

static gboolean wait_readable_ok(int sock, GCancellable *cancellable)
{
	int stop = g_cancellable_get_fd(cancellable);
	GPollFD fds[] = {{sock, G_IO_IN, 0}, {stop, G_IO_IN, 0}};
	gboolean came = g_poll(fds, stop == -1 ? 1 : 2, -1) != -1;
	if (stop != -1)
		g_cancellable_release_fd(cancellable);
	return came;
}

gboolean (*const waits[])(int, GCancellable *) = {wait_readable_bad, wait_readable_ok};
