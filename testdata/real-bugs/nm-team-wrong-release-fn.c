// pkg-config: gio-2.0
/* The id of a name watch is given to the function that removes sources: the watch goes on. */
#include <gio/gio.h>

struct team {
	guint watch;
};

void team_cleanup_bad(struct team *t) // miss missing-cancel: watch
{
	if (t->watch) {
		g_source_remove(t->watch);
		t->watch = 0;
	}
}

void team_cleanup_ok(struct team *t)
{
	if (t->watch) {
		g_bus_unwatch_name(t->watch);
		t->watch = 0;
	}
}
