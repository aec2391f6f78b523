// flags: %glib_flags
/* stale-owner-after-cancel: what is started by a call that nothing describes but the types of its parameters. */
#include <gio/gio.h>

typedef struct _Store Store;
void store_query_async(Store *store, const char *query, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data);
char *store_query_finish(Store *store, GAsyncResult *result, GError **error);

typedef struct {
	GObject parent;
	Store *store;
	GCancellable *cancellable;
	char *answer;
	gboolean busy;
} Panel;
typedef GObjectClass PanelClass;
GType panel_get_type(void);
G_DEFINE_TYPE(Panel, panel, G_TYPE_OBJECT)

static void answered_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	Panel *self = data;
	self->busy = FALSE; // want: before it is known whether the operation was cancelled
	self->answer = store_query_finish((Store *)source, result, NULL);
}

static void answered_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	char *answer = store_query_finish((Store *)source, result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	Panel *self = data;
	self->busy = FALSE;
	self->answer = answer;
}

void panel_ask(Panel *self)
{
	store_query_async(self->store, "names", self->cancellable, answered_bad, self);
	store_query_async(self->store, "names", self->cancellable, answered_ok, self);
}

static void panel_finalize(GObject *object)
{
	Panel *self = (Panel *)object;
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	g_free(self->answer);
	G_OBJECT_CLASS(panel_parent_class)->finalize(object);
}

static void panel_class_init(PanelClass *klass)
{
	klass->finalize = panel_finalize;
}

static void panel_init(Panel *self)
{
	self->cancellable = g_cancellable_new();
}
