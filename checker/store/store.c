#include "internal.h"

#include "mem.h"
#include "str.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x636c6e74 /* "clnt", as file(1) shows it */
#define BUSY_MS 60000

const char store_schema[] =
#include "schema.inc"
        ;

void store_distrust(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_exec(db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
}

static bool open_flags(struct store *s, const char *name, int flags, struct problem_list *l)
{
	int rc = sqlite3_open_v2(name, &s->db, flags, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_extended_result_codes(s->db, 1);
		sqlite3_busy_timeout(s->db, BUSY_MS);
		store_distrust(s->db);
		return true;
	}
	if (l)
		db_problem(l, s->db, s->path, rc);
	sqlite3_close(s->db);
	s->db = NULL;
	return false;
}

/* file:PATH?immutable=1, with everything escaped that a URI gives a meaning. */
static void immutable_uri(struct str *uri, const char *path)
{
	str_add(uri, path[0] == '/' ? "file://" : "file:");
	for (const char *p = path; *p; p++)
		if (*p == '?' || *p == '#' || *p == '%')
			str_addf(uri, "%%%02x", *p);
		else
			str_addc(uri, *p);
	str_add(uri, "?immutable=1");
}

/* Readers of a WAL database write its -shm file. Where that cannot be, as on a full disk or a medium that is
 * read-only, and no writer left something in a -wal, the file alone is whole. */
static bool open_immutable(struct store *s, struct problem_list *l)
{
	struct str uri = {0}, wal = {0};
	str_addf(&wal, "%s-wal", s->path);
	immutable_uri(&uri, s->path);
	struct stat st;
	bool alone = stat(str_c(&wal), &st) != 0 || st.st_size == 0;
	bool ok = alone && open_flags(s, str_c(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, l);
	str_release(&uri);
	str_release(&wal);
	return ok;
}

static bool check_path(const char *path, bool read_only, struct problem_list *l)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		if (!read_only)
			return true;
		struct problem *p = problem_add(l, PROBLEM_ERROR, path, 0, 0, "no such database");
		problem_hint(p, "'cancelint check' makes one; name another with --db FILE");
		return false;
	}
	if (S_ISREG(st.st_mode))
		return true;
	problem_add(l, PROBLEM_ERROR, path, 0, 0,
	            S_ISDIR(st.st_mode) ? "is a directory, not a database" : "not a regular file");
	problem_hint(&l->data[l->len - 1], "name the database file with --db FILE");
	return false;
}

static bool refuse(struct store *s, struct problem_list *l, const char *text, const char *hint)
{
	struct problem *p = problem_add(l, PROBLEM_ERROR, s->path, 0, 0, "%s", text);
	problem_hint(p, "%s", hint);
	return false;
}

/* Of one moment: another process may be making the schema. */
static bool read_identity(struct store *s, int64_t *application, int64_t *objects, struct problem_list *l)
{
	bool alone = sqlite3_get_autocommit(s->db) != 0;
	bool ok = (!alone || db_exec(s, "BEGIN", l)) &&
	          db_integer(s, "PRAGMA application_id", application, l) &&
	          db_integer(s, "PRAGMA user_version", &s->version, l) &&
	          db_integer(s, "SELECT count(*) FROM sqlite_schema", objects, l);
	/* After a failure the connection is closed, by a caller who wants to know why: nothing is asked of it. */
	if (alone && ok)
		sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
	return ok;
}

/* False, with a problem, unless the file is empty (`*empty`) or ours in a schema we know. */
static bool check_identity(struct store *s, bool *empty, struct problem_list *l)
{
	int64_t application = 0, objects = 0;
	if (!read_identity(s, &application, &objects, l))
		return false;
	*empty = !application && !s->version && !objects;
	if (*empty)
		return true;
	if (application != APPLICATION_ID)
		return refuse(s, l, "the database of another program, not cancelint's",
		              "name another file with --db FILE; this one was not changed");
	if (s->version > SCHEMA_VERSION)
		return refuse(
		        s, l, "written by a newer version of cancelint",
		        "update cancelint, or name another file with --db FILE; this one was not changed");
	if (s->version < 1)
		return refuse(s, l, "the database has no known schema",
		              "name another file with --db FILE; this one was not changed");
	return true;
}

