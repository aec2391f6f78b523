// pkg-config: gio-2.0
/* The callback of a button has the dialog as its data, whose token is for what the dialog starts; one operation gets none,
 * and its callback the dialog. */
#include <gio/gio.h>

typedef struct {
	char *name;
	GObject *button;
	GCancellable *cancellable;
	gboolean busy;
} Dialog;

void set_ppd_file_async(const char *printer, const char *file, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data);
void get_ppd_async(const char *printer, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
char *ask_for_file(void);

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

static void selected_bad(GObject *button, Dialog *dialog)
{
	g_autofree char *file = ask_for_file();
	(void)button;
	if (dialog->name && file)
		set_ppd_file_async(dialog->name, file, NULL, set_done, dialog); // want context-not-forwarded: set_ppd_file_async
}

static void selected_ok(GObject *button, Dialog *dialog)
{
	g_autofree char *file = ask_for_file();
	(void)button;
	if (dialog->name && file)
		set_ppd_file_async(dialog->name, file, dialog->cancellable, set_done, dialog);
}

Dialog *dialog_new(GObject *button, gboolean careful)
{
	Dialog *dialog = g_new0(Dialog, 1);
	dialog->cancellable = g_cancellable_new();
	dialog->button = g_object_ref(button);
	g_signal_connect(button, "clicked", careful ? G_CALLBACK(selected_ok) : G_CALLBACK(selected_bad), dialog);
	return dialog;
}

void dialog_free(Dialog *dialog)
{
	g_signal_handlers_disconnect_by_data(dialog->button, dialog);
	g_object_unref(dialog->button);
	g_cancellable_cancel(dialog->cancellable);
	g_object_unref(dialog->cancellable);
	g_free(dialog->name);
	g_free(dialog);
}
