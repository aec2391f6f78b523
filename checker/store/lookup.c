/* Single findings, as the last run that spoke of them saw them. */
#include "internal.h"

#include "arena.h"
#include "mem.h"

#include <string.h>

enum column {
	KEY,
	RULE,
	FILE_,
	USR,
	FUNCTION,
	ANCHOR,
	SEVERITY,
	CONFIDENCE,
	MESSAGE,
	LINE_HASH,
	STATE,
	REASON,
	ROOT,
	TRACE,
	ORDINAL,
	LINE,
	COL,
	RUN,
	STARTED,
	FIRST_RUN,
	DEFECT
};

#define QUERY                                                                                                \
	"SELECT f.key, f.rule, p.path, f.usr, f.function, f.anchor, o.severity, o.confidence, m.text, "      \
	"o.line_hash, o.state, o.reason, r.root, coalesce(t.text, ''), "                                     \
	"f.ordinal, o.line, o.col, o.run, r.started_at, d.first_run, o.defect "                              \
	"FROM findings f JOIN observations o ON o.finding = f.id "                                           \
	"JOIN files p ON p.id = f.file "                                                                     \
	"JOIN messages m ON m.id = o.message JOIN runs r ON r.id = o.run "                                   \
	"JOIN defects d ON d.id = o.defect LEFT JOIN traces t ON t.id = o.trace "                            \
	"WHERE f.key >= ?1 AND f.key < ?1 || 'g' "                                                           \
	"AND o.run = (SELECT max(run) FROM observations WHERE finding = f.id) "                              \
	"ORDER BY o.run DESC, f.key LIMIT 100"

static enum severity severity_of(const char *name)
{
	enum severity s = SEVERITY_NOTE;
	while (s < SEVERITY_ERROR && strcmp(severity_name(s), name) != 0)
		s++;
	return s;
}

static void read_trace(struct arena *a, sqlite3_stmt *q, struct store_found *out)
{
	const char *text = db_text(q, TRACE);
	json_t *j = *text ? json_loads(text, 0, NULL) : NULL;
	struct finding f = {0};
	if (j && finding_trace_from_json(a, j, &f)) {
		out->traced = true;
		out->finding.steps = f.steps;
		out->finding.nsteps = f.nsteps;
		out->finding.also = f.also;
		out->finding.nalso = f.nalso;
		out->finding.at.end_col = f.at.end_col;
		memcpy(out->finding.text_hash, f.text_hash, sizeof f.text_hash);
	}
	json_decref(j);
}

