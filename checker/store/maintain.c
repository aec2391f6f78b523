/* Keeping the file itself: is it sound, a copy of it, less of it. */
#include "internal.h"

#include "str.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- check ---- */

#define PROBLEMS_MAX 20u

/* Each row of its query is something that is wrong. */
static const struct {
	const char *what, *sql;
} checks[] = {
        {"damaged", "SELECT integrity_check FROM pragma_integrity_check(20) WHERE integrity_check <> 'ok'"},
        {"a reference leads nowhere",
         "SELECT \"table\" || ' ' || coalesce(rowid, '') FROM pragma_foreign_key_check"},
        {"a run has not all of its units", "SELECT 'run ' || id FROM runs r WHERE NOT pruned AND units <> "
                                           "(SELECT count(*) FROM units u WHERE u.run = r.id)"},
        {"a run has not all of its findings",
         "SELECT 'run ' || id FROM runs r WHERE NOT pruned AND total <> (SELECT count(*) FROM observations o "
         "WHERE o.run = r.id AND state NOT IN ('fixed', 'suppressed'))"},
        {"the sums of a run are wrong",
         "SELECT 'run ' || r.id FROM runs r LEFT JOIN runs p ON p.id = r.parent "
         "WHERE r.total <> ifnull(p.total, 0) + r.added - r.gone"},
        {"the rules of a run do not add up",
         "SELECT 'run ' || id FROM runs r WHERE total <> "
         "(SELECT ifnull(sum(open), 0) FROM run_rules c WHERE c.run = r.id)"},
        {"an observation belongs to no defect",
         "SELECT 'run ' || run FROM observations WHERE defect IS NULL LIMIT 20"},
};

static bool old_schema(struct store *s, struct problem_list *l)
{
	if (s->version == SCHEMA_VERSION)
		return false;
	problem_hint(problem_add(l, PROBLEM_ERROR, s->path, 0, 0, "an older version of cancelint wrote this"),
	             "the next 'cancelint check' converts it, and keeps a copy");
	return true;
}

bool store_check(struct store *s, struct problem_list *problems)
{
	uint32_t found = 0;
	if (old_schema(s, problems))
		return false;
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		sqlite3_stmt *q = db_prepare(s, checks[i].sql, problems);
		int rc = 0;
		while (q && found < PROBLEMS_MAX && (rc = db_step(s, q, problems)) == SQLITE_ROW && ++found)
			problem_add(problems, PROBLEM_ERROR, s->path, 0, 0, "%s: %s", checks[i].what,
			            db_text(q, 0));
		sqlite3_finalize(q);
		found += !rc;
	}
	return !found;
}

/* ---- backup ---- */

static bool cannot_copy(struct problem_list *l, const char *to, const char *why)
{
	problem_hint(problem_add(l, PROBLEM_ERROR, to, 0, 0, "cannot write the copy: %s", why),
	             "name a file that does not exist yet, in a directory that can be written and has room");
	return false;
}

bool store_backup(struct store *s, const char *to, struct problem_list *problems)
{
	if (access(to, F_OK) == 0)
		return cannot_copy(problems, to, "there is a file of that name");
	struct str part = {0};
	str_addf(&part, "%s.part", to);
	unlink(part.data);
	sqlite3_stmt *q = db_prepare(s, "VACUUM INTO ?1", problems);
	if (q)
		db_bind(q, "t", part.data);
	bool ok = q && (sqlite3_step(q) == SQLITE_DONE || cannot_copy(problems, to, sqlite3_errmsg(s->db)));
	sqlite3_finalize(q);
	/* link() refuses to replace a file that has come in between. */
	ok = ok && (link(part.data, to) == 0 || cannot_copy(problems, to, strerror(errno)));
	unlink(part.data);
	str_release(&part);
	return ok;
}

/* ---- prune ---- */

/* What no row speaks of any more goes too. Of the texts of files the last is needed. */
static const char prune_sql[] =
        "DELETE FROM observations WHERE run IN (SELECT id FROM temp.old);"
        "DELETE FROM units WHERE run IN (SELECT id FROM temp.old);"
        "DELETE FROM notes WHERE run IN (SELECT id FROM temp.old);"
        "UPDATE runs SET pruned = 1 WHERE id IN (SELECT id FROM temp.old);"
        "DELETE FROM file_versions WHERE run IN (SELECT id FROM temp.old) AND run <> "
        "(SELECT max(run) FROM file_versions v WHERE v.file = file_versions.file);"
        "DELETE FROM traces WHERE id NOT IN (SELECT trace FROM observations WHERE trace IS NOT NULL);"
        "DELETE FROM messages WHERE id NOT IN (SELECT message FROM observations);"
        "DELETE FROM findings WHERE id NOT IN (SELECT finding FROM observations);"
        "DELETE FROM reviews WHERE status = 'none' AND defect NOT IN (SELECT defect FROM observations);"
        "DELETE FROM defects WHERE id NOT IN (SELECT defect FROM observations)"
        " AND id NOT IN (SELECT defect FROM reviews);";

static bool prune_old(struct store *s, uint32_t keep, int64_t *pruned, struct problem_list *l)
{
	struct str sql = {0};
	str_addf(&sql,
	         "CREATE TEMP TABLE old AS SELECT id FROM runs WHERE NOT pruned AND id NOT IN "
	         "(SELECT id FROM runs ORDER BY id DESC LIMIT %u)",
	         keep);
	bool ok = db_exec(s, str_c(&sql), l) && db_integer(s, "SELECT count(*) FROM temp.old", pruned, l) &&
	          db_exec(s, prune_sql, l);
	str_release(&sql);
	return ok;
}

bool store_prune(struct store *s, uint32_t keep, uint32_t *pruned, struct problem_list *problems)
{
	int64_t n = 0;
	bool ok = db_exec(s, "BEGIN IMMEDIATE", problems) && prune_old(s, keep, &n, problems) &&
	          db_exec(s, "DROP TABLE temp.old; COMMIT", problems);
	if (!ok && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	*pruned = (uint32_t)n;
	/* Giving the room back needs some; without it the file stays as large as it is, and whole. */
	if (ok && n && sqlite3_exec(s->db, "VACUUM", NULL, NULL, NULL) != SQLITE_OK)
		problem_add(problems, PROBLEM_WARNING, s->path, 0, 0, "the file was not made smaller: %s",
		            sqlite3_errmsg(s->db));
	return ok;
}
