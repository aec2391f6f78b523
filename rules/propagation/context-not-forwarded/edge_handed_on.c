// flags: %glib_flags
/* A callback hands its data on as well: the token in it is at hand all the same, unless what gets it may use that. */
#include <gio/gio.h>

struct base {
	int kind;
};
struct dialog {
	struct base base;
	GDBusConnection *bus;
	GCancellable *stop;
	GObject *button;
	int answers;
};

void base_show(struct base *base);
void dialog_prepare(struct dialog *dialog);

static void answered(GObject *source, GAsyncResult *result, gpointer data)
{
	struct dialog *dialog = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
	if (value || !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		dialog->answers++;
}

static void clicked_bad(GObject *button, gpointer data)
{
	struct dialog *dialog = data;
	(void)button;
	base_show(&dialog->base);
	g_dbus_connection_call(dialog->bus, "a.b", "/", "a.b", "C", NULL, NULL, 0, -1, NULL, answered, // want: g_dbus_connection_call gets no token
	                       dialog);
}

static void clicked_ok(GObject *button, gpointer data)
{
	struct dialog *dialog = data;
	(void)button;
	base_show(&dialog->base);
	g_dbus_connection_call(dialog->bus, "a.b", "/", "a.b", "C", NULL, NULL, 0, -1, dialog->stop, answered, dialog);
}

/* may be what ends the token */
static void prepared_ok(GObject *button, gpointer data)
{
	struct dialog *dialog = data;
	(void)button;
	dialog_prepare(dialog);
	g_dbus_connection_call(dialog->bus, "a.b", "/", "a.b", "C", NULL, NULL, 0, -1, NULL, answered, dialog);
}

/* Nobody is told how it ends. */
static void told_ok(GObject *button, gpointer data)
{
	struct dialog *dialog = data;
	(void)button;
	base_show(&dialog->base);
	g_dbus_connection_call(dialog->bus, "a.b", "/", "a.b", "C", NULL, NULL, 0, -1, NULL, NULL, NULL);
}

void dialog_connect(struct dialog *dialog)
{
	g_signal_connect(dialog->button, "four", G_CALLBACK(told_ok), dialog);
	g_signal_connect(dialog->button, "one", G_CALLBACK(clicked_bad), dialog);
	g_signal_connect(dialog->button, "two", G_CALLBACK(clicked_ok), dialog);
	g_signal_connect(dialog->button, "three", G_CALLBACK(prepared_ok), dialog);
}
