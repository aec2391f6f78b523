/* The runs of several databases in a new one. */
#include "internal.h"

#include "mem.h"
#include "str.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SOURCES_MAX 8u /* SQLite attaches ten */

/* ---- the steps; SRC is the schema of a source, N its number ---- */

/* Which runs there are. A clock that went back does not change the order within a source. */
static const char list_sql[] = "INSERT INTO temp.picked (src, old, uid, at) SELECT N, id, uid, "
                               "max(started_at) OVER (ORDER BY id) FROM SRC.runs;";

/* A run that several sources have is taken from the first. Numbers follow the time. */
static const char number_sql[] =
        "CREATE TEMP TABLE numbered AS SELECT uid, row_number() OVER (ORDER BY at, src, old) AS new FROM "
        "(SELECT uid, src, old, at, row_number() OVER (PARTITION BY uid ORDER BY src) AS copy FROM "
        "temp.picked) "
        "WHERE copy = 1;"
        "CREATE UNIQUE INDEX temp.numbered_uid ON numbered (uid);"
        "CREATE TEMP TABLE run_map AS SELECT p.src, p.old, n.new, "
        "row_number() OVER (PARTITION BY p.uid ORDER BY p.src) = 1 AS mine FROM temp.picked p JOIN "
        "temp.numbered n "
        "USING (uid);"
        "CREATE UNIQUE INDEX temp.run_map_old ON run_map (src, old);";

static const char runs_sql[] =
        "INSERT INTO main.runs SELECT m.new, (SELECT p.new FROM temp.run_map p WHERE p.src = N AND p.old = "
        "r.parent), "
        "r.started_at, r.seconds, r.root, r.commit_id, r.branch, r.tool_version, r.models_hash, "
        "r.config_hash, "
        "r.complete, r.whole, r.units, r.failed, r.total, r.added, r.gone, r.carried, r.backdated, r.pruned, "
        "r.uid, r.clean "
        "FROM SRC.runs r JOIN temp.run_map m ON m.src = N AND m.old = r.id AND m.mine;"
        "INSERT OR IGNORE INTO main.files (path) SELECT path FROM SRC.files;"
        "INSERT OR IGNORE INTO main.messages (text) SELECT text FROM SRC.messages;"
        "INSERT OR IGNORE INTO main.traces (hash, text) SELECT hash, text FROM SRC.traces;";

/* Defects are the same that began as the same finding. */
static const char defects_sql[] =
        "INSERT INTO temp.defect_map (src, old, key, nth, first) SELECT N, d, key, "
        "row_number() OVER (PARTITION BY key ORDER BY d), first FROM "
        "(SELECT o.defect AS d, f.key AS key, (SELECT new FROM temp.run_map WHERE src = N AND old = "
        "x.first_run) AS first, "
        "row_number() OVER (PARTITION BY o.defect ORDER BY o.run) AS nth FROM SRC.observations o "
        "JOIN SRC.findings f ON f.id = o.finding JOIN SRC.defects x ON x.id = o.defect) WHERE nth = 1;";
static const char defects_number_sql[] = "INSERT INTO main.defects (id, first_run) SELECT row_number() OVER "
                                         "(ORDER BY min(first), key, nth), min(first) "
                                         "FROM temp.defect_map GROUP BY key, nth;"
                                         "CREATE TEMP TABLE defect_names AS SELECT key, nth, row_number() "
                                         "OVER (ORDER BY min(first), key, nth) AS new "
                                         "FROM temp.defect_map GROUP BY key, nth;"
                                         "UPDATE temp.defect_map SET new = (SELECT n.new FROM "
                                         "temp.defect_names n WHERE n.key = defect_map.key "
                                         "AND n.nth = defect_map.nth);"
                                         "CREATE UNIQUE INDEX temp.defect_map_old ON defect_map (src, old);";

