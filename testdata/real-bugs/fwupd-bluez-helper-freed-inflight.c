// pkg-config: gio-2.0
/* A helper waits for a proxy in its own loop, no longer than a while; its record is gone when the answer
 * comes late. */
#include <gio/gio.h>

typedef struct {
	GDBusObjectManager *manager;
	GMainLoop *loop;
	GError **error;
	GCancellable *cancellable;
	guint timeout;
} Helper;

static void helper_free(Helper *helper)
{
	if (helper->manager != NULL)
		g_object_unref(helper->manager);
	if (helper->timeout != 0)
		g_source_remove(helper->timeout);
	g_main_loop_unref(helper->loop);
	g_free(helper);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Helper, helper_free)

typedef Helper Guide;
static void guide_free(Guide *helper)
{
	g_cancellable_cancel(helper->cancellable);
	g_object_unref(helper->cancellable);
	helper_free(helper);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Guide, guide_free)

static void connected(GObject *source, GAsyncResult *result, gpointer data)
{
	Helper *helper = data;
	g_autoptr(GError) error = NULL;
	(void)source;
	GDBusObjectManager *manager = g_dbus_object_manager_client_new_for_bus_finish(result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	helper->manager = manager;
	if (helper->manager == NULL)
		g_propagate_error(helper->error, g_steal_pointer(&error));
	g_main_loop_quit(helper->loop);
}

static gboolean too_late(gpointer data)
{
	Helper *helper = data;
	g_set_error(helper->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer");
	g_main_loop_quit(helper->loop);
	helper->timeout = 0;
	return G_SOURCE_REMOVE;
}

gboolean setup_bad(GDBusObjectManager **manager, GError **error)
{
	g_autoptr(Helper) helper = g_new0(Helper, 1);

	helper->error = error;
	helper->loop = g_main_loop_new(NULL, FALSE);
	helper->timeout = g_timeout_add(1500, too_late, helper);
	g_dbus_object_manager_client_new_for_bus( // want premature-cancel: connected may still use
	        G_BUS_TYPE_SYSTEM, 0, "org.bluez", "/", NULL, NULL, NULL, NULL, connected, helper);
	g_main_loop_run(helper->loop);
	if (helper->manager == NULL)
		return FALSE;
	*manager = g_steal_pointer(&helper->manager);
	return TRUE;
}

gboolean setup_ok(GDBusObjectManager **manager, GError **error)
{
	g_autoptr(Guide) helper = g_new0(Helper, 1);

	helper->error = error;
	helper->loop = g_main_loop_new(NULL, FALSE);
	helper->cancellable = g_cancellable_new();
	helper->timeout = g_timeout_add(1500, too_late, helper);
	g_dbus_object_manager_client_new_for_bus(G_BUS_TYPE_SYSTEM, 0, "org.bluez", "/", NULL, NULL, NULL,
	                                         helper->cancellable, connected, helper);
	g_main_loop_run(helper->loop);
	if (helper->manager == NULL)
		return FALSE;
	*manager = g_steal_pointer(&helper->manager);
	return TRUE;
}
