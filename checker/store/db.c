#include "internal.h"

#include "mem.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void cannot_open(struct problem_list *l, const char *path, const char *why)
{
	struct stat st;
	if (stat(path, &st) != 0 && errno == ENOENT) {
		struct problem *p = problem_add(l, PROBLEM_ERROR, path, 0, 0,
		                                "no such database, and it cannot be created");
		problem_hint(p, "'cancelint check' makes one; name another with --db FILE");
		return;
	}
	/* SQLite only says that it cannot. */
	if (access(path, R_OK | W_OK) != 0)
		why = strerror(errno);
	struct problem *p = problem_add(l, PROBLEM_ERROR, path, 0, 0, "cannot open the database: %s", why);
	problem_hint(p,
	             "check the permissions of the file and its directory, or name another with --db FILE");
}

/* Some of SQLite's files are grown by calls that it reports as failed, not as out of room. */
static void cannot_write(struct problem_list *l, sqlite3 *db, const char *path, int rc)
{
	int cause = db ? sqlite3_system_errno(db) : 0;
	bool full = rc == SQLITE_FULL || (rc == SQLITE_IOERR && (cause == ENOSPC || cause == EDQUOT));
	const char *why = full                    ? "the disk is full"
	                  : rc == SQLITE_READONLY ? "it is read-only"
	                                          : "a write failed";
	struct problem *p = problem_add(l, PROBLEM_ERROR, path, 0, 0, "cannot write the database: %s", why);
	problem_hint(p, "nothing of this run was recorded, earlier runs are as they were");
}

void db_problem(struct problem_list *l, sqlite3 *db, const char *path, int rc)
{
	const char *why = db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
	struct problem *p;
	switch (rc & 0xff) {
	case SQLITE_NOTADB:
		p = problem_add(l, PROBLEM_ERROR, path, 0, 0, "not a SQLite database");
		problem_hint(p, "name another file with --db FILE; this one was not changed");
		break;
	case SQLITE_CORRUPT:
		p = problem_add(l, PROBLEM_ERROR, path, 0, 0, "the database is damaged: %s", why);
		problem_hint(
		        p, "move it away and the next run starts a new history; `sqlite3 FILE .recover` may "
		           "rescue the old one");
		break;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		cannot_open(l, path, why);
		break;
	case SQLITE_FULL:
	case SQLITE_READONLY:
	case SQLITE_IOERR:
		cannot_write(l, db, path, rc & 0xff);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		p = problem_add(l, PROBLEM_ERROR, path, 0, 0, "another process keeps the database locked");
		problem_hint(p, "run again when it has finished");
		break;
	case SQLITE_NOMEM:
		mem_die(0);
	default:
		problem_add(l, PROBLEM_ERROR, path, 0, 0, "database error: %s", why);
	}
}

bool db_exec(struct store *s, const char *sql, struct problem_list *l)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		db_problem(l, s->db, s->path, rc);
	return rc == SQLITE_OK;
}

sqlite3_stmt *db_prepare(struct store *s, const char *sql, struct problem_list *l)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
	if (rc != SQLITE_OK)
		db_problem(l, s->db, s->path, rc);
	return q;
}

static int bind_text(sqlite3_stmt *q, int i, const char *text)
{
	return sqlite3_bind_text(q, i, text ? text : "", -1, SQLITE_TRANSIENT);
}

void db_bind(sqlite3_stmt *q, const char *types, ...)
{
	va_list ap;
	va_start(ap, types);
	sqlite3_reset(q);
	for (int i = 0; types[i]; i++) {
		int rc = SQLITE_MISUSE;
		if (types[i] == 'i')
			rc = sqlite3_bind_int64(q, i + 1, va_arg(ap, int64_t));
		else if (types[i] == 'd')
			rc = sqlite3_bind_double(q, i + 1, va_arg(ap, double));
		else if (types[i] == 't')
			rc = bind_text(q, i + 1, va_arg(ap, const char *));
		/* A text beyond SQLite's limit stays NULL, and the column's NOT NULL refuses the row. */
		BUG_IF(rc == SQLITE_MISUSE || rc == SQLITE_RANGE);
	}
	va_end(ap);
}

int db_step(struct store *s, sqlite3_stmt *q, struct problem_list *l)
{
	int rc = sqlite3_step(q);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return rc;
	db_problem(l, s->db, s->path, rc);
	return 0;
}

const char *db_text(sqlite3_stmt *q, int column)
{
	const unsigned char *text = sqlite3_column_text(q, column);
	return text ? (const char *)text : "";
}

bool db_integer(struct store *s, const char *sql, int64_t *out, struct problem_list *l)
{
	sqlite3_stmt *q = db_prepare(s, sql, l);
	int rc = q ? db_step(s, q, l) : 0;
	*out = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
	sqlite3_finalize(q);
	return rc != 0;
}
