// flags: %glib_flags
// models: ctx
#include "ctx.h"
#include <gio/gio.h>
#include <stdlib.h>

/* ---- made with the token of the call ---- */

struct store {
	ctx *c;
	int fd;
};

struct store *store_new_bad(ctx *c)
{
	struct store *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->c = c; // want: `c` of `store`
	return s;
}

int store_put(struct store *s, ctx *c, const void *value)
{
	return rpc_call(c, "put", value, NULL);
}

/* ---- a handler keeps the token of the request it was made in ---- */

struct http_request {
	ctx *c;
	int id;
};
struct handler {
	ctx *request_ctx;
	int n;
};

void handler_attach_bad(struct handler *h, struct http_request *r)
{
	h->request_ctx = r->c; // want: request_ctx
}

int handler_run(ctx *c, struct handler *h)
{
	return ctx_sleep(c, (unsigned)h->n);
}

/* ---- behind a private struct, with a reference ---- */

typedef struct {
	GCancellable *current;
} BookPrivate;
typedef struct {
	GObject parent;
	BookPrivate *priv;
} Book;

void book_lock_bad(Book *book, GCancellable *cancellable)
{
	book->priv->current = g_object_ref(cancellable); // want: current
}

gboolean book_read(Book *book, GFile *file, GCancellable *cancellable)
{
	return book != NULL && g_file_query_exists(file, cancellable);
}

/* ---- no function takes another one ---- */

struct worker {
	ctx *c;
	int n;
};

void worker_init_ok(struct worker *w, ctx *c)
{
	w->c = c;
}

int worker_step(struct worker *w)
{
	return ctx_sleep(w->c, (unsigned)w->n);
}

/* ---- what belongs to one operation ---- */

void request_init_ok(struct http_request *r, ctx *c)
{
	r->c = c;
}

int request_run(struct http_request *r, ctx *c)
{
	return r->id + ctx_err(c);
}

typedef struct {
	GCancellable *cancellable;
	int n;
} FetchData;

static void fetch_free(gpointer data)
{
	g_object_unref(((FetchData *)data)->cancellable);
	g_free(data);
}

static void fetch_fill(FetchData *d, GCancellable *cancellable)
{
	d->n = g_cancellable_is_cancelled(cancellable);
}

void fetch_async_ok(GObject *source, GCancellable *cancellable, GAsyncReadyCallback done, gpointer user)
{
	GTask *task = g_task_new(source, cancellable, done, user);
	FetchData *d = g_new0(FetchData, 1);
	d->cancellable = g_object_ref(cancellable);
	fetch_fill(d, cancellable);
	g_task_set_task_data(task, d, fetch_free);
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

struct pending {
	ctx *c;
	int fd;
};

static int pending_wait(struct pending *p, ctx *c)
{
	return (int)ctx_read(c, p->fd, NULL, 0);
}

int on_the_stack_ok(ctx *c, int fd)
{
	struct pending p = {.fd = fd};
	p.c = c;
	return pending_wait(&p, c);
}

/* ---- the object's own ---- */

typedef struct {
	GCancellable *cancellable;
} Monitor;

void monitor_start_ok(Monitor *m, GCancellable *cancellable)
{
	g_clear_object(&m->cancellable);
	m->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
	if (!m->cancellable)
		m->cancellable = g_cancellable_new();
}

gboolean monitor_poll(Monitor *m, GFile *file, GCancellable *cancellable)
{
	return m != NULL && g_file_query_exists(file, cancellable);
}

/* ---- what a handler gets is no token of a call ---- */

typedef struct {
	GCancellable *outer;
	GCancellable *inner;
	gulong id;
} Link;

static void on_outer(GCancellable *outer, Link *l)
{
	g_cancellable_cancel(l->inner);
}

void link_ok(Link *l, GCancellable *outer)
{
	l->outer = g_object_ref(outer);
	l->inner = g_cancellable_new();
	l->id = g_cancellable_connect(outer, G_CALLBACK(on_outer), l, NULL);
}
