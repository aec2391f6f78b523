// flags: %glib_flags
/* context-not-forwarded: callbacks whose data holds a token of other work. */
#include <gio/gio.h>

typedef struct {
	GDBusProxy *proxy;
	GCancellable *mounting;
	int left;
} Resize;

static void resized(GObject *src, GAsyncResult *res, gpointer data)
{
	GVariant *v = g_dbus_proxy_call_finish(G_DBUS_PROXY(src), res, NULL);
	if (v)
		g_variant_unref(v);
	g_free(data);
}

/* What it goes on with has been begun without a token: told with low confidence. */
static void repaired(GObject *src, GAsyncResult *res, gpointer data)
{
	Resize *r = data;
	GVariant *v = g_dbus_proxy_call_finish(G_DBUS_PROXY(src), res, NULL);
	if (!v || g_cancellable_is_cancelled(r->mounting))
		return;
	g_variant_unref(v);
	g_dbus_proxy_call(r->proxy, "Resize", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, resized, r); // want: g_dbus_proxy_call gets no token
}

void resize(Resize *r)
{
	g_dbus_proxy_call(r->proxy, "Repair", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, repaired, r);
}

static void mounted_bad(GObject *src, GAsyncResult *res, gpointer data)
{
	Resize *r = data;
	GVariant *v = g_dbus_proxy_call_finish(G_DBUS_PROXY(src), res, NULL);
	if (!v)
		return;
	g_variant_unref(v);
	g_dbus_proxy_call(r->proxy, "Check", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, resized, r); // want: g_dbus_proxy_call gets no token
}

void mount(Resize *r)
{
	g_dbus_proxy_call(r->proxy, "Mount", NULL, G_DBUS_CALL_FLAGS_NONE, -1, r->mounting, mounted_bad, r);
}

typedef struct {
	GDBusProxy *proxy;
	GCancellable *cancellable;
	gboolean loading;
} View;

/* Nobody asks how it ends; the token is that of what the view shows. */
void on_clear_ok(View *view)
{
	g_dbus_proxy_call(view->proxy, "Clear", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
	view->loading = TRUE;
	g_dbus_proxy_call(view->proxy, "Fetch", NULL, G_DBUS_CALL_FLAGS_NONE, -1, view->cancellable, resized, NULL);
}

/* A function of the program's own starts what is gone on with. */
static void prepare(Resize *r, GAsyncReadyCallback done, GCancellable *cancellable, gpointer data)
{
	g_dbus_proxy_call(r->proxy, "Prepare", NULL, G_DBUS_CALL_FLAGS_NONE, -1, cancellable, done, data);
}

static void prepared(GObject *src, GAsyncResult *res, gpointer data)
{
	Resize *r = data;
	GVariant *v = g_dbus_proxy_call_finish(G_DBUS_PROXY(src), res, NULL);
	if (!v)
		return;
	g_variant_unref(v);
	g_dbus_proxy_call(r->proxy, "Check", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, resized, r); // want: g_dbus_proxy_call gets no token
}

void begin_preparing(Resize *r)
{
	prepare(r, prepared, NULL, r);
}

/* Likewise; it makes a task. */
static void ensure(Resize *r, GAsyncReadyCallback done, GCancellable *cancellable, gpointer data)
{
	GTask *task = g_task_new(r->proxy, cancellable, done, data);
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

static void ensured(GObject *src, GAsyncResult *res, gpointer data)
{
	Resize *r = data;
	if (!g_task_propagate_boolean(G_TASK(res), NULL))
		return;
	g_dbus_proxy_call(r->proxy, "Check", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, resized, r); // want: g_dbus_proxy_call gets no token
}

static void ensured_with_token_bad(GObject *src, GAsyncResult *res, gpointer data)
{
	Resize *r = data;
	if (!g_task_propagate_boolean(G_TASK(res), NULL))
		return;
	g_dbus_proxy_call(r->proxy, "Check", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, resized, r); // want: g_dbus_proxy_call gets no token
}

void begin_ensuring(Resize *r)
{
	ensure(r, ensured, NULL, r);
	ensure(r, ensured_with_token_bad, r->mounting, r);
}

/* ---- a handler of the token ends what is started ---- */

typedef struct {
	GTask *task;
	GCancellable *cancellable;
	gulong handler;
} Request;

static void on_request_cancelled(GCancellable *c, gpointer data)
{
	Request *r = data;
	g_task_return_new_error(r->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

void request_begin_ok(GObject *self, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
	Request *r = g_new0(Request, 1);
	r->task = g_task_new(self, NULL, cb, data);
	r->cancellable = cancellable;
	r->handler = g_cancellable_connect(r->cancellable, G_CALLBACK(on_request_cancelled), r, NULL);
	g_object_set_data(self, "request", r);
}

void request_keep_bad(GObject *self, GCancellable *cancellable, GAsyncReadyCallback cb, gpointer data)
{
	Request *r = g_new0(Request, 1);
	r->task = g_task_new(self, NULL, cb, data); // want: g_task_new gets no token
	r->cancellable = cancellable;
	g_object_set_data(self, "request", r);
}
