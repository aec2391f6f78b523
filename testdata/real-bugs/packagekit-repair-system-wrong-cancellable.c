// pkg-config: gio-2.0
/* Connected to one cancellable; the field from which it is disconnected later is never set. */
#include <gio/gio.h>

struct request {
	GCancellable *own, *client;
	gulong id;
};

static void pass_on(GCancellable *from, gpointer to)
{
	(void)from;
	g_cancellable_cancel(to);
}

static void request_free(struct request *r)
{
	if (r->id)
		g_cancellable_disconnect(r->client, r->id);
	g_clear_object(&r->client);
	g_clear_object(&r->own);
	g_free(r);
}

void repair_bad(GFile *file, GCancellable *cancellable)
{
	struct request *r = g_new0(struct request, 1);
	r->own = g_object_ref(cancellable);
	r->id = g_cancellable_connect( // want missing-cancel: g_cancellable_connect
	        cancellable, G_CALLBACK(pass_on), r->own, NULL);
	g_file_delete(file, r->own, NULL);
	request_free(r);
}

void repair_ok(GFile *file, GCancellable *cancellable)
{
	struct request *r = g_new0(struct request, 1);
	r->own = g_cancellable_new();
	r->client = g_object_ref(cancellable);
	r->id = g_cancellable_connect(cancellable, G_CALLBACK(pass_on), r->own, NULL);
	g_file_delete(file, r->own, NULL);
	request_free(r);
}
