// pkg-config: glib-2.0
/* The watch of a child ends with the child; its id is kept, and removed once more when the manager goes. */
#include <glib.h>
#include <sys/wait.h>

struct manager {
	GPid pid;
	guint watch;
};

struct server {
	GPid pid;
	guint watch;
};

static void died_first(GPid pid, gint status, gpointer data);
static void died_second(GPid pid, gint status, gpointer data);

gboolean manager_start(struct manager *self, char **argv, GError **error)
{
	self->pid = 0;
	if (!g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &self->pid, error))
		return FALSE;
	self->watch = g_child_watch_add(self->pid, died_first, self);
	return self->pid > 0;
}

gboolean server_start(struct server *self, char **argv, GError **error)
{
	self->pid = 0;
	if (!g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &self->pid, error))
		return FALSE;
	self->watch = g_child_watch_add(self->pid, died_second, self);
	return self->pid > 0;
}

static void died_first(GPid pid, gint status, gpointer data)
{
	struct manager *self = data;
	(void)pid;
	if (WIFEXITED(status))
		g_message("exit %d", WEXITSTATUS(status));
	else
		g_warning("died");
	self->pid = 0;
}

static void died_second(GPid pid, gint status, gpointer data)
{
	struct server *self = data;
	(void)pid;
	if (WIFEXITED(status))
		g_message("exit %d", WEXITSTATUS(status));
	else
		g_warning("died");
	self->pid = 0;
	self->watch = 0;
}

void manager_free_bad(struct manager *self)
{
	if (self->watch)
		g_source_remove(self->watch); // want leaked-timer: watch
	g_free(self);
}

void server_free_ok(struct server *self)
{
	if (self->watch)
		g_source_remove(self->watch);
	g_free(self);
}
