// pkg-config: gio-2.0
/* A dialog has a token for what it starts; one operation gets none, and its callback the dialog. */
#include <gio/gio.h>

typedef struct {
	char *name;
	GCancellable *cancellable;
	gboolean busy;
} Dialog;

void set_ppd_file_async(const char *printer, const char *file, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data);
void get_ppd_async(const char *printer, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);

static void set_done(GObject *source, GAsyncResult *result, gpointer data)
{
	Dialog *dialog = data;
	g_autoptr(GError) error = NULL;
	if (g_task_propagate_boolean(G_TASK(result), &error) ||
	    !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		dialog->busy = FALSE;
}

void dialog_search(Dialog *dialog)
{
	get_ppd_async(dialog->name, dialog->cancellable, set_done, dialog);
}

void dialog_selected_bad(Dialog *dialog, const char *file)
{
	set_ppd_file_async(dialog->name, file, NULL, set_done, dialog); // miss context-not-forwarded: set_ppd_file_async
}

void dialog_selected_ok(Dialog *dialog, const char *file)
{
	set_ppd_file_async(dialog->name, file, dialog->cancellable, set_done, dialog);
}

void dialog_free(Dialog *dialog)
{
	g_cancellable_cancel(dialog->cancellable);
	g_object_unref(dialog->cancellable);
	g_free(dialog->name);
	g_free(dialog);
}
