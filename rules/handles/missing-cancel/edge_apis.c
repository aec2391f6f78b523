// flags: %glib_flags %uv_flags %hiredis_flags %pq_flags
// models: ctx
/* missing-cancel: the handles of GLib, libuv, libpq, hiredis and the kernel; rows and pooled objects. */
#include "ctx.h"

#include <gio/gio.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <uv.h>

struct session {
	GCancellable *cancellable;
	gulong handler;
	uv_async_t wake;
};

void note(const char *text);

/* ---- GCancellable ---- */

gboolean autoptr_ok(GFile *file, GError **error)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	if (!file)
		return FALSE;
	return g_file_delete(file, cancellable, error);
}

GCancellable *steal_pointer_ok(int ready)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	if (!ready)
		return NULL;
	return g_steal_pointer(&cancellable);
}

gboolean cancelled_is_not_released_bad(GFile *file, GError **error)
{
	GCancellable *cancellable = g_cancellable_new(); // want: g_cancellable_new
	gboolean ok = g_file_delete(file, cancellable, error);
	g_cancellable_cancel(cancellable);
	return ok;
}

void cleared_with_the_wrong_function_bad(GFile *file)
{
	GCancellable *cancellable = g_cancellable_new(); // want: g_cancellable_new
	g_file_delete(file, cancellable, NULL);
	g_clear_pointer(&cancellable, g_cancellable_cancel);
}

gboolean clear_object_ok(GFile *file, GError **error)
{
	GCancellable *cancellable = g_cancellable_new();
	gboolean ok = g_file_delete(file, cancellable, error);
	g_clear_object(&cancellable);
	return ok;
}

void balanced_references_ok(GFile *file)
{
	GCancellable *cancellable = g_cancellable_new();
	GCancellable *again = g_object_ref(cancellable);
	g_file_delete(file, again, NULL);
	g_object_unref(again);
	g_object_unref(cancellable);
}

void borrowed_ok(ctx *c, GFile *file)
{
	static int key;
	GCancellable *current = g_cancellable_get_current();
	ctx *named = ctx_with_value(c, &key, "name"), *detached = ctx_without_cancel(c);
	struct pollfd pfd = {.fd = ctx_done_fd(c), .events = POLLIN};
	g_file_delete(file, current, NULL);
	if (poll(&pfd, 1, 0) == 0)
		rpc_call(named, "get", detached, NULL);
}

void destroy_notify_ok(GObject *owner)
{
	GCancellable *cancellable = g_cancellable_new();
	g_object_set_data_full(owner, "cancellable", cancellable, g_object_unref);
}

void static_local_ok(GFile *file)
{
	static GCancellable *shared;
	if (!shared)
		shared = g_cancellable_new();
	g_file_delete(file, shared, NULL);
}

void field_of_a_parameter_ok(struct session *self)
{
	self->cancellable = g_cancellable_new();
}

static void on_cancelled(GCancellable *cancellable, gpointer data)
{
	(void)cancellable;
	g_main_loop_quit(data);
}

gboolean connected_on_an_error_path_bad(GCancellable *cancellable, GMainLoop *loop, GFile *file)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), loop, NULL); // want: connect
	if (!g_file_delete(file, cancellable, NULL))
		return FALSE;
	g_cancellable_disconnect(cancellable, id);
	return TRUE;
}

void connected_and_disconnected_ok(GCancellable *cancellable, GMainLoop *loop)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), loop, NULL);
	if (id == 0) /* cancelled before: the callback has run, nothing is connected */
		return;
	g_main_loop_run(loop);
	g_cancellable_disconnect(cancellable, id);
}

void connected_into_a_field_ok(struct session *self, GMainLoop *loop)
{
	self->handler = g_cancellable_connect(self->cancellable, G_CALLBACK(on_cancelled), loop, NULL);
}

int pollfd_kept_on_an_error_path_bad(GCancellable *cancellable, int fd)
{
	GPollFD set[2] = {{.fd = fd, .events = G_IO_IN}};
	if (!g_cancellable_make_pollfd(cancellable, &set[1])) // want: g_cancellable_make_pollfd
		return -1;
	if (g_poll(set, 2, 1000) < 0)
		return -1;
	g_cancellable_release_fd(cancellable);
	return 0;
}

