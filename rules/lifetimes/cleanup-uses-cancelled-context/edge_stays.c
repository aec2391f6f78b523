// flags: %glib_flags
/* cleanup-uses-cancelled-context: a token that is done stays so, and an error means one thing. */
#include <gio/gio.h>

typedef struct {
	GCancellable *cancellable;
	GFile *file;
	int depth;
	gboolean dry;
} Purge;

void purge_one(Purge *purge);

static void purge_batch(GObject *source, GAsyncResult *result, gpointer data)
{
	GFileEnumerator *children = G_FILE_ENUMERATOR(source);
	Purge *purge = data;
	GList *files = g_file_enumerator_next_files_finish(children, result, NULL);
	for (GList *f = files; f; f = f->next) {
		if (g_cancellable_is_cancelled(purge->cancellable))
			break;
		purge_one(purge);
	}
	g_list_free_full(files, g_object_unref);
	if (!g_cancellable_is_cancelled(purge->cancellable))
		g_file_enumerator_next_files_async(children, 20, 0, purge->cancellable, purge_batch, purge);
	if (purge->depth > 0 && !g_cancellable_is_cancelled(purge->cancellable) && !purge->dry)
		g_file_delete(purge->file, purge->cancellable, NULL);
}

static void purge_children(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	Purge *purge = data;
	GFileEnumerator *children = g_file_enumerate_children_finish(G_FILE(source), result, &error);
	if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("%s", error->message);
	if (children)
		g_file_enumerator_next_files_async(children, 20, 0, purge->cancellable, purge_batch, purge);
	else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
		g_file_delete(purge->file, purge->cancellable, NULL);
}

static void purge_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	Purge *purge = data;
	GFileEnumerator *children = g_file_enumerate_children_finish(G_FILE(source), result, &error);
	if (children) {
		g_object_unref(children);
		return;
	}
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_file_delete(purge->file, purge->cancellable, NULL); // want: clean-up by g_file_delete gets `
}

void purge_start(Purge *purge, gboolean deep);
void purge_start(Purge *purge, gboolean deep)
{
	g_file_enumerate_children_async(purge->file, "standard::name", 0, 0, purge->cancellable,
	                                deep ? purge_children : purge_bad, purge);
}
