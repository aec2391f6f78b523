/* One run into the database: what was open before, what the run saw, and what follows for each finding. */
#include "internal.h"

#include "arena.h"
#include "finding.h"
#include "hash.h"
#include "map.h"
#include "mem.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

/* A finding that was open after the run before. */
struct prior {
	const char *key, *rule, *file, *severity, *confidence, *line_hash;
	int64_t finding, message, line, col, trace;
	bool seen; /* by this run */
};

enum unit_state { UNIT_LOOKED = 1, UNIT_NOT_LOOKED };

/* One row per statement of a writer. */
#define STATEMENTS(S)                                                                                        \
	S(FILE_ADD, "INSERT OR IGNORE INTO files (path) VALUES (?1)")                                        \
	S(FILE_ID, "SELECT id FROM files WHERE path = ?1")                                                   \
	S(MESSAGE_ADD, "INSERT OR IGNORE INTO messages (text) VALUES (?1)")                                  \
	S(MESSAGE_ID, "SELECT id FROM messages WHERE text = ?1")                                             \
	S(TRACE_ADD, "INSERT INTO traces (hash, text) VALUES (?1, ?2)")                                      \
	S(TRACE_ID, "SELECT id FROM traces WHERE hash = ?1")                                                 \
	S(RUN_ADD,                                                                                           \
	  "INSERT INTO runs (parent, started_at, seconds, root, commit_id, branch, tool_version, "           \
	  "models_hash,"                                                                                     \
	  " config_hash, complete, whole, units, failed, total, added, gone, carried)"                       \
	  " VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, 0, 0, 0)")         \
	S(RUN_SUMS, "UPDATE runs SET total = ?2, added = ?3, gone = ?4, carried = ?5 WHERE id = ?1")         \
	S(UNIT_ADD, "INSERT INTO units VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                     \
	S(RULE_RAN, "INSERT OR IGNORE INTO run_rules VALUES (?1, ?2, 1, 0)")                                 \
	S(RULE_COUNT, "INSERT INTO run_rules VALUES (?1, ?2, 0, ?3) ON CONFLICT DO UPDATE SET open = ?3")    \
	S(FINDING_ID, "SELECT id FROM findings WHERE key = ?1")                                              \
	S(FINDING_ADD, "INSERT INTO findings (key, rule, file, usr, function, anchor, ordinal, first_run)"   \
	               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                           \
	S(WAS_OPEN, "SELECT 1 FROM observations WHERE finding = ?1"                                          \
	            " AND state IN ('new', 'reopened', 'existing') LIMIT 1")                                 \
	S(WAS_UNIT, "SELECT 1 FROM units WHERE file = ?1 LIMIT 1")                                           \
	S(OBSERVE,                                                                                           \
	  "INSERT INTO observations VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, 0))")       \
	S(NOTE_ADD, "INSERT INTO notes VALUES (?1, ?2, ?3, ?4, ?5)")

#define S(name, sql) name,
enum statement { STATEMENTS(S) NSTATEMENTS };
#undef S

struct writer {
	struct store *store;
	const struct store_run *run;
	struct problem_list *problems;
	struct arena *arena;
	sqlite3_stmt *q[NSTATEMENTS];
	int64_t id, parent;
	VEC(struct prior) prior;
	struct strmap prior_of; /* key -> 1 + index */
	struct strmap units;    /* file -> enum unit_state */
	struct strmap rules;    /* ran */
	struct strmap hidden;
	struct strmap seen; /* keys recorded in this run */
	struct strmap open; /* rule -> open findings */
	int64_t total, added, gone, carried;
};

static bool writer_prepare(struct writer *w)
{
	static const char *const sql[] = {
#define S(name, text) text,
	        STATEMENTS(S)
#undef S
	};
	for (int i = 0; i < NSTATEMENTS; i++)
		if (!(w->q[i] = db_prepare(w->store, sql[i], w->problems)))
			return false;
	return true;
}

