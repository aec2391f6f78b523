/* From the schema of an older version to this one's. */
#include "internal.h"

#include "str.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What leads from schema N to N + 1, at N - 1. The views are made anew by climb(). */
static const char *const steps[] = {
        "CREATE TABLE traces (\n"
        "\tid   INTEGER PRIMARY KEY,\n"
        "\thash TEXT NOT NULL UNIQUE,\n"
        "\ttext TEXT NOT NULL\n"
        ") STRICT;"
        "ALTER TABLE observations ADD COLUMN trace INTEGER REFERENCES traces (id);",

        "ALTER TABLE runs ADD COLUMN backdated INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE runs ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE runs ADD COLUMN uid TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE runs ADD COLUMN clean INTEGER NOT NULL DEFAULT 0;"
        "UPDATE runs SET uid = lower(hex(randomblob(16)));"
        "CREATE TABLE defects (\n"
        "\tid        INTEGER PRIMARY KEY,\n"
        "\tfirst_run INTEGER NOT NULL REFERENCES runs (id)\n"
        ") STRICT;"
        "INSERT INTO defects SELECT id, first_run FROM findings;"
        "ALTER TABLE observations ADD COLUMN defect INTEGER REFERENCES defects (id);"
        "ALTER TABLE observations ADD COLUMN matched TEXT NOT NULL DEFAULT '';"
        "UPDATE observations SET defect = finding;"
        "CREATE INDEX observations_by_defect ON observations (defect, run);"
        "CREATE TABLE file_versions (\n"
        "\tfile INTEGER NOT NULL REFERENCES files (id),\n"
        "\trun  INTEGER NOT NULL REFERENCES runs (id),\n"
        "\thash TEXT    NOT NULL,\n"
        "\tPRIMARY KEY (file, run)\n"
        ") STRICT, WITHOUT ROWID;"
        "CREATE TABLE reviews (\n"
        "\tid     INTEGER PRIMARY KEY,\n"
        "\tdefect INTEGER NOT NULL REFERENCES defects (id),\n"
        "\tat     INTEGER NOT NULL,\n"
        "\tstatus TEXT    NOT NULL CHECK (status IN ('false-positive', 'intended', 'confirmed', 'none')),\n"
        "\treason TEXT    NOT NULL\n"
        ") STRICT;"
        "CREATE INDEX reviews_by_defect ON reviews (defect);",
};

static bool cannot_back_up(struct store *s, const char *to, const char *why, struct problem_list *l)
{
	struct problem *p = problem_add(l, PROBLEM_ERROR, s->path, 0, 0,
	                                "cannot keep a copy before the schema is changed, '%s': %s", to, why);
	problem_hint(p, "the database was not changed; make room, or name another one with --db FILE");
	return false;
}

/* A connection of its own reads what was there before our transaction. */
static bool copy_to(struct store *s, const char *to, struct problem_list *l)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_open_v2(s->path, &db, SQLITE_OPEN_READONLY, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &q, NULL);
	if (rc == SQLITE_OK) {
		db_bind(q, "t", to);
		rc = sqlite3_step(q);
	}
	bool ok = rc == SQLITE_DONE || cannot_back_up(s, to, sqlite3_errmsg(db), l);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return ok;
}

/* The copy gets its name when it is whole. */
static bool back_up(struct store *s, struct problem_list *l)
{
	struct str to = {0}, part = {0};
	str_addf(&to, "%s.schema-%lld", s->path, (long long)s->version);
	str_addf(&part, "%s.part", str_c(&to));
	unlink(str_c(&part));
	bool ok = copy_to(s, str_c(&part), l);
	if (ok && rename(str_c(&part), str_c(&to)) != 0)
		ok = cannot_back_up(s, str_c(&to), strerror(errno), l);
	if (!ok)
		unlink(str_c(&part));
	str_release(&to);
	str_release(&part);
	return ok;
}

/* The views of any schema are those that schema.sql ends with. */
static bool remake_views(struct store *s, struct problem_list *l)
{
	struct str sql = {0};
	sqlite3_stmt *q = db_prepare(s, "SELECT name FROM sqlite_schema WHERE type = 'view'", l);
	while (q && db_step(s, q, l) == SQLITE_ROW) {
		char *drop = sqlite3_mprintf("DROP VIEW \"%w\";", db_text(q, 0));
		str_add(&sql, drop ? drop : "");
		sqlite3_free(drop);
	}
	sqlite3_finalize(q);
	str_add(&sql, strstr(store_schema, "CREATE VIEW"));
	bool ok = q && db_exec(s, str_c(&sql), l);
	str_release(&sql);
	return ok;
}

static bool climb(struct store *s, struct problem_list *l)
{
	bool ok = true;
	for (; ok && s->version < SCHEMA_VERSION; s->version++)
		ok = db_exec(s, steps[s->version - 1], l);
	ok = ok && remake_views(s, l);
	struct str sql = {0};
	str_addf(&sql, "PRAGMA user_version = %d", SCHEMA_VERSION);
	ok = ok && db_exec(s, str_c(&sql), l);
	str_release(&sql);
	return ok;
}

/* ---- for readers ---- */

static bool cannot_convert(struct store *s, sqlite3 *copy, int rc, struct problem_list *l)
{
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_CORRUPT) {
		db_problem(l, copy, s->path, rc);
		return false;
	}
	problem_hint(problem_add(l, PROBLEM_ERROR, s->path, 0, 0,
	                         "an older version wrote this, and a copy cannot be converted: %s",
	                         copy ? sqlite3_errmsg(copy) : sqlite3_errstr(rc)),
	             "make room for temporary files, or let 'cancelint check' convert the file");
	return false;
}

/* An unnamed database is a file that SQLite removes, and stays in memory while it is small. */
static int copy_pages(sqlite3 *from, sqlite3 **out)
{
	int rc = sqlite3_open_v2("", out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	sqlite3_backup *b = rc == SQLITE_OK ? sqlite3_backup_init(*out, "main", from, "main") : NULL;
	if (b)
		sqlite3_backup_step(b, -1);
	if (b)
		rc = sqlite3_backup_finish(b);
	return rc == SQLITE_OK && !b ? SQLITE_NOMEM : rc;
}

bool store_convert_copy(struct store *s, struct problem_list *l)
{
	sqlite3 *copy = NULL;
	int rc = copy_pages(s->db, &copy);
	if (rc != SQLITE_OK) {
		cannot_convert(s, copy, rc, l);
		sqlite3_close(copy);
		return false;
	}
	sqlite3_close(s->db);
	s->db = copy;
	store_distrust(copy);
	return db_exec(s, "BEGIN", l) && climb(s, l) && db_exec(s, "COMMIT; PRAGMA query_only = ON", l);
}

/* ---- for writers ---- */

bool store_migrate(struct store *s, struct problem_list *l)
{
	/* Whoever gets the lock second finds the work done. */
	if (!db_exec(s, "BEGIN IMMEDIATE", l))
		return false;
	bool ok = db_integer(s, "PRAGMA user_version", &s->version, l);
	if (ok && s->version < SCHEMA_VERSION)
		ok = back_up(s, l) && climb(s, l);
	ok = ok && db_exec(s, "COMMIT", l);
	if (!ok && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return ok;
}
