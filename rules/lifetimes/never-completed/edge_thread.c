// flags: %glib_flags
/* never-completed: threads of tasks, sources that a task keeps itself alive for. */
#include <gio/gio.h>

gboolean work(gpointer data);
void note(const char *text);

static void forgets_one_way_bad(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	(void)source;
	if (g_cancellable_is_cancelled(cancellable))
		return; // want: was handed to forgets_one_way_bad, which ends here without completing it
	g_task_return_boolean(task, work(data));
}

/* Nobody reads a result: whoever runs the thread's function synchronously waits for its end only. */
static void completes_nowhere_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	(void)source, (void)task, (void)cancellable;
	work(data);
}

static gboolean attached_ok(GCancellable *cancellable, gpointer data)
{
	GTask *task = data;
	(void)cancellable;
	g_task_return_boolean(task, TRUE);
	return G_SOURCE_REMOVE;
}

void start_three(GCancellable *cancellable, GAsyncReadyCallback ready);
void start_three(GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) one = g_task_new(NULL, cancellable, ready, NULL);
	g_autoptr(GTask) two = g_task_new(NULL, NULL, NULL, NULL);
	g_autoptr(GTask) three = g_task_new(NULL, NULL, ready, NULL);
	g_autoptr(GSource) source = g_cancellable_source_new(cancellable);
	g_task_run_in_thread(one, forgets_one_way_bad);
	g_task_run_in_thread_sync(two, completes_nowhere_ok);
	g_task_attach_source(three, source, G_SOURCE_FUNC(attached_ok));
}

/* ---- a reference for each that may complete it ---- */

typedef struct {
	gboolean open, flushed;
} Streams;

static void closed(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = g_steal_pointer(&data);
	Streams *s = g_task_get_task_data(task);
	(void)source, (void)result;
	if (s->open || !s->flushed)
		return;
	g_task_return_boolean(task, TRUE);
}

static void finish(GTask *task)
{
	Streams *s = g_task_get_task_data(task);
	s->open = FALSE;
	closed(NULL, NULL, g_object_ref(task));
}

void begin_ok(Streams *s, GAsyncReadyCallback ready);
void begin_ok(Streams *s, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(NULL, NULL, ready, NULL);
	g_task_set_task_data(task, s, NULL);
	if (!s->open) {
		finish(task);
		return;
	}
	g_task_return_boolean(task, FALSE);
}

/* ---- the task returns by itself when it is cancelled ---- */

static void asks_whether_it_was_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	gboolean worked = work(data);
	(void)source, (void)cancellable;
	if (g_task_set_return_on_cancel(task, FALSE))
		g_task_return_boolean(task, worked);
	else
		note("cancelled");
}

static void asks_and_forgets_bad(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	gboolean worked = work(data);
	(void)source, (void)cancellable;
	if (g_task_set_return_on_cancel(task, FALSE)) {
		if (!worked)
			return; // want: was handed to asks_and_forgets_bad, which ends here without completing it
		g_task_return_boolean(task, worked);
	}
}

static void does_not_ask_ok(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	(void)source, (void)cancellable;
	g_task_set_return_on_cancel(task, FALSE);
	g_task_return_boolean(task, work(data));
}

void start_cancelled_at_once(int how, GCancellable *cancellable, GAsyncReadyCallback ready);
void start_cancelled_at_once(int how, GCancellable *cancellable, GAsyncReadyCallback ready)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, ready, NULL);
	g_task_set_return_on_cancel(task, TRUE);
	if (how == 0)
		g_task_run_in_thread(task, asks_whether_it_was_ok);
	else if (how == 1)
		g_task_run_in_thread(task, asks_and_forgets_bad);
	else if (how == 2)
		g_task_run_in_thread(task, does_not_ask_ok);
	else
		g_task_return_boolean(task, FALSE);
}
