// pkg-config: glib-2.0
/* A time limit for cancelling is armed and not taken off when the transaction ends: it fires into the next
 * one. */
#include <glib.h>

struct private
{
	guint cancel_id;
	guint signal_finished;
	gboolean locked;
	gboolean killed;
	char *role;
};

struct backend {
	struct private *priv;
};

static gboolean cancel_late_first(gpointer data);

static gboolean finished(gpointer data)
{
	struct backend *backend = data;
	g_message("%s is over", backend->priv->role);
	backend->priv->signal_finished = 0;
	return FALSE;
}

static gboolean cancel_late_first(gpointer data)
{
	struct backend *backend = data;
	backend->priv->cancel_id = 0;
	backend->priv->killed = TRUE;
	return FALSE;
}

void backend_cancel_bad(struct backend *backend)
{
	if (backend->priv->cancel_id == 0)
		backend->priv->cancel_id = g_timeout_add( // miss leaked-timer: cancel_id
		        2000, cancel_late_first, backend);
}

gboolean backend_finished(struct backend *backend)
{
	if (!backend->priv->locked)
		return FALSE;
	backend->priv->signal_finished = g_timeout_add(500, finished, backend);
	return TRUE;
}

void backend_free_ok(struct backend *backend)
{
	if (backend->priv->signal_finished != 0)
		g_source_remove(backend->priv->signal_finished);
	if (backend->priv->cancel_id != 0)
		g_source_remove(backend->priv->cancel_id);
	g_free(backend->priv->role);
	g_free(backend->priv);
	g_free(backend);
}