static void copy_digits(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

static struct store_found read_row(struct arena *a, sqlite3_stmt *q)
{
	const char *text[TRACE];
	for (int i = 0; i < TRACE; i++)
		text[i] = arena_strdup(a, db_text(q, i));
	struct store_found found = {.state = text[STATE],
	                            .root = text[ROOT],
	                            .run = sqlite3_column_int64(q, RUN),
	                            .started_at = sqlite3_column_int64(q, STARTED),
	                            .first_run = sqlite3_column_int64(q, FIRST_RUN),
	                            .defect = sqlite3_column_int64(q, DEFECT)};
	struct finding *f = &found.finding;
	*f = (struct finding){.rule = text[RULE],
	                      .severity = severity_of(text[SEVERITY]),
	                      .confidence = CONFIDENCE_LOW,
	                      .message = text[MESSAGE],
	                      .at = {.file = text[FILE_],
	                             .line = (uint32_t)sqlite3_column_int64(q, LINE),
	                             .col = (uint32_t)sqlite3_column_int64(q, COL)},
	                      .function = text[FUNCTION],
	                      .usr = text[USR],
	                      .anchor = text[ANCHOR],
	                      .ordinal = (uint32_t)sqlite3_column_int64(q, ORDINAL)};
	confidence_parse(text[CONFIDENCE], &f->confidence);
	f->defect = found.defect;
	copy_digits(f->id, sizeof f->id, text[KEY]);
	copy_digits(f->line_hash, sizeof f->line_hash, text[LINE_HASH]);
	if (strcmp(found.state, "suppressed") == 0) {
		f->suppressed = text[REASON];
		f->suppression_kind = "a comment";
	}
	read_trace(a, q, &found);
	return found;
}

/* What the newest run that spoke of the defect called it. */
static bool read_now(struct store *s, struct arena *a, struct store_found *f, struct problem_list *l)
{
	f->now = "";
	sqlite3_stmt *q = db_prepare(s,
	                             "SELECT f.key FROM observations o JOIN findings f ON f.id = o.finding "
	                             "WHERE o.defect = ?1 ORDER BY o.run DESC LIMIT 1",
	                             l);
	if (!q)
		return false;
	db_bind(q, "i", f->defect);
	int rc = db_step(s, q, l);
	if (rc == SQLITE_ROW && strcmp(db_text(q, 0), f->finding.id) != 0)
		f->now = arena_strdup(a, db_text(q, 0));
	sqlite3_finalize(q);
	return rc != 0;
}

static bool read_review(struct store *s, struct arena *a, struct finding *f, struct problem_list *l)
{
	if (!f->defect)
		return true;
	sqlite3_stmt *q = db_prepare(
	        s, "SELECT status, reason FROM reviews WHERE defect = ?1 ORDER BY id DESC LIMIT 1", l);
	if (!q)
		return false;
	db_bind(q, "i", f->defect);
	int rc = db_step(s, q, l);
	if (rc == SQLITE_ROW && strcmp(db_text(q, 0), "none") != 0) {
		f->review = arena_strdup(a, db_text(q, 0));
		f->review_reason = arena_strdup(a, db_text(q, 1));
	}
	sqlite3_finalize(q);
	return rc != 0;
}

bool store_find(struct store *s, const char *prefix, struct arena *a, struct store_found **out, uint32_t *n,
                struct problem_list *problems)
{
	VEC(struct store_found) all = {0};
	int64_t newest = 0;
	sqlite3_stmt *q = NULL;
	int rc = 0;
	if (db_integer(s, "SELECT max(id) FROM runs", &newest, problems) &&
	    (q = db_prepare(s, QUERY, problems))) {
		db_bind(q, "t", prefix);
		while ((rc = db_step(s, q, problems)) == SQLITE_ROW) {
			struct store_found f = read_row(a, q);
			if (!all.len || f.run == newest || all.data[0].run != newest)
				vec_push(&all, f);
		}
	}
	sqlite3_finalize(q);
	for (uint32_t i = 0; i < all.len && rc == SQLITE_DONE; i++)
		if (!read_review(s, a, &all.data[i].finding, problems) ||
		    !read_now(s, a, &all.data[i], problems))
			rc = 0;
	*n = all.len;
	*out = ARENA_ARRAY(a, struct store_found, all.len + 1);
	if (all.len)
		memcpy(*out, all.data, all.len * sizeof **out);
	vec_release(&all);
	return rc == SQLITE_DONE;
}

bool store_ids(struct store *s, struct arena *a, const char ***ids, uint32_t *n,
               struct problem_list *problems)
{
	VEC(const char *) all = {0};
	int rc = 0;
	sqlite3_stmt *q = db_prepare(s,
	                             "SELECT f.key FROM observations o JOIN findings f ON f.id = o.finding "
	                             "WHERE o.run = (SELECT max(id) FROM runs) ORDER BY f.key",
	                             problems);
	while (q && (rc = db_step(s, q, problems)) == SQLITE_ROW)
		vec_push(&all, arena_strdup(a, db_text(q, 0)));
	sqlite3_finalize(q);
	*n = all.len;
	*ids = ARENA_ARRAY(a, const char *, all.len + 1);
	if (all.len)
		memcpy(*ids, all.data, all.len * sizeof **ids);
	vec_release(&all);
	return rc == SQLITE_DONE;
}

/* ---- all of a run ---- */

enum { RUN_LINE = TRACE, RUN_COL, RUN_ORDINAL, RUN_DEFECT };

static struct finding run_finding(struct arena *a, sqlite3_stmt *q)
{
	const char *text[LINE_HASH + 1];
	for (int i = 0; i <= LINE_HASH; i++)
		text[i] = arena_strdup(a, db_text(q, i));
	struct finding f = {.rule = text[RULE],
	                    .severity = severity_of(text[SEVERITY]),
	                    .confidence = CONFIDENCE_LOW,
	                    .message = text[MESSAGE],
	                    .at = {.file = text[FILE_],
	                           .line = (uint32_t)sqlite3_column_int64(q, RUN_LINE),
	                           .col = (uint32_t)sqlite3_column_int64(q, RUN_COL)},
	                    .function = text[FUNCTION],
	                    .usr = text[USR],
	                    .anchor = text[ANCHOR],
	                    .ordinal = (uint32_t)sqlite3_column_int64(q, RUN_ORDINAL),
	                    .defect = sqlite3_column_int64(q, RUN_DEFECT)};
	confidence_parse(text[CONFIDENCE], &f.confidence);
	copy_digits(f.id, sizeof f.id, text[KEY]);
	copy_digits(f.line_hash, sizeof f.line_hash, text[LINE_HASH]);
	return f;
}

/* False, with a problem, if the run is not there or has no findings any more. */
static bool find_run(struct store *s, int64_t *run, struct problem_list *l)
{
	bool kept = false;
	if (!*run && !db_integer(s, "SELECT max(id) FROM runs", run, l))
		return false;
	if (!*run || !store_has_findings(s, *run, &kept, l) || !kept)
		problem_hint(
		        problem_add(l, PROBLEM_ERROR, s->path, 0, 0,
		                    "the database has no findings of a run %lld", (long long)*run),
		        "'cancelint trend' lists the runs; of those that were pruned only sums are left");
	return kept;
}

bool store_run_findings(struct store *s, int64_t *run, struct arena *a, struct finding **out, uint32_t *n,
                        struct problem_list *problems)
{
	VEC(struct finding) all = {0};
	int rc = 0;
	if (!find_run(s, run, problems))
		return false;
	sqlite3_stmt *q = db_prepare(
	        s,
	        "SELECT f.key, f.rule, p.path, f.usr, f.function, f.anchor, o.severity, "
	        "o.confidence, m.text, o.line_hash, '', '', '', o.line, o.col, f.ordinal, o.defect "
	        "FROM observations o JOIN findings f ON f.id = o.finding "
	        "JOIN files p ON p.id = f.file JOIN messages m ON m.id = o.message "
	        "WHERE o.run = ?1 AND o.state NOT IN ('fixed', 'suppressed') "
	        "ORDER BY p.path, o.line, o.col, f.rule, f.key",
	        problems);
	if (q)
		db_bind(q, "i", *run);
	while (q && (rc = db_step(s, q, problems)) == SQLITE_ROW)
		vec_push(&all, run_finding(a, q));
	sqlite3_finalize(q);
	for (uint32_t i = 0; i < all.len && rc == SQLITE_DONE; i++)
		if (!read_review(s, a, &all.data[i], problems))
			rc = 0;
	*n = all.len;
	*out = ARENA_ARRAY(a, struct finding, all.len + 1);
	if (all.len)
		memcpy(*out, all.data, all.len * sizeof **out);
	vec_release(&all);
	return rc == SQLITE_DONE;
}

/* ---- reviews ---- */

bool store_review(struct store *s, int64_t defect, int64_t at, const char *status, const char *reason,
                  struct problem_list *problems)
{
	sqlite3_stmt *q = db_prepare(
	        s, "INSERT INTO reviews (defect, at, status, reason) VALUES (?1, ?2, ?3, ?4)", problems);
	if (q)
		db_bind(q, "iitt", defect, at, status, reason);
	bool ok = q && db_step(s, q, problems) != 0;
	sqlite3_finalize(q);
	return ok;
}
