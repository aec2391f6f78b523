// pkg-config: gio-2.0
/* reentrant-cancel: the dull cases. `want` stands at the offending call. */
#include <gio/gio.h>

struct op {
	GCancellable *cancellable, *other;
	gulong id;
	GSource *source;
	void (*ended)(struct op *);
};

/* ---- forbidden calls, directly ---- */

static void disconnects_bad(GCancellable *c, gpointer data)
{
	struct op *op = data;
	g_cancellable_disconnect(c, op->id); // want: g_cancellable_disconnect must not be called from a handler like disconnects_bad
	op->id = 0;
}

static void connects_bad(GCancellable *c, gpointer data)
{
	g_cancellable_connect(c, G_CALLBACK(disconnects_bad), data, NULL); // want: g_cancellable_connect
}

static void resets_bad(GCancellable *c, gpointer data)
{
	(void)data;
	g_cancellable_reset(c); // want: g_cancellable_reset
}

static void polls_bad(GCancellable *c, gpointer data)
{
	GPollFD fd;
	(void)data;
	if (g_cancellable_make_pollfd(c, &fd)) // want: g_cancellable_make_pollfd
		g_cancellable_release_fd(c); // want: g_cancellable_release_fd
}

/* ---- in a helper ---- */

static void op_end(struct op *op)
{
	if (op->id)
		g_cancellable_disconnect(op->cancellable, op->id); // want: g_cancellable_disconnect
	op->id = 0;
}

static void op_finish(struct op *op)
{
	op_end(op);
}

static void helper_handler(GCancellable *c, gpointer data)
{
	(void)c;
	op_finish(data);
}

/* ---- through a pointer that is called ---- */

static void ended_by_table(struct op *op)
{
	g_cancellable_disconnect(op->cancellable, op->id); // want: g_cancellable_disconnect
}

static void table_handler(GCancellable *c, gpointer data)
{
	struct op *op = data;
	(void)c;
	op->ended(op);
}

void watch(struct op *op)
{
	op->ended = ended_by_table;
	op->id = g_cancellable_connect(op->cancellable, G_CALLBACK(disconnects_bad), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(connects_bad), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(resets_bad), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(polls_bad), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(helper_handler), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(table_handler), op, NULL);
}

/* ---- as a signal of the object ---- */

static void by_signal_bad(GCancellable *c, gpointer data)
{
	struct op *op = data;
	g_cancellable_disconnect(c, op->id); // want: g_cancellable_disconnect
}

void watch_signal(struct op *op)
{
	op->id = g_signal_connect(op->cancellable, "cancelled", G_CALLBACK(by_signal_bad), op);
}

/* Another signal, and one of that name that is no token's. */
static void by_other_signal_ok(GObject *o, gpointer data)
{
	struct op *op = data;
	(void)o;
	g_cancellable_disconnect(op->cancellable, op->id);
}

void watch_others(struct op *op, GObject *dialog)
{
	g_signal_connect(dialog, "cancelled", G_CALLBACK(by_other_signal_ok), op);
	g_signal_connect(op->cancellable, "notify", G_CALLBACK(by_other_signal_ok), op);
}

/* ---- put off ---- */

static gboolean later_ok(gpointer data)
{
	struct op *op = data;
	g_cancellable_disconnect(op->cancellable, op->id);
	op->id = 0;
	return G_SOURCE_REMOVE;
}

static gpointer thread_ok(gpointer data)
{
	struct op *op = data;
	g_cancellable_disconnect(op->cancellable, op->id);
	return NULL;
}

static void defers_ok(GCancellable *c, gpointer data)
{
	(void)c;
	g_idle_add(later_ok, data);
	g_thread_unref(g_thread_new("end", thread_ok, data));
}

/* The allowed form. */
static void signal_disconnect_ok(GCancellable *c, gpointer data)
{
	struct op *op = data;
	g_signal_handler_disconnect(c, op->id);
	op->id = 0;
}

/* Only stored. */
static void stored_later_ok(struct op *op)
{
	g_cancellable_disconnect(op->cancellable, op->id);
}

static void stores_ok(GCancellable *c, gpointer data)
{
	static void (*at_end)(struct op *);
	(void)c;
	(void)data;
	at_end = stored_later_ok;
	(void)at_end;
}

/* Another token. */
static void other_token_ok(GCancellable *c, gpointer data)
{
	struct op *op = data;
	(void)c;
	g_cancellable_reset(op->other);
	g_cancellable_cancel(op->other);
}

void watch_ok(struct op *op)
{
	g_cancellable_connect(op->cancellable, G_CALLBACK(defers_ok), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(signal_disconnect_ok), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(stores_ok), op, NULL);
	g_cancellable_connect(op->cancellable, G_CALLBACK(other_token_ok), op, NULL);
}

/* ---- work that waits for work ---- */

struct pair {
	GThread *reader, *writer;
	gint stop;
};

static gpointer pair_read_bad(gpointer data)
{
	struct pair *p = data;
	g_thread_join(p->writer); // want: g_thread_join waits for pair_write_bad, which may be waiting for pair_read_bad
	return NULL;
}

static gpointer pair_write_bad(gpointer data)
{
	struct pair *p = data;
	g_atomic_int_set(&p->stop, 1);
	g_thread_join(p->reader); // want: g_thread_join waits for pair_read_bad
	return NULL;
}

void pair_start(struct pair *p)
{
	p->reader = g_thread_new("read", pair_read_bad, p);
	p->writer = g_thread_new("write", pair_write_bad, p);
}

struct single {
	GThread *thread, *helper;
};

static gpointer help_ok(gpointer data)
{
	return data;
}

static gpointer single_run_bad(gpointer data)
{
	struct single *s = data;
	g_thread_join(s->thread); // want: g_thread_join waits for single_run_bad, which it is called from
	return NULL;
}

static gpointer single_run_ok(gpointer data)
{
	struct single *s = data;
	g_thread_join(s->helper);
	return NULL;
}

void single_start(struct single *s, gboolean good)
{
	s->helper = g_thread_new("help", help_ok, s);
	s->thread = good ? g_thread_new("ok", single_run_ok, s) : g_thread_new("bad", single_run_bad, s);
}

/* ---- one function for both ways ---- */

static void end_either_way(struct op *op, gboolean in_handler)
{
	if (in_handler)
		g_signal_handler_disconnect(op->cancellable, op->id);
	else
		g_cancellable_disconnect(op->cancellable, op->id);
	op->id = 0;
}

static void either_way_ok(GCancellable *c, gpointer data)
{
	(void)c;
	end_either_way(data, TRUE);
}

void either_way_done(struct op *op)
{
	end_either_way(op, FALSE);
}

void watch_either_way(struct op *op)
{
	op->id = g_cancellable_connect(op->cancellable, G_CALLBACK(either_way_ok), op, NULL);
}

/* ---- connected by a wrapper ---- */

static gulong connect_to(GCancellable *c, GCallback handler, gpointer data)
{
	return g_cancellable_connect(c, handler, data, NULL);
}

static void wrapped_handler_bad(GCancellable *c, gpointer data)
{
	g_cancellable_disconnect(c, *(gulong *)data); // want: a handler like wrapped_handler_bad
}

static void wrapped_handler_ok(GCancellable *c, gpointer data)
{
	g_signal_handler_disconnect(c, *(gulong *)data);
}

void connect_wrapped(GCancellable *c, gulong *id)
{
	*id = connect_to(c, G_CALLBACK(wrapped_handler_bad), id);
	*id = connect_to(c, G_CALLBACK(wrapped_handler_ok), id);
}
