// flags: %glib_flags
/* stuck-waiter: GAsyncQueue, where only receivers wait; pipes and conditions are not followed. */
#include <glib.h>
#include <pthread.h>
#include <unistd.h>

static gpointer takes_bad(gpointer data)
{
	return g_async_queue_pop(data); // want: g_async_queue_pop may wait for ever
}

static gpointer gives(gpointer data)
{
	g_async_queue_push(data, data);
	return NULL;
}

static gpointer takes_with_limit(gpointer data)
{
	return g_async_queue_timeout_pop(data, 1000);
}

int nothing_is_sent(int n)
{
	GAsyncQueue *q = g_async_queue_new();
	GThread *t = g_thread_new("takes", takes_bad, q);
	if (n < 0) {
		g_thread_unref(t);
		return -1;
	}
	g_async_queue_push(q, t);
	g_thread_join(t);
	return 0;
}

gpointer a_push_never_waits_ok(int n)
{
	GAsyncQueue *q = g_async_queue_new();
	GThread *t = g_thread_new("gives", gives, q);
	if (n < 0) {
		g_thread_unref(t);
		return NULL;
	}
	gpointer item = g_async_queue_pop(q);
	g_thread_join(t);
	return item;
}

void a_bounded_wait_ok(void)
{
	GAsyncQueue *q = g_async_queue_new();
	g_thread_unref(g_thread_new("takes", takes_with_limit, q));
}

static void *reads_bad(void *arg)
{
	char byte;
	int *fds = arg;
	return read(fds[0], &byte, 1) == 1 ? arg : NULL; // miss: read may wait for ever
}

int pipe_writer_leaves(int *fds, int n)
{
	pthread_t t;
	if (pipe(fds) < 0 || pthread_create(&t, NULL, reads_bad, fds) != 0)
		return -1;
	pthread_detach(t);
	return n < 0 ? -1 : (int)write(fds[1], "x", 1);
}

/* ---- a queue of its own, which nobody fills ---- */

gpointer from_an_empty_queue_bad(void)
{
	GAsyncQueue *q = g_async_queue_new();
	gpointer item = g_async_queue_pop(q); // want: nobody can put anything into it
	g_async_queue_unref(q);
	return item;
}

gpointer from_a_filled_queue_ok(gpointer item)
{
	GAsyncQueue *q = g_async_queue_new();
	g_async_queue_push(q, item);
	item = g_async_queue_pop(q);
	g_async_queue_unref(q);
	return item;
}

void fill(GAsyncQueue *q);

gpointer from_a_queue_filled_elsewhere_ok(void)
{
	GAsyncQueue *q = g_async_queue_new();
	fill(q);
	gpointer item = g_async_queue_pop(q);
	g_async_queue_unref(q);
	return item;
}
