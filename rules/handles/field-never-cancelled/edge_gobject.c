// flags: %glib_flags
/* field-never-cancelled: GObject types with dispose and finalize. */
#include <gio/gio.h>

#define TYPE(Name, name, ...)                                                                                \
	typedef struct {                                                                                     \
		GObject parent;                                                                              \
		__VA_ARGS__                                                                                  \
	} Name;                                                                                              \
	typedef struct {                                                                                     \
		GObjectClass parent_class;                                                                   \
	} Name##Class;                                                                                       \
	G_DEFINE_TYPE(Name, name, G_TYPE_OBJECT)                                                             \
	static void name##_init(Name *self)                                                                  \
	{                                                                                                    \
		(void)self;                                                                                  \
	}

/* ---- created, and dispose clears others ---- */

TYPE(Loader, loader, GCancellable *cancellable; GCancellable *upgrade; guint timeout_id;)

static gboolean loader_tick(gpointer data)
{
	Loader *self = data;
	self->timeout_id = 0;
	return G_SOURCE_REMOVE;
}

void loader_start(Loader *self, GFile *file);
void loader_start(Loader *self, GFile *file)
{
	self->cancellable = g_cancellable_new();
	g_clear_object(&self->upgrade);
	self->upgrade = g_cancellable_new();
	self->timeout_id = g_timeout_add(100, loader_tick, self);
	g_file_delete(file, self->upgrade, NULL);
}

static void loader_dispose_bad(GObject *object) // want field-never-cancelled: timeout_id ; field-never-cancelled: upgrade
{
	Loader *self = (Loader *)object;
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	G_OBJECT_CLASS(loader_parent_class)->dispose(object);
}

static void loader_class_init(LoaderClass *klass)
{
	G_OBJECT_CLASS(klass)->dispose = loader_dispose_bad;
}

/* ---- everything is ended: in dispose, in finalize, through macros and helpers ---- */

TYPE(Tidy, tidy, GCancellable *cancellable; GCancellable *other; guint timeout_id; guint idle_id; gulong handler;
     GObject *peer;)

static gboolean tidy_tick(gpointer data)
{
	(void)data;
	return G_SOURCE_CONTINUE;
}

static void tidy_notify(Tidy *self)
{
	self->idle_id = 0;
}

void tidy_start(Tidy *self, GCancellable *given);
void tidy_start(Tidy *self, GCancellable *given)
{
	self->cancellable = g_cancellable_new();
	g_set_object(&self->other, given);
	self->timeout_id = g_timeout_add(100, tidy_tick, self);
	self->idle_id = g_idle_add(tidy_tick, self);
	self->handler = g_signal_connect(self->peer, "notify", G_CALLBACK(tidy_notify), self);
}

static void tidy_stop_all(Tidy *self)
{
	if (self->idle_id) {
		g_source_remove(self->idle_id);
		self->idle_id = 0;
	}
	g_clear_signal_handler(&self->handler, self->peer);
}

static void tidy_dispose_ok(GObject *object)
{
	Tidy *self = G_TYPE_CHECK_INSTANCE_CAST(object, tidy_get_type(), Tidy);
	if (self->cancellable) {
		g_cancellable_cancel(self->cancellable);
		g_clear_object(&self->cancellable);
	}
	tidy_stop_all(self);
	G_OBJECT_CLASS(tidy_parent_class)->dispose(object);
}

static void tidy_finalize_ok(GObject *object)
{
	Tidy *self = (Tidy *)object;
	g_clear_object(&self->other);
	g_clear_handle_id(&self->timeout_id, g_source_remove);
	G_OBJECT_CLASS(tidy_parent_class)->finalize(object);
}

static void tidy_class_init(TidyClass *klass)
{
	GObjectClass *object_class = G_OBJECT_CLASS(klass);
	object_class->dispose = tidy_dispose_ok;
	object_class->finalize = tidy_finalize_ok;
}

/* ---- released without a cancel: the operation gets the object ---- */

TYPE(Plain, plain, GCancellable *cancellable; GDBusProxy *proxy;)

static void plain_called(GObject *source, GAsyncResult *result, gpointer data)
{
	Plain *self = data;
	g_clear_object(&self->proxy);
	(void)source;
	(void)result;
}

void plain_call(Plain *self);
void plain_call(Plain *self)
{
	self->cancellable = g_cancellable_new();
	g_dbus_proxy_call(self->proxy, "Get", NULL, G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, plain_called,
	                  self);
}

static void plain_finalize_bad(GObject *object) // want: without cancelling
{
	Plain *self = (Plain *)object;
	g_clear_object(&self->cancellable);
	G_OBJECT_CLASS(plain_parent_class)->finalize(object);
}

static void plain_class_init(PlainClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = plain_finalize_bad;
}

/* ---- the operation holds the object: release alone is enough ---- */

