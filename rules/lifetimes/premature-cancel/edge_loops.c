// flags: %uv_flags %glib_flags
/* premature-cancel: requests, handles and buffers of event loops. */
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <unistd.h>
#include <string.h>
#include <uv.h>

struct conn {
	uv_tcp_t tcp;
	uv_write_t req;
	char *data;
};

static void wrote(uv_write_t *req, int status)
{
	(void)status;
	free(req);
}

static void opened(uv_fs_t *req)
{
	uv_fs_req_cleanup(req);
}

static void closed(uv_handle_t *h)
{
	free(h);
}

static void ticked(uv_timer_t *t)
{
	uv_timer_stop(t);
}

int request_on_stack_bad(uv_stream_t *to, char *text)
{
	uv_write_t req;
	uv_buf_t buf = uv_buf_init(text, 4);
	return uv_write(&req, to, &buf, 1, wrote); // want: local variable `req`
}

int buffer_on_stack_bad(uv_stream_t *to)
{
	char text[16] = "hello";
	uv_buf_t buf = uv_buf_init(text, 5);
	uv_write_t *req = malloc(sizeof *req);
	return uv_write(req, to, &buf, 1, wrote); // want: local variable `text`
}

int heap_request_ok(uv_stream_t *to, char *text)
{
	uv_buf_t buf = uv_buf_init(text, 4);
	uv_write_t *req = malloc(sizeof *req);
	int rc = uv_write(req, to, &buf, 1, wrote);
	if (rc < 0)
		free(req);
	return rc;
}

int file_request_bad(uv_loop_t *loop)
{
	uv_fs_t req;
	return uv_fs_open(loop, &req, "/tmp/x", 0, 0, opened); // want: local variable `req`
}

int synchronous_ok(uv_loop_t *loop)
{
	uv_fs_t req;
	int fd = uv_fs_open(loop, &req, "/tmp/x", 0, 0, NULL);
	uv_fs_req_cleanup(&req);
	return fd;
}

int loop_is_run_ok(uv_loop_t *loop)
{
	uv_fs_t req;
	int rc = uv_fs_open(loop, &req, "/tmp/x", 0, 0, opened);
	if (rc < 0)
		return rc;
	return uv_run(loop, UV_RUN_DEFAULT);
}

void freed_after_close_bad(uv_handle_t *h)
{
	uv_close(h, NULL);
	free(h); // want: free ends here
}

void freed_in_callback_ok(uv_handle_t *h)
{
	uv_close(h, closed);
}

void freed_after_loop_ok(uv_loop_t *loop, uv_handle_t *h)
{
	uv_close(h, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
	free(h);
}

void conn_free_bad(struct conn *c)
{
	uv_close((uv_handle_t *)&c->tcp, NULL);
	free(c); // want: free ends here
}

int timer_freed_bad(uv_loop_t *loop)
{
	uv_timer_t *t = malloc(sizeof *t);
	if (!t)
		return -1;
	uv_timer_init(loop, t);
	uv_timer_start(t, ticked, 10, 0);
	free(t); // want: free ends here
	return 0;
}

/* ---- GLib ---- */

static gboolean readable(gint fd, GIOCondition condition, gpointer data)
{
	return fd > 0 && condition && data != NULL;
}

void descriptor_closed_bad(int fd, gpointer data)
{
	guint id = g_unix_fd_add(fd, G_IO_IN, readable, data);
	close(fd); // want: close ends here
	g_source_remove(id);
}

void descriptor_closed_ok(int fd, gpointer data)
{
	guint id = g_unix_fd_add(fd, G_IO_IN, readable, data);
	g_source_remove(id);
	close(fd);
}

static void deleted(GObject *source, GAsyncResult *result, gpointer data)
{
	int *done = data;
	*done = g_file_delete_finish(G_FILE(source), result, NULL) ? 1 : -1;
}

void result_on_stack_bad(GFile *file)
{
	int done = 0;
	g_file_delete_async(file, 0, NULL, deleted, &done); // want: local variable `done`
}

void result_waited_for_ok(GFile *file, GMainLoop *loop)
{
	int done = 0;
	g_file_delete_async(file, 0, NULL, deleted, &done);
	g_main_loop_run(loop);
}

void cancellable_is_kept_ok(GFile *file)
{
	g_autoptr(GCancellable) c = g_cancellable_new();
	g_file_delete_async(file, 0, c, NULL, NULL);
}

static gpointer with_object(gpointer data)
{
	GCancellable *c = data;
	while (!g_cancellable_is_cancelled(c))
		g_usleep(10);
	return NULL;
}

void last_reference_bad(GThread **t)
{
	GCancellable *c = g_cancellable_new();
	*t = g_thread_new("w", with_object, c);
	g_object_unref(c); // want: g_object_unref ends here
}

void last_reference_after_join_ok(void)
{
	GCancellable *c = g_cancellable_new();
	GThread *t = g_thread_new("w", with_object, c);
	g_cancellable_cancel(c);
	g_thread_join(t);
	g_object_unref(c);
}

static gpointer with_own_reference(gpointer data)
{
	g_autoptr(GCancellable) c = data;
	while (!g_cancellable_is_cancelled(c))
		g_usleep(10);
	return NULL;
}

void own_reference_ok(GThread **t)
{
	GCancellable *c = g_cancellable_new();
	*t = g_thread_new("w", with_own_reference, g_object_ref(c));
	g_object_unref(c);
}

/* ---- a buffer on the heap ---- */

static void heap_written(uv_write_t *req, int status)
{
	free(req->data);
	free(req);
}

int heap_buffer_freed_bad(uv_stream_t *stream, const char *line)
{
	uv_write_t *req = malloc(sizeof *req);
	char *copy = strdup(line);
	if (!req || !copy) {
		free(req);
		free(copy);
		return UV_ENOMEM;
	}
	req->data = NULL;
	uv_buf_t buf = uv_buf_init(copy, (unsigned)strlen(copy));
	int rc = uv_write(req, stream, &buf, 1, heap_written);
	free(copy); // want: free ends here
	return rc;
}

int heap_buffer_freed_by_the_callback_ok(uv_stream_t *stream, const char *line)
{
	uv_write_t *req = malloc(sizeof *req);
	char *copy = strdup(line);
	if (!req || !copy) {
		free(req);
		free(copy);
		return UV_ENOMEM;
	}
	req->data = copy;
	uv_buf_t buf = uv_buf_init(copy, (unsigned)strlen(copy));
	int rc = uv_write(req, stream, &buf, 1, heap_written);
	if (rc) {
		free(copy);
		free(req);
	}
	return rc;
}
