// flags: %glib_flags
/* never-completed: the task lies in the data of callbacks, and goes where the data goes. */
#include <gio/gio.h>

typedef struct {
	GDBusProxy *proxy;
	GTask *task;
} State;

void somebody(gpointer who, gpointer what);

static void finish(State *state, GError *error)
{
	if (error)
		g_task_return_error(state->task, error);
	else
		g_task_return_boolean(state->task, TRUE);
	g_object_unref(state->task);
	g_free(state);
}

/* ---- on to the next call ---- */

static void called_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	GError *error = NULL;
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(o), res, &error);
	finish(data, error);
}

static void proxy_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	State *state = data;
	GError *error = NULL;
	state->proxy = g_dbus_proxy_new_for_bus_finish(res, &error);
	if (!state->proxy) {
		finish(state, error);
		return;
	}
	g_dbus_proxy_call(state->proxy, "Get", NULL, 0, -1, NULL, called_ok, state);
}

void start_ok(GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	State *state = g_new0(State, 1);
	state->task = g_task_new(NULL, c, done, data);
	g_dbus_proxy_new_for_bus(G_BUS_TYPE_SYSTEM, 0, NULL, "a.b", "/a", "a.b", c, proxy_ok, state);
}

/* ---- the first one forgets the task, or the last one does ---- */

static void proxy_bad(GObject *o, GAsyncResult *res, gpointer data)
{
	State *state = data;
	state->proxy = g_dbus_proxy_new_for_bus_finish(res, NULL);
	if (!state->proxy) {
		g_warning("no proxy");
		return; // want: proxy_bad
	}
	g_dbus_proxy_call(state->proxy, "Get", NULL, 0, -1, NULL, called_ok, state);
}

void start_first(GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	State *state = g_new0(State, 1);
	state->task = g_task_new(NULL, c, done, data);
	g_dbus_proxy_new_for_bus(G_BUS_TYPE_SYSTEM, 0, NULL, "a.b", "/a", "a.b", c, proxy_bad, state);
}

static void called_bad(GObject *o, GAsyncResult *res, gpointer data)
{
	State *state = data;
	g_autoptr(GVariant) v = g_dbus_proxy_call_finish(G_DBUS_PROXY(o), res, NULL);
	if (v)
		g_task_return_boolean(state->task, TRUE);
} // want: called_bad

static void proxy_on_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	State *state = data;
	GError *error = NULL;
	state->proxy = g_dbus_proxy_new_for_bus_finish(res, &error);
	if (state->proxy)
		g_dbus_proxy_call(state->proxy, "Get", NULL, 0, -1, NULL, called_bad, state);
	else
		finish(state, error);
}

void start_last(GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	State *state = g_new0(State, 1);
	state->task = g_task_new(NULL, c, done, data);
	g_dbus_proxy_new_for_bus(G_BUS_TYPE_SYSTEM, 0, NULL, "a.b", "/a", "a.b", c, proxy_on_ok, state);
}

/* ---- to code that nobody knows ---- */

static void given_away_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	State *state = data;
	if (!o) {
		g_task_return_boolean(state->task, FALSE);
		return;
	}
	somebody(o, state);
}

void start_away(GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	State *state = g_new0(State, 1);
	state->task = g_task_new(NULL, c, done, data);
	g_bus_get(G_BUS_TYPE_SYSTEM, c, given_away_ok, state);
}

/* ---- a count in memory that was zero, and that the task has by now ---- */

typedef struct {
	int loading;
} Closure;

static void one_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	GTask *task = data;
	Closure *closure = g_task_get_task_data(task);
	if (--closure->loading == 0)
		g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

