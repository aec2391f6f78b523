// pkg-config: gio-2.0
/* The id of a name watch is given to the function that removes sources: the watch goes on. */
#include <gio/gio.h>

struct team {
	guint watch;
	gboolean there;
};

struct bond {
	guint watch;
	gboolean there;
};

static void team_appeared(GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
	struct team *t = data;
	(void)bus, (void)name, (void)owner;
	t->there = TRUE;
}

static void bond_appeared(GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
	struct bond *b = data;
	(void)bus, (void)name, (void)owner;
	b->there = TRUE;
}

void team_watch(struct team *t)
{
	if (!t->watch)
		t->watch = g_bus_watch_name(G_BUS_TYPE_SYSTEM, "org.example", 0, team_appeared, NULL, t, NULL);
}

void bond_watch(struct bond *b)
{
	if (!b->watch)
		b->watch = g_bus_watch_name(G_BUS_TYPE_SYSTEM, "org.example", 0, bond_appeared, NULL, b, NULL);
}

void team_cleanup_bad(struct team *t) // want field-never-cancelled: watch
{
	if (t->watch) {
		g_source_remove(t->watch);
		t->watch = 0;
	}
}

void bond_cleanup_ok(struct bond *b)
{
	if (b->watch) {
		g_bus_unwatch_name(b->watch);
		b->watch = 0;
	}
}
