// flags: %glib_flags
// models: ctx
/* context-not-forwarded: the dull cases. `want` stands at the call. */
#include "ctx.h"

#include <gio/gio.h>
#include <unistd.h>

gssize null_in_read_bad(GInputStream *in, void *buf, gsize n, GCancellable *cancellable, GError **err)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, err))
		return -1;
	return g_input_stream_read(in, buf, n, NULL, err); // want: g_input_stream_read gets no token although `cancellable` is at hand
}

gssize only_mention_bad(GInputStream *in, void *buf, gsize n, GCancellable *cancellable, GError **err)
{
	return g_input_stream_read(in, buf, n, NULL, err); // want: g_input_stream_read gets no token
}

void iteration_bad(GFileEnumerator *e, GCancellable *cancellable, GError **err)
{
	GFileInfo *info;
	while ((info = g_file_enumerator_next_file(e, NULL, err))) // want: g_file_enumerator_next_file gets no token
		g_object_unref(info);
	(void)cancellable;
}

void async_bad(GSocketClient *client, const char *host, GCancellable *cancellable, GAsyncReadyCallback done, void *data)
{
	(void)cancellable;
	g_socket_client_connect_to_host_async(client, host, 80, NULL, done, data); // want: g_socket_client_connect_to_host_async gets no token
}

int plain_form_bad(ctx *c, const void *req, void *resp)
{
	if (ctx_is_done(c))
		return -1;
	return rpc_call_plain("load", req, resp); // want: rpc_call_plain cannot be cancelled, and `c` is at hand: there is rpc_call
}

/* The variant is the enclosing function. */
int rpc_call(ctx *c, const char *method, const void *req, void *resp)
{
	if (ctx_is_done(c))
		return CTX_ECANCELED;
	return rpc_call_plain(method, req, resp);
}

/* No token at hand. */
gssize none_at_hand_ok(GInputStream *in, void *buf, gsize n, GError **err)
{
	return g_input_stream_read(in, buf, n, NULL, err);
}

/* Kept for a signature's sake. */
gssize unnamed_ok(GInputStream *in, void *buf, gsize n, GCancellable *)
{
	return g_input_stream_read(in, buf, n, NULL, NULL);
}

/* After the end of the token a call needs another one, or none. */
int after_the_end_ok(ctx *c, const void *req, void *resp)
{
	if (ctx_is_done(c))
		return rpc_call_plain("abort", req, resp);
	return rpc_call(c, "load", req, resp);
}

gboolean told_cancelled_ok(GOutputStream *out, const void *p, gsize n, GCancellable *cancellable, GError **err)
{
	if (g_cancellable_is_cancelled(cancellable))
		return g_output_stream_write_all(out, "bye", 3, NULL, NULL, err);
	return g_output_stream_write_all(out, p, n, NULL, cancellable, err);
}

/* Where there is no token. */
gboolean no_token_given_ok(GOutputStream *out, const void *p, gsize n, GCancellable *cancellable, GError **err)
{
	if (!cancellable)
		return g_output_stream_write_all(out, p, n, NULL, NULL, err);
	return g_output_stream_write_all(out, p, n, NULL, cancellable, err);
}

/* Clean-up, by what it calls and by where it stands. */
gboolean cleanup_ok(GIOStream *io, GOutputStream *out, const void *p, gsize n, GCancellable *cancellable, GError **err)
{
	gboolean ok = g_output_stream_write_all(out, p, n, NULL, cancellable, err);
	g_io_stream_close(io, NULL, NULL);
	return ok;
}

int behind_a_label_ok(ctx *c, const void *req, void *resp)
{
	int rc = rpc_call(c, "begin", req, resp);
	if (rc < 0)
		goto out;
	rc = rpc_call(c, "work", req, resp);
	if (rc < 0)
		goto out;
	rc = rpc_call(c, "end", req, resp);
out:
	rpc_call_plain("leave", req, resp);
	return rc;
}

/* A label that is jumped to backwards is no way out. */
int behind_a_loop_label_bad(ctx *c, const void *req, void *resp)
{
	int rc, tries = 0;
	if (ctx_is_done(c))
		return -1;
again:
	rc = rpc_call_plain("load", req, resp); // want: rpc_call_plain cannot be cancelled
	if (rc < 0 && ++tries < 3)
		goto again;
	return rc;
}

