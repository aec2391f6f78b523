// flags: %glib_flags
/* premature-cancel: operations of a loop that the function runs itself. */
#include <gio/gio.h>

static gboolean over(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

void runs_the_loop_until_it_is_over_ok(void)
{
	gboolean done = FALSE;
	GMainContext *context = g_main_context_new();
	GSource *source = g_timeout_source_new(10);
	g_source_set_callback(source, over, &done, NULL);
	g_source_attach(source, context);
	while (!done)
		g_main_context_iteration(context, TRUE);
	g_source_destroy(source);
	g_source_unref(source);
	g_main_context_unref(context);
}
