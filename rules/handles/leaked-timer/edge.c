// flags: %glib_flags
/* leaked-timer: the dull cases. */
#include <gio/gio.h>

/* ---- never ends by itself ---- */

struct steady {
	guint id;
	int n;
};

static gboolean steady_tick(gpointer data)
{
	struct steady *s = data;
	s->n++;
	return TRUE;
}

void steady_start(struct steady *s)
{
	s->id = g_timeout_add_seconds(1, steady_tick, s);
}

void steady_stop_ok(struct steady *s)
{
	g_source_remove(s->id);
}