static void writer_release(struct writer *w)
{
	for (int i = 0; i < NSTATEMENTS; i++)
		sqlite3_finalize(w->q[i]);
	vec_release(&w->prior);
	strmap_release(&w->prior_of);
	strmap_release(&w->units);
	strmap_release(&w->rules);
	strmap_release(&w->hidden);
	strmap_release(&w->seen);
	strmap_release(&w->open);
	arena_free(w->arena);
}

/* Steps a bound statement: SQLITE_ROW, SQLITE_DONE or 0. */
static int step(struct writer *w, enum statement s)
{
	return db_step(w->store, w->q[s], w->problems);
}

static bool done(struct writer *w, enum statement s)
{
	return step(w, s) != 0;
}

/* The first column of a bound query, 0 without a row. */
static bool ask(struct writer *w, enum statement s, int64_t *value)
{
	int rc = step(w, s);
	*value = rc == SQLITE_ROW ? sqlite3_column_int64(w->q[s], 0) : 0;
	sqlite3_reset(w->q[s]);
	return rc != 0;
}

static bool text_id(struct writer *w, enum statement add, enum statement find, const char *text, int64_t *id)
{
	db_bind(w->q[find], "t", text);
	if (!ask(w, find, id) || *id)
		return *id != 0;
	db_bind(w->q[add], "t", text);
	*id = 0;
	if (!done(w, add))
		return false;
	*id = sqlite3_last_insert_rowid(w->store->db);
	return true;
}

static bool file_id(struct writer *w, const char *path, int64_t *id)
{
	return text_id(w, FILE_ADD, FILE_ID, path, id);
}

/* ---- what is known before ---- */

static bool load_prior(struct writer *w)
{
	sqlite3_stmt *q = db_prepare(
	        w->store,
	        "SELECT f.key, f.rule, p.path, o.severity, o.confidence, o.line_hash, o.finding, "
	        "o.message, o.line, o.col, o.trace FROM observations o JOIN findings f ON f.id = o.finding "
	        "JOIN files p ON p.id = f.file WHERE o.run = ?1 AND o.state IN "
	        "('new', 'reopened', 'existing', 'unavailable', 'off') ORDER BY o.finding",
	        w->problems);
	if (!q)
		return false;
	db_bind(q, "i", w->parent);
	int rc;
	while ((rc = db_step(w->store, q, w->problems)) == SQLITE_ROW) {
		const char *text[6];
		for (int i = 0; i < 6; i++)
			text[i] = arena_strdup(w->arena, db_text(q, i));
		vec_push(&w->prior, (struct prior){.key = text[0],
		                                   .rule = text[1],
		                                   .file = text[2],
		                                   .severity = text[3],
		                                   .confidence = text[4],
		                                   .line_hash = text[5],
		                                   .finding = sqlite3_column_int64(q, 6),
		                                   .message = sqlite3_column_int64(q, 7),
		                                   .line = sqlite3_column_int64(q, 8),
		                                   .col = sqlite3_column_int64(q, 9),
		                                   .trace = sqlite3_column_int64(q, 10)});
		strmap_set(&w->prior_of, text[0], w->prior.len);
	}
	sqlite3_finalize(q);
	return rc == SQLITE_DONE;
}

static struct prior *prior_find(struct writer *w, const char *key)
{
	uint64_t i = 0;
	return strmap_get(&w->prior_of, key, &i) ? &w->prior.data[i - 1] : NULL;
}

static void index_run(struct writer *w)
{
	const struct store_run *r = w->run;
	for (uint32_t i = 0; i < r->nunits; i++) {
		uint64_t state = UNIT_LOOKED;
		strmap_get(&w->units, r->units[i].file, &state);
		if (strcmp(r->units[i].outcome, "ok") != 0)
			state = UNIT_NOT_LOOKED;
		strmap_set(&w->units, r->units[i].file, state);
	}
	for (uint32_t i = 0; i < r->nhidden; i++)
		strmap_set(&w->hidden, r->hidden[i], 1);
	for (const char *p = r->rules; *p;) {
		size_t n = strcspn(p, ",");
		strmap_set(&w->rules, arena_strndup(w->arena, p, n), 1);
		p += n + (p[n] == ',');
	}
}

