// flags: %glib_flags
/* A token that is put into an object for the time of one call. */
#include <gio/gio.h>

struct store {
	GCancellable *now;
	int n;
};
struct archive {
	GCancellable *now;
	int n;
};

int store_run(struct store *s, const char *what);
int archive_run(struct archive *a, const char *what);

int store_exec_ok(struct store *s, const char *what, GCancellable *cancellable)
{
	s->now = cancellable;
	int rc = store_run(s, what);
	s->now = NULL;
	return rc;
}

int store_count(struct store *s, GCancellable *cancellable)
{
	return g_cancellable_is_cancelled(cancellable) ? 0 : s->n;
}

int archive_exec_bad(struct archive *a, const char *what, GCancellable *cancellable)
{
	a->now = cancellable; // want: `now` of `archive` keeps the token of one call
	return archive_run(a, what);
}

int archive_count(struct archive *a, GCancellable *cancellable)
{
	return g_cancellable_is_cancelled(cancellable) ? 0 : a->n;
}
