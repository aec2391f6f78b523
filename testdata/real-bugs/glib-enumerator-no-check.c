// pkg-config: gio-2.0
/* An enumerator goes through a directory and leaves out what it cannot describe: the token that it is given is never
 * asked. */
#include <dirent.h>
#include <gio/gio.h>

struct enumerator {
	DIR *dir;
	const char *parent;
};

GFileInfo *describe(const char *parent, const char *name, GError **error);

static const char *next_name(struct enumerator *e)
{
	struct dirent *entry = readdir(e->dir);
	while (entry && entry->d_name[0] == '.')
		entry = readdir(e->dir);
	return entry ? entry->d_name : NULL;
}

GFileInfo *next_file_bad(struct enumerator *e, GCancellable *cancellable, GError **error)
{
	GError *my_error = NULL;
next_file:;
	const char *name = next_name(e); // want unchecked-done: cancellable
	if (name == NULL)
		return NULL;
	GFileInfo *info = describe(e->parent, name, &my_error);
	if (info == NULL) {
		if (g_error_matches(my_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
			g_clear_error(&my_error);
			goto next_file;
		}
		g_propagate_error(error, my_error);
	}
	return info;
}

GFileInfo *next_file_ok(struct enumerator *e, GCancellable *cancellable, GError **error)
{
	GError *my_error = NULL;
next_file:
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return NULL;
	const char *name = next_name(e);
	if (name == NULL)
		return NULL;
	GFileInfo *info = describe(e->parent, name, &my_error);
	if (info == NULL) {
		if (g_error_matches(my_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
			g_clear_error(&my_error);
			goto next_file;
		}
		g_propagate_error(error, my_error);
	}
	return info;
}
