// pkg-config: gio-2.0
/* A source element unlocks its thread by cancelling, and makes the same cancellable usable again when the unlock is over: a
 * read that has not looked yet goes on. */
#include <gio/gio.h>

struct src {
	GCancellable *cancel;
	GInputStream *stream;
};

gssize src_create(struct src *src, void *buf, gsize n, GError **error)
{
	return g_input_stream_read(src->stream, buf, n, src->cancel, error);
}

void src_unlock(struct src *src)
{
	g_cancellable_cancel(src->cancel);
}

void src_unlock_stop_bad(struct src *src)
{
	g_cancellable_reset(src->cancel); // want unsafe-cancel-mechanism: `src->cancel`
}

void src_unlock_stop_ok(struct src *src)
{
	g_object_unref(src->cancel);
	src->cancel = g_cancellable_new();
}
