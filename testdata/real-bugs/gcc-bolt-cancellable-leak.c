// pkg-config: gio-2.0
/* An object's teardown cancels its cancellable and frees the object, but never drops the reference. */
#include <gio/gio.h>

struct panel {
	GCancellable *cancel;
};

struct panel *panel_new(void)
{
	struct panel *p = g_new0(struct panel, 1);
	p->cancel = g_cancellable_new();
	return p;
}

void panel_free_bad(struct panel *p) // want field-never-cancelled: cancel
{
	g_cancellable_cancel(p->cancel);
	g_free(p);
}

void panel_free_ok(struct panel *p)
{
	g_cancellable_cancel(p->cancel);
	g_clear_object(&p->cancel);
	g_free(p);
}
