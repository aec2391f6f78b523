// flags: %glib_flags
/* After CANCELLED the callback uses its data, which who cancelled has freed. */
#include <gio/gio.h>

typedef struct {
	GCancellable *cancellable;
	GFileEnumerator *enumerator;
	GList *files;
	guint n;
} Crawl;

static void next_bad(GObject *source, GAsyncResult *res, gpointer user_data);

static void crawl_free(Crawl *c)
{
	g_cancellable_cancel(c->cancellable);
	g_object_unref(c->cancellable);
	g_list_free_full(c->files, g_object_unref);
	g_free(c);
}

void crawl_stop(Crawl *c)
{
	crawl_free(c);
}

static void process(Crawl *c)
{
	c->n = g_list_length(c->files);
}

static void next_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	GError *error = NULL;
	GList *infos = g_file_enumerator_next_files_finish(G_FILE_ENUMERATOR(source), res, &error);
	Crawl *c = user_data;
	if (!infos) {
		if (error) {
			if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
				g_warning("cannot enumerate: %s", error->message);
			g_clear_error(&error);
		}
		process(c); // want stale-owner-after-cancel: although the operation was cancelled
		return;
	}
	c->files = g_list_concat(c->files, infos);
}

static void next_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	GList *infos = g_file_enumerator_next_files_finish(G_FILE_ENUMERATOR(source), res, &error);
	Crawl *c = user_data;
	if (!infos) {
		if (error) {
			if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
				g_warning("cannot enumerate: %s", error->message);
			else
				return;
		}
		process(c);
		return;
	}
	c->files = g_list_concat(c->files, infos);
}

void crawl_one(Crawl *c)
{
	g_file_enumerator_next_files_async(c->enumerator, 100, 0, c->cancellable, next_bad, c);
}

void crawl_two(Crawl *c)
{
	g_file_enumerator_next_files_async(c->enumerator, 100, 0, c->cancellable, next_ok, c);
}
