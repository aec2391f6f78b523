// flags: %glib_flags
/* premature-cancel: operations of a loop that the function runs itself. */
#include <gio/gio.h>

static gboolean over(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

void runs_the_loop_until_it_is_over_ok(void)
{
	gboolean done = FALSE;
	GMainContext *context = g_main_context_new();
	GSource *source = g_timeout_source_new(10);
	g_source_set_callback(source, over, &done, NULL);
	g_source_attach(source, context);
	while (!done)
		g_main_context_iteration(context, TRUE);
	g_source_destroy(source);
	g_source_unref(source);
	g_main_context_unref(context);
}

/* ---- what the callback writes tells that it has run ---- */

struct answer {
	GSource *timer;
	gpointer value;
	int left;
	gboolean done;
};

extern void use_answer(struct answer *a);
extern GFile *some_file(void);

static void deleted(GObject *file, GAsyncResult *result, gpointer data)
{
	struct answer *a = data;
	a->left -= g_file_delete_finish(G_FILE(file), result, NULL);
	a->value = file;
	a->done = TRUE;
}

void flag_in_a_loop_ok(GMainContext *context)
{
	struct answer a = {0};
	g_file_delete_async(some_file(), 0, NULL, deleted, &a);
	while (!a.done)
		g_main_context_iteration(context, FALSE);
}

void counter_in_a_loop_ok(GMainContext *context)
{
	struct answer *a = g_new0(struct answer, 1);
	a->left = 2;
	g_file_delete_async(some_file(), 0, NULL, deleted, a);
	g_file_delete_async(some_file(), 0, NULL, deleted, a);
	while (a->left > 0)
		g_main_context_iteration(context, FALSE);
	g_free(a);
}

void either_of_two_ok(GMainContext *context, volatile int *stop)
{
	struct answer a = {0};
	a.done = FALSE;
	g_file_delete_async(some_file(), 0, NULL, deleted, &a);
	while (!a.done && !*stop)
		g_main_context_iteration(context, TRUE);
}

/* It has not run where the flag is as it was. */
void flag_not_set_bad(void)
{
	struct answer *a = g_new0(struct answer, 1);
	a->done = FALSE;
	g_file_delete_async(some_file(), 0, NULL, deleted, a);
	if (!a->done)
		g_free(a); // want: g_free ends here what deleted may still use
}

/* Nobody but the caller writes what is asked. */
void other_question_bad(GSource *timer)
{
	struct answer *a = g_new0(struct answer, 1);
	g_file_delete_async(some_file(), 0, NULL, deleted, a);
	if (a->timer != timer)
		g_free(a); // want: g_free ends here what deleted may still use
}

static GSource *start_timer(GMainContext *context, GSourceFunc f, gpointer data)
{
	GSource *source = g_timeout_source_new(10);
	g_source_set_callback(source, f, data, NULL);
	g_source_attach(source, context);
	return source;
}

void ended_by_what_the_helper_gave_ok(GMainContext *context, int *pending)
{
	gboolean late = FALSE;
	GSource *source = start_timer(context, over, &late);
	while (!late && *pending > 0)
		g_main_context_iteration(context, FALSE);
	if (!late)
		g_source_destroy(source);
	g_source_unref(source);
}

/* ---- several that get the same ---- */

static void counted(GObject *file, GAsyncResult *result, gpointer data)
{
	g_autoptr(GObject) object = data;
	g_object_set_data(object, "deleted", g_file_delete_finish(G_FILE(file), result, NULL) ? file : NULL);
}

void each_with_a_reference_ok(GFile *a, GFile *b, GObject *object)
{
	g_file_delete_async(a, 0, NULL, counted, g_object_ref(object));
	g_file_delete_async(b, 0, NULL, counted, g_object_ref(object));
}

static void drops(GObject *file, GAsyncResult *result, gpointer data)
{
	g_file_delete_finish(G_FILE(file), result, NULL);
	g_object_unref(data); // want: drops frees data that another task started with it uses, too
}

void one_reference_for_two(GFile *a, GFile *b)
{
	GObject *object = g_object_new(G_TYPE_OBJECT, NULL);
	g_file_delete_async(a, 0, NULL, drops, object);
	g_file_delete_async(b, 0, NULL, drops, object);
}

/* ---- buffers ---- */

static void was_read(GObject *in, GAsyncResult *result, gpointer data)
{
	g_object_set_data(data, "n", GINT_TO_POINTER(g_input_stream_read_finish(G_INPUT_STREAM(in), result, NULL)));
}

void buffer_on_the_stack_bad(GInputStream *in, GObject *o)
{
	char buf[128];
	g_input_stream_read_async(in, buf, sizeof buf, 0, NULL, was_read, o); // want: local variable `buf`
}

void buffer_of_the_caller_ok(GInputStream *in, GObject *o, char *buf, gsize n)
{
	g_input_stream_read_async(in, buf, n, 0, NULL, was_read, o);
}
