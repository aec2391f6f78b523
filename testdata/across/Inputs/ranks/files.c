#include "ranks.h"

static gboolean load(GFile *file, GCancellable *cancellable, GError **error)
{
	g_autofree char *text = NULL;
	return g_file_load_contents(file, cancellable, &text, NULL, NULL, error);
}

gboolean files_read_all(GFile *dir, GCancellable *cancellable, GError **error)
{
	return load(dir, cancellable, error);
}

gboolean files_read_and_ask(GFile *dir, GCancellable *cancellable, GError **error)
{
	g_autoptr(GDBusConnection) bus = g_bus_get_sync(G_BUS_TYPE_SESSION, cancellable, error);
	return bus && load(dir, cancellable, error);
}

void files_stamp(GFile *file)
{
	g_file_replace_contents(file, "", 0, NULL, FALSE, 0, NULL, NULL, NULL);
}

static void stamp_again(GFile *file)
{
	files_stamp(file);
}

void files_stamp_far(GFile *file)
{
	stamp_again(file);
}

gboolean files_read_itself(GFile *file, GCancellable *cancellable, GError **error)
{
	g_autofree char *text = NULL;
	return g_file_load_contents(file, cancellable, &text, NULL, NULL, error);
}