/* Would this run have reported a finding in that file? */
static bool looked_at(struct writer *w, const char *file, bool *looked)
{
	uint64_t state = 0;
	*looked = strmap_get(&w->units, file, &state) && state == UNIT_LOOKED;
	if (state)
		return true;
	*looked = w->run->whole && w->run->complete;
	if (*looked || !w->run->whole)
		return true;
	/* Some unit failed. A header may be one that it includes; a former unit has left the project. */
	int64_t id = 0, was = 0;
	if (!file_id(w, file, &id))
		return false;
	db_bind(w->q[WAS_UNIT], "i", id);
	if (!ask(w, WAS_UNIT, &was))
		return false;
	*looked = was != 0;
	return true;
}

/* ---- the rows ---- */

static bool add_run_row(struct writer *w)
{
	const struct store_run *r = w->run;
	int64_t failed = 0;
	for (uint32_t i = 0; i < r->nunits; i++)
		failed += strcmp(r->units[i].outcome, "ok") != 0;
	db_bind(w->q[RUN_ADD], "iidttttttiiii", w->parent, r->started_at, r->seconds, r->root, r->commit,
	        r->branch, r->tool_version, r->models_hash, r->config_hash, (int64_t)r->complete,
	        (int64_t)r->whole, (int64_t)r->nunits, failed);
	if (!done(w, RUN_ADD))
		return false;
	w->id = sqlite3_last_insert_rowid(w->store->db);
	return true;
}

/* Before the units of this run are in the table: looked_at() asks for former ones. */
static bool add_units(struct writer *w)
{
	for (uint32_t i = 0; i < w->run->nunits; i++) {
		const struct store_unit *u = &w->run->units[i];
		int64_t file = 0;
		if (!file_id(w, u->file, &file))
			return false;
		db_bind(w->q[UNIT_ADD], "iiittd", w->id, (int64_t)i, file, u->outcome, u->reason, u->seconds);
		if (!done(w, UNIT_ADD))
			return false;
	}
	return true;
}

static bool add_notes(struct writer *w)
{
	for (uint32_t i = 0; i < w->run->nnotes; i++) {
		const struct store_note *n = &w->run->notes[i];
		int64_t file = 0;
		if (!file_id(w, n->file, &file))
			return false;
		db_bind(w->q[NOTE_ADD], "iiitt", w->id, (int64_t)i, file, n->function, n->text);
		if (!done(w, NOTE_ADD))
			return false;
	}
	return true;
}

static bool finding_row(struct writer *w, const struct finding *f, int64_t *id, bool *reopened)
{
	int64_t file = 0, open = 0;
	*reopened = false;
	db_bind(w->q[FINDING_ID], "t", f->id);
	if (!ask(w, FINDING_ID, id))
		return false;
	if (*id) {
		db_bind(w->q[WAS_OPEN], "i", *id);
		if (!ask(w, WAS_OPEN, &open))
			return false;
		*reopened = open != 0;
		return true;
	}
	if (!file_id(w, f->at.file, &file))
		return false;
	db_bind(w->q[FINDING_ADD], "ttitttii", f->id, f->rule, file, f->usr, f->function, f->anchor,
	        (int64_t)f->ordinal, w->id);
	if (!done(w, FINDING_ADD))
		return false;
	*id = sqlite3_last_insert_rowid(w->store->db);
	return true;
}

static void count_open(struct writer *w, const char *rule)
{
	uint64_t n = 0;
	strmap_get(&w->open, rule, &n);
	strmap_set(&w->open, rule, n + 1);
	w->total++;
}

static const char *state_of(struct writer *w, const struct finding *f, const struct prior *before,
                            bool reopened)
{
	if (f->suppressed) {
		w->gone += before != NULL;
		return "suppressed";
	}
	count_open(w, f->rule);
	w->added += before == NULL;
	return before ? "existing" : reopened ? "reopened" : "new";
}

