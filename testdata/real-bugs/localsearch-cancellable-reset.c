// pkg-config: gio-2.0
/* A crawler starts with the next directory: it makes the cancellable of the one before usable again, while calls for that one may
 * still be on their way. */
#include <gio/gio.h>

struct notifier {
	GCancellable *cancellable;
	GQueue *pending;
	gboolean active;
};

static void children_found(GObject *source, GAsyncResult *result, gpointer data)
{
	struct notifier *n = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GFileEnumerator) children = g_file_enumerate_children_finish(G_FILE(source), result, &error);
	if (!children && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	n->active = FALSE;
}

static void enumerate(struct notifier *n, GFile *directory)
{
	n->active = TRUE;
	g_file_enumerate_children_async(directory, "standard::*", 0, 0, n->cancellable, children_found, n);
}

void crawl_bad(struct notifier *n)
{
	GFile *directory = g_queue_peek_head(n->pending);
	g_cancellable_reset(n->cancellable); // want unsafe-cancel-mechanism: `n->cancellable`
	enumerate(n, directory);
}

void crawl_ok(struct notifier *n)
{
	GFile *directory = g_queue_peek_head(n->pending);
	if (n->cancellable)
		g_object_unref(n->cancellable);
	n->cancellable = g_cancellable_new();
	enumerate(n, directory);
}

void notifier_free(struct notifier *n)
{
	g_cancellable_cancel(n->cancellable);
	g_clear_object(&n->cancellable);
	g_queue_free(n->pending);
	g_free(n);
}
