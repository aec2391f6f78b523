/* Single runs: what they said, and by which rules. */
#include "history.h"

#include "internal.h"

#include "arena.h"
#include "mem.h"

#include <string.h>

static const char *const open_states[] = {"new", "reopened", "existing", "unavailable", "off"};

static bool is_open(const char *state)
{
	for (size_t i = 0; i < sizeof open_states / sizeof *open_states; i++)
		if (strcmp(open_states[i], state) == 0)
			return true;
	return false;
}

/* ---- findings ---- */

static struct history_finding read_finding(struct arena *a, sqlite3_stmt *q)
{
	struct history_finding f = {.number = sqlite3_column_int64(q, 0),
	                            .line = (uint32_t)sqlite3_column_int64(q, 1),
	                            .col = (uint32_t)sqlite3_column_int64(q, 2),
	                            .first_run = sqlite3_column_int64(q, 3),
	                            .first_seen = sqlite3_column_int64(q, 4)};
	const char **texts[] = {&f.key,      &f.rule,       &f.file,   &f.function, &f.message,
	                        &f.severity, &f.confidence, &f.reason, &f.state};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = arena_strdup(a, db_text(q, 5 + (int)i));
	f.open = is_open(f.state);
	return f;
}

bool history_findings(struct store *s, int64_t run, struct arena *a, struct history_finding **out,
                      uint32_t *n, struct problem_list *problems)
{
	VEC(struct history_finding) all = {0};
	int rc = 0;
	sqlite3_stmt *q =
	        db_prepare(s,
	                   "SELECT d.id, o.line, o.col, d.first_run, r.started_at, f.key, f.rule, p.path, "
	                   "f.function, m.text, o.severity, o.confidence, o.reason, o.state "
	                   "FROM observations o JOIN findings f ON f.id = o.finding "
	                   "JOIN defects d ON d.id = o.defect "
	                   "JOIN files p ON p.id = f.file JOIN messages m ON m.id = o.message "
	                   "JOIN runs r ON r.id = d.first_run "
	                   "WHERE o.run = ?1 ORDER BY f.rule, p.path, o.line, o.col, f.key",
	                   problems);
	if (q)
		db_bind(q, "i", run);
	while (q && (rc = db_step(s, q, problems)) == SQLITE_ROW)
		vec_push(&all, read_finding(a, q));
	sqlite3_finalize(q);
	*n = all.len;
	*out = ARENA_ARRAY(a, struct history_finding, all.len + 1);
	if (all.len)
		memcpy(*out, all.data, all.len * sizeof **out);
	vec_release(&all);
	return rc == SQLITE_DONE;
}

/* ---- the run itself ---- */

bool history_root(struct store *s, int64_t run, struct arena *a, const char **out,
                  struct problem_list *problems)
{
	sqlite3_stmt *q = db_prepare(s, "SELECT root FROM runs WHERE id = ?1", problems);
	if (q)
		db_bind(q, "i", run);
	int rc = q ? db_step(s, q, problems) : 0;
	*out = rc == SQLITE_ROW ? arena_strdup(a, db_text(q, 0)) : "";
	sqlite3_finalize(q);
	return rc != 0;
}

bool history_rules(struct store *s, int64_t run, struct arena *a, const char ***out, uint32_t *n,
                   struct problem_list *problems)
{
	VEC(const char *) all = {0};
	int rc = 0;
	sqlite3_stmt *q =
	        db_prepare(s, "SELECT rule FROM run_rules WHERE run = ?1 AND ran ORDER BY rule", problems);
	if (q)
		db_bind(q, "i", run);
	while (q && (rc = db_step(s, q, problems)) == SQLITE_ROW)
		vec_push(&all, arena_strdup(a, db_text(q, 0)));
	sqlite3_finalize(q);
	*n = all.len;
	*out = ARENA_ARRAY(a, const char *, all.len + 1);
	if (all.len)
		memcpy(*out, all.data, all.len * sizeof **out);
	vec_release(&all);
	return rc == SQLITE_DONE;
}

unsigned history_changes(const struct trend_row *before, const struct trend_row *after)
{
	if (!before)
		return 0;
	return (strcmp(before->tool_version, after->tool_version) ? CHANGED_TOOL : 0u) |
	       (strcmp(before->models_hash, after->models_hash) ? CHANGED_MODELS : 0u) |
	       (strcmp(before->config_hash, after->config_hash) ? CHANGED_CONFIG : 0u);
}
