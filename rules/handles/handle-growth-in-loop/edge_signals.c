// flags: %glib_flags
/* handle-growth-in-loop: handlers of signals, whose ids nobody needs. */
#include <gio/gio.h>

typedef struct {
	GObject *model;
	int changes;
} View;

static void on_change(GObject *object, GParamSpec *spec, gpointer data)
{
	View *view = data;
	view->changes++;
}

void each_turn_bad(View *view, GCancellable *cancellable)
{
	while (!g_cancellable_is_cancelled(cancellable)) {
		g_signal_connect(view->model, "notify", G_CALLBACK(on_change), view); // want: view->model
		g_usleep(1000);
	}
}

void each_turn_for_ever_bad(GObject *model, GAsyncQueue *views)
{
	for (;;) {
		View *view = g_async_queue_pop(views);
		g_signal_connect(model, "notify", G_CALLBACK(on_change), view); // want: model
	}
}

void once_ok(View *view, GCancellable *cancellable)
{
	g_signal_connect(view->model, "notify", G_CALLBACK(on_change), view);
	while (!g_cancellable_is_cancelled(cancellable))
		g_usleep(1000);
}

void taken_off_ok(View *view, GCancellable *cancellable)
{
	while (!g_cancellable_is_cancelled(cancellable)) {
		gulong id = g_signal_connect(view->model, "notify", G_CALLBACK(on_change), view);
		g_usleep(1000);
		g_signal_handler_disconnect(view->model, id);
	}
}

void to_each_ok(GList *models, View *view)
{
	for (GList *l = models; l; l = l->next)
		g_signal_connect(l->data, "notify", G_CALLBACK(on_change), view);
}

void for_each_ok(GObject *model, GList *views)
{
	for (GList *l = views; l; l = l->next)
		g_signal_connect(model, "notify", G_CALLBACK(on_change), l->data);
}

void several_signals_ok(GObject *model, const char *const *names, View *view)
{
	for (; *names; names++)
		g_signal_connect(model, *names, G_CALLBACK(on_change), view);
}

void bound_to_the_data_ok(GObject *model, GAsyncQueue *objects)
{
	for (;;) {
		GObject *o = g_async_queue_pop(objects);
		g_signal_connect_object(model, "notify", G_CALLBACK(on_change), o, 0);
	}
}
