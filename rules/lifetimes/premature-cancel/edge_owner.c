// flags: %glib_flags
/* premature-cancel: objects that operations get as their data, without a reference and without a token. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GDBusProxy *proxy;
	GCancellable *cancellable;
	char *text;
	gboolean busy;
} Panel;
typedef GObjectClass PanelClass;

GType panel_get_type(void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Panel, g_object_unref)
G_DEFINE_TYPE(Panel, panel, G_TYPE_OBJECT)

extern void panel_shown(Panel *self);

static void set_text(Panel *self, const char *text)
{
	g_free(self->text);
	self->text = g_strdup(text);
}

static void uses_self(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, NULL);
	if (v)
		set_text(data, g_variant_get_type_string(v));
}

static void drops_self(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(Panel) self = data;
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, NULL);
	if (v)
		set_text(self, g_variant_get_type_string(v));
}

static void ignores_self(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, NULL);
	(void)data;
}

static void goes_on(GObject *source, GAsyncResult *result, gpointer data)
{
	Panel *self = data;
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, NULL);
	self->busy = TRUE;
	g_dbus_proxy_call(self->proxy, "Next", NULL, 0, -1, NULL, drops_self, self);
}

void panel_ask_bad(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, uses_self, self); // want: `self`
}

static void ask_in_helper(Panel *panel)
{
	g_dbus_proxy_call(panel->proxy, "Ask", NULL, 0, -1, NULL, uses_self, panel); // want: `panel`
}

void panel_refresh(Panel *self)
{
	ask_in_helper(self);
}

void panel_ask_as_object_bad(GObject *object)
{
	Panel *self = (Panel *)object;
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, uses_self, object); // want: `object`
}

void panel_ask_with_token_ok(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, self->cancellable, uses_self, self);
}

void panel_ask_with_callers_token_ok(Panel *self, GCancellable *cancellable)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, cancellable, uses_self, self);
}

void panel_ask_with_reference_ok(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, drops_self, g_object_ref(self));
}

void panel_ask_referenced_before_ok(Panel *self)
{
	g_object_ref(self);
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, drops_self, self);
}

void panel_ask_in_turn_ok(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, goes_on, g_object_ref(self));
}

void panel_ask_and_forget_ok(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, ignores_self, self);
}

void panel_ask_nobody_ok(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, NULL, NULL);
}

static void initialised(GObject *source, GAsyncResult *result, gpointer data)
{
	if (g_async_initable_init_finish(G_ASYNC_INITABLE(source), result, NULL))
		set_text(data, "ready");
}

/* The call works on the object and keeps it. */
void panel_init_async_ok(Panel *self)
{
	g_async_initable_init_async(G_ASYNC_INITABLE(self), 0, NULL, initialised, self);
}

static void ask_for_caller(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, uses_self, self);
}

void panel_ask_held_by_caller_ok(Panel *self)
{
	g_object_ref(self);
	ask_for_caller(self);
}

void panel_ask_and_wait_ok(Panel *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, uses_self, self);
	while (!self->busy)
		g_main_context_iteration(NULL, TRUE);
}

static void panel_dispose(GObject *object)
{
	Panel *self = (Panel *)object;
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	g_clear_object(&self->proxy);
	g_clear_pointer(&self->text, g_free);
	G_OBJECT_CLASS(panel_parent_class)->dispose(object);
}

static void panel_class_init(PanelClass *klass)
{
	klass->dispose = panel_dispose;
}

static void panel_init(Panel *self)
{
	self->cancellable = g_cancellable_new();
}

/* ---- the one object of its type ---- */

typedef struct {
	GObject parent;
	GDBusProxy *proxy;
	int answers;
} Server;
typedef GObjectClass ServerClass;

GType server_get_type(void);
G_DEFINE_TYPE(Server, server, G_TYPE_OBJECT)
static Server *the_server;

static void answered(GObject *source, GAsyncResult *result, gpointer data)
{
	Server *self = data;
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, NULL);
	self->answers++;
}

void server_ask_ok(Server *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, answered, self);
}

static void server_finalize(GObject *object)
{
	g_clear_object(&((Server *)object)->proxy);
	G_OBJECT_CLASS(server_parent_class)->finalize(object);
}

static void server_class_init(ServerClass *klass)
{
	klass->finalize = server_finalize;
}

static void server_init(Server *self)
{
	the_server = self;
}

/* ---- plain records ---- */

struct peer {
	GInputStream *in;
	char buffer[64];
	int got, refs;
};

static void peer_free(struct peer *p)
{
	g_clear_object(&p->in);
	g_free(p);
}

static void got_some(GObject *source, GAsyncResult *result, gpointer data)
{
	struct peer *p = data;
	p->got += (int)g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
}

static void got_all(GObject *source, GAsyncResult *result, gpointer data)
{
	struct peer *p = data;
	p->got += (int)g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
	peer_free(p);
}

void peer_read_bad(struct peer *p)
{
	g_input_stream_read_async(p->in, p->buffer, sizeof p->buffer, 0, NULL, got_some, p); // want: `p`
}

void peer_read_all_ok(struct peer *p)
{
	g_input_stream_read_async(p->in, p->buffer, sizeof p->buffer, 0, NULL, got_all, p);
}

void peer_read_counted_ok(struct peer *p)
{
	p->refs++;
	g_input_stream_read_async(p->in, p->buffer, sizeof p->buffer, 0, NULL, got_some, p);
}

void peer_drop(struct peer *p)
{
	if (--p->refs == 0)
		peer_free(p);
}

/* ---- the callback asks whether the object is there ---- */

typedef struct {
	GObject parent;
	GDBusProxy *proxy;
	int answers;
} Row;
typedef GObjectClass RowClass;

GType row_get_type(void);
G_DEFINE_TYPE(Row, row, G_TYPE_OBJECT)
static GList *rows;

static gboolean is_row(gpointer maybe)
{
	return g_list_find(rows, maybe) != NULL;
}

static void row_answered(GObject *source, GAsyncResult *result, gpointer data)
{
	Row *self = data;
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, NULL);
	if (!is_row(data))
		return;
	self->answers++;
}

void row_ask_ok(Row *self)
{
	g_dbus_proxy_call(self->proxy, "Ask", NULL, 0, -1, NULL, row_answered, self);
}

static void row_finalize(GObject *object)
{
	rows = g_list_remove(rows, object);
	g_clear_object(&((Row *)object)->proxy);
	G_OBJECT_CLASS(row_parent_class)->finalize(object);
}

static void row_class_init(RowClass *klass)
{
	klass->finalize = row_finalize;
}

static void row_init(Row *self)
{
	rows = g_list_prepend(rows, self);
}

/* ---- a type that nothing here ends ---- */

struct job {
	GInputStream *in;
	int got;
};

static void job_got(GObject *source, GAsyncResult *result, gpointer data)
{
	struct job *j = data;
	j->got += (int)g_input_stream_skip_finish(G_INPUT_STREAM(source), result, NULL);
}

void job_skip_ok(struct job *j)
{
	g_input_stream_skip_async(j->in, 16, 0, NULL, job_got, j);
}
