// flags: %glib_flags
/* leaked-timer: ids that outlive their source, whose callback tells so in another field. */
#include <gio/gio.h>

typedef struct {
	GPid pid;
	guint watch;
	int code;
} Job;

static void job_died(GPid pid, int status, gpointer data)
{
	Job *job = data;
	g_spawn_close_pid(pid);
	job->pid = -1;
	job->code = status;
}

gboolean job_start(Job *job, char **argv)
{
	if (!g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &job->pid, NULL))
		return FALSE;
	job->watch = g_child_watch_add(job->pid, job_died, job);
	return TRUE;
}

void job_stop_ok(Job *job)
{
	if (job->pid <= 1)
		return;
	g_clear_handle_id(&job->watch, g_source_remove);
	job->pid = -1;
}

/* The test is of something else. */
void job_forget_bad(Job *job)
{
	if (job->code)
		return;
	g_clear_handle_id(&job->watch, g_source_remove); // want: watch
}

/* The test lets the value through that the callback leaves. */
typedef struct {
	int state;
	guint id;
} Weak;

static gboolean weak_over(gpointer data)
{
	((Weak *)data)->state = 2;
	return G_SOURCE_REMOVE;
}

void weak_start(Weak *w)
{
	w->state = 1;
	w->id = g_timeout_add(10, weak_over, w);
}

void weak_stop_bad(Weak *w)
{
	if (w->state == 0)
		return;
	g_source_remove(w->id); // want: id
	w->id = 0;
}

/* Others take back what the callback has told. */
typedef struct {
	gboolean busy;
	guint id;
} Reused;

static gboolean reused_over(gpointer data)
{
	((Reused *)data)->busy = FALSE;
	return G_SOURCE_REMOVE;
}

void reused_start(Reused *r)
{
	r->id = g_timeout_add(10, reused_over, r);
}

void reused_work(Reused *r)
{
	r->busy = TRUE;
}

void reused_stop_bad(Reused *r)
{
	if (r->busy)
		g_source_remove(r->id); // want: id
}

/* Only on one way. */
typedef struct {
	gboolean busy, odd;
	guint id;
} Partly;

static gboolean partly_over(gpointer data)
{
	Partly *p = data;
	if (p->odd)
		p->busy = FALSE;
	return G_SOURCE_REMOVE;
}

void partly_start(Partly *p)
{
	p->busy = TRUE;
	p->id = g_timeout_add(10, partly_over, p);
}

void partly_stop_bad(Partly *p)
{
	if (p->busy)
		g_source_remove(p->id); // want: id
}
