// flags: %glib_flags
/* swallowed-cancel: fields that tell whether the call has succeeded. */
#include <gio/gio.h>

struct table {
	GBytes *contents;
	gboolean may_be_absent;
};

static gboolean is_absent(const GError *e)
{
	return g_error_matches(e, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
	       g_error_matches(e, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* Filled where it has succeeded; so there is nothing where it has not. */
gboolean table_open_ok(struct table *t, GFile *file, GCancellable *c, GError **error)
{
	GError *mine = NULL;
	char *data;
	gsize n;
	if (g_file_load_contents(file, c, &data, &n, NULL, &mine))
		t->contents = g_bytes_new_take(data, n);
	if (!t->contents) {
		if (!t->may_be_absent || !is_absent(mine)) {
			g_propagate_error(error, mine);
			return FALSE;
		}
		g_error_free(mine);
	}
	return TRUE;
}

/* By another way on the other side. */
gboolean table_open_either_ok(struct table *t, const char *path, GFile *file, GCancellable *c, GError **error)
{
	GError *mine = NULL;
	if (file) {
		char *data;
		gsize n;
		if (g_file_load_contents(file, c, &data, &n, NULL, &mine))
			t->contents = g_bytes_new_take(data, n);
	} else {
		GMappedFile *m = g_mapped_file_new(path, FALSE, &mine);
		if (m) {
			t->contents = g_mapped_file_get_bytes(m);
			g_mapped_file_unref(m);
		}
	}
	if (!t->contents) {
		g_propagate_error(error, mine);
		return FALSE;
	}
	return TRUE;
}

/* Something else was put there first. */
gboolean table_reopen_bad(struct table *t, GFile *file, GBytes *old, GCancellable *c, GError **error)
{
	GError *mine = NULL;
	char *data;
	gsize n;
	t->contents = old;
	if (g_file_load_contents(file, c, &data, &n, NULL, &mine))
		t->contents = g_bytes_new_take(data, n);
	if (!t->contents) {
		g_propagate_error(error, mine);
		return FALSE;
	}
	g_clear_error(&mine); // want: g_file_load_contents
	return TRUE;
}