int pollfd_released_ok(GCancellable *cancellable, int fd)
{
	GPollFD set[2] = {{.fd = fd, .events = G_IO_IN}};
	if (!g_cancellable_make_pollfd(cancellable, &set[1]))
		return -1;
	int rc = g_poll(set, 2, 1000);
	g_cancellable_release_fd(cancellable);
	return rc;
}

struct watched {
	GCancellable *cancellable;
	GPollFD set;
	int fd;
};

void pollfd_in_an_object_ok(struct watched *w, GCancellable *cancellable)
{
	w->cancellable = g_object_ref(cancellable);
	if (!g_cancellable_make_pollfd(cancellable, &w->set))
		w->set.fd = -1;
}

void number_in_an_object_ok(struct watched *w, GCancellable *cancellable)
{
	w->cancellable = g_object_ref(cancellable);
	w->fd = g_cancellable_get_fd(cancellable);
}

int number_returned_ok(GCancellable *cancellable)
{
	return g_cancellable_get_fd(cancellable);
}

gboolean pollfd_into_an_array_ok(GArray *set, GCancellable *cancellable)
{
	GPollFD one;
	if (!g_cancellable_make_pollfd(cancellable, &one))
		return FALSE;
	g_array_append_val(set, one);
	return TRUE;
}

gboolean answer_alone_returned_bad(GCancellable *cancellable)
{
	GPollFD one;
	return g_cancellable_make_pollfd(cancellable, &one); // want: g_cancellable_make_pollfd
}

/* ---- libuv ---- */

static void on_wake(uv_async_t *handle)
{
	note(uv_is_active((uv_handle_t *)handle) ? "active" : "idle");
}

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

int uv_handle_freed_without_close_bad(uv_loop_t *loop)
{
	uv_async_t *wake = malloc(sizeof *wake);
	if (!wake || uv_async_init(loop, wake, on_wake) < 0) { // want: uv_async_init
		free(wake);
		return -1;
	}
	int rc = uv_run(loop, UV_RUN_NOWAIT);
	free(wake);
	return rc;
}

int uv_handle_closed_ok(uv_loop_t *loop)
{
	uv_async_t *wake = malloc(sizeof *wake);
	if (!wake || uv_async_init(loop, wake, on_wake) < 0) {
		free(wake);
		return -1;
	}
	int rc = uv_run(loop, UV_RUN_NOWAIT);
	uv_close((uv_handle_t *)wake, on_closed);
	return rc;
}

int uv_handle_on_the_stack_bad(uv_loop_t *loop)
{
	uv_tcp_t socket;
	if (uv_tcp_init(loop, &socket) < 0) // want: uv_tcp_init
		return -1;
	return uv_tcp_nodelay(&socket, 1);
}

int uv_handle_in_an_owner_ok(uv_loop_t *loop, struct session *self)
{
	return uv_async_init(loop, &self->wake, on_wake);
}

/* ---- libpq, hiredis, rows, pools ---- */

int pq_cancel_failed_bad(PGconn *conn)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(conn); // want: PQgetCancel
	if (!cancel)
		return -1;
	if (!PQcancel(cancel, why, sizeof why))
		return -1;
	PQfreeCancel(cancel);
	return 0;
}

int pq_cancel_ok(PGconn *conn)
{
	char why[256];
	PGcancel *cancel = PQgetCancel(conn);
	if (!cancel)
		return -1;
	int ok = PQcancel(cancel, why, sizeof why);
	PQfreeCancel(cancel);
	return ok ? 0 : -1;
}

int redis_with_a_limit_ok(ctx *parent, redisContext *redis)
{
	ctx_canceller *stop;
	ctx *c = ctx_with_timeout(parent, 20, &stop);
	if (!c)
		return -1;
	redisReply *reply = ctx_is_done(c) ? NULL : redisCommand(redis, "PING");
	if (reply)
		freeReplyObject(reply);
	ctx_cancel(stop);
	return reply ? 0 : -1;
}

int rows_bad(ctx *c)
{
	int n = 0, rc;
	rows *r = db_query(c, "select id from orders"); // want: db_query
	if (!r)
		return -1;
	while ((rc = rows_next(r)) > 0)
		n++;
	if (rc < 0)
		return rc;
	rows_close(r);
	return n;
}

int rows_ok(ctx *c)
{
	int n = 0, rc;
	rows *r = db_query(c, "select id from orders");
	if (!r)
		return -1;
	while ((rc = rows_next(r)) > 0)
		n++;
	rows_close(r);
	return rc < 0 ? rc : n;
}

