// flags: %glib_flags
// models: ctx
/* missing-cancel: references that are taken behind the store, and tasks that a thread's body ends. */
#include <gio/gio.h>

typedef struct {
	GCancellable *origin;
	GTask *task;
	int n;
} Data;
typedef struct {
	Data *data;
} Owner;

void stored_before_ok(Data *d, GCancellable *c)
{
	d->origin = c;
	g_object_ref(c);
}

void stored_in_fresh_memory_ok(Owner *o, GCancellable *c)
{
	Data *d = g_slice_new0(Data);
	d->origin = c;
	g_object_ref(c);
	o->data = d;
}

void stored_in_known_memory_ok(Owner *o, GCancellable *c)
{
	Data *d = g_slice_new0(Data);
	o->data = d;
	if (c != NULL) {
		d->origin = c;
		g_object_ref(c);
	}
}

int stored_in_nothing_bad(GCancellable *c)
{
	Data d = {0};
	d.origin = c;
	g_object_ref(c); // want: g_object_ref
	return g_cancellable_is_cancelled(d.origin);
}

void stored_in_freed_memory_bad(GCancellable *c)
{
	Data *d = g_slice_new0(Data);
	d->origin = c;
	g_object_ref(c); // want: g_object_ref
	g_slice_free(Data, d);
}

/* ---- tasks ---- */

static void body_ends_it(GTask *task, gpointer source, gpointer data, GCancellable *c)
{
	(void)source;
	(void)data;
	(void)c;
	g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

static void body_leaves_it(GTask *task, gpointer source, gpointer data, GCancellable *c)
{
	(void)source;
	(void)data;
	(void)c;
	g_task_return_boolean(task, TRUE);
}

void body_ends_ok(GFile *f, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(f, c, done, data);
	g_task_run_in_thread(task, body_ends_it);
}

void body_leaves_bad(GFile *f, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(f, c, done, data); // want: g_task_new
	g_task_run_in_thread(task, body_leaves_it);
}
