// pkg-config: gio-2.0
/* A callback of a transfer has the token in its data and never asks it. */
#include <gio/gio.h>

struct transfer {
	GString *content;
	GCancellable *cancellable;
};

size_t write_bad(void *data, size_t size, size_t n, void *user) // miss unchecked-done: cancellable
{
	struct transfer *t = user;
	g_string_append_len(t->content, data, (gssize)(size * n));
	return size * n;
}

size_t write_ok(void *data, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	if (g_cancellable_is_cancelled(t->cancellable))
		return 0;
	g_string_append_len(t->content, data, (gssize)(size * n));
	return size * n;
}
