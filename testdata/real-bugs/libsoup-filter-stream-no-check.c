// pkg-config: gio-2.0
/* A read that is served from a buffer does not block, but a reader in a loop never sees the cancellation. */
#include <gio/gio.h>
#include <string.h>

struct filter {
	GByteArray *buf;
	GInputStream *base;
};

gssize read_bad(struct filter *f, void *to, gsize n, GCancellable *cancellable,
                GError **error) // miss unchecked-done: cancellable
{
	if (f->buf->len < n)
		return g_input_stream_read(f->base, to, n, cancellable, error);
	memcpy(to, f->buf->data, n);
	g_byte_array_remove_range(f->buf, 0, (guint)n);
	return (gssize)n;
}

gssize read_ok(struct filter *f, void *to, gsize n, GCancellable *cancellable, GError **error)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return -1;
	if (f->buf->len < n)
		return g_input_stream_read(f->base, to, n, cancellable, error);
	memcpy(to, f->buf->data, n);
	g_byte_array_remove_range(f->buf, 0, (guint)n);
	return (gssize)n;
}