void stream_close(GIOStream *io, GOutputStream *out, GCancellable *cancellable)
{
	g_output_stream_flush(out, NULL, NULL);
	g_io_stream_close(io, cancellable, NULL);
}

/* A function of the project that takes a token, and one that takes it for its signature's sake. */
static int fetch(const char *key, ctx *c)
{
	return rpc_call(c, key, NULL, NULL);
}

static int ignore(const char *key, ctx *c)
{
	(void)c;
	return key[0];
}

int project_function_bad(ctx *c, const char *key)
{
	if (ctx_is_done(c))
		return -1;
	return fetch(key, NULL); // want: fetch gets no token although `c` is at hand
}

int project_function_ok(ctx *c, const char *key)
{
	return ignore(key, NULL) + fetch(key, c);
}

/* Values only. */
void *values_ok(ctx *c)
{
	return ctx_is_done(c) ? NULL : ctx_value(NULL, "key");
}

/* In a callback, what its own data holds. */
struct job {
	ctx *c;
	const char *key;
};

int runs_a_job_bad(ctx *unused, void *data)
{
	struct job *job = data;
	(void)unused;
	if (ctx_is_done(job->c))
		return -1;
	return rpc_call_plain(job->key, NULL, NULL); // want: rpc_call_plain cannot be cancelled
}

void *thread_with_job_bad(void *data)
{
	struct job *job = data;
	while (!ctx_is_done(job->c))
		rpc_call_plain(job->key, NULL, NULL); // want: rpc_call_plain cannot be cancelled, and `c` is at hand
	return NULL;
}

#include <pthread.h>
int starts_thread(struct job *job, pthread_t *id)
{
	return pthread_create(id, NULL, thread_with_job_bad, job);
}

/* The token joins the source where both are put together. */
GSource *joined_later_ok(GPollableInputStream *in, gboolean ready, GPollableInputStream *base, GCancellable *cancellable)
{
	GSource *inner = ready ? g_timeout_source_new(0) : g_pollable_input_stream_create_source(base, NULL);
	GSource *both = g_pollable_source_new_full(in, inner, cancellable);
	g_source_unref(inner);
	return both;
}

GSource *child_source_ok(GSocket *socket, GCancellable *cancellable)
{
	GSource *s = g_socket_create_source(socket, G_IO_IN, NULL);
	GSource *stop = g_cancellable_source_new(cancellable);
	g_source_add_child_source(s, stop);
	g_source_unref(stop);
	return s;
}

GSource *never_joined_bad(GSocket *socket, GCancellable *cancellable)
{
	GSource *s = g_socket_create_source(socket, G_IO_IN, NULL); // want: g_socket_create_source gets no token
	g_source_set_priority(s, G_PRIORITY_LOW);
	(void)cancellable;
	return s;
}

/* ---- clean-up ---- */

/* The default of a switch over the token's own answer is where it is done. */
int default_is_done_ok(ctx *c)
{
	switch (ctx_err(c)) {
	case 0:
		return rpc_call(c, "load", NULL, NULL);
	default:
		return rpc_call_plain("abort", NULL, NULL);
	}
}

int case_is_live_bad(ctx *c)
{
	switch (ctx_err(c)) {
	case 0:
		return rpc_call_plain("load", NULL, NULL); // want: rpc_call_plain cannot be cancelled
	default:
		return -1;
	}
}

/* By the words of its name, however they are put together. */
void freeSlot(ctx *c)
{
	if (!ctx_is_done(c))
		db_exec_plain("bye");
}

void onDisconnect(ctx *c)
{
	if (!ctx_is_done(c))
		db_exec_plain("bye");
}

int nonstop_stop(ctx *c)
{
	return ctx_is_done(c) ? 0 : db_exec_plain("bye");
}

/* It asks for such a thing, or waits for it, and does none. */
int run_until_stop(ctx *c)
{
	return ctx_is_done(c) ? -1 : db_exec_plain("step"); // want: db_exec_plain cannot be cancelled
}

int find_free_slot(ctx *c)
{
	return ctx_is_done(c) ? -1 : db_exec_plain("select"); // want: db_exec_plain cannot be cancelled
}

int free_space_query(ctx *c)
{
	return ctx_is_done(c) ? -1 : db_exec_plain("df"); // want: db_exec_plain cannot be cancelled
}