TYPE(Held, held, GCancellable *cancellable; GDBusProxy *proxy; guint timeout_id;)

static void held_called(GObject *source, GAsyncResult *result, gpointer data)
{
	Held *self = data;
	(void)source;
	(void)result;
	g_object_unref(self);
}

static gboolean held_tick(gpointer data)
{
	(void)data;
	return G_SOURCE_CONTINUE;
}

void held_call(Held *self);
void held_call(Held *self)
{
	self->cancellable = g_cancellable_new();
	g_dbus_proxy_call(self->proxy, "Get", NULL, G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, held_called,
	                  g_object_ref(self));
	self->timeout_id = g_timeout_add_full(G_PRIORITY_DEFAULT, 100, held_tick, g_object_ref(self),
	                                      g_object_unref);
}

static void held_finalize_ok(GObject *object)
{
	Held *self = (Held *)object;
	g_clear_object(&self->cancellable);
	G_OBJECT_CLASS(held_parent_class)->finalize(object);
}

static void held_class_init(HeldClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = held_finalize_ok;
}

/* ---- no end at all ---- */

TYPE(Endless, endless, GCancellable *cancellable;)

void endless_start_bad(Endless *self);
void endless_start_bad(Endless *self)
{
	self->cancellable = g_cancellable_new(); // want: cancellable
}

static void endless_class_init(EndlessClass *klass)
{
	(void)klass;
}

/* ---- private data ---- */

typedef struct {
	guint poll_id;
	GCancellable *cancellable;
} HiddenPrivate;
typedef struct {
	GObject parent;
} Hidden;
typedef struct {
	GObjectClass parent_class;
} HiddenClass;
G_DEFINE_TYPE_WITH_PRIVATE(Hidden, hidden, G_TYPE_OBJECT)

static gboolean hidden_tick(gpointer data)
{
	Hidden *self = data;
	g_object_notify(G_OBJECT(self), "x");
	return G_SOURCE_CONTINUE;
}

static void hidden_init(Hidden *self)
{
	HiddenPrivate *priv = hidden_get_instance_private(self);
	priv->cancellable = g_cancellable_new();
	priv->poll_id = g_timeout_add(100, hidden_tick, self);
}

static void hidden_dispose_bad(GObject *object) // want: poll_id
{
	HiddenPrivate *priv = hidden_get_instance_private((Hidden *)object);
	g_cancellable_cancel(priv->cancellable);
	g_clear_object(&priv->cancellable);
	G_OBJECT_CLASS(hidden_parent_class)->dispose(object);
}

static void hidden_class_init(HiddenClass *klass)
{
	G_OBJECT_CLASS(klass)->dispose = hidden_dispose_bad;
}

/* ---- a monitor: released, but its changes are still delivered to the object ---- */

TYPE(Watcher, watcher, GFileMonitor *monitor;)

static void watcher_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
	Watcher *self = data;
	g_clear_object(&self->monitor);
	(void)monitor;
	(void)file;
	(void)other;
	(void)event;
}

void watcher_start(Watcher *self, GFile *file);
void watcher_start(Watcher *self, GFile *file)
{
	self->monitor = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, NULL);
	g_signal_connect(self->monitor, "changed", G_CALLBACK(watcher_changed), self);
}

static void watcher_finalize_bad(GObject *object) // want: monitor
{
	Watcher *self = (Watcher *)object;
	g_object_unref(self->monitor);
	G_OBJECT_CLASS(watcher_parent_class)->finalize(object);
}

static void watcher_class_init(WatcherClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = watcher_finalize_bad;
}

/* ---- a handler that is bound to the object ---- */

TYPE(Bound, bound, gulong handler; guint timeout_id;)

static void bound_notify(Bound *self)
{
	self->handler = 0;
}

void bound_start(Bound *self, GObject *peer);
void bound_start(Bound *self, GObject *peer)
{
	self->handler = g_signal_connect_object(peer, "notify", G_CALLBACK(bound_notify), self, G_CONNECT_SWAPPED);
	self->timeout_id = g_timeout_add(100, held_tick, self);
}

static void bound_dispose_ok(GObject *object)
{
	Bound *self = (Bound *)object;
	g_clear_handle_id(&self->timeout_id, g_source_remove);
	G_OBJECT_CLASS(bound_parent_class)->dispose(object);
}

static void bound_class_init(BoundClass *klass)
{
	G_OBJECT_CLASS(klass)->dispose = bound_dispose_ok;
}

/* ---- a plain object with a count of its own, which the timeout holds ---- */

struct counted {
	int refs;
	guint id;
};

static struct counted *counted_ref(struct counted *c)
{
	c->refs++;
	return c;
}

static void counted_unref_ok(struct counted *c)
{
	if (--c->refs == 0)
		g_free(c);
}

static gboolean counted_tick(gpointer data)
{
	struct counted *c = data;
	c->id = 0;
	counted_unref_ok(c);
	return G_SOURCE_REMOVE;
}

