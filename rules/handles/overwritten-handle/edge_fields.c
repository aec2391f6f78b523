// flags: %glib_flags
/* overwritten-handle: fields of objects. `want` stands at the store that loses the old handle. */
#include <gio/gio.h>

struct loader {
	GCancellable *cancellable;
	guint timeout_id;
	gboolean busy;
};

void load_async(GCancellable *cancellable);

static gboolean loader_tick(gpointer data)
{
	struct loader *l = data;
	l->busy = !l->busy;
	return G_SOURCE_CONTINUE;
}

/* ---- a method that can run again ---- */

void loader_refresh_bad(struct loader *l)
{
	l->cancellable = g_cancellable_new(); // want: cancellable
	load_async(l->cancellable);
}

void loader_rearm_bad(struct loader *l)
{
	l->timeout_id = g_timeout_add(100, loader_tick, l); // want: timeout_id
}

void loader_only_cancelled_bad(struct loader *l)
{
	g_cancellable_cancel(l->cancellable);
	l->cancellable = g_cancellable_new(); // want: cancellable
}

/* ---- ended first ---- */

void loader_cleared_ok(struct loader *l)
{
	g_cancellable_cancel(l->cancellable);
	g_clear_object(&l->cancellable);
	l->cancellable = g_cancellable_new();
	g_clear_handle_id(&l->timeout_id, g_source_remove);
	l->timeout_id = g_timeout_add(100, loader_tick, l);
}

static void loader_stop(struct loader *l)
{
	if (l->timeout_id)
		g_source_remove(l->timeout_id);
	l->timeout_id = 0;
}

void loader_stopped_ok(struct loader *l)
{
	loader_stop(l);
	l->timeout_id = g_timeout_add(100, loader_tick, l);
}

/* ---- known to be none ---- */

void loader_once_ok(struct loader *l)
{
	if (l->timeout_id == 0)
		l->timeout_id = g_timeout_add(100, loader_tick, l);
	if (l->cancellable)
		return;
	l->cancellable = g_cancellable_new();
}

void loader_checked_ok(struct loader *l)
{
	g_return_if_fail(l->cancellable == NULL);
	l->cancellable = g_cancellable_new();
}

/* ---- the first assignment ---- */

void loader_init_ok(struct loader *l)
{
	l->cancellable = g_cancellable_new();
	l->timeout_id = g_timeout_add(100, loader_tick, l);
}

struct loader *make_loader_ok(void)
{
	struct loader *l = g_new0(struct loader, 1);
	l->cancellable = g_cancellable_new();
	return l;
}

static void fill(struct loader *l)
{
	l->cancellable = g_cancellable_new();
}

struct loader *loader_new_ok(void)
{
	struct loader *l = g_new0(struct loader, 1);
	fill(l);
	return l;
}

/* ---- how often it runs ---- */

/* A handler of a signal may run once or many times. */
static void loader_changed_bad(GObject *object, GParamSpec *pspec, gpointer data)
{
	struct loader *l = data;
	(void)object, (void)pspec;
	l->cancellable = g_cancellable_new(); // want: cancellable
}

/* This one expects to find a handle. */
static void loader_notified_bad(GObject *object, GParamSpec *pspec, gpointer data)
{
	struct loader *l = data;
	(void)object, (void)pspec;
	if (l->cancellable)
		g_cancellable_cancel(l->cancellable);
	l->cancellable = g_cancellable_new(); // want: cancellable
}

void watch_loader(struct loader *l, GObject *object)
{
	g_signal_connect(object, "notify", G_CALLBACK(loader_changed_bad), l);
	g_signal_connect(object, "notify::x", G_CALLBACK(loader_notified_bad), l);
}

/* A loop over one object, and one over many. */
static void loader_turn_bad(struct loader *l)
{
	l->cancellable = g_cancellable_new(); // want: cancellable
	load_async(l->cancellable);
}

static void loader_each_ok(struct loader *l)
{
	l->cancellable = g_cancellable_new();
	load_async(l->cancellable);
}

void loader_turn_many(struct loader *one, int n)
{
	for (int i = 0; i < n; i++)
		loader_turn_bad(one);
	for (int i = 0; i < n; i++)
		loader_each_ok(g_new0(struct loader, 1));
}

/* ---- empty by then ---- */

struct settler {
	GMainLoop *loop;
	guint quiet_id;
};

static gboolean settled(gpointer data)
{
	struct settler *s = data;
	s->quiet_id = 0;
	g_main_loop_quit(s->loop);
	return G_SOURCE_REMOVE;
}

void settler_restart(struct settler *s)
{
	if (s->quiet_id)
		g_source_remove(s->quiet_id);
	s->quiet_id = g_timeout_add(50, settled, s);
}

void settler_wait_ok(struct settler *s)
{
	s->quiet_id = g_timeout_add(100, settled, s);
	g_main_loop_run(s->loop);
}

void loader_asserts_ok(struct loader *l)
{
	g_warn_if_fail(l->timeout_id == 0);
	l->timeout_id = g_timeout_add(100, loader_tick, l);
}

/* ---- what the function itself ends is there for one run ---- */