int pool_bad(ctx *c, pool *connections)
{
	void *conn = pool_get(connections); // want: pool_get
	if (rpc_call(c, "use", conn, NULL) < 0)
		return -1;
	pool_put(connections, conn);
	return 0;
}

int pool_ok(ctx *c, pool *connections)
{
	void *conn = pool_get(connections);
	int rc = rpc_call(c, "use", conn, NULL);
	pool_put(connections, conn);
	return rc;
}

/* ---- descriptors ---- */

int eventfd_bad(int n)
{
	int fd = eventfd(0, EFD_CLOEXEC); // want: eventfd
	if (fd < 0)
		return -1;
	if (n < 0)
		return -1;
	eventfd_write(fd, (eventfd_t)n);
	close(fd);
	return 0;
}

int eventfd_ok(int n)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	if (fd != -1) {
		eventfd_write(fd, (eventfd_t)n);
		close(fd);
	}
	return fd;
}

int one_end_of_a_pipe_bad(void)
{
	int ends[2];
	if (pipe(ends) < 0) // want: pipe
		return -1;
	ssize_t n = write(ends[1], "x", 1);
	close(ends[1]);
	return n == 1 ? 0 : -1;
}

int both_ends_of_a_pipe_ok(void)
{
	int ends[2];
	if (pipe(ends) < 0)
		return -1;
	ssize_t n = write(ends[1], "x", 1);
	close(ends[0]);
	close(ends[1]);
	return n == 1 ? 0 : -1;
}

int epoll_set_bad(int sock)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = sock};
	int set = epoll_create1(EPOLL_CLOEXEC); // want: epoll_create1
	if (set < 0)
		return -1;
	if (epoll_ctl(set, EPOLL_CTL_ADD, sock, &ev) < 0)
		return -1;
	int n = epoll_wait(set, &ev, 1, 100);
	close(set);
	return n;
}

int signalfd_returned_ok(const sigset_t *mask)
{
	int fd = signalfd(-1, mask, SFD_CLOEXEC);
	if (fd < 0)
		note("no signalfd");
	return fd;
}

/* ---- libuv handles whose memory is freed while their callback waits ---- */

struct beat {
	int n;
	uv_timer_t timer;
};

static void beat_closed(uv_handle_t *handle)
{
	free(handle->data);
}

int beat_freed_bad(uv_loop_t *loop, uv_timer_cb tick)
{
	struct beat *b = malloc(sizeof *b);
	if (!b)
		return -1;
	if (uv_timer_init(loop, &b->timer)) { // want: uv_timer_init
		free(b);
		return -1;
	}
	uv_timer_start(&b->timer, tick, 100, 100);
	free(b);
	return 0;
}

int beat_closed_ok(uv_loop_t *loop, uv_timer_cb tick)
{
	struct beat *b = malloc(sizeof *b);
	if (!b)
		return -1;
	if (uv_timer_init(loop, &b->timer)) {
		free(b);
		return -1;
	}
	b->timer.data = b;
	uv_timer_start(&b->timer, tick, 100, 100);
	uv_close((uv_handle_t *)&b->timer, beat_closed);
	return 0;
}

/* The loop ran in between: the callback may have closed it. */
int beat_ran_ok(uv_loop_t *loop, uv_timer_cb tick)
{
	struct beat *b = malloc(sizeof *b);
	if (!b)
		return -1;
	if (uv_timer_init(loop, &b->timer)) {
		free(b);
		return -1;
	}
	uv_timer_start(&b->timer, tick, 100, 0);
	int rc = uv_run(loop, UV_RUN_DEFAULT);
	free(b);
	return rc;
}

/* ---- handlers on the bus run until they are taken off ---- */

int subscribed_for_a_call_bad(GDBusConnection *bus, GError **error)
{
	guint id = g_dbus_connection_signal_subscribe(bus, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, // want: id
	                                              NULL);
	GVariant *v =
	        g_dbus_connection_call_sync(bus, "a", "/a", "a.b", "C", NULL, NULL, 0, 1000, NULL, error);
	if (!v)
		return -1;
	g_variant_unref(v);
	g_dbus_connection_signal_unsubscribe(bus, id);
	return 0;
}

guint name_watched_ok(const char *name)
{
	guint id = g_bus_watch_name(G_BUS_TYPE_SESSION, name, 0, NULL, NULL, NULL, NULL);
	if (*name == ':')
		g_print("unique\n");
	return id;
}
