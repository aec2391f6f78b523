// pkg-config: gio-2.0
/* blocking-in-callback: the dull cases. `want` stands at the call that waits. */
#include <gio/gio.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

struct app {
	GFile *file;
	GMainContext *context;
	GThread *thread;
	gboolean done;
	pid_t pid;
	int fd;
};

static gboolean sleeps_bad(gpointer data)
{
	(void)data;
	sleep(2); // want: sleep waits inside sleeps_bad, which runs on an event loop
	return G_SOURCE_CONTINUE;
}

static gboolean loads_bad(gpointer data)
{
	struct app *app = data;
	g_autofree char *text = NULL;
	g_file_load_contents(app->file, NULL, &text, NULL, NULL, NULL); // want: g_file_load_contents
	return G_SOURCE_REMOVE;
}

static void wait_for_child(struct app *app)
{
	int status;
	waitpid(app->pid, &status, 0); // want: waitpid waits inside helper_callback
}

static gboolean helper_callback(gpointer data)
{
	wait_for_child(data);
	return G_SOURCE_REMOVE;
}

static gboolean nested_bad(gpointer data)
{
	struct app *app = data;
	while (!app->done)
		g_main_context_iteration(app->context, TRUE); // want: g_main_context_iteration runs a loop inside nested_bad
	return G_SOURCE_REMOVE;
}

static gboolean joins_bad(gpointer data)
{
	struct app *app = data;
	g_thread_join(app->thread); // want: g_thread_join
	return G_SOURCE_REMOVE;
}

/* ---- what does not wait ---- */

static gboolean polls_ok(gpointer data)
{
	struct app *app = data;
	struct pollfd set = {.fd = app->fd, .events = POLLIN};
	char buf[32];
	int status;
	if (poll(&set, 1, 0) > 0 && read(app->fd, buf, sizeof buf) > 0)
		app->done = TRUE;
	waitpid(app->pid, &status, WNOHANG);
	usleep(100);
	g_main_context_iteration(app->context, FALSE);
	return G_SOURCE_CONTINUE;
}

/* On a thread of its own. */
static void worker_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	struct app *app = data;
	g_autofree char *text = NULL;
	(void)source;
	g_file_load_contents(app->file, cancellable, &text, NULL, NULL, NULL);
	sleep(1);
	g_task_return_boolean(task, TRUE);
}

void app_start(struct app *app, GTask *task)
{
	g_timeout_add(100, sleeps_bad, app);
	g_idle_add(loads_bad, app);
	g_idle_add(helper_callback, app);
	g_idle_add(nested_bad, app);
	g_idle_add(joins_bad, app);
	g_timeout_add(100, polls_ok, app);
	g_task_run_in_thread(task, worker_ok);
}

/* Before the loop runs. */
int start_up_ok(struct app *app)
{
	g_autofree char *text = NULL;
	return g_file_load_contents(app->file, NULL, &text, NULL, NULL, NULL);
}

/* ---- wait sets ---- */

static gboolean polls_for_ever_bad(gpointer data)
{
	struct pollfd *fds = data;
	poll(fds, 1, -1); // want: poll waits inside polls_for_ever_bad
	return G_SOURCE_CONTINUE;
}

static gboolean polls_long_bad(gpointer data)
{
	struct pollfd *fds = data;
	poll(fds, 1, 2000); // want: poll waits inside polls_long_bad
	return G_SOURCE_CONTINUE;
}

static gboolean only_looks_ok(gpointer data)
{
	struct pollfd *fds = data;
	return poll(fds, 1, 0) > 0;
}

void add_polls(struct pollfd *fds)
{
	g_idle_add(polls_for_ever_bad, fds);
	g_idle_add(polls_long_bad, fds);
	g_idle_add(only_looks_ok, fds);
}