/* Two processes may come here at once: whoever gets the lock second finds the schema made. */
static bool create_schema(struct store *s, struct problem_list *l)
{
	struct str sql = {0};
	bool empty = false, ok = db_exec(s, "BEGIN IMMEDIATE", l);
	ok = ok && check_identity(s, &empty, l);
	if (ok && empty) {
		str_addf(&sql, "%s; PRAGMA application_id = %d; PRAGMA user_version = %d", store_schema,
		         APPLICATION_ID, SCHEMA_VERSION);
		ok = db_exec(s, str_c(&sql), l);
	}
	ok = ok && db_exec(s, "COMMIT", l);
	if (!ok && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	str_release(&sql);
	return ok;
}

static bool prepare_writing(struct store *s, bool empty, struct problem_list *l)
{
	/* Best effort: where WAL cannot be had (a network file system), the rollback journal is as safe, only
	 * slower. */
	sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	if (!db_exec(s, "PRAGMA foreign_keys = ON", l) || (empty && !create_schema(s, l)))
		return false;
	if (!sqlite3_db_readonly(s->db, "main"))
		return empty || s->version == SCHEMA_VERSION || store_migrate(s, l);
	db_problem(l, s->db, s->path, SQLITE_READONLY);
	return false;
}

static bool open_reading(struct store *s, bool *empty, struct problem_list *l)
{
	struct problem_list first = {0};
	bool ok = open_flags(s, s->path, SQLITE_OPEN_READONLY, &first) && check_identity(s, empty, &first);
	int code = !ok && s->db ? sqlite3_errcode(s->db) & 0xff : SQLITE_OK;
	if (code == SQLITE_CANTOPEN || code == SQLITE_IOERR || code == SQLITE_FULL) {
		sqlite3_close(s->db);
		s->db = NULL;
		ok = open_immutable(s, l) && check_identity(s, empty, l);
	}
	for (size_t i = 0; !ok && !l->errors && i < first.len; i++)
		problem_hint(problem_add(l, first.data[i].level, first.data[i].file, 0, 0, "%s",
		                         first.data[i].text),
		             "%s", first.data[i].hint ? first.data[i].hint : "");
	problem_list_release(&first);
	if (ok && *empty)
		return refuse(s, l, "the database is empty", "'cancelint check' fills it");
	return ok;
}

static bool open_current(struct store *s, struct problem_list *l)
{
	bool empty = false;
	return open_reading(s, &empty, l) && (s->version == SCHEMA_VERSION || store_convert_copy(s, l));
}

static bool open_writing(struct store *s, struct problem_list *l)
{
	bool empty = false;
	return open_flags(s, s->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, l) &&
	       check_identity(s, &empty, l) && prepare_writing(s, empty, l);
}

static bool open_file(struct store *s, enum store_access access, struct problem_list *l)
{
	bool empty = false;
	switch (access) {
	case STORE_WRITE:
		return open_writing(s, l);
	case STORE_READ:
		return open_current(s, l);
	case STORE_AS_IS:
		break;
	}
	return open_reading(s, &empty, l);
}

struct store *store_open(const char *path, enum store_access access, struct problem_list *problems)
{
	if (!check_path(path, access != STORE_WRITE, problems))
		return NULL;
	struct store *s = mem_alloc(sizeof *s);
	s->path = mem_strdup(path);
	if (open_file(s, access, problems))
		return s;
	store_close(s);
	return NULL;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	sqlite3_close(s->db);
	mem_release(s->path);
	mem_release(s);
}
