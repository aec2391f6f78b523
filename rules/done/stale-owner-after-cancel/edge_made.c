// flags: %glib_flags
/* stale-owner-after-cancel: where a task's fresh result comes from. */
#include <gio/gio.h>

static char *describe(int n)
{
	if (n < 0)
		return NULL;
	return n ? g_strdup_printf("%d", n) : g_strdup("none");
}

static const char *title(int n)
{
	return n ? "some" : "none";
}

void from_helper_bad(GTask *task, int n)
{
	char *text = describe(n);
	g_task_return_pointer(task, text, NULL); // want: is lost
}

void static_text_ok(GTask *task, int n)
{
	g_task_return_pointer(task, (gpointer)title(n), NULL);
}

void from_helper_ok(GTask *task, int n)
{
	g_task_return_pointer(task, describe(n), g_free);
}

void read_file_bad(GTask *task, GFile *file)
{
	char *text = NULL;
	GError *error = NULL;
	if (!g_file_load_contents(file, NULL, &text, NULL, NULL, &error)) {
		g_task_return_error(task, error);
		return;
	}
	g_task_return_pointer(task, text, NULL); // want: is lost
}

void read_file_ok(GTask *task, GFile *file)
{
	char *text = NULL;
	GError *error = NULL;
	if (!g_file_load_contents(file, NULL, &text, NULL, NULL, &error))
		g_task_return_error(task, error);
	else
		g_task_return_pointer(task, text, g_free);
}

/* Nothing was read, and what works on the object is a function of the library. */
static void on_info_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	GError *error = NULL;
	GFileInfo *info = g_file_query_info_finish(G_FILE(source), result, &error);
	if (error)
		g_warning("%s", error->message);
	g_print("%s\n", g_file_info_get_name(info)); // want: is used although it failed or was cancelled
	g_clear_error(&error);
	g_clear_object(&info);
}

static void on_info_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	GError *error = NULL;
	GFileInfo *info = g_file_query_info_finish(G_FILE(source), result, &error);
	if (info)
		g_print("%s\n", g_file_info_get_name(info));
	else
		g_warning("%s", error->message);
	g_clear_error(&error);
	g_clear_object(&info);
}

static void on_info_leaves_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(source), result, &error);
	if (error) {
		g_warning("%s", error->message);
		return;
	}
	g_print("%s\n", g_file_info_get_name(info));
}

void queries(GFile *file, GCancellable *cancellable, int how)
{
	g_file_query_info_async(file, "*", 0, 0, cancellable, how ? on_info_ok : on_info_bad, NULL);
	g_file_query_info_async(file, "*", 0, 0, cancellable, on_info_leaves_ok, NULL);
}

struct viewer {
	GFileInfo *info;
};

static void viewer_got_info_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	struct viewer *viewer = data;
	g_autoptr(GError) error = NULL;
	GFileInfo *info = g_file_query_info_finish(G_FILE(source), result, &error);
	viewer->info = info;
	if (!viewer->info) {
		g_warning("%s", error->message);
		return;
	}
	g_print("%s\n", g_file_info_get_name(info));
}

void viewer_show(GFile *file, GCancellable *cancellable, struct viewer *viewer)
{
	g_file_query_info_async(file, "*", 0, 0, cancellable, viewer_got_info_ok, viewer);
}