void each_ok(GFile **files, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(NULL, c, done, data);
	Closure *closure = g_new0(Closure, 1);
	g_task_set_task_data(task, closure, g_free);
	for (; *files; files++) {
		g_file_read_async(*files, 0, c, one_ok, g_object_ref(task));
		closure->loading++;
	}
	if (closure->loading == 0)
		g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

void none_bad(GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(NULL, c, done, data); // want: `task`
	Closure *closure = g_new0(Closure, 1);
	g_task_set_task_data(task, closure, g_free);
	if (closure->loading != 0)
		g_task_return_boolean(task, TRUE);
	g_object_unref(task);
}

/* ---- the last of several completes ---- */

typedef struct {
	GTask *task;
	int left;
} Several;

static void one_of_several_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	Several *all = data;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(source), result, NULL);
	if (--all->left > 0)
		return;
	g_task_return_boolean(all->task, info != NULL);
	g_object_unref(all->task);
	g_free(all);
}

void query_both(GFile *one, GFile *other, GAsyncReadyCallback ready, gpointer data)
{
	Several *all = g_new0(Several, 1);
	all->task = g_task_new(NULL, NULL, ready, data);
	all->left = 2;
	g_file_query_info_async(one, "*", 0, 0, NULL, one_of_several_ok, all);
	g_file_query_info_async(other, "*", 0, 0, NULL, one_of_several_ok, all);
}

typedef struct {
	GTask *task;
	int calls;
} Counted;

static void counts_and_forgets_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	Counted *c = data;
	GFileInfo *info = g_file_query_info_finish(G_FILE(source), result, NULL);
	c->calls++;
	if (!info)
		return; // want: counts_and_forgets_bad
	g_object_unref(info);
	g_task_return_boolean(c->task, TRUE);
	g_object_unref(c->task);
	g_free(c);
}

void query_counted(GFile *file, GAsyncReadyCallback ready, gpointer data)
{
	Counted *c = g_new0(Counted, 1);
	c->task = g_task_new(NULL, NULL, ready, data);
	g_file_query_info_async(file, "*", 0, 0, NULL, counts_and_forgets_bad, c);
}

/* ---- a helper counts ---- */

typedef struct {
	int holds;
} Held;

static void held_hold(Held *h)
{
	h->holds++;
}

static gboolean held_release(Held *h)
{
	h->holds--;
	if (h->holds == 0)
		g_print("done\n");
	return h->holds == 0;
}

static void held_done_ok(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GTask) task = data;
	g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(source), result, NULL);
	if (held_release(g_task_get_task_data(task)))
		g_task_return_boolean(task, info != NULL);
}

void query_held_ok(GFile *file, GAsyncReadyCallback ready, gpointer data)
{
	g_autoptr(GTask) task = g_task_new(file, NULL, ready, data);
	Held *h = g_new0(Held, 1);
	g_task_set_task_data(task, h, g_free);
	held_hold(h);
	if (g_file_is_native(file)) {
		held_hold(h);
		g_file_query_info_async(file, "*", 0, 0, NULL, held_done_ok, g_object_ref(task));
	}
	if (held_release(h))
		g_task_return_boolean(task, TRUE);
}

/* ---- call backs that start themselves again, alone or by turns, or by a helper ---- */

static void replaced_bad(GObject *o, GAsyncResult *res, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	int *tries = g_task_get_task_data(task);
	if (g_file_replace_contents_finish(G_FILE(o), res, NULL, &error)) {
		g_task_return_boolean(task, TRUE);
	} else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		g_object_unref(task);
		return; // want: replaced_bad
	} else if (++*tries < 3) {
		g_error_free(error);
		g_file_replace_contents_async(G_FILE(o), "", 0, NULL, FALSE, 0, g_task_get_cancellable(task),
		                              replaced_bad, task);
		return;
	} else {
		g_task_return_error(task, error);
	}
	g_object_unref(task);
}

void save_with_retry(GFile *f, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(f, c, done, data);
	g_task_set_task_data(task, g_new0(int, 1), g_free);
	g_file_replace_contents_async(f, "", 0, NULL, FALSE, 0, c, replaced_bad, task);
}

typedef struct {
	GOutputStream *out;
	char buffer[64];
	gssize done;
} Copy;

static void chunk_written_ok(GObject *o, GAsyncResult *res, gpointer data);