void counted_start(struct counted *c);
void counted_start(struct counted *c)
{
	c->id = g_timeout_add(100, counted_tick, counted_ref(c));
}

/* ---- the source is attached and given back at once: the context has it ---- */

struct attached {
	GSource *source;
	int n;
};

void attached_start(struct attached *a, GMainContext *context);
void attached_start(struct attached *a, GMainContext *context)
{
	a->source = g_timeout_source_new(100);
	g_source_attach(a->source, context);
	g_source_unref(a->source);
}

void attached_free_ok(struct attached *a);
void attached_free_ok(struct attached *a)
{
	g_source_destroy(a->source);
	g_free(a);
}

/* ---- all that was started is a handler, and the end disconnects it ---- */

TYPE(Heard, heard, GFileMonitor *subject; gulong first, second;)

static void heard_changed(GFileMonitor *m, GFile *f, GFile *other, GFileMonitorEvent e, Heard *self)
{
	self->second++;
}

void heard_prepare(Heard *self);
void heard_prepare(Heard *self)
{
	self->subject = g_file_monitor_file(g_file_new_for_path("/etc/hosts"), 0, NULL, NULL);
	self->first = g_signal_connect(self->subject, "changed", G_CALLBACK(heard_changed), self);
}

static void heard_finalize_ok(GObject *object)
{
	Heard *self = (Heard *)object;
	g_signal_handler_disconnect(self->subject, self->first);
	g_object_unref(self->subject);
}

static void heard_class_init(HeardClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = heard_finalize_ok;
}

TYPE(Unheard, unheard, GFileMonitor *subject; gulong first, second;)

static void unheard_changed(GFileMonitor *m, GFile *f, GFile *other, GFileMonitorEvent e, Unheard *self)
{
	self->second++;
}

void unheard_prepare(Unheard *self);
void unheard_prepare(Unheard *self)
{
	self->subject = g_file_monitor_file(g_file_new_for_path("/etc/hosts"), 0, NULL, NULL);
	self->first = g_signal_connect(self->subject, "changed", G_CALLBACK(unheard_changed), self);
}

static void unheard_finalize_bad(GObject *object) // want field-never-cancelled: without cancelling ; field-never-cancelled: `first` of Unheard
{
	Unheard *self = (Unheard *)object;
	g_object_unref(self->subject);
}

static void unheard_class_init(UnheardClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = unheard_finalize_bad;
}

TYPE(Twice, twice, GFileMonitor *subject; gulong first, second;)

static void twice_changed(GFileMonitor *m, GFile *f, GFile *other, GFileMonitorEvent e, Twice *self)
{
	self->second++;
}

void twice_prepare(Twice *self);
void twice_prepare(Twice *self)
{
	self->subject = g_file_monitor_file(g_file_new_for_path("/etc/hosts"), 0, NULL, NULL);
	self->first = g_signal_connect(self->subject, "changed", G_CALLBACK(twice_changed), self);
	self->second = g_signal_connect(self->subject, "changed", G_CALLBACK(twice_changed), self);
}

static void twice_finalize_bad(GObject *object) // want field-never-cancelled: without cancelling ; field-never-cancelled: `second` of Twice
{
	Twice *self = (Twice *)object;
	g_signal_handler_disconnect(self->subject, self->first);
	g_object_unref(self->subject);
}

static void twice_class_init(TwiceClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = twice_finalize_bad;
}

/* ---- cancelling a token would run the handler: there is nothing to cancel ---- */

TYPE(Listener, listener, GCancellable *subject; gulong first, second;)

static void listener_told(GCancellable *token, Listener *self)
{
	self->second++;
}

void listener_prepare(Listener *self);
void listener_prepare(Listener *self)
{
	self->subject = g_cancellable_new();
	self->first = g_cancellable_connect(self->subject, G_CALLBACK(listener_told), self, NULL);
}

static void listener_finalize_ok(GObject *object)
{
	Listener *self = (Listener *)object;
	g_cancellable_disconnect(self->subject, self->first);
	g_object_unref(self->subject);
}

static void listener_class_init(ListenerClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = listener_finalize_ok;
}

TYPE(Deaf, deaf, GCancellable *subject; gulong first, second;)

static void deaf_told(GCancellable *token, Deaf *self)
{
	self->second++;
}

void deaf_prepare(Deaf *self);
void deaf_prepare(Deaf *self)
{
	self->subject = g_cancellable_new();
	self->first = g_cancellable_connect(self->subject, G_CALLBACK(deaf_told), self, NULL);
}

static void deaf_finalize_bad(GObject *object) // want: `first` of Deaf
{
	Deaf *self = (Deaf *)object;
	g_object_unref(self->subject);
}

static void deaf_class_init(DeafClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = deaf_finalize_bad;
}
