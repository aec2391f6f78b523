// pkg-config: gio-2.0
/* A failed start jumps past the only disconnect. */
#include <gio/gio.h>

static void stop_loop(GCancellable *cancellable, gpointer loop)
{
	(void)cancellable;
	g_main_loop_quit(loop);
}

static gboolean run_bad(GMainLoop *loop, GFile *what, GCancellable *c, GError **error)
{
	gboolean done = FALSE;
	gulong id =
	        g_cancellable_connect(c, G_CALLBACK(stop_loop), loop, NULL); // want missing-cancel: connect
	if (!g_file_query_exists(what, c))
		goto out;
	g_main_loop_run(loop);
	g_cancellable_disconnect(c, id);
	done = !g_cancellable_set_error_if_cancelled(c, error);
out:
	return done;
}

static gboolean run_ok(GMainLoop *loop, GFile *what, GCancellable *cancellable, GError **error)
{
	gboolean done = FALSE;
	gulong id = 0;
	if (cancellable)
		id = g_cancellable_connect(cancellable, G_CALLBACK(stop_loop), loop, NULL);
	if (!g_file_query_exists(what, cancellable))
		goto out;
	g_main_loop_run(loop);
	done = !g_cancellable_set_error_if_cancelled(cancellable, error);
out:
	if (id)
		g_cancellable_disconnect(cancellable, id);
	return done;
}

gboolean (*const runs[])(GMainLoop *, GFile *, GCancellable *, GError **) = {run_bad, run_ok};
