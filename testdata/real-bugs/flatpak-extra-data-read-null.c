// pkg-config: gio-2.0
/* A download is opened with the cancellable, and read without, while the function that has it waits. */
#include <gio/gio.h>

struct load {
	GMainLoop *loop;
	GError *error;
	GString *content;
	GCancellable *cancellable;
	char buffer[4096];
};

struct plain_load {
	GMainLoop *loop;
	GError *error;
	GString *content;
	char buffer[4096];
};

static void read_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	struct plain_load *load = data;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &load->error);
	if (n <= 0) {
		g_main_loop_quit(load->loop);
		return;
	}
	g_string_append_len(load->content, load->buffer, n);
	g_input_stream_read_async( // want context-not-forwarded: cancellable
	        G_INPUT_STREAM(source), load->buffer, sizeof load->buffer, 0, NULL, read_bad, data);
}

static void opened_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	struct plain_load *load = data;
	g_autoptr(GFileInputStream) in = g_file_read_finish(G_FILE(source), result, &load->error);
	if (in == NULL) {
		g_main_loop_quit(load->loop);
		return;
	}
	g_input_stream_read_async( // want context-not-forwarded: cancellable
	        G_INPUT_STREAM(in), load->buffer, sizeof load->buffer, 0, NULL, read_bad, data);
}

static void read_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct load *load = data;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &load->error);
	if (n <= 0) {
		g_main_loop_quit(load->loop);
		return;
	}
	g_string_append_len(load->content, load->buffer, n);
	g_input_stream_read_async(G_INPUT_STREAM(source), load->buffer, sizeof load->buffer, 0, load->cancellable,
	                          read_ok, data);
}

static void opened_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct load *load = data;
	g_autoptr(GFileInputStream) in = g_file_read_finish(G_FILE(source), result, &load->error);
	if (in == NULL) {
		g_main_loop_quit(load->loop);
		return;
	}
	g_input_stream_read_async(G_INPUT_STREAM(in), load->buffer, sizeof load->buffer, 0, load->cancellable,
	                          read_ok, data);
}

GString *load_first(GFile *file, GCancellable *cancellable, GError **error)
{
	struct plain_load load = {.content = g_string_new("")};
	load.loop = g_main_loop_new(NULL, FALSE);
	g_file_read_async(file, 0, cancellable, opened_bad, &load);
	g_main_loop_run(load.loop);
	g_main_loop_unref(load.loop);
	if (load.error)
		g_propagate_error(error, load.error);
	return load.content;
}

GString *load_second(GFile *file, GCancellable *cancellable, GError **error)
{
	struct load load = {.content = g_string_new(""), .cancellable = cancellable};
	load.loop = g_main_loop_new(NULL, FALSE);
	g_file_read_async(file, 0, cancellable, opened_ok, &load);
	g_main_loop_run(load.loop);
	g_main_loop_unref(load.loop);
	if (load.error)
		g_propagate_error(error, load.error);
	return load.content;
}