/* Streams over memory wait for nobody, with whatever layers on top; one that goes to somebody does. */
gboolean memory_ok(const char *text, GCancellable *cancellable, GError **err)
{
	GOutputStream *memory = g_memory_output_stream_new_resizable();
	GDataOutputStream *data = g_data_output_stream_new(memory);
	gboolean ok = g_data_output_stream_put_uint16(data, 7, NULL, err) &&
	              g_data_output_stream_put_string(data, text, NULL, err) && g_output_stream_write_all(G_OUTPUT_STREAM(data), text, 2, NULL, NULL, err);
	g_object_unref(data);
	g_object_unref(memory);
	return ok && !g_cancellable_is_cancelled(cancellable);
}

static GInputStream *from_text(const char *text)
{
	return g_memory_input_stream_new_from_data(text, -1, NULL);
}

gssize made_by_helper_ok(const char *text, char *to, GCancellable *cancellable)
{
	g_autoptr(GInputStream) in = from_text(text);
	return g_cancellable_is_cancelled(cancellable) ? -1 : g_input_stream_read(in, to, 8, NULL, NULL);
}

gboolean layer_over_peer_bad(GOutputStream *peer, GCancellable *cancellable, GError **err)
{
	g_autoptr(GDataOutputStream) data = g_data_output_stream_new(peer);
	return !g_cancellable_is_cancelled(cancellable) && g_data_output_stream_put_uint16(data, 7, NULL, err); // want: g_data_output_stream_put_uint16 gets no token
}

gssize peer_into_memory_bad(GInputStream *peer, GCancellable *cancellable, GError **err)
{
	g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
	return g_cancellable_is_cancelled(cancellable) ? -1 : g_output_stream_splice(memory, peer, 0, NULL, err); // want: g_output_stream_splice gets no token
}

/* What it writes to nobody knows, but for whoever made the class: low. */
typedef struct Command Command;
Command *command_new(int kind);
gboolean own_class_bad(int kind, GCancellable *cancellable)
{
	Command *command = command_new(kind);
	gboolean ok = g_output_stream_write_all((GOutputStream *)command, &kind, sizeof kind, NULL, NULL, NULL); // want: g_output_stream_write_all gets no token
	g_object_unref(command);
	return ok && !g_cancellable_is_cancelled(cancellable);
}

GInputStream *open_peer(const char *name);
gssize opened_elsewhere_bad(const char *name, char *to, GCancellable *cancellable, GError **err)
{
	g_autoptr(GInputStream) in = open_peer(name);
	return g_cancellable_is_cancelled(cancellable) ? -1 : g_input_stream_read(in, to, 8, NULL, err); // want: g_input_stream_read gets no token
}

/* ---- NULL takes a token out of where it is ---- */

static __thread ctx *current_request;

void set_current_request(ctx *c)
{
	current_request = c;
}

int with_current_request_ok(ctx *c)
{
	set_current_request(c);
	int rc = rpc_call(c, "x", NULL, NULL);
	set_current_request(NULL);
	return rc;
}

/* ---- what lies in a buffer is there ---- */

int first_byte_ok(GBufferedInputStream *b, GCancellable *cancellable, GError **error)
{
	char ch;
	if (!g_buffered_input_stream_get_available(b) && g_buffered_input_stream_fill(b, 64, cancellable, error) <= 0)
		return -1;
	return g_input_stream_read(G_INPUT_STREAM(b), &ch, 1, NULL, NULL) == 1 ? ch : -1;
}

int filled_without_bad(GBufferedInputStream *b, GCancellable *cancellable, GError **error)
{
	char ch;
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return -1;
	if (!g_buffered_input_stream_get_available(b) && g_buffered_input_stream_fill(b, 64, NULL, error) <= 0) // want: g_buffered_input_stream_fill gets no token
		return -1;
	return g_input_stream_read(G_INPUT_STREAM(b), &ch, 1, NULL, NULL) == 1 ? ch : -1;
}

int another_stream_bad(GBufferedInputStream *b, GInputStream *other, GCancellable *cancellable, GError **error)
{
	char ch;
	if (g_buffered_input_stream_fill(b, 64, cancellable, error) <= 0)
		return -1;
	return g_input_stream_read(other, &ch, 1, NULL, error) == 1 ? ch : -1; // want: g_input_stream_read gets no token
}
