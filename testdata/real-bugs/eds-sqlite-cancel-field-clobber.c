// pkg-config: gio-2.0 sqlite3
// rules: context-in-struct
/* For the time of one statement the database has the token of its caller; it is never taken back. */
#include <gio/gio.h>
#include <sqlite3.h>

struct bad_store {
	sqlite3 *db;
	GCancellable *cancel;
};
struct ok_store {
	sqlite3 *db;
	GCancellable *cancel;
};

static int bad_progress(void *data)
{
	struct bad_store *s = data;
	return s->cancel && g_cancellable_is_cancelled(s->cancel);
}

static int ok_progress(void *data)
{
	struct ok_store *s = data;
	return s->cancel && g_cancellable_is_cancelled(s->cancel);
}

struct bad_store *bad_open(const char *path)
{
	struct bad_store *s = g_new0(struct bad_store, 1);
	if (sqlite3_open(path, &s->db) != SQLITE_OK) {
		sqlite3_close(s->db);
		g_free(s);
		return NULL;
	}
	sqlite3_progress_handler(s->db, 1000, bad_progress, s);
	return s;
}

struct ok_store *ok_open(const char *path)
{
	struct ok_store *s = g_new0(struct ok_store, 1);
	if (sqlite3_open(path, &s->db) != SQLITE_OK) {
		sqlite3_close(s->db);
		g_free(s);
		return NULL;
	}
	sqlite3_progress_handler(s->db, 1000, ok_progress, s);
	return s;
}

gboolean exec_bad(struct bad_store *s, const char *text, GCancellable *cancellable)
{
	gboolean had;
	if (s->cancel) {
		had = TRUE;
	} else {
		s->cancel = cancellable; // want context-in-struct: cancel
		had = TRUE;
	}
	int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);
	if (!had)
		s->cancel = NULL;
	return rc == SQLITE_OK;
}

gboolean exec_ok(struct ok_store *s, const char *text, GCancellable *cancellable)
{
	gboolean had;
	if (s->cancel) {
		had = TRUE;
	} else {
		s->cancel = cancellable;
		had = FALSE;
	}
	int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);
	if (!had)
		s->cancel = NULL;
	return rc == SQLITE_OK;
}

int bad_search(struct bad_store *s, const char *query, GCancellable *cancellable)
{
	char *text = sqlite3_mprintf("select * from t where %s", query);
	int rc = exec_bad(s, text, cancellable) ? 0 : -1;
	sqlite3_free(text);
	return rc;
}

int ok_search(struct ok_store *s, const char *query, GCancellable *cancellable)
{
	char *text = sqlite3_mprintf("select * from t where %s", query);
	int rc = exec_ok(s, text, cancellable) ? 0 : -1;
	sqlite3_free(text);
	return rc;
}
