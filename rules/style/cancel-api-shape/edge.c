// flags: %glib_flags
// models: ctx
#include "ctx.h"
#include <gio/gio.h>

struct store {
	int fd;
};
static const char key;

/* ---- first ---- */

int put_ok(ctx *c, struct store *s, const char *name)
{
	return s->fd + rpc_call(c, name, NULL, NULL);
}

int store_put_ok(struct store *self, ctx *c, const char *name)
{
	return self->fd + rpc_call(c, name, NULL, NULL);
}

int two_tokens_ok(ctx *c, ctx *other, const char *name)
{
	return rpc_call(ctx_is_done(other) ? c : other, name, NULL, NULL);
}

int named_bad(const char *name, ctx *c) // want: `c` in an unusual place
{
	return rpc_call(c, name, NULL, NULL);
}

int in_the_middle_bad(struct store *s, const char *name,
                      ctx *c, // want: take it first
                      int flags)
{
	return s->fd + flags + rpc_call(c, name, NULL, NULL);
}

static int private_ok(const char *name, ctx *c)
{
	return rpc_call(c, name, NULL, NULL);
}

int callback_ok(const char *name, ctx *c)
{
	return rpc_call(c, name, NULL, NULL);
}

int (*const table[])(const char *, ctx *) = {callback_ok, private_ok};

/* ---- last ---- */

gboolean read_ok(GFile *file, const char *name, GCancellable *cancellable, GError **error)
{
	return name && g_file_delete(file, cancellable, error);
}

void read_async_ok(GFile *file, int priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
	g_file_delete_async(file, priority, cancellable, callback, data);
}

gboolean size_ok(GFile *file, GCancellable *cancellable, guint64 *size, GError **error)
{
	*size = 0;
	return g_file_delete(file, cancellable, error);
}

gboolean read_bad(GCancellable *cancellable, GFile *file, const char *name) // want: last, before the callback or the error
{
	return name && g_file_delete(file, cancellable, NULL);
}

/* ---- limits ---- */

int wait_bad(ctx *c, int fd, int timeout_ms) // want: a limit of its own
{
	return (int)ctx_read(c, fd, NULL, (size_t)timeout_ms);
}

int derives_ok(ctx *c, int fd, unsigned timeout_ms)
{
	ctx_canceller *h;
	ctx *inner = ctx_with_timeout(c, timeout_ms, &h);
	int rc = inner ? (int)ctx_read(inner, fd, NULL, 0) : -1;
	ctx_cancel(h);
	return rc;
}

/* ---- keys ---- */

ctx *string_key_bad(ctx *c, void *user)
{
	return ctx_with_value(c, "user", user); // want: a string
}

int local_key_bad(ctx *c, void *user)
{
	int mine = 0;
	ctx *inner = ctx_with_value(c, &mine, user); // want: local variable
	return rpc_call(inner, "x", NULL, NULL);
}

ctx *static_key_ok(ctx *c, void *user)
{
	return ctx_with_value(c, &key, user);
}

/* ---- prototypes ---- */

int fetch_ok(ctx *c, const char *name);
int fetch_late_bad(const char *name, unsigned flags, ctx *c); // want: take it first
int fetch_for_bad(ctx *c, const char *name, int timeout_ms); // want: a limit of its own
int fetch_logged_ok(ctx *c, const char *format, ...);
static inline int fetch_here_ok(const char *name, ctx *c);
gboolean stat_ok(GFile *file, GCancellable *cancellable, guint64 *size, GError **error);
gboolean stat_bad(GCancellable *cancellable, GFile *file, GError **error); // want: last, before
void visit_ok(GFile *file, GFileMeasureProgressCallback each, gpointer data, GCancellable *cancellable, GError **error);

static inline int fetch_here_ok(const char *name, ctx *c)
{
	return rpc_call(c, name, NULL, NULL);
}

/* Its address is taken: others may have fixed its parameters. */
int fetch_entry_ok(const char *name, ctx *c);
int (*fetch_entry)(const char *, ctx *) = fetch_entry_ok;

/* ---- results for a callback ---- */

void stat_async_ok(GFile *file, GCancellable *cancellable, GAsyncReadyCallback done, gpointer data)
{
	g_file_delete_async(file, 0, cancellable, done, data);
}

void stat_async_bad(GFile *file, GAsyncReadyCallback done, gpointer data, GCancellable *cancellable) // want: last, before
{
	g_file_delete_async(file, 0, cancellable, done, data);
}

gboolean into_ok(GFile *file, GCancellable *cancellable, int *state, gpointer *owner, GError **error)
{
	*state = 0;
	*owner = NULL;
	return g_file_delete(file, cancellable, error);
}

/* A type that is never defined is what the function works on, not a place for a result. */
gboolean move_bad(GFile *from, GCancellable *cancellable, GFile *to, GError **error) // want: last, before
{
	return to && g_file_delete(from, cancellable, error);
}

/* What it works on may be a type that this file never sees. */
struct hidden;
int hidden_put_ok(struct hidden *self, ctx *c, const char *name);

/* The error is what comes last. */
gboolean behind_the_error_bad(GFile *file, GError **error, GCancellable *c) // want: in an unusual place
{
	return g_file_delete(file, c, error);
}

void stat_split_bad(GFile *file, GAsyncReadyCallback done, GCancellable *cancellable, gpointer data) // want: last, before
{
	g_file_delete_async(file, 0, cancellable, done, data);
}

gboolean logged_ok(GFile *file, GCancellable *cancellable, const char *format, ...);
