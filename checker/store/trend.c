#include "internal.h"

#include "arena.h"
#include "map.h"
#include "mem.h"

#include <string.h>

/* The newest `limit` runs; a negative limit means all. */
#define WINDOW "SELECT id FROM runs ORDER BY id DESC LIMIT ?1"
#define COUNTS "id, started_at, complete, units, failed, total, added, gone, carried, whole"
#define TEXTS "commit_id, branch, tool_version, models_hash, config_hash"

static void read_counts(sqlite3_stmt *q, struct trend_row *r)
{
	*r = (struct trend_row){
	        .run = sqlite3_column_int64(q, 0),
	        .started_at = sqlite3_column_int64(q, 1),
	        .complete = sqlite3_column_int(q, 2) != 0,
	        .units = (uint32_t)sqlite3_column_int64(q, 3),
	        .failed = (uint32_t)sqlite3_column_int64(q, 4),
	        .total = (uint32_t)sqlite3_column_int64(q, 5),
	        .added = (uint32_t)sqlite3_column_int64(q, 6),
	        .gone = (uint32_t)sqlite3_column_int64(q, 7),
	        .carried = (uint32_t)sqlite3_column_int64(q, 8),
	        .whole = sqlite3_column_int(q, 9) != 0,
	        .commit = "",
	        .branch = "",
	        .tool_version = "",
	        .models_hash = "",
	        .config_hash = "",
	};
}

bool store_run_counts(struct store *s, int64_t run, struct trend_row *out, struct problem_list *problems)
{
	sqlite3_stmt *q = db_prepare(s, "SELECT " COUNTS ", backdated FROM runs WHERE id = ?1", problems);
	if (!q)
		return false;
	db_bind(q, "i", run);
	int rc = db_step(s, q, problems);
	if (rc == SQLITE_ROW) {
		read_counts(q, out);
		out->backdated = (uint32_t)sqlite3_column_int64(q, 10);
	} else if (rc == SQLITE_DONE)
		problem_add(problems, PROBLEM_ERROR, s->path, 0, 0, "there is no run %lld", (long long)run);
	sqlite3_finalize(q);
	return rc == SQLITE_ROW;
}

static bool load_rows(struct store *s, int64_t limit, struct trend *t, struct intmap *row_of,
                      struct problem_list *l)
{
	sqlite3_stmt *q = db_prepare(
	        s, "SELECT " COUNTS ", " TEXTS " FROM runs WHERE id IN (" WINDOW ") ORDER BY id", l);
	if (!q)
		return false;
	VEC(struct trend_row) rows = {0};
	db_bind(q, "i", limit);
	int rc;
	while ((rc = db_step(s, q, l)) == SQLITE_ROW) {
		struct trend_row r;
		read_counts(q, &r);
		const char **texts[] = {&r.commit, &r.branch, &r.tool_version, &r.models_hash,
		                        &r.config_hash};
		for (int i = 0; i < 5; i++)
			*texts[i] = arena_strdup(t->arena, db_text(q, 10 + i));
		intmap_set(row_of, (uint64_t)r.run, rows.len);
		vec_push(&rows, r);
	}
	sqlite3_finalize(q);
	t->nrows = rows.len;
	t->rows = ARENA_ARRAY(t->arena, struct trend_row, rows.len);
	if (rows.len)
		memcpy(t->rows, rows.data, rows.len * sizeof *rows.data);
	vec_release(&rows);
	return rc == SQLITE_DONE;
}

static bool load_rules(struct store *s, int64_t limit, struct trend *t, const struct intmap *row_of,
                       struct problem_list *l)
{
	sqlite3_stmt *q =
	        db_prepare(s,
	                   "SELECT rule, run, open FROM run_rules WHERE open > 0 AND run IN (" WINDOW
	                   ") ORDER BY rule, run",
	                   l);
	if (!q)
		return false;
	VEC(struct trend_rule) rules = {0};
	db_bind(q, "i", limit);
	int rc;
	while ((rc = db_step(s, q, l)) == SQLITE_ROW) {
		uint64_t row = 0;
		const char *rule = db_text(q, 0);
		if (!intmap_get(row_of, (uint64_t)sqlite3_column_int64(q, 1), &row))
			continue;
		if (!rules.len || strcmp(rules.data[rules.len - 1].rule, rule) != 0)
			vec_push(&rules,
			         (struct trend_rule){.rule = arena_strdup(t->arena, rule),
			                             .counts = ARENA_ARRAY(t->arena, uint32_t, t->nrows)});
		rules.data[rules.len - 1].counts[row] = (uint32_t)sqlite3_column_int64(q, 2);
	}
	sqlite3_finalize(q);
	t->nrules = rules.len;
	t->rules = ARENA_ARRAY(t->arena, struct trend_rule, rules.len);
	if (rules.len)
		memcpy(t->rules, rules.data, rules.len * sizeof *rules.data);
	vec_release(&rules);
	return rc == SQLITE_DONE;
}

bool store_trend(struct store *s, uint32_t limit, struct trend *out, struct problem_list *problems)
{
	struct intmap row_of = {0};
	int64_t window = limit ? (int64_t)limit : -1;
	*out = (struct trend){.arena = arena_new()};
	/* One snapshot for both queries: a run that is added in between belongs to neither. */
	bool ok = db_exec(s, "BEGIN", problems) && load_rows(s, window, out, &row_of, problems) &&
	          load_rules(s, window, out, &row_of, problems);
	sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
	intmap_release(&row_of);
	return ok;
}

void trend_release(struct trend *t)
{
	arena_free(t->arena);
	*t = (struct trend){0};
}
