// pkg-config: gio-2.0
/* A page has two cancellables of its own; its teardown ends the one and forgets the other, whose download
 * goes on. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GSettings *settings;
	GCancellable *cancel_refresh;
	GCancellable *cancel_upgrade;
	gboolean busy;
} Page;
typedef GObjectClass PageClass;

typedef struct {
	GObject parent;
	GSettings *settings;
	GCancellable *cancel_refresh;
	GCancellable *cancel_upgrade;
	gboolean busy;
} Sheet;
typedef GObjectClass SheetClass;

GType page_get_type(void);
GType sheet_get_type(void);
G_DEFINE_TYPE(Page, page, G_TYPE_OBJECT)
G_DEFINE_TYPE(Sheet, sheet, G_TYPE_OBJECT)

static void done(GObject *source, GAsyncResult *result, gpointer data)
{
	Page *self = data;
	g_autoptr(GError) error = NULL;
	if (!g_file_copy_finish(G_FILE(source), result, &error)) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_warning("%s", error->message);
		return;
	}
	self->busy = FALSE;
}

void page_refresh(Page *self, GFile *from, GFile *to)
{
	g_clear_object(&self->cancel_refresh);
	self->cancel_refresh = g_cancellable_new();
	g_file_copy_async(from, to, 0, 0, self->cancel_refresh, NULL, NULL, done, self);
}

void page_download(Page *self, GFile *from, GFile *to)
{
	if (self->cancel_upgrade != NULL)
		g_object_unref(self->cancel_upgrade);
	self->cancel_upgrade = g_cancellable_new();
	self->busy = TRUE;
	g_file_copy_async(from, to, 0, 0, self->cancel_upgrade, NULL, NULL, done, self);
}

static void page_dispose_bad(GObject *object) // want field-never-cancelled: cancel_upgrade
{
	Page *self = (Page *)object;

	if (self->cancel_refresh != NULL) {
		g_cancellable_cancel(self->cancel_refresh);
		g_clear_object(&self->cancel_refresh);
	}
	g_clear_object(&self->settings);
	G_OBJECT_CLASS(page_parent_class)->dispose(object);
}

static void page_class_init(PageClass *klass)
{
	klass->dispose = page_dispose_bad;
}

static void page_init(Page *self)
{
	self->settings = g_settings_new("org.example.page");
}

static void sheet_done(GObject *source, GAsyncResult *result, gpointer data)
{
	Sheet *self = data;
	g_autoptr(GError) error = NULL;
	if (!g_file_copy_finish(G_FILE(source), result, &error)) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_warning("%s", error->message);
		return;
	}
	self->busy = FALSE;
}

void sheet_download(Sheet *self, GFile *from, GFile *to)
{
	if (self->cancel_upgrade != NULL)
		g_object_unref(self->cancel_upgrade);
	self->cancel_upgrade = g_cancellable_new();
	self->busy = TRUE;
	g_file_copy_async(from, to, 0, 0, self->cancel_upgrade, NULL, NULL, sheet_done, self);
}

static void sheet_dispose_ok(GObject *object)
{
	Sheet *self = (Sheet *)object;

	if (self->cancel_refresh != NULL) {
		g_cancellable_cancel(self->cancel_refresh);
		g_clear_object(&self->cancel_refresh);
	}
	if (self->cancel_upgrade != NULL) {
		g_cancellable_cancel(self->cancel_upgrade);
		g_clear_object(&self->cancel_upgrade);
	}
	g_clear_object(&self->settings);
	G_OBJECT_CLASS(sheet_parent_class)->dispose(object);
}

static void sheet_class_init(SheetClass *klass)
{
	klass->dispose = sheet_dispose_ok;
}

static void sheet_init(Sheet *self)
{
	self->settings = g_settings_new("org.example.sheet");
}
