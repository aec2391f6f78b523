// flags: %glib_flags
/* field-never-cancelled: threads that give their own handle back, and keep a reference on what they get. */
#include <glib.h>

struct helper {
	GThread *thread;
	GAsyncQueue *queue;
	gint refs;
};

static void helper_free(struct helper *h)
{
	g_async_queue_unref(h->queue);
	g_free(h);
}

static gpointer helps(gpointer data)
{
	struct helper *h = data;
	while (g_async_queue_pop(h->queue) != h)
		;
	if (g_atomic_int_dec_and_test(&h->refs))
		helper_free(h);
	g_thread_unref(g_thread_self());
	return NULL;
}

void helper_start_ok(struct helper *h)
{
	g_atomic_int_inc(&h->refs);
	h->thread = g_thread_try_new("helper", helps, h, NULL);
	if (!h->thread && g_atomic_int_dec_and_test(&h->refs))
		helper_free(h);
}

struct worker {
	GThread *thread;
	GAsyncQueue *queue;
};

static gpointer works(gpointer data)
{
	struct worker *w = data;
	while (g_async_queue_pop(w->queue) != w)
		;
	return NULL;
}

void worker_start(struct worker *w)
{
	w->thread = g_thread_new("worker", works, w);
}

void worker_free_bad(struct worker *w) // want: does not end it
{
	g_async_queue_unref(w->queue);
	g_free(w);
}
