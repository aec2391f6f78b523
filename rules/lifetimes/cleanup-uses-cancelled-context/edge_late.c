// flags: %glib_flags
/* cleanup-uses-cancelled-context: clean-up behind a failure, and the question whether that was the end of the token
 * behind it. */
#include <gio/gio.h>

gboolean send_bad(GOutputStream *out, const char *text, gsize n, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) failed = NULL;
	if (g_output_stream_write(out, text, n, cancellable, &failed) >= 0)
		return TRUE;
	g_output_stream_close(out, cancellable, NULL); // want: may be what made g_output_stream_write fail
	if (!g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("%s", failed->message);
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

gboolean asked_first_ok(GOutputStream *out, const char *text, gsize n, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) failed = NULL;
	if (g_output_stream_write(out, text, n, cancellable, &failed) >= 0)
		return TRUE;
	if (!g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_output_stream_close(out, cancellable, NULL);
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

gboolean token_asked_ok(GOutputStream *out, const char *text, gsize n, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) failed = NULL;
	if (g_output_stream_write(out, text, n, cancellable, &failed) >= 0)
		return TRUE;
	if (!g_cancellable_is_cancelled(cancellable))
		g_output_stream_close(out, cancellable, NULL);
	if (!g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("%s", failed->message);
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

/* What is closed is the operation itself, and its failure is what is asked for. */
gboolean close_is_the_work_ok(GOutputStream *out, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) failed = NULL;
	if (g_output_stream_close(out, cancellable, &failed))
		return TRUE;
	if (!g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("%s", failed->message);
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

/* The next operation with the same error comes after the stream of the first was closed. */
gboolean one_after_the_other_ok(GFile *first, GFile *second, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) failed = NULL;
	GFileInputStream *in = g_file_read(first, cancellable, error);
	if (in == NULL)
		return FALSE;
	g_input_stream_close(G_INPUT_STREAM(in), cancellable, NULL);
	g_object_unref(in);
	in = g_file_read(second, cancellable, &failed);
	if (in == NULL && !g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("%s", failed->message);
	g_clear_object(&in);
	return TRUE;
}
