// flags: %glib_flags
// models: ctx
/* premature-cancel: who holds what is used, and by which way it is reached. */
#include "ctx.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

/* ---- references ---- */

static void copied(GObject *source, GAsyncResult *result, gpointer data)
{
	g_file_copy_finish(G_FILE(source), result, NULL);
	(void)data;
}

/* The operation took a reference of its own; giving ours up cancels nothing. */
void own_reference_given_up_ok(GFile *from, GFile *to)
{
	GCancellable *c = g_cancellable_new();
	g_file_copy_async(from, to, 0, 0, c, NULL, NULL, copied, NULL);
	g_object_unref(c);
}

static gpointer path_of(gpointer data)
{
	return g_file_get_path(data);
}

void only_reference_given_up_bad(const char *path)
{
	GFile *file = g_file_new_for_path(path);
	GThread *t = g_thread_new("path", path_of, file);
	g_object_unref(file); // want: g_object_unref ends here what path_of may still use
	g_free(g_thread_join(t));
}

void another_reference_given_up_ok(const char *path)
{
	GFile *file = g_file_new_for_path(path);
	GThread *t = g_thread_new("path", path_of, g_object_ref(file));
	g_object_unref(file);
	g_free(g_thread_join(t));
}

void joined_first_ok(const char *path)
{
	GFile *file = g_file_new_for_path(path);
	GThread *t = g_thread_new("path", path_of, file);
	g_free(g_thread_join(t));
	g_object_unref(file);
}

/* ---- fields of the data ---- */

struct options {
	int fd, other;
	long limit;
};

static void *reads(void *arg)
{
	struct options *o = arg;
	char buf[64];
	o->limit = read(o->fd, buf, sizeof buf);
	return NULL;
}

int closed_while_read_bad(struct options *o)
{
	pthread_t t;
	if (pthread_create(&t, NULL, reads, o))
		return -1;
	close(o->fd); // want: close ends here what reads may still use
	pthread_join(t, NULL);
	return 0;
}

int closed_after_join_ok(struct options *o)
{
	pthread_t t;
	if (pthread_create(&t, NULL, reads, o))
		return -1;
	pthread_join(t, NULL);
	close(o->fd);
	return 0;
}

/* The thread has no use for this one. */
int other_field_closed_ok(struct options *o)
{
	pthread_t t;
	if (pthread_create(&t, NULL, reads, o))
		return -1;
	close(o->other);
	pthread_join(t, NULL);
	return 0;
}

/* ---- two threads with one object ---- */

static void *frees(void *arg)
{
	struct options *o = arg;
	o->other = 1;
	free(o); // want: frees data that another task started with it uses, too
	return NULL;
}

int starts_both(struct options *o)
{
	pthread_t a, b;
	if (pthread_create(&a, NULL, reads, o))
		return -1;
	if (pthread_create(&b, NULL, frees, o)) {
		pthread_join(a, NULL);
		return -1;
	}
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}

/* ---- threads in an array of a field ---- */

struct group {
	pthread_t *threads;
	size_t n;
	long sum;
};

static void *adds(void *arg)
{
	((struct group *)arg)->sum++;
	return NULL;
}

void all_joined_ok(size_t n)
{
	struct group g = {.n = n};
	g.threads = calloc(n, sizeof *g.threads);
	if (!g.threads)
		return;
	for (size_t i = 0; i < g.n; i++)
		if (pthread_create(&g.threads[i], NULL, adds, &g))
			abort();
	for (size_t i = 0; i < g.n; i++)
		pthread_join(g.threads[i], NULL);
	free(g.threads);
}

/* ---- records that the library works with ---- */

static void written(uv_write_t *req, int status)
{
	(void)req;
	(void)status;
}

/* What the callback does with it does not matter. */
int request_on_the_stack_bad(uv_stream_t *to, uv_buf_t *buf)
{
	uv_write_t req;
	return uv_write(&req, to, buf, 1, written); // want: local variable `req`
}

struct conn {
	uv_tcp_t tcp;
	uv_write_t req;
};

static void closed(uv_handle_t *h)
{
	(void)h;
}

static void closed_and_freed(uv_handle_t *h)
{
	free(h->data);
}

void freed_before_closed_bad(struct conn *c)
{
	uv_close((uv_handle_t *)&c->tcp, closed);
	free(c); // want: free ends here what closed may still use
}

void freed_when_closed_ok(struct conn *c)
{
	c->tcp.data = c;
	uv_close((uv_handle_t *)&c->tcp, closed_and_freed);
}

int request_in_the_object_ok(struct conn *c, uv_buf_t *buf)
{
	return uv_write(&c->req, (uv_stream_t *)&c->tcp, buf, 1, written);
}

struct job {
	uv_work_t req;
	int n;
};

void only_asked_to_stop_bad(struct job *j)
{
	uv_cancel((uv_req_t *)&j->req);
	free(j); // want: may still use
}

/* ---- tokens, a helper deep ---- */

static int task(ctx *c, void *arg)
{
	return ctx_is_done(c) ? -1 : *(int *)arg;
}

static int start(ctx *c, int *n)
{
	return ctx_go(c, task, n);
}

int ended_behind_the_helper_bad(ctx *parent, int *n)
{
	ctx_canceller *h;
	ctx *c = ctx_with_timeout(parent, 100, &h);
	if (!c)
		return -1;
	int rc = start(c, n);
	ctx_cancel(h); // want: ctx_cancel cancels
	return rc;
}

/* ---- a reference for each ---- */

struct refined {
	GTask *task;
	int pending;
};

static GTask *one_more(GTask *task)
{
	struct refined *r = g_task_get_task_data(task);
	r->pending++;
	return g_object_ref(task);
}

static void first_done(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = data;
	g_file_copy_finish(G_FILE(source), result, NULL);
	((struct refined *)g_task_get_task_data(task))->pending--;
}

static void second_done(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = data;
	g_file_copy_finish(G_FILE(source), result, NULL);
	((struct refined *)g_task_get_task_data(task))->pending--;
}

void each_has_one_ok(GTask *task, GFile *a, GFile *b)
{
	g_file_copy_async(a, b, 0, 0, NULL, NULL, NULL, first_done, one_more(task));
	g_file_copy_async(b, a, 0, 0, NULL, NULL, NULL, second_done, one_more(task));
}
