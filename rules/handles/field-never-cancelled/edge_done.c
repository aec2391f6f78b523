// flags: %glib_flags
/* field-never-cancelled: objects that what they started ends, when it is over. */
#include <gio/gio.h>

typedef struct {
	GCancellable *cancellable;
	GFile *file;
} Query;

static void query_free(Query *q)
{
	g_object_unref(q->cancellable);
	g_object_unref(q->file);
	g_free(q);
}

static void queried(GObject *source, GAsyncResult *result, gpointer data)
{
	Query *q = data;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(source), result, NULL);
	query_free(q);
}

Query *freed_when_done_ok(GFile *file);
Query *freed_when_done_ok(GFile *file)
{
	Query *q = g_new0(Query, 1);
	q->cancellable = g_cancellable_new();
	q->file = g_object_ref(file);
	g_file_query_info_async(file, "*", 0, 0, q->cancellable, queried, q);
	return q;
}

typedef struct {
	GCancellable *cancellable;
	GFile *file;
} Listing;

static void listing_free(Listing *l) // want: releases it without cancelling it
{
	g_object_unref(l->cancellable);
	g_object_unref(l->file);
	g_free(l);
}

static void listed(GObject *source, GAsyncResult *result, gpointer data)
{
	Listing *l = data;
	g_autoptr(GFileEnumerator) all = g_file_enumerate_children_finish(l->file, result, NULL);
	(void)source;
	if (!all)
		listing_free(l);
}

Listing *listing_new(GFile *file);
Listing *listing_new(GFile *file)
{
	Listing *l = g_new0(Listing, 1);
	l->cancellable = g_cancellable_new();
	l->file = g_object_ref(file);
	g_file_enumerate_children_async(file, "*", 0, 0, l->cancellable, listed, l);
	return l;
}

/* Who else ends it does so while the operation may be under way. */
void window_closed(Listing *l);
void window_closed(Listing *l)
{
	listing_free(l);
}

/* ---- a source that ends the object itself, or another one where there is none ---- */

typedef struct {
	GMutex lock;
	GQueue *hits;
	guint idle;
	gboolean finished;
} Search;

static void search_free(Search *s)
{
	g_queue_free(s->hits);
	g_mutex_clear(&s->lock);
	g_free(s);
}

static gboolean search_done(gpointer data)
{
	search_free(data);
	return G_SOURCE_REMOVE;
}

static gboolean show_hits_ok(gpointer data)
{
	Search *s = data;
	if (s->finished) {
		search_done(s);
		return G_SOURCE_REMOVE;
	}
	return G_SOURCE_CONTINUE;
}

void search_found(Search *s);
void search_found(Search *s)
{
	if (s->idle == 0)
		s->idle = g_idle_add(show_hits_ok, s);
}

void search_finished(Search *s);
void search_finished(Search *s)
{
	s->finished = TRUE;
	if (s->idle == 0)
		g_idle_add(search_done, s);
}

/* ---- code that is not here calls the function that it gets, when it is over ---- */

typedef struct {
	GCancellable *cancellable;
	GFile *file;
} Request;

void backend_open(GFile *file, GCancellable *c, GAsyncReadyCallback done, gpointer data);

static void request_free_ok(Request *r)
{
	g_clear_object(&r->cancellable);
	g_clear_object(&r->file);
	g_free(r);
}

static void request_done(GObject *source, GAsyncResult *result, gpointer data)
{
	request_free_ok(data);
}

void request_start(GFile *file);
void request_start(GFile *file)
{
	Request *r = g_new0(Request, 1);
	r->file = g_object_ref(file);
	r->cancellable = g_cancellable_new();
	backend_open(file, r->cancellable, request_done, r);
}

/* ---- in two objects: the one that ends it owns it ---- */

typedef struct {
	GCancellable *probe;
	GSocketConnectable *address;
} Backend;

typedef struct {
	Backend *backend;
	GCancellable *probe;
} Probe;

static void probe_free_ok(Probe *p)
{
	g_free(p);
}

static void probed(GObject *source, GAsyncResult *result, gpointer data)
{
	Probe *p = data;
	if (p->backend->probe == p->probe)
		g_clear_object(&p->backend->probe);
	probe_free_ok(p);
}

void backend_probe(Backend *b, GNetworkMonitor *monitor);
void backend_probe(Backend *b, GNetworkMonitor *monitor)
{
	GCancellable *c = g_cancellable_new();
	Probe *p = g_new0(Probe, 1);
	p->backend = b;
	p->probe = c;
	g_network_monitor_can_reach_async(monitor, b->address, c, probed, p);
	b->probe = c;
}