static const char rows_sql[] =
        "INSERT OR IGNORE INTO main.findings (key, rule, file, usr, function, anchor, ordinal, first_run) "
        "SELECT f.key, f.rule, (SELECT id FROM main.files WHERE path = p.path), f.usr, f.function, f.anchor, "
        "f.ordinal, "
        "m.new FROM SRC.findings f JOIN SRC.files p ON p.id = f.file "
        "JOIN temp.run_map m ON m.src = N AND m.old = f.first_run;"
        "INSERT OR IGNORE INTO main.observations SELECT m.new, g.id, o.state, o.line, o.col, o.severity, "
        "o.confidence, "
        "(SELECT id FROM main.messages WHERE text = t.text), o.line_hash, o.reason, "
        "(SELECT id FROM main.traces WHERE hash = (SELECT hash FROM SRC.traces WHERE id = o.trace)), d.new, "
        "o.matched "
        "FROM SRC.observations o JOIN temp.run_map m ON m.src = N AND m.old = o.run AND m.mine "
        "JOIN SRC.findings f ON f.id = o.finding JOIN main.findings g ON g.key = f.key "
        "JOIN SRC.messages t ON t.id = o.message JOIN temp.defect_map d ON d.src = N AND d.old = o.defect;"
        "INSERT INTO main.units SELECT m.new, u.ordinal, (SELECT id FROM main.files WHERE path = p.path), "
        "u.outcome, "
        "u.reason, u.seconds FROM SRC.units u JOIN temp.run_map m ON m.src = N AND m.old = u.run AND m.mine "
        "JOIN SRC.files p ON p.id = u.file;"
        "INSERT INTO main.run_rules SELECT m.new, c.rule, c.ran, c.open FROM SRC.run_rules c "
        "JOIN temp.run_map m ON m.src = N AND m.old = c.run AND m.mine;"
        "INSERT INTO main.notes SELECT m.new, n.ordinal, (SELECT id FROM main.files WHERE path = p.path), "
        "n.function, "
        "n.text FROM SRC.notes n JOIN temp.run_map m ON m.src = N AND m.old = n.run AND m.mine "
        "JOIN SRC.files p ON p.id = n.file;"
        "INSERT OR IGNORE INTO main.file_versions SELECT (SELECT id FROM main.files WHERE path = p.path), "
        "m.new, v.hash "
        "FROM SRC.file_versions v JOIN temp.run_map m ON m.src = N AND m.old = v.run JOIN SRC.files p ON "
        "p.id = v.file;"
        "INSERT INTO main.reviews (defect, at, status, reason) SELECT d.new, r.at, r.status, r.reason FROM "
        "SRC.reviews r "
        "JOIN temp.defect_map d ON d.src = N AND d.old = r.defect WHERE NOT EXISTS (SELECT 1 FROM "
        "main.reviews x "
        "WHERE x.defect = d.new AND x.at = r.at AND x.status = r.status) ORDER BY r.id;";

/* Whoever reviewed last is right, whichever database it was. */
static const char reviews_sql[] =
        "CREATE TEMP TABLE sorted AS SELECT defect, at, status, reason FROM main.reviews ORDER BY at, id;"
        "DELETE FROM main.reviews;"
        "INSERT INTO main.reviews (defect, at, status, reason) SELECT defect, at, status, reason FROM "
        "temp.sorted "
        "ORDER BY rowid;";

/* ---- doing them ---- */

static void add_for(struct str *to, const char *sql, uint32_t n)
{
	for (const char *p = sql; *p; p++)
		if (str_starts(p, "SRC.")) {
			str_addf(to, "s%u.", n);
			p += 3;
		} else if (*p == 'N' && p > sql && (p[-1] == ' ' || p[-1] == '(') && strchr(",) ;", p[1])) {
			str_addf(to, "%u", n);
		} else {
			str_addc(to, *p);
		}
}

