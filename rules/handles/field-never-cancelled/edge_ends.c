// flags: %glib_flags
/* field-never-cancelled: ends that the handle itself brings about, ends that only cancel, ids of another kind, and what is
 * started again. */
#include <sys/eventfd.h>
#include <unistd.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>

/* ---- the thread ends its own object ---- */

struct visitor {
	pthread_t thread;
	int n;
};

static void visitor_free_ok(struct visitor *v)
{
	free(v);
}

static void *visit(void *arg)
{
	struct visitor *v = arg;
	v->n++;
	visitor_free_ok(v);
	return NULL;
}

struct visitor *visitor_start(void)
{
	struct visitor *v = calloc(1, sizeof *v);
	if (v && pthread_create(&v->thread, NULL, visit, v) != 0) {
		visitor_free_ok(v);
		return NULL;
	}
	return v;
}

/* So does somebody else, who does not wait for it. */
struct guest {
	pthread_t thread;
	int n;
};

static void guest_free_bad(struct guest *g) // want: thread
{
	free(g);
}

static void *stay(void *arg)
{
	struct guest *g = arg;
	if (g->n++ > 10)
		guest_free_bad(g);
	return NULL;
}

int guest_start(struct guest *g)
{
	return pthread_create(&g->thread, NULL, stay, g);
}

void guest_send_away(struct guest *g)
{
	g->n = 100;
	guest_free_bad(g);
}

/* ---- one end releases, another one only cancels ---- */

struct view {
	GCancellable *cancel;
	int n;
};

struct view *view_new(void)
{
	struct view *v = g_new0(struct view, 1);
	v->cancel = g_cancellable_new();
	return v;
}

void view_free_ok(struct view *v)
{
	g_cancellable_cancel(v->cancel);
	g_object_unref(v->cancel);
	g_free(v);
}

static void view_stop(struct view *v)
{
	g_cancellable_cancel(v->cancel);
}

void view_drop_bad(struct view *v) // want: cancel
{
	view_stop(v);
	g_free(v);
}

static void view_forget(struct view *v)
{
	g_clear_object(&v->cancel);
}

void view_drop_ok(struct view *v)
{
	g_cancellable_cancel(v->cancel);
	view_forget(v);
	g_free(v);
}

/* The caller of what frees has released before. */
static void view_memory_ok(struct view *v)
{
	g_cancellable_cancel(v->cancel);
	g_free(v);
}

void view_close_ok(struct view *v)
{
	GCancellable *cancel = g_steal_pointer(&v->cancel);
	g_object_unref(cancel);
	view_memory_ok(v);
}

/* ---- ids of another kind ---- */

static gboolean tick(gpointer data)
{
	++*(int *)data;
	return G_SOURCE_CONTINUE;
}

static void changed(GObject *object, GParamSpec *pspec, gpointer data)
{
	(void)object, (void)pspec;
	++*(int *)data;
}

struct clock {
	int n;
	guint tick;
	gulong handler;
	GObject *from;
};

void clock_run(struct clock *c)
{
	if (!c->tick)
		c->tick = g_timeout_add(100, tick, c);
	if (!c->handler)
		c->handler = g_signal_connect(c->from, "notify", G_CALLBACK(changed), c);
}

void clock_cleanup_bad(struct clock *c) // want: handler
{
	g_source_remove(c->tick);
	g_source_remove(c->handler);
}

struct watch {
	int n;
	guint tick;
	guint name;
};

void watch_run(struct watch *w)
{
	if (!w->tick)
		w->tick = g_timeout_add(100, tick, w);
	if (!w->name)
		w->name = g_bus_watch_name(G_BUS_TYPE_SYSTEM, "org.example", 0, NULL, NULL, w, NULL);
}

void watch_cleanup_ok(struct watch *w)
{
	g_clear_handle_id(&w->tick, g_source_remove);
	g_clear_handle_id(&w->name, g_bus_unwatch_name);
}

/* ---- started again ---- */

struct beat {
	guint id;
	int over, n;
	void (*told)(void *user);
};

static gboolean beat_once(gpointer data)
{
	struct beat *b = data;
	b->id = 0;
	return G_SOURCE_REMOVE;
}

static void beat_arm(struct beat *b)
{
	if (b->id)
		g_source_remove(b->id);
	b->id = 0;
	b->n++;
}

static void beat_tell(struct beat *b)
{
	b->told(b);
	b->id = g_timeout_add(100, beat_once, b);
}

void beat_start(struct beat *b)
{
	beat_arm(b);
	beat_tell(b);
}

void beat_free_bad(struct beat *b) // want: id
{
	beat_arm(b);
	beat_tell(b);
	g_free(b);
}

void beat_free_ok(struct beat *b)
{
	beat_tell(b);
	beat_arm(b);
	g_free(b);
}

/* The object is asked whether it is over. */
struct pulse {
	guint id;
	int over;
};

static gboolean pulse_once(gpointer data)
{
	struct pulse *p = data;
	p->id = 0;
	return G_SOURCE_REMOVE;
}

static void pulse_arm(struct pulse *p)
{
	if (p->over || p->id)
		return;
	p->id = g_timeout_add(100, pulse_once, p);
}

void pulse_start(struct pulse *p)
{
	pulse_arm(p);
}

void pulse_free_ok(struct pulse *p)
{
	p->over = 1;
	g_clear_handle_id(&p->id, g_source_remove);
	pulse_arm(p);
	g_free(p);
}

/* ---- set back: what is released has to be stopped ---- */

struct folder {
	GFileMonitor *monitor;
	char *path;
};

static void folder_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
	struct folder *f = data;
	(void)monitor, (void)file, (void)other, (void)event;
	g_clear_pointer(&f->path, g_free);
}

void folder_look(struct folder *f, GFile *file)
{
	if (f->monitor)
		return;
	f->monitor = g_file_monitor(file, G_FILE_MONITOR_NONE, NULL, NULL);
	g_signal_connect(f->monitor, "changed", G_CALLBACK(folder_changed), f);
}

void folder_reset_bad(struct folder *f) // want: monitor
{
	g_clear_object(&f->monitor);
}

/* ---- of two ends the one that frees the object is told ---- */

struct pumped {
	int wake;
	pthread_t thread;
	pthread_mutex_t lock;
};

static void *pumped_main(void *data)
{
	struct pumped *p = data;
	char byte;
	while (read(p->wake, &byte, 1) == 1)
		;
	return NULL;
}

struct pumped *pumped_new(void)
{
	struct pumped *p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	p->wake = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

int pumped_start(struct pumped *p)
{
	return pthread_create(&p->thread, NULL, pumped_main, p);
}

void pumped_stop(struct pumped *p)
{
	pthread_join(p->thread, NULL);
}

void pumped_free_bad(struct pumped *p) // want: wake
{
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* ---- the one object there is, by its own name ---- */

struct listener {
	pthread_t thread;
	int cookie;
	int active;
};

static struct listener the_listener;

static void *listen_on(void *arg)
{
	struct listener *l = arg;
	while (__atomic_load_n(&l->active, __ATOMIC_ACQUIRE))
		usleep(1000);
	return NULL;
}

static int listener_start(struct listener *l)
{
	l->active = 1;
	return pthread_create(&l->thread, NULL, listen_on, l);
}

static void listener_stop_ok(struct listener *l)
{
	if (l->active) {
		l->active = 0;
		pthread_join(the_listener.thread, NULL);
	}
	l->cookie = -1;
}

int listening_init(void)
{
	return listener_start(&the_listener);
}

void listening_fini(void)
{
	listener_stop_ok(&the_listener);
}
