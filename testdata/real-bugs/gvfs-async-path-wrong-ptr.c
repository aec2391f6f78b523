// pkg-config: gio-2.0
/* Whether there is a cancellable to be kept is asked of the record that was just made for it. */
#include <gio/gio.h>

struct path_call {
	GFile *file;
	char *op;
	GCancellable *cancellable;
	void (*callback)(GFile *file, gpointer data);
	gpointer callback_data;
};

void mount_find_async(const char *path, void (*found)(gpointer data), gpointer data);

static void path_call_free(struct path_call *data)
{
	g_clear_object(&data->cancellable);
	g_object_unref(data->file);
	g_free(data->op);
	g_free(data);
}

static void found(gpointer user_data)
{
	struct path_call *data = user_data;
	if (!g_cancellable_is_cancelled(data->cancellable))
		data->callback(data->file, data->callback_data);
	path_call_free(data);
}

void path_call_bad(GFile *file, const char *op, GCancellable *cancellable, void (*callback)(GFile *, gpointer),
                   gpointer callback_data)
{
	struct path_call *data = g_new0(struct path_call, 1);
	data->callback = callback;
	data->callback_data = callback_data;
	data->file = g_object_ref(file);
	data->op = g_strdup(op);
	if (data->cancellable)
		data->cancellable = g_object_ref(cancellable); // want context-not-forwarded: cancellable
	mount_find_async(op, found, data);
}

void path_call_ok(GFile *file, const char *op, GCancellable *cancellable, void (*callback)(GFile *, gpointer),
                  gpointer callback_data)
{
	struct path_call *data = g_new0(struct path_call, 1);
	data->callback = callback;
	data->callback_data = callback_data;
	data->file = g_object_ref(file);
	data->op = g_strdup(op);
	if (cancellable)
		data->cancellable = g_object_ref(cancellable);
	mount_find_async(op, found, data);
}
