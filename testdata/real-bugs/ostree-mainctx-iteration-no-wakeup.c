// flags: %glib_flags
/* A callback that may run elsewhere says "done" and does not wake the context that somebody runs until then. */
#include <glib.h>

struct fetch {
	GMainContext *context;
	gboolean done;
};

void on_complete_bad(struct fetch *f)
{
	f->done = TRUE; // miss lost-wakeup: wakes
}

void on_complete_ok(struct fetch *f)
{
	f->done = TRUE;
	g_main_context_wakeup(f->context);
}

void run(struct fetch *f)
{
	while (!f->done)
		g_main_context_iteration(f->context, TRUE);
}
