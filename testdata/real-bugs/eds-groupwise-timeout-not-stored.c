// pkg-config: glib-2.0
/* A refresh is due every ten minutes for as long as the program runs, though the backend it gets may be gone.
 */
#include <glib.h>

enum status { STATUS_OK, STATUS_NO_CACHE, STATUS_DENIED };

struct connection;
struct connection *connection_open(const char *uri, const char *user, const char *password);
void connection_unref(struct connection *connection);
gboolean connection_ok(struct connection *connection);
int connection_changes(struct connection *connection, GSList **added);
enum status populate(struct connection *connection);

struct backend {
	GMutex lock;
	struct connection *connection;
	char *uri, *user, *password;
	guint timeout;
	int mode;
};

static gboolean get_changes(gpointer data)
{
	struct backend *backend = data;
	GSList *added = NULL;
	if (backend == NULL)
		return FALSE;
	if (connection_changes(backend->connection, &added) != 0)
		return FALSE;
	for (GSList *at = added; at != NULL; at = at->next)
		g_message("%s", (char *)at->data);
	g_slist_free_full(added, g_free);
	return TRUE;
}

enum status backend_connect_bad(struct backend *backend)
{
	backend->connection = connection_open(backend->uri, backend->user, backend->password);
	if (!connection_ok(backend->connection))
		return STATUS_DENIED;
	if (populate(backend->connection) != STATUS_OK) {
		connection_unref(backend->connection);
		backend->connection = NULL;
		return STATUS_NO_CACHE;
	}
	g_timeout_add( // want discarded-handle: g_timeout_add
	        600000, (GSourceFunc)get_changes, (gpointer)backend);
	backend->mode = 1;
	return STATUS_OK;
}

enum status backend_connect_ok(struct backend *backend)
{
	backend->connection = connection_open(backend->uri, backend->user, backend->password);
	if (!connection_ok(backend->connection))
		return STATUS_DENIED;
	if (populate(backend->connection) != STATUS_OK) {
		connection_unref(backend->connection);
		backend->connection = NULL;
		return STATUS_NO_CACHE;
	}
	backend->timeout = g_timeout_add(600000, (GSourceFunc)get_changes, (gpointer)backend);
	backend->mode = 1;
	return STATUS_OK;
}

void backend_free(struct backend *backend)
{
	if (backend->connection)
		connection_unref(backend->connection);
	g_free(backend->uri);
	g_free(backend->user);
	g_free(backend->password);
	if (backend->timeout)
		g_source_remove(backend->timeout);
	g_mutex_clear(&backend->lock);
	g_free(backend);
}
