// flags: %glib_flags
/* premature-cancel: the token of an operation in a field of its owner: cleared too late, or lent to who empties it. */
#include <gio/gio.h>

typedef struct {
	GObject parent;
	GFile *file;
	GCancellable *cancellable, *other;
	GFileInfo *info;
} Load;
typedef GObjectClass LoadClass;
GType load_get_type(void);
G_DEFINE_TYPE(Load, load, G_TYPE_OBJECT)

void load_stop(Load *load)
{
	g_cancellable_cancel(load->cancellable);
	g_clear_object(&load->cancellable);
}

static void got_info_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	Load *load = g_task_get_source_object(task);
	GError *error = NULL;
	g_clear_object(&load->info);
	load->info = g_file_query_info_finish(G_FILE(source), result, &error);
	if (load->info)
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, error);
	g_clear_object(&load->cancellable); // want: is cleared only after
	g_object_unref(task);
}

static void got_info_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	Load *load = g_task_get_source_object(task);
	GError *error = NULL;
	g_clear_object(&load->info);
	load->info = g_file_query_info_finish(G_FILE(source), result, &error);
	g_clear_object(&load->cancellable);
	if (load->info)
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, error);
	g_object_unref(task);
}

/* What is cleared is not the token of the task. */
static void got_other_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	GTask *task = data;
	Load *load = g_task_get_source_object(task);
	GError *error = NULL;
	GFileInfo *info = g_file_query_info_finish(G_FILE(source), result, &error);
	g_clear_object(&load->cancellable);
	if (info)
		g_task_return_pointer(task, info, g_object_unref);
	else
		g_task_return_error(task, error);
	g_clear_object(&load->other);
	g_object_unref(task);
}

/* The task is new: who waits for it is told from the loop. */
static void begin(Load *load, GAsyncReadyCallback got, GAsyncReadyCallback callback, gpointer data)
{
	load->cancellable = g_cancellable_new();
	GTask *task = g_task_new(load, load->cancellable, callback, data);
	if (load->file == NULL) {
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "no file");
		g_object_unref(task);
		g_clear_object(&load->cancellable);
		return;
	}
	g_file_query_info_async(load->file, "*", 0, 0, load->cancellable, got, task);
}

void load_begin(Load *a, Load *b, Load *c, GAsyncReadyCallback callback, gpointer data)
{
	begin(a, got_info_bad, callback, data);
	begin(b, got_info_ok, callback, data);
	begin(c, got_other_ok, callback, data);
}

static gboolean read_some(Load *load, GInputStream *in, GCancellable *cancellable, GError **error)
{
	char text[64];
	if (g_input_stream_read(in, text, sizeof text, cancellable, error) < 0)
		load_stop(load);
	return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

static gboolean read_last(Load *load, GInputStream *in, GCancellable *cancellable, GError **error)
{
	char text[64];
	gssize n = g_input_stream_read(in, text, sizeof text, cancellable, error);
	if (n <= 0)
		load_stop(load);
	return n > 0;
}

gboolean lent_bad(Load *load, GInputStream *in, GError **error)
{
	return read_some(load, in, load->cancellable, error); // want: without a reference of its own
}

gboolean kept_ok(Load *load, GInputStream *in, GError **error)
{
	GCancellable *cancellable = g_object_ref(load->cancellable);
	gboolean done = read_some(load, in, cancellable, error);
	g_object_unref(cancellable);
	return done;
}

gboolean not_used_behind_ok(Load *load, GInputStream *in, GError **error)
{
	return read_last(load, in, load->cancellable, error);
}

static void load_dispose(GObject *object)
{
	Load *load = (Load *)object;
	load_stop(load);
	g_clear_object(&load->other);
	g_clear_object(&load->info);
	G_OBJECT_CLASS(load_parent_class)->dispose(object);
}

static void load_class_init(LoadClass *klass)
{
	klass->dispose = load_dispose;
}

static void load_init(Load *load)
{
	load->other = g_cancellable_new();
}