static bool each(struct store *s, const char *sql, uint32_t n, struct problem_list *l)
{
	bool ok = true;
	for (uint32_t i = 0; i < n && ok; i++) {
		struct str text = {0};
		add_for(&text, sql, i);
		ok = db_exec(s, str_c(&text), l);
		str_release(&text);
	}
	return ok;
}

static bool copy_all(struct store *s, uint32_t n, struct problem_list *l)
{
	return db_exec(s,
	               "CREATE TEMP TABLE picked (src, old, uid, at); CREATE TEMP TABLE defect_map (src, "
	               "old, key, nth, first, new)",
	               l) &&
	       each(s, list_sql, n, l) && db_exec(s, number_sql, l) && each(s, runs_sql, n, l) &&
	       each(s, defects_sql, n, l) && db_exec(s, defects_number_sql, l) && each(s, rows_sql, n, l) &&
	       db_exec(s, reviews_sql, l);
}

static bool attach(struct store *s, const char *path, uint32_t number, struct problem_list *l)
{
	struct str sql = {0};
	str_addf(&sql, "ATTACH ?1 AS s%u", number);
	sqlite3_stmt *q = db_prepare(s, str_c(&sql), l);
	if (q)
		db_bind(q, "t", path);
	bool ok = q && db_step(s, q, l) != 0;
	sqlite3_finalize(q);
	str_release(&sql);
	return ok;
}

/* Ours, sound enough to be opened, and of this schema. */
static bool check_source(const char *path, struct problem_list *l)
{
	struct store *s = store_open(path, STORE_AS_IS, l);
	bool ok = s != NULL;
	if (s && s->version != SCHEMA_VERSION) {
		ok = false;
		problem_hint(
		        problem_add(l, PROBLEM_ERROR, path, 0, 0, "an older version of cancelint wrote this"),
		        "the next 'cancelint check' converts it, and keeps a copy");
	}
	store_close(s);
	return ok;
}

static bool merge_into(struct store *s, const char *const *from, uint32_t n, uint32_t *runs,
                       struct problem_list *l)
{
	bool ok = true;
	int64_t count = 0;
	for (uint32_t i = 0; i < n && ok; i++)
		ok = attach(s, from[i], i, l);
	ok = ok && db_exec(s, "BEGIN IMMEDIATE", l) && copy_all(s, n, l) && db_exec(s, "COMMIT", l) &&
	     db_integer(s, "SELECT count(*) FROM runs", &count, l);
	*runs = (uint32_t)count;
	return ok;
}

static void remove_part(const char *part)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct str name = {0};
		str_addf(&name, "%s%s", part, ends[i]);
		unlink(name.data);
		str_release(&name);
	}
}

static bool cannot_merge(struct problem_list *l, const char *to, const char *why, const char *hint)
{
	problem_hint(problem_add(l, PROBLEM_ERROR, to, 0, 0, "cannot write the merged database: %s", why),
	             "%s", hint);
	return false;
}

bool store_merge(const char *to, const char *const *from, uint32_t n, uint32_t *runs,
                 struct problem_list *problems)
{
	if (access(to, F_OK) == 0)
		return cannot_merge(
		        problems, to, "there is a file of that name",
		        "name one that does not exist; the databases that are merged stay as they are");
	if (n > SOURCES_MAX)
		return cannot_merge(problems, to, "too many databases at once", "merge eight at a time");
	for (uint32_t i = 0; i < n; i++)
		if (!check_source(from[i], problems))
			return false;
	struct str part = {0};
	str_addf(&part, "%s.part", to);
	remove_part(part.data);
	struct store *s = store_open(part.data, STORE_WRITE, problems);
	bool ok = s && merge_into(s, from, n, runs, problems);
	/* The last connection that closes takes the log into the file. */
	store_close(s);
	if (ok && link(part.data, to) != 0)
		ok = cannot_merge(problems, to, strerror(errno), "name another file");
	remove_part(part.data);
	str_release(&part);
	return ok;
}
