// flags: %glib_flags
/* stale-owner-after-cancel: an object that was told to end, and goes on. */
#include <glib.h>

struct link {
	guint again;
	gboolean closing;
	int tries;
};

static gboolean try_bad(gpointer data)
{
	struct link *l = data;
	l->tries++;
	l->again = g_timeout_add(100, try_bad, l); // want: without asking `closing`
	return G_SOURCE_REMOVE;
}

static gboolean try_ok(gpointer data)
{
	struct link *l = data;
	l->tries++;
	if (!l->closing)
		l->again = g_timeout_add(100, try_ok, l);
	return G_SOURCE_REMOVE;
}

void link_retry(struct link *l)
{
	if (!l->closing)
		l->again = g_timeout_add(100, try_ok, l);
}

/* The first time nothing has been said yet. */
void link_open_ok(struct link *l)
{
	l->again = g_timeout_add(100, try_bad, l);
}

void link_close(struct link *l)
{
	l->closing = TRUE;
	if (l->again)
		g_source_remove(l->again);
}
