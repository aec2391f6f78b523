// pkg-config: gio-2.0
/* A helper is started to mount; when it ends without a word, who asked for the mount waits for ever. */
#include <gio/gio.h>
#include <sys/wait.h>

typedef struct {
	GTask *task;
	GDBusInterfaceSkeleton *spawner;
	char **argv;
} Mount;

static void mount_finish(Mount *mount, GError *error)
{
	if (error)
		g_task_return_error(mount->task, g_error_copy(error));
	else
		g_task_return_boolean(mount->task, TRUE);
	g_object_unref(mount->task);
	g_object_unref(mount->spawner);
	g_strfreev(mount->argv);
	g_free(mount);
}

gboolean mount_spawned(GDBusInterfaceSkeleton *object, GDBusMethodInvocation *invocation, gboolean ok,
                       Mount *mount)
{
	GError *error = ok ? NULL : g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, "not mounted");
	(void)object;
	mount_finish(mount, error);
	g_clear_error(&error);
	g_dbus_method_invocation_return_value(invocation, NULL);
	return TRUE;
}

static void exited_bad(GPid pid, gint status, gpointer data) // miss never-completed: task
{
	(void)status, (void)data;
	g_spawn_close_pid(pid);
}

static void exited_ok(GPid pid, gint status, gpointer data)
{
	Mount *mount = data;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	if (code == 126 || code == 127) {
		GError *error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "denied");
		mount_finish(mount, error);
		g_error_free(error);
	}
	g_spawn_close_pid(pid);
}

static void spawn_mount(Mount *mount, GDBusConnection *connection, gboolean first)
{
	GError *error = NULL;
	GPid pid;
	g_signal_connect(mount->spawner, "handle-spawned", G_CALLBACK(mount_spawned), mount);
	if (!g_dbus_interface_skeleton_export(mount->spawner, connection, "/org/example/Mount", &error) ||
	    !g_spawn_async(NULL, mount->argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error)) {
		mount_finish(mount, error);
		g_error_free(error);
	} else if (first) {
		g_child_watch_add(pid, exited_bad, NULL);
	} else {
		g_child_watch_add(pid, exited_ok, mount);
	}
}

void mount_start(GDBusConnection *connection, GDBusInterfaceSkeleton *spawner, char **argv, gboolean first,
                 GAsyncReadyCallback callback, gpointer data)
{
	Mount *mount = g_new0(Mount, 1);
	mount->task = g_task_new(NULL, NULL, callback, data);
	mount->spawner = g_object_ref(spawner);
	mount->argv = g_strdupv(argv);
	spawn_mount(mount, connection, first);
}
