// flags: %glib_flags
/* missing-cancel: references taken to a token that comes with the call. */
#include <gio/gio.h>

gboolean work_on(GInputStream *in, GCancellable *cancellable, GError **error);
void keep_elsewhere(GCancellable *cancellable);

struct job {
	GCancellable *cancellable;
	GInputStream *in;
};

gboolean reference_on_one_path_bad(GInputStream *in, GCancellable *cancellable, GError **error)
{
	char byte;
	g_object_ref(cancellable); // want: `cancellable`
	if (g_input_stream_read(in, &byte, 1, cancellable, error) < 0)
		return FALSE;
	g_object_unref(cancellable);
	return TRUE;
}

gboolean reference_given_back_ok(GInputStream *in, GCancellable *cancellable, GError **error)
{
	char byte;
	g_object_ref(cancellable);
	gboolean read = g_input_stream_read(in, &byte, 1, cancellable, error) >= 0;
	g_object_unref(cancellable);
	return read;
}

gboolean reference_of_two_names_bad(GInputStream *in, GCancellable *cancellable, GError **error)
{
	char byte;
	GCancellable *mine = g_object_ref(cancellable); // want: `mine`
	return g_input_stream_read(in, &byte, 1, mine, error) >= 0;
}

gboolean reference_held_by_a_scope_ok(GInputStream *in, GCancellable *cancellable, GError **error)
{
	char byte;
	g_autoptr(GCancellable) mine = g_object_ref(cancellable);
	return g_input_stream_read(in, &byte, 1, mine, error) >= 0;
}

void reference_stored_ok(struct job *job, GCancellable *cancellable)
{
	job->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
}

void reference_set_ok(struct job *job, GCancellable *cancellable)
{
	g_set_object(&job->cancellable, cancellable);
}

GCancellable *reference_returned_ok(struct job *job)
{
	return g_object_ref(job->cancellable);
}

gboolean reference_of_a_field_bad(struct job *job, GError **error)
{
	char byte;
	GCancellable *mine = g_object_ref(job->cancellable); // want: `mine`
	if (g_input_stream_read(job->in, &byte, 1, mine, error) < 0)
		return FALSE;
	g_object_unref(mine);
	return TRUE;
}

void reference_kept_elsewhere_ok(GCancellable *cancellable)
{
	g_object_ref(cancellable);
	keep_elsewhere(cancellable);
}

static void when_done(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GCancellable) cancellable = data;
	g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
}

void reference_for_a_callback_ok(GInputStream *in, char *byte, GCancellable *cancellable)
{
	g_input_stream_read_async(in, byte, 1, 0, cancellable, when_done, g_object_ref(cancellable));
}

void two_references_one_given_back_bad(GCancellable *cancellable)
{
	g_object_ref(cancellable); // want: `cancellable`
	g_object_ref(cancellable);
	g_object_unref(cancellable);
}

static GCancellable *share(GCancellable *cancellable)
{
	return g_object_ref(cancellable);
}

gboolean reference_by_a_helper_bad(GInputStream *in, GCancellable *cancellable, GError **error)
{
	GCancellable *mine = share(cancellable); // want: `mine`
	return work_on(in, NULL, error) && !g_cancellable_is_cancelled(mine);
}

gboolean reference_by_a_helper_ok(GCancellable *cancellable)
{
	GCancellable *mine = share(cancellable);
	gboolean over = g_cancellable_is_cancelled(mine);
	g_object_unref(mine);
	return over;
}

/* ---- handlers that are disconnected from nothing ---- */

void on_cancel(GCancellable *from, gpointer data);

void disconnected_from_null_bad(GFile *file, GCancellable *cancellable)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL); // want: id
	g_file_delete(file, cancellable, NULL);
	g_cancellable_disconnect(NULL, id);
}

static void take_off(GCancellable *from, gulong id)
{
	g_cancellable_disconnect(from, id);
}

void taken_off_from_null_bad(GFile *file, GCancellable *cancellable)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL); // want: id
	g_file_delete(file, cancellable, NULL);
	take_off(NULL, id);
}

void taken_off_ok(GFile *file, GCancellable *cancellable)
{
	gulong id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL);
	g_file_delete(file, cancellable, NULL);
	take_off(cancellable, id);
}

void disconnected_if_there_ok(GFile *file, GCancellable *cancellable)
{
	gulong id = 0;
	if (cancellable)
		id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL);
	g_file_delete(file, cancellable, NULL);
	g_cancellable_disconnect(cancellable, id);
}

/* ---- what nobody wrote into zeroed memory is none ---- */

struct request {
	GCancellable *client;
	gulong id;
	char name[16];
};
void fill_in(struct request *request);
int fill_name(char *name);

static void request_free(struct request *r)
{
	if (r->id)
		g_cancellable_disconnect(r->client, r->id);
	g_free(r);
}

void never_set_bad(GFile *file, GCancellable *cancellable)
{
	struct request *r = g_new0(struct request, 1);
	r->id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL); // want: g_cancellable_connect
	g_file_delete(file, cancellable, NULL);
	request_free(r);
}

void set_ok(GFile *file, GCancellable *cancellable)
{
	struct request *r = g_new0(struct request, 1);
	r->client = cancellable;
	r->id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL);
	g_file_delete(file, cancellable, NULL);
	request_free(r);
}

void set_elsewhere_ok(GFile *file, GCancellable *cancellable)
{
	struct request *r = g_new0(struct request, 1);
	fill_in(r);
	r->id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL);
	g_file_delete(file, cancellable, NULL);
	request_free(r);
}

void not_zeroed_ok(GFile *file, GCancellable *cancellable)
{
	struct request *r = g_new(struct request, 1);
	r->id = g_cancellable_connect(cancellable, G_CALLBACK(on_cancel), file, NULL);
	g_file_delete(file, cancellable, NULL);
	request_free(r);
}

/* Memory of which a part went to other code: the branch is open. */
void part_written_ok(GFile *file, GCancellable *cancellable)
{
	struct request *r = g_new0(struct request, 1);
	GCancellable *own = g_cancellable_new();
	fill_name(r->name);
	if (!r->name[0])
		g_object_unref(own);
	else
		r->client = own;
	g_file_delete(file, cancellable, NULL);
	g_clear_object(&r->client);
	g_free(r);
}
