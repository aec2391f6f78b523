// pkg-config: gio-2.0
/* The request to cancel a transaction has the client's state as data, holds no reference on it, and its
 * answer uses it. */
#include <gio/gio.h>

typedef struct {
	GCancellable *cancellable;
	gulong cancellable_id;
	GDBusProxy *proxy;
	GError **error;
	GTask *res;
	gboolean finished;
} State;

static void state_finish(State *state, GError *error)
{
	if (state->cancellable_id > 0)
		g_cancellable_disconnect(state->cancellable, state->cancellable_id);
	state->cancellable_id = 0;
	g_clear_object(&state->cancellable);
	if (state->proxy != NULL)
		g_object_unref(G_OBJECT(state->proxy));
	if (error)
		g_task_return_error(state->res, g_error_copy(error));
	else
		g_task_return_boolean(state->res, TRUE);
	g_object_unref(state->res);
	g_slice_free(State, state);
}

static void answered_first(GObject *source, GAsyncResult *result, gpointer data)
{
	State *state = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
	if (value == NULL) {
		g_prefix_error(&error, "failed to cancel: ");
		state_finish(state, error);
	}
}

static void answered_second(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	(void)data;
	g_autoptr(GVariant) value = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
	if (value == NULL)
		g_debug("failed to cancel: %s", error->message);
}

static void cancelled_bad(GCancellable *cancellable, gpointer data)
{
	State *state = data;
	(void)cancellable;
	if (state->proxy == NULL)
		return;
	g_dbus_proxy_call( // want premature-cancel: `data`
	        state->proxy, "Cancel", NULL, 0, -1, NULL, answered_first, state);
}

static void cancelled_ok(GCancellable *cancellable, gpointer data)
{
	State *state = data;
	(void)cancellable;
	if (state->proxy == NULL)
		return;
	g_dbus_proxy_call(state->proxy, "Cancel", NULL, 0, -1, NULL, answered_second, NULL);
}

static void transaction_done(GDBusProxy *proxy, const char *sender, const char *signal, GVariant *params,
                             gpointer data)
{
	(void)proxy, (void)sender, (void)params;
	if (g_strcmp0(signal, "Finished") == 0)
		state_finish(data, NULL);
}

static void transact(GDBusProxy *proxy, GCallback cancelled, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer data)
{
	State *state = g_slice_new0(State);
	state->proxy = g_object_ref(proxy);
	state->res = g_task_new(NULL, cancellable, callback, data);
	if (cancellable) {
		state->cancellable = g_object_ref(cancellable);
		state->cancellable_id = g_cancellable_connect(cancellable, cancelled, state, NULL);
	}
	g_signal_connect(proxy, "g-signal", G_CALLBACK(transaction_done), state);
}

void transact_first(GDBusProxy *proxy, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	transact(proxy, G_CALLBACK(cancelled_bad), cancellable, callback, data);
}

void transact_second(GDBusProxy *proxy, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer data)
{
	transact(proxy, G_CALLBACK(cancelled_ok), cancellable, callback, data);
}
