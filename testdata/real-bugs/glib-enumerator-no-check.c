// pkg-config: gio-2.0
/* Directory entries come from the kernel without a wait that counts: the token is never asked. */
#include <dirent.h>
#include <gio/gio.h>

const char *next_bad(DIR *dir, GCancellable *cancellable, GError **error) // miss unchecked-done: cancellable
{
	struct dirent *e;
	do
		e = readdir(dir);
	while (e && e->d_name[0] == '.');
	return e ? e->d_name : NULL;
}

const char *next_ok(DIR *dir, GCancellable *cancellable, GError **error)
{
	struct dirent *e;
	do {
		if (g_cancellable_set_error_if_cancelled(cancellable, error))
			return NULL;
		e = readdir(dir);
	} while (e && e->d_name[0] == '.');
	return e ? e->d_name : NULL;
}
