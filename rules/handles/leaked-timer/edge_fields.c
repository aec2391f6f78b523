// flags: %glib_flags
/* leaked-timer: ids in fields that are removed after their source has ended. `want` stands at the removal. */
#include <gio/gio.h>

/* ---- returned G_SOURCE_REMOVE on one path only ---- */

struct retry {
	guint id;
	int left;
};

static gboolean retry_tick(gpointer data)
{
	struct retry *r = data;
	if (r->left-- > 0)
		return G_SOURCE_CONTINUE;
	return G_SOURCE_REMOVE;
}

void retry_start(struct retry *r)
{
	r->id = g_timeout_add(100, retry_tick, r);
}

void retry_stop_bad(struct retry *r)
{
	g_clear_handle_id(&r->id, g_source_remove); // want: id
}

/* ---- cleared wherever it ends ---- */

struct clean {
	guint id;
	int left;
};

static void clean_over(struct clean *c)
{
	c->id = 0;
}

static gboolean clean_tick(gpointer data)
{
	struct clean *c = data;
	if (c->left > 10)
		return G_SOURCE_CONTINUE;
	if (c->left > 5) {
		c->id = 0;
		return G_SOURCE_REMOVE;
	}
	clean_over(c);
	return FALSE;
}

void clean_start(struct clean *c)
{
	c->id = g_timeout_add(100, clean_tick, c);
}

void clean_stop_ok(struct clean *c)
{
	if (c->id > 0)
		g_source_remove(c->id);
	c->id = 0;
}

/* ---- a source that fires once, with a callback that returns nothing ---- */

struct child {
	guint watch;
	GPid pid;
};

static void child_gone(GPid pid, gint status, gpointer data)
{
	struct child *c = data;
	c->pid = 0;
	(void)pid;
	(void)status;
}

void child_start(struct child *c)
{
	c->watch = g_child_watch_add(c->pid, child_gone, c);
}

void child_stop_bad(struct child *c)
{
	if (c->watch)
		g_source_remove(c->watch); // want: watch
}

/* ---- the callback gives the object back ---- */

struct owned {
	GObject *self;
	guint id;
};

static void owned_free(struct owned *o)
{
	g_free(o);
}

static gboolean owned_tick(gpointer data)
{
	owned_free(data);
	return G_SOURCE_REMOVE;
}

void owned_start(struct owned *o)
{
	o->id = g_idle_add(owned_tick, o);
}

void owned_stop_ok(struct owned *o)
{
	g_source_remove(o->id);
	owned_free(o);
}

/* ---- a new source takes the place of the old one ---- */

struct chain {
	guint id;
	int n;
};

static gboolean chain_tick(gpointer data)
{
	struct chain *c = data;
	c->id = g_timeout_add(100u + (guint)c->n, chain_tick, c);
	return G_SOURCE_REMOVE;
}

void chain_start(struct chain *c)
{
	c->id = g_timeout_add(100, chain_tick, c);
}

void chain_stop_ok(struct chain *c)
{
	g_clear_handle_id(&c->id, g_source_remove);
}
