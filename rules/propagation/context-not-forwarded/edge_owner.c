// flags: %glib_flags
// models: ctx
/* context-not-forwarded: the token is in a field of the object, and the function asks it or hands it on. */
#include "ctx.h"

#include <gio/gio.h>

struct feed {
	GObject parent;
	ctx *c;
	GCancellable *cancellable;
	GInputStream *in;
	GSocketClient *client;
	char *text;
	const char *host;
};

int asks_its_field_bad(struct feed *feed, const void *req)
{
	if (ctx_is_done(feed->c))
		return -1;
	return rpc_call_plain(feed->host, req, NULL); // want: rpc_call_plain cannot be cancelled, and `c` is at hand
}

gssize hands_it_on_bad(struct feed *feed, void *buf, gsize n, GError **error)
{
	gssize got = g_input_stream_read(feed->in, buf, 1, feed->cancellable, error);
	if (got <= 0)
		return got;
	return g_input_stream_read(feed->in, buf, n, NULL, error); // want: g_input_stream_read gets no token although `cancellable` is at hand
}

gssize hands_it_on_ok(struct feed *feed, void *buf, gsize n, GError **error)
{
	gssize got = g_input_stream_read(feed->in, buf, 1, feed->cancellable, error);
	if (got <= 0)
		return got;
	return g_input_stream_read(feed->in, buf, n, feed->cancellable, error);
}

/* It has nothing to do with the token. */
gssize never_mentions_it_ok(struct feed *feed, void *buf, gsize n, GError **error)
{
	return g_input_stream_read(feed->in, buf, n, NULL, error);
}

/* Nobody can have cancelled the new one yet. */
void makes_it_ok(struct feed *feed, GAsyncReadyCallback cb)
{
	feed->cancellable = g_cancellable_new();
	GSocketConnection *conn = g_socket_client_connect_to_host(feed->client, feed->host, 80, NULL, NULL);
	g_clear_object(&conn);
	g_socket_client_connect_to_host_async(feed->client, feed->host, 80, feed->cancellable, cb, feed);
}

/* What it is given for the call is another matter. */
gssize own_token_ok(struct feed *feed, void *buf, gsize n, GCancellable *cancellable, GError **error)
{
	if (g_cancellable_set_error_if_cancelled(feed->cancellable, error))
		return -1;
	return g_input_stream_read(feed->in, buf, n, cancellable, error);
}

int after_the_end_ok(struct feed *feed)
{
	int rc = rpc_call(feed->c, feed->host, NULL, NULL);
	if (ctx_is_done(feed->c)) {
		rpc_call_plain("report", NULL, NULL);
		return CTX_ECANCELED;
	}
	return rc;
}

gboolean ends_ok(struct feed *feed)
{
	if (!g_cancellable_is_cancelled(feed->cancellable))
		g_print("closing\n");
	return g_input_stream_close(feed->in, NULL, NULL);
}

/* A root on purpose or not: what the object keeps is no token of this call. */
int root_ok(struct feed *feed)
{
	return ctx_is_done(feed->c) ? -1 : rpc_call(ctx_background(), feed->host, NULL, NULL);
}

/* In a callback it need not be mentioned: giving the reference back is no use of it. */
static void on_open_bad(GObject *source, GAsyncResult *result, gpointer data)
{
	struct feed *feed = data;
	char head[16];
	GFileInputStream *in = g_file_read_finish(G_FILE(source), result, NULL);
	if (in) {
		gssize n = g_input_stream_read(G_INPUT_STREAM(in), head, sizeof head, NULL, NULL); // want: g_input_stream_read gets no token
		feed->text = g_strndup(head, n > 0 ? n : 0);
		g_object_unref(in);
	}
	g_object_unref(feed);
}

void opens(struct feed *feed, GFile *file)
{
	g_file_read_async(file, 0, feed->cancellable, on_open_bad, g_object_ref(feed));
}

/* ---- a token that is set, and taken back ---- */

struct search {
	GCancellable *cancellable;
	GError **error;
};

static void search_set(struct search *s, GCancellable *c, GError **error)
{
	g_set_object(&s->cancellable, c);
	s->error = error;
}

char *search_run(struct search *s, const char *text, GCancellable *c, GError **error);

char *search_for_ok(struct search *s, const char *text, GCancellable *c, GError **error)
{
	search_set(s, c, error);
	char *found = search_run(s, text, c, error);
	search_set(s, NULL, NULL);
	return found;
}

/* What gives an answer is asked once more. */
char *search_twice_bad(struct search *s, const char *text, GCancellable *c, GError **error)
{
	char *found = search_run(s, text, c, error);
	if (!found)
		found = search_run(s, "*", NULL, error); // want: search_run
	return found;
}
