#include "ranks.h"

gboolean files_alone(GFile *f, GCancellable *cancellable, GError **error)
{
	return !g_cancellable_set_error_if_cancelled(cancellable, error) && files_read_all(f, NULL, error); // want context-not-forwarded: files_read_all
}

gboolean bus_too(GFile *f, GCancellable *cancellable, GError **error)
{
	return !g_cancellable_set_error_if_cancelled(cancellable, error) && files_read_and_ask(f, NULL, error); // want context-not-forwarded: files_read_and_ask
}

gboolean near(GCancellable *cancellable, GError **error)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return FALSE;
	bus_tell(); // want broken-propagation: near
	bus_tell();
	return TRUE;
}

gboolean far_away(GCancellable *cancellable, GError **error)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return FALSE;
	bus_tell_far(); // want broken-propagation: far_away
	return TRUE;
}

gboolean near_file(GFile *f, GCancellable *cancellable, GError **error)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return FALSE;
	files_stamp(f); // want broken-propagation: near_file
	return TRUE;
}

gboolean far_file(GFile *f, GCancellable *cancellable, GError **error)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return FALSE;
	files_stamp_far(f); // want broken-propagation: far_file
	return TRUE;
}

gboolean content(GFile *f, GCancellable *cancellable, GError **error)
{
	return !g_cancellable_set_error_if_cancelled(cancellable, error) && files_read_itself(f, NULL, error); // want context-not-forwarded: files_read_itself
}
