// flags: %glib_flags
/* premature-cancel: a thread that was not started uses nothing, and its error says so as well as its result. */
#include <glib.h>

struct loop {
	GThread *thread;
	GMainContext *context;
	gint refs;
	void (*end)(struct loop *l);
};

static gpointer runs(gpointer data)
{
	struct loop *l = data;
	g_main_context_iteration(l->context, TRUE);
	return NULL;
}

void start_ok(struct loop *l)
{
	GError *error = NULL;
	l->thread = g_thread_try_new("loop", runs, l, &error);
	if (error != NULL) {
		g_error_free(error);
		g_free(l);
	}
}

void start_bad(struct loop *l)
{
	GError *error = NULL;
	l->thread = g_thread_try_new("loop", runs, l, &error);
	if (error == NULL) {
		g_free(l); // want: may still use
		return;
	}
	g_error_free(error);
}
