// pkg-config: gio-2.0
/* An enumerator over the bus: the function that ends a pending request ends its connection to the cancellable, and is also what
 * the handler of that cancellable calls. */
#include <gio/gio.h>

struct enumerator {
	GCancellable *cancellable;
	gulong cancelled_id;
	gboolean pending;
};

static void trigger_done(struct enumerator *e, gboolean ok)
{
	if (e->cancelled_id)
		g_cancellable_disconnect(e->cancellable, e->cancelled_id); // want reentrant-cancel: g_cancellable_disconnect
	e->cancelled_id = 0;
	e->pending = !ok;
}

static void cancelled_first(GCancellable *cancellable, gpointer data)
{
	(void)cancellable;
	trigger_done(data, FALSE);
}

void next_first(struct enumerator *e)
{
	e->pending = TRUE;
	e->cancelled_id = g_cancellable_connect(e->cancellable, G_CALLBACK(cancelled_first), e, NULL);
}

static void trigger_done_signal(struct enumerator *e, gboolean ok)
{
	if (e->cancelled_id)
		g_signal_handler_disconnect(e->cancellable, e->cancelled_id);
	e->cancelled_id = 0;
	e->pending = !ok;
}

static void cancelled_second(GCancellable *cancellable, gpointer data)
{
	(void)cancellable;
	trigger_done_signal(data, FALSE);
}

void next_second(struct enumerator *e)
{
	e->pending = TRUE;
	e->cancelled_id = g_signal_connect(e->cancellable, "cancelled", G_CALLBACK(cancelled_second), e);
}