static void chunk_read_bad(GObject *o, GAsyncResult *res, gpointer data)
{
	GTask *task = data;
	Copy *copy = g_task_get_task_data(task);
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(o), res, NULL);
	if (n < 0) {
		g_object_unref(task);
		return; // want: chunk_read_bad
	}
	if (n > 0) {
		g_output_stream_write_async(copy->out, copy->buffer, (gsize)n, 0, g_task_get_cancellable(task),
		                            chunk_written_ok, task);
		return;
	}
	g_task_return_int(task, copy->done);
	g_object_unref(task);
}

static void chunk_written_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	Copy *copy = g_task_get_task_data(task);
	gssize n = g_output_stream_write_finish(G_OUTPUT_STREAM(o), res, &error);
	if (n < 0) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	copy->done += n;
	g_input_stream_read_async(g_task_get_source_object(task), copy->buffer, sizeof copy->buffer, 0,
	                          g_task_get_cancellable(task), chunk_read_bad, task);
}

void copy_in_turns(GInputStream *in, Copy *copy, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(in, c, done, data);
	g_task_set_task_data(task, copy, g_free);
	g_input_stream_read_async(in, copy->buffer, sizeof copy->buffer, 0, c, chunk_read_bad, task);
}

static void counted_bad(GObject *o, GAsyncResult *res, gpointer data);
static void counted_ok(GObject *o, GAsyncResult *res, gpointer data);

static void count_next(GInputStream *in, GTask *task)
{
	Copy *copy = g_task_get_task_data(task);
	g_input_stream_read_async(in, copy->buffer, sizeof copy->buffer, 0, g_task_get_cancellable(task),
	                          counted_bad, task);
}

static void counted_bad(GObject *o, GAsyncResult *res, gpointer data)
{
	GTask *task = data;
	Copy *copy = g_task_get_task_data(task);
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(o), res, NULL);
	if (n < 0) {
		g_object_unref(task);
		return; // want: counted_bad
	}
	copy->done += n;
	if (n > 0) {
		count_next(G_INPUT_STREAM(o), task);
		return;
	}
	g_task_return_int(task, copy->done);
	g_object_unref(task);
}

void count_by_helper(GInputStream *in, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(in, c, done, data);
	g_task_set_task_data(task, g_new0(Copy, 1), g_free);
	count_next(in, task);
}

static void count_on(GInputStream *in, GTask *task)
{
	Copy *copy = g_task_get_task_data(task);
	g_input_stream_read_async(in, copy->buffer, sizeof copy->buffer, 0, g_task_get_cancellable(task), counted_ok,
	                          task);
}

static void counted_ok(GObject *o, GAsyncResult *res, gpointer data)
{
	GTask *task = data;
	GError *error = NULL;
	Copy *copy = g_task_get_task_data(task);
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(o), res, &error);
	if (n > 0) {
		copy->done += n;
		count_on(G_INPUT_STREAM(o), task);
		return;
	}
	if (n < 0)
		g_task_return_error(task, error);
	else
		g_task_return_int(task, copy->done);
	g_object_unref(task);
}

void count_on_ok(GInputStream *in, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(in, c, done, data);
	g_task_set_task_data(task, g_new0(Copy, 1), g_free);
	count_on(in, task);
}

/* ---- a reference in an object that a helper puts into a queue ---- */

struct operation {
	GQueue pending;
	GTask *task;
};

static struct operation *operation_new(GTask *task)
{
	struct operation *o = g_new0(struct operation, 1);
	o->task = g_object_ref(task);
	return o;
}

static void operation_add(struct operation *o, GTask *task)
{
	g_return_if_fail(o != NULL);
	struct operation *waiting = operation_new(task);
	g_queue_push_tail(&o->pending, waiting);
}

void operation_join_ok(struct operation *o, GCancellable *c, GAsyncReadyCallback done, gpointer data)
{
	GTask *task = g_task_new(NULL, c, done, data);
	operation_add(o, task);
	g_object_unref(task);
}
