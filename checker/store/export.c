/* The history as lines of JSON, for programs that do not read SQLite. */
#include "internal.h"

#include "mem.h"
#include "str.h"
#include "utf8.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char runs_sql[] =
        "SELECT 'run' AS type, id AS run, parent, datetime(started_at, 'unixepoch') AS started, seconds, "
        "commit_id, "
        "branch, tool_version, complete, whole, units, failed, total, added, gone, carried, backdated, "
        "pruned, uid "
        "FROM runs WHERE id IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?1) ORDER BY id";
static const char observations_sql[] = "SELECT 'observation' AS type, o.run, o.defect AS finding, f.key, "
                                       "f.rule, o.state, o.matched, p.path AS file, "
                                       "o.line, o.col, f.function, o.severity, o.confidence, m.text AS "
                                       "message, o.reason FROM observations o "
                                       "JOIN findings f ON f.id = o.finding JOIN files p ON p.id = f.file "
                                       "JOIN messages m ON m.id = o.message "
                                       "WHERE o.run = ?1 ORDER BY p.path, o.line, o.col, f.key";

static json_t *value(sqlite3_stmt *q, int column)
{
	switch (sqlite3_column_type(q, column)) {
	case SQLITE_INTEGER:
		return json_integer(sqlite3_column_int64(q, column));
	case SQLITE_FLOAT:
		return json_real(sqlite3_column_double(q, column));
	case SQLITE_NULL:
		return json_null();
	default: {
		json_t *j = json_string(db_text(q, column));
		return j ? j : json_string(""); /* no UTF-8: cancelint writes none */
	}
	}
}

static bool write_row(sqlite3_stmt *q, FILE *to)
{
	json_t *j = json_object();
	for (int i = 0; i < sqlite3_column_count(q); i++)
		json_object_set_new(j, sqlite3_column_name(q, i), value(q, i));
	char *text = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	if (!text)
		mem_die(0);
	struct str visible = {0};
	utf8_visible_json(&visible, text);
	bool ok = fprintf(to, "%s\n", str_c(&visible)) >= 0;
	str_release(&visible);
	free(text);
	return ok;
}

static bool write_observations(struct store *s, sqlite3_stmt *q, int64_t run, FILE *to,
                               struct problem_list *l)
{
	int rc;
	db_bind(q, "i", run);
	while ((rc = db_step(s, q, l)) == SQLITE_ROW)
		if (!write_row(q, to))
			break;
	return rc == SQLITE_DONE;
}

bool store_export(struct store *s, uint32_t last, FILE *to, struct problem_list *problems)
{
	int rc = 0;
	bool ok = true;
	/* One snapshot: a run that is added meanwhile is not in it. */
	if (!db_exec(s, "BEGIN", problems))
		return false;
	sqlite3_stmt *runs = db_prepare(s, runs_sql, problems);
	sqlite3_stmt *observations = db_prepare(s, observations_sql, problems);
	if (runs)
		db_bind(runs, "i", last ? (int64_t)last : (int64_t)-1);
	while (runs && observations && ok && (rc = db_step(s, runs, problems)) == SQLITE_ROW)
		ok = write_row(runs, to) &&
		     write_observations(s, observations, sqlite3_column_int64(runs, 1), to, problems);
	sqlite3_finalize(runs);
	sqlite3_finalize(observations);
	sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
	ok = ok && fflush(to) == 0;
	if (!ok && !problems->errors)
		problem_add(problems, PROBLEM_ERROR, NULL, 0, 0, "cannot write the export: %s",
		            strerror(errno));
	return ok && rc == SQLITE_DONE;
}
