// flags: %glib_flags
/* premature-cancel: a variable's own clean-up function cancels. */
#include <gio/gio.h>

static void call_off(GCancellable **c)
{
	g_cancellable_cancel(*c);
	g_object_unref(*c);
}

static void only_drop(GCancellable **c)
{
	g_object_unref(*c);
}

void called_off_by_scope_bad(GFile *file, GAsyncReadyCallback done)
{
	__attribute__((cleanup(call_off))) GCancellable *c = g_cancellable_new();
	g_file_delete_async(file, 0, c, done, NULL); // want: g_file_delete_async
}

void dropped_by_scope_ok(GFile *file, GAsyncReadyCallback done)
{
	__attribute__((cleanup(only_drop))) GCancellable *c = g_cancellable_new();
	g_file_delete_async(file, 0, c, done, NULL);
}
