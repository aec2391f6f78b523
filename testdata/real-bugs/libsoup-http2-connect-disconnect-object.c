// pkg-config: gio-2.0
/* Disconnected from what the field holds now, not from what it held when the handler was connected. */
#include <gio/gio.h>

struct item {
	GCancellable *cancellable;
};
struct message {
	struct item *item;
	GCancellable *connected;
	gulong id;
};

void message_close_bad(struct message *m) // miss missing-cancel: g_cancellable_connect
{
	g_cancellable_disconnect(m->item->cancellable, m->id);
	m->id = 0;
}

void message_close_ok(struct message *m)
{
	g_cancellable_disconnect(m->connected, m->id);
	m->id = 0;
	g_clear_object(&m->connected);
}
