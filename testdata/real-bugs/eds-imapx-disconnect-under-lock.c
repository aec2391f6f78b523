// pkg-config: gio-2.0
/* A mail store stops waiting for news: it ends its connection to the cancellable with the lock held that the handler takes. */
#include <gio/gio.h>

struct server {
	GMutex idle_lock;
	GCancellable *idle_cancellable;
	gulong idle_id;
	gboolean idle_pending;
};

static void idle_cancelled(GCancellable *cancellable, gpointer data)
{
	struct server *server = data;
	(void)cancellable;
	g_mutex_lock(&server->idle_lock);
	server->idle_pending = FALSE;
	g_mutex_unlock(&server->idle_lock);
}

void idle_start(struct server *server)
{
	gulong id = g_cancellable_connect(server->idle_cancellable, G_CALLBACK(idle_cancelled), server, NULL);
	g_mutex_lock(&server->idle_lock);
	server->idle_id = id;
	server->idle_pending = TRUE;
	g_mutex_unlock(&server->idle_lock);
}

void idle_stop_bad(struct server *server)
{
	g_mutex_lock(&server->idle_lock);
	if (server->idle_id) {
		g_cancellable_disconnect(server->idle_cancellable, server->idle_id); // want cancel-under-lock: waits for idle_cancelled
		server->idle_id = 0;
	}
	server->idle_pending = FALSE;
	g_mutex_unlock(&server->idle_lock);
}

void idle_stop_ok(struct server *server)
{
	g_mutex_lock(&server->idle_lock);
	gulong id = server->idle_id;
	server->idle_id = 0;
	server->idle_pending = FALSE;
	g_mutex_unlock(&server->idle_lock);
	if (id)
		g_cancellable_disconnect(server->idle_cancellable, id);
}