typedef struct {
	GCancellable *cancellable;
	GThread *thread;
	GFile *file;
} Lent;

static gpointer lent_thread(gpointer data)
{
	Lent *self = data;
	g_file_delete(self->file, self->cancellable, NULL);
	return NULL;
}

void lent_delete_ok(Lent *self)
{
	self->cancellable = g_cancellable_new();
	g_file_delete(self->file, self->cancellable, NULL);
	g_clear_object(&self->cancellable);
}

void lent_reload_bad(Lent *self)
{
	self->cancellable = g_cancellable_new(); // want: cancellable
	g_file_delete(self->file, self->cancellable, NULL);
}

/* A thread is hardly started again while it runs: low. */
void lent_thread_bad(Lent *self)
{
	self->thread = g_thread_new("lent", lent_thread, self); // want: thread
}

void lent_close(Lent *self)
{
	g_clear_object(&self->cancellable);
	g_thread_join(self->thread);
}

/* What the call makes is two things by its model; the store is told once. */
struct linked {
	GCancellable *outer;
	gulong id;
};

static void on_outer(GCancellable *c, gpointer data)
{
	(void)c, (void)data;
}

void linked_again_bad(struct linked *l)
{
	l->id = g_cancellable_connect(l->outer, G_CALLBACK(on_outer), l, NULL); // want: `id` gets a new
}

void linked_end(struct linked *l)
{
	g_cancellable_disconnect(l->outer, l->id);
}

/* ---- who calls the function has looked before ---- */

typedef struct {
	GCancellable *token;
	GFile *file;
} Kept;

static void kept_arm_ok(Kept *k)
{
	k->token = g_cancellable_new();
	g_file_delete(k->file, k->token, NULL);
}

gboolean kept_load(Kept *k, gboolean again)
{
	if (k->token)
		return TRUE;
	kept_arm_ok(k);
	if (again) {
		g_clear_object(&k->token);
		kept_arm_ok(k);
	}
	return FALSE;
}

static void kept_rearm_bad(Kept *k)
{
	k->token = g_cancellable_new(); // want: token
	g_file_delete(k->file, k->token, NULL);
}

gboolean kept_reload(Kept *k, gboolean again)
{
	if (k->token)
		return TRUE;
	kept_rearm_bad(k);
	if (again)
		kept_rearm_bad(k);
	return FALSE;
}

void kept_free(Kept *k)
{
	g_clear_object(&k->token);
	g_free(k);
}

/* ---- the new one is there before the old one goes ---- */

void loader_swap_ok(struct loader *l)
{
	GCancellable *old = l->cancellable;
	l->cancellable = g_cancellable_new();
	if (old) {
		g_cancellable_cancel(old);
		g_object_unref(old);
	}
	load_async(l->cancellable);
}

void loader_swap_other_bad(struct loader *l, GCancellable *other)
{
	l->cancellable = g_cancellable_new(); // want: cancellable
	if (other)
		g_object_unref(other);
}

/* ---- the callers know that it is empty ---- */

struct watchdog {
	GObject parent;
	guint watch_id;
	gboolean starting;
};

GType watchdog_get_type(void);
static void watchdog_start_ok(struct watchdog *w);

static void watchdog_stop(struct watchdog *w)
{
	if (w->watch_id) {
		g_bus_unwatch_name(w->watch_id);
		w->watch_id = 0;
	}
}

static void watchdog_vanished(GDBusConnection *connection, const char *name, gpointer data)
{
	watchdog_stop(data);
}

static void watchdog_start_ok(struct watchdog *w)
{
	w->watch_id = g_bus_watch_name(G_BUS_TYPE_SESSION, "org.example.Extract", G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
	                               watchdog_vanished, w, NULL);
}

/* It has been made here. */
struct watchdog *watchdog_new(void)
{
	struct watchdog *w = g_object_new(watchdog_get_type(), NULL);
	w->starting = TRUE;
	watchdog_start_ok(w);
	return w;
}

void watchdog_ensure(struct watchdog *w)
{
	if (!w->watch_id)
		watchdog_start_ok(w);
}

void watchdog_free(struct watchdog *w)
{
	watchdog_stop(w);
	g_object_unref(w);
}

/* ---- a watch that is set anew in its own code ---- */

typedef struct {
	guint watch;
	int phase;
	GIOChannel *channel;
} Transfer;

static guint add_watch(GIOChannel *c, GIOCondition cond, GIOFunc f, gpointer data)
{
	return g_io_add_watch(c, cond, f, data);
}

/* The watch that runs it ends by what it returns. */
gboolean on_transfer_ok(GIOChannel *c, GIOCondition cond, gpointer data);
gboolean on_transfer_ok(GIOChannel *c, GIOCondition cond, gpointer data)
{
	Transfer *t = data;
	if (t->phase++ == 0) {
		t->watch = add_watch(c, G_IO_IN, on_transfer_ok, t);
		return FALSE;
	}
	t->watch = 0;
	return FALSE;
}

void transfer_end(Transfer *t)
{
	if (t->watch)
		g_source_remove(t->watch);
	g_free(t);
}
