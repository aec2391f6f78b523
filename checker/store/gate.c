/* What gates ask: was this finding there after that run? */
#include "internal.h"

#include <stdio.h>
#include <string.h>

static bool ask(struct store *s, sqlite3_stmt *q, int64_t *value, struct problem_list *l)
{
	int rc = q ? db_step(s, q, l) : 0;
	*value = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
	sqlite3_finalize(q);
	return rc != 0;
}

bool store_has_findings(struct store *s, int64_t run, bool *kept, struct problem_list *problems)
{
	int64_t n = 0;
	sqlite3_stmt *q = db_prepare(s, "SELECT 1 FROM runs WHERE id = ?1 AND NOT pruned", problems);
	if (q)
		db_bind(q, "i", run);
	bool ok = ask(s, q, &n, problems);
	*kept = n != 0;
	return ok;
}

bool store_run_of_commit(struct store *s, const char *commit, int64_t *run, struct problem_list *problems)
{
	*run = 0;
	if (strspn(commit, "0123456789abcdef") != strlen(commit) || strlen(commit) < 7)
		return true;
	sqlite3_stmt *q = db_prepare(s,
	                             "SELECT max(id) FROM runs WHERE substr(commit_id, 1, length(?1)) = ?1 "
	                             "AND clean AND complete AND whole AND NOT pruned",
	                             problems);
	if (q)
		db_bind(q, "t", commit);
	return ask(s, q, run, problems);
}

bool store_knows_models(struct store *s, const char *version, const char *models_hash)
{
	struct problem_list unsaid = {0};
	int64_t same = 0;
	sqlite3_stmt *q = db_prepare(
	        s, "SELECT tool_version = ?1 AND models_hash = ?2 FROM runs ORDER BY id DESC LIMIT 1",
	        &unsaid);
	if (q)
		db_bind(q, "tt", version, models_hash);
	bool ok = ask(s, q, &same, &unsaid) && same;
	problem_list_release(&unsaid);
	return ok;
}

bool store_last_commit(struct store *s, char out[65], struct problem_list *problems)
{
	sqlite3_stmt *q = db_prepare(s, "SELECT commit_id FROM runs ORDER BY id DESC LIMIT 1", problems);
	int rc = q ? db_step(s, q, problems) : 0;
	snprintf(out, 65, "%s", rc == SQLITE_ROW ? db_text(q, 0) : "");
	sqlite3_finalize(q);
	return rc != 0;
}

bool store_knew(struct store *s, int64_t defect, int64_t run, bool *known, struct problem_list *problems)
{
	int64_t n = 0;
	/* Old code that a later run could see for the first time is no newer than what it could see. */
	sqlite3_stmt *q =
	        db_prepare(s,
	                   "SELECT 1 FROM observations WHERE defect = ?1 AND "
	                   "((run = ?2 AND state <> 'fixed') OR (run > ?2 AND matched = 'old-code')) LIMIT 1",
	                   problems);
	if (q)
		db_bind(q, "ii", defect, run);
	bool ok = ask(s, q, &n, problems);
	*known = n != 0;
	return ok;
}