static bool trace_id(struct writer *w, const struct finding *f, int64_t *id)
{
	json_t *j = finding_trace_to_json(f);
	char *text = json_dumps(j, JSON_COMPACT), hash[33];
	json_decref(j);
	if (!text)
		mem_die(0);
	hash128_hex(hash128(text, strlen(text)), hash);
	db_bind(w->q[TRACE_ID], "t", hash);
	bool ok = ask(w, TRACE_ID, id);
	if (ok && !*id) {
		db_bind(w->q[TRACE_ADD], "tt", hash, text);
		ok = done(w, TRACE_ADD);
		*id = sqlite3_last_insert_rowid(w->store->db);
	}
	free(text);
	return ok;
}

static bool observe(struct writer *w, const struct finding *f)
{
	struct prior *before = prior_find(w, f->id);
	int64_t id = 0, message = 0, trace = 0;
	bool reopened = false;
	if (strmap_get(&w->seen, f->id, NULL))
		return true;
	strmap_set(&w->seen, f->id, 1);
	if (before)
		before->seen = true;
	if (!finding_row(w, f, &id, &reopened) ||
	    !text_id(w, MESSAGE_ADD, MESSAGE_ID, f->message, &message) || !trace_id(w, f, &trace))
		return false;
	db_bind(w->q[OBSERVE], "iitiittitti", w->id, id, state_of(w, f, before, reopened),
	        (int64_t)f->at.line, (int64_t)f->at.col, severity_name(f->severity),
	        confidence_name(f->confidence), message, f->line_hash, f->suppressed ? f->suppressed : "",
	        trace);
	return done(w, OBSERVE);
}

/* A finding that was open and that this run does not report. */
static bool settle(struct writer *w, const struct prior *p)
{
	bool looked = false;
	const char *state = "off";
	if (strmap_get(&w->rules, p->rule, NULL) && !strmap_get(&w->hidden, p->key, NULL)) {
		if (!looked_at(w, p->file, &looked))
			return false;
		state = looked ? "fixed" : "unavailable";
	}
	if (looked) {
		w->gone++;
	} else {
		w->carried++;
		count_open(w, p->rule);
	}
	db_bind(w->q[OBSERVE], "iitiittitti", w->id, p->finding, state, p->line, p->col, p->severity,
	        p->confidence, p->message, p->line_hash, "", p->trace);
	return done(w, OBSERVE);
}

static bool add_findings(struct writer *w)
{
	for (uint32_t i = 0; i < w->run->findings->len; i++)
		if (!observe(w, &w->run->findings->items[i]))
			return false;
	for (uint32_t i = 0; i < w->prior.len; i++)
		if (!w->prior.data[i].seen && !settle(w, &w->prior.data[i]))
			return false;
	return true;
}

static bool add_sums(struct writer *w)
{
	for (uint32_t i = 0; i < w->rules.len; i++) {
		db_bind(w->q[RULE_RAN], "it", w->id, w->rules.entries[i].key);
		if (!done(w, RULE_RAN))
			return false;
	}
	for (uint32_t i = 0; i < w->open.len; i++) {
		db_bind(w->q[RULE_COUNT], "iti", w->id, w->open.entries[i].key,
		        (int64_t)w->open.entries[i].value);
		if (!done(w, RULE_COUNT))
			return false;
	}
	db_bind(w->q[RUN_SUMS], "iiiii", w->id, w->total, w->added, w->gone, w->carried);
	return done(w, RUN_SUMS);
}

static bool write_run(struct writer *w)
{
	if (!writer_prepare(w) ||
	    !db_integer(w->store, "SELECT max(id) FROM runs", &w->parent, w->problems) || !load_prior(w))
		return false;
	index_run(w);
	return add_run_row(w) && add_findings(w) && add_units(w) && add_notes(w) && add_sums(w);
}

int64_t store_add_run(struct store *s, const struct store_run *run, struct problem_list *problems)
{
	struct writer w = {.store = s, .run = run, .problems = problems, .arena = arena_new()};
	/* The lock comes first, so that no other run gets between what was read and what is written. */
	bool ok = db_exec(s, "BEGIN IMMEDIATE", problems) && write_run(&w);
	int64_t id = w.id;
	writer_release(&w);
	ok = ok && db_exec(s, "COMMIT", problems);
	if (!ok && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return ok ? id : 0;
}
