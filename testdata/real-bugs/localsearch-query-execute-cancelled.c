// flags: %glib_flags
/* The callback goes on with the notifier after its query was cancelled, which the notifier's end does. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GCancellable *cancellable;
	GFile *root;
	gboolean busy;
} Notifier;
typedef struct {
	GObjectClass parent;
} NotifierClass;
G_DEFINE_TYPE(Notifier, notifier, G_TYPE_OBJECT)

static void notifier_finalize(GObject *object)
{
	Notifier *self = (Notifier *)object;
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	g_clear_object(&self->root);
	G_OBJECT_CLASS(notifier_parent_class)->finalize(object);
}

static void notifier_class_init(NotifierClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = notifier_finalize;
}

static void notifier_init(Notifier *self)
{
	self->cancellable = g_cancellable_new();
}

static void finish_directory(Notifier *self)
{
	self->busy = FALSE;
	g_clear_object(&self->root);
}

static void query_bad(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Notifier *self = user_data;
	GError *error = NULL;
	GFileInputStream *in = g_file_read_finish(G_FILE(source), res, &error);
	if (!in) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_warning("cannot query: %s", error->message);
		g_error_free(error);
		finish_directory(self); // want stale-owner-after-cancel: although the operation was cancelled
		return;
	}
	g_object_unref(in);
	finish_directory(self);
}

static void query_ok(GObject *source, GAsyncResult *res, gpointer user_data)
{
	Notifier *self = user_data;
	GError *error = NULL;
	GFileInputStream *in = g_file_read_finish(G_FILE(source), res, &error);
	if (!in) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
			g_warning("cannot query: %s", error->message);
			finish_directory(self);
		}
		g_error_free(error);
		return;
	}
	g_object_unref(in);
	finish_directory(self);
}

void start_one(Notifier *self)
{
	g_file_read_async(self->root, 0, self->cancellable, query_bad, self);
}

void start_two(Notifier *self)
{
	g_file_read_async(self->root, 0, self->cancellable, query_ok, self);
}
