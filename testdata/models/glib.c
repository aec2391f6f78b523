// pkg-config: gio-2.0
/* The handles and waits of GLib, as rules/models/glib describes them. */
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gstdio.h>

void work(gpointer what);

/* ---- sources ---- */

gboolean source_bad(GMainContext *context, GSourceFunc tick)
{
	GSource *source = g_timeout_source_new(100); // want missing-cancel: g_timeout_source_new
	if (!context)
		return FALSE;
	g_source_set_callback(source, tick, NULL, NULL);
	g_source_attach(source, context);
	g_source_unref(source);
	return TRUE;
}

guint source_ok(GMainContext *context, GSourceFunc tick)
{
	GSource *source = g_idle_source_new();
	g_source_set_callback(source, tick, NULL, NULL);
	guint id = g_source_attach(source, context);
	g_source_unref(source);
	return id;
}

/* A source id may be forgotten: the source ends when its callback says so. */
void source_id_ok(GSourceFunc tick, gpointer data)
{
	g_timeout_add(100, tick, data);
	g_idle_add(tick, data);
}

int pipe_bad(void)
{
	int ends[2];
	if (!g_unix_open_pipe(ends, 0, NULL)) // want missing-cancel: g_unix_open_pipe
		return -1;
	return g_close(ends[0], NULL);
}

/* ---- who keeps a handle ---- */

struct owner {
	GHashTable *running;
	GQueue *waiting;
	GList *all;
};

void kept_in_containers_ok(struct owner *self, GObject *object)
{
	g_hash_table_add(self->running, g_cancellable_new());
	g_queue_push_tail(self->waiting, g_cancellable_new());
	self->all = g_list_prepend(self->all, g_cancellable_new());
	g_object_set_data_full(object, "cancellable", g_cancellable_new(), g_object_unref);
}

/* ---- waits ---- */

int queue_pop_bad(GCancellable *cancellable, GAsyncQueue *queue)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;)
		work(g_async_queue_pop(queue)); // want blocking-select-no-exit: g_async_queue_pop
}

int queue_pop_ok(GCancellable *cancellable, GAsyncQueue *queue)
{
	while (!g_cancellable_is_cancelled(cancellable))
		work(g_async_queue_timeout_pop(queue, 100000));
	return -1;
}

int cond_wait_bad(GCancellable *cancellable, GCond *cond, GMutex *lock)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;) {
		g_mutex_lock(lock);
		g_cond_wait(cond, lock); // want blocking-select-no-exit: g_cond_wait
		g_mutex_unlock(lock);
	}
}

int poll_bad(GCancellable *cancellable, int fd)
{
	GPollFD set[1] = {{.fd = fd, .events = G_IO_IN}};
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;) {
		if (g_poll(set, 1, -1) > 0) // want blocking-select-no-exit: g_poll
			work(set);
	}
}

int poll_ok(GCancellable *cancellable, int fd)
{
	GPollFD set[2] = {{.fd = fd, .events = G_IO_IN}};
	if (!g_cancellable_make_pollfd(cancellable, &set[1]))
		return -1;
	while (g_poll(set, 2, -1) > 0 && !set[1].revents)
		work(set);
	g_cancellable_release_fd(cancellable);
	return 0;
}

int usleep_bad(GCancellable *cancellable)
{
	if (g_cancellable_is_cancelled(cancellable))
		return -1;
	for (;;) {
		g_usleep(1000000); // want blocking-select-no-exit: g_usleep
		work(NULL);
	}
}

static gpointer run_thread(gpointer data)
{
	return data;
}

/* A join gives back the reference that it gets, and ends no other. */
void thread_reference_ok(void)
{
	GThread *thread = g_thread_new("a", run_thread, NULL);
	g_thread_ref(thread);
	g_thread_join(thread);
	g_thread_unref(thread);
}

void thread_joined_and_unreferenced_bad(void)
{
	GThread *thread = g_thread_new("a", run_thread, NULL);
	g_thread_join(thread);
	g_thread_unref(thread); // want double-cancel: ended a second time
}
