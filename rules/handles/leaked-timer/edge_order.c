// pkg-config: gio-2.0
/* leaked-timer: what a callback gets is freed before the source is ended; the loop cannot come round in between. */
#include <gio/gio.h>

struct job {
	GMainLoop *loop;
	int n;
};

static gboolean tick(gpointer data)
{
	struct job *job = data;
	return ++job->n > 0;
}

static void there(GDBusConnection *bus, const char *name, gpointer data)
{
	struct job *job = data;
	(void)bus, (void)name;
	job->n++;
}

void freed_first_ok(void)
{
	struct job *job = g_new0(struct job, 1);
	guint id = g_timeout_add(100, tick, job);
	g_main_loop_run(job->loop);
	g_free(job);
	if (id != 0)
		g_source_remove(id);
}

void name_given_up_last_ok(void)
{
	struct job *job = g_new0(struct job, 1);
	guint id = g_bus_own_name(G_BUS_TYPE_SESSION, "org.example", 0, NULL, there, there, job, NULL);
	g_main_loop_run(job->loop);
	g_free(job);
	g_bus_unown_name(id);
}

void never_ended_bad(void)
{
	struct job *job = g_new0(struct job, 1);
	g_timeout_add(100, tick, job); // want: can fire after `job` is freed
	g_main_loop_run(job->loop);
	g_free(job);
}

void loop_comes_round_bad(GMainContext *context)
{
	struct job *job = g_new0(struct job, 1);
	guint id = g_timeout_add(100, tick, job); // want: can fire after `job` is freed
	g_free(job);
	g_main_context_iteration(context, TRUE);
	g_source_remove(id);
}

int kept_on_one_way_bad(int keep)
{
	struct job *job = g_new0(struct job, 1);
	guint id = g_timeout_add(100, tick, job); // want: can fire after `job` is freed
	g_main_loop_run(job->loop);
	g_free(job);
	if (keep)
		return 1;
	g_source_remove(id);
	return 0;
}
