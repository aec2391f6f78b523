/* One run into the database: what was open before, what the run saw, and what follows for each finding. */
#include "writer.h"

#include "arena.h"
#include "finding.h"
#include "hash.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

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
	strmap_release(&w->units);
	strmap_release(&w->rules);
	strmap_release(&w->renamed);
	strmap_release(&w->versions);
	strmap_release(&w->seen);
	strmap_release(&w->open);
	source_cache_free(w->sources);
	arena_free(w->arena);
}

/* Steps a bound statement: SQLITE_ROW, SQLITE_DONE or 0. */
static int step(struct writer *w, enum statement s)
{
	return db_step(w->store, w->q[s], w->problems);
}

bool writer_done(struct writer *w, enum statement s)
{
	return step(w, s) != 0;
}

bool writer_ask(struct writer *w, enum statement s, int64_t *value)
{
	int rc = step(w, s);
	*value = rc == SQLITE_ROW ? sqlite3_column_int64(w->q[s], 0) : 0;
	sqlite3_reset(w->q[s]);
	return rc != 0;
}

static bool text_id(struct writer *w, enum statement add, enum statement find, const char *text, int64_t *id)
{
	db_bind(w->q[find], "t", text);
	if (!writer_ask(w, find, id) || *id)
		return *id != 0;
	db_bind(w->q[add], "t", text);
	*id = 0;
	if (!writer_done(w, add))
		return false;
	*id = sqlite3_last_insert_rowid(w->store->db);
	return true;
}

bool writer_file(struct writer *w, const char *path, int64_t *id)
{
	return text_id(w, FILE_ADD, FILE_ID, path, id);
}

/* ---- what this run looked at ---- */

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
	for (uint32_t i = 0; i < r->nrule_names; i++)
		strmap_set(&w->renamed, r->rule_names[i].from, (uint64_t)(uintptr_t)r->rule_names[i].to);
	for (const char *p = r->rules; *p;) {
		size_t n = strcspn(p, ",");
		strmap_set(&w->rules, arena_strndup(w->arena, p, n), 1);
		p += n + (p[n] == ',');
	}
}

bool writer_looked_at(struct writer *w, const char *file, bool *looked)
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
	if (!writer_file(w, file, &id))
		return false;
	db_bind(w->q[WAS_UNIT], "i", id);
	if (!writer_ask(w, WAS_UNIT, &was))
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
	db_bind(w->q[RUN_ADD], "iidttttttiiiii", w->parent, r->started_at, r->seconds, r->root, r->commit,
	        r->branch, r->tool_version, r->models_hash, r->config_hash, (int64_t)r->complete,
	        (int64_t)r->whole, (int64_t)r->nunits, failed, (int64_t)r->clean);
	if (!writer_done(w, RUN_ADD))
		return false;
	w->id = sqlite3_last_insert_rowid(w->store->db);
	return true;
}

/* Before the units of this run are in the table: writer_looked_at() asks for former ones. */
static bool add_units(struct writer *w)
{
	for (uint32_t i = 0; i < w->run->nunits; i++) {
		const struct store_unit *u = &w->run->units[i];
		int64_t file = 0;
		if (!writer_file(w, u->file, &file))
			return false;
		db_bind(w->q[UNIT_ADD], "iiittd", w->id, (int64_t)i, file, u->outcome, u->reason, u->seconds);
		if (!writer_done(w, UNIT_ADD))
			return false;
	}
	return true;
}

static bool add_notes(struct writer *w)
{
	for (uint32_t i = 0; i < w->run->nnotes; i++) {
		const struct store_note *n = &w->run->notes[i];
		int64_t file = 0;
		if (!writer_file(w, n->file, &file))
			return false;
		db_bind(w->q[NOTE_ADD], "iiitt", w->id, (int64_t)i, file, n->function, n->text);
		if (!writer_done(w, NOTE_ADD))
			return false;
	}
	return true;
}

static bool finding_row(struct writer *w, const struct finding *f, int64_t *id)
{
	int64_t file = 0;
	db_bind(w->q[FINDING_ID], "t", f->id);
	if (!writer_ask(w, FINDING_ID, id) || *id)
		return *id != 0;
	if (!writer_file(w, f->at.file, &file))
		return false;
	db_bind(w->q[FINDING_ADD], "ttitttii", f->id, f->rule, file, f->usr, f->function, f->anchor,
	        (int64_t)f->ordinal, w->id);
	if (!writer_done(w, FINDING_ADD))
		return false;
	*id = sqlite3_last_insert_rowid(w->store->db);
	return true;
}

static bool defect_row(struct writer *w, struct known *k)
{
	if (k->defect)
		return true;
	db_bind(w->q[DEFECT_ADD], "i", w->id);
	if (!writer_done(w, DEFECT_ADD))
		return false;
	k->defect = sqlite3_last_insert_rowid(w->store->db);
	return true;
}

static void count_open(struct writer *w, const char *rule)
{
	uint64_t n = 0;
	strmap_get(&w->open, rule, &n);
	strmap_set(&w->open, rule, n + 1);
	w->total++;
}

static const char *state_of(struct writer *w, const struct finding *f, const struct known *k)
{
	bool was = k->before && k->before->open;
	if (f->suppressed) {
		w->gone += was;
		return "suppressed";
	}
	count_open(w, f->rule);
	w->added += !was;
	w->backdated += !was && k->backdated;
	return was ? "existing" : k->was_open ? "reopened" : "new";
}

/* '' says that nothing had changed, which is what nearly all rows say. */
static const char *matched_by(const struct known *k)
{
	return k->backdated ? "old-code" : k->step == MATCH_EXACT ? "" : match_step_name(k->step);
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
	bool ok = writer_ask(w, TRACE_ID, id);
	if (ok && !*id) {
		db_bind(w->q[TRACE_ADD], "tt", hash, text);
		ok = writer_done(w, TRACE_ADD);
		*id = sqlite3_last_insert_rowid(w->store->db);
	}
	free(text);
	return ok;
}

static bool observe(struct writer *w, struct finding *f, struct known *k)
{
	int64_t id = 0, message = 0, trace = 0;
	if (strmap_get(&w->seen, f->id, NULL))
		return true;
	strmap_set(&w->seen, f->id, 1);
	if (!finding_row(w, f, &id) || !defect_row(w, k) || !review_of(w, f, k->defect) ||
	    !text_id(w, MESSAGE_ADD, MESSAGE_ID, f->message, &message) || !trace_id(w, f, &trace))
		return false;
	const char *state = state_of(w, f, k);
	f->defect = k->defect;
	f->known = f->suppressed || strcmp(state, "existing") == 0 || k->backdated;
	db_bind(w->q[OBSERVE], "iitiittittiit", w->id, id, state, (int64_t)f->at.line, (int64_t)f->at.col,
	        severity_name(f->severity), confidence_name(f->confidence), message, f->line_hash,
	        f->suppressed ? f->suppressed : "", trace, k->defect, matched_by(k));
	return writer_done(w, OBSERVE);
}

/* A finding that was open and that this run does not report. */
static bool settle(struct writer *w, const struct prior *p)
{
	bool looked = false;
	const char *state = "off", *rule = strmap_ptr(&w->renamed, p->rule);
	if (strmap_get(&w->rules, rule ? rule : p->rule, NULL) && !p->hidden) {
		if (!writer_looked_at(w, p->file, &looked))
			return false;
		state = looked ? "fixed" : "unavailable";
	}
	if (looked) {
		w->gone++;
	} else {
		w->carried++;
		count_open(w, p->rule);
	}
	db_bind(w->q[OBSERVE], "iitiittittiit", w->id, p->finding, state, p->line, p->col, p->severity,
	        p->confidence, p->message, p->line_hash, "", p->trace, p->defect, "");
	return writer_done(w, OBSERVE);
}

static bool add_findings(struct writer *w)
{
	for (uint32_t i = 0; i < w->run->findings->len; i++)
		if (!observe(w, &w->run->findings->items[i], &w->known[i]))
			return false;
	for (uint32_t i = 0; i < w->prior.len; i++)
		if (w->prior.data[i].open && !w->prior.data[i].seen && !settle(w, &w->prior.data[i]))
			return false;
	return true;
}

static bool add_sums(struct writer *w)
{
	for (uint32_t i = 0; i < w->rules.len; i++) {
		db_bind(w->q[RULE_RAN], "it", w->id, w->rules.entries[i].key);
		if (!writer_done(w, RULE_RAN))
			return false;
	}
	for (uint32_t i = 0; i < w->open.len; i++) {
		db_bind(w->q[RULE_COUNT], "iti", w->id, w->open.entries[i].key,
		        (int64_t)w->open.entries[i].value);
		if (!writer_done(w, RULE_COUNT))
			return false;
	}
	db_bind(w->q[RUN_SUMS], "iiiiii", w->id, w->total, w->added, w->gone, w->carried, w->backdated);
	return writer_done(w, RUN_SUMS);
}

/* Runs are ordered by their numbers, so a clock that is wrong breaks nothing but the dates. */
static void warn_of_clock(struct writer *w)
{
	int64_t latest = 0;
	if (!db_integer(w->store, "SELECT max(started_at) FROM runs", &latest, w->problems) ||
	    latest <= w->run->started_at)
		return;
	struct problem *p = problem_add(w->problems, PROBLEM_WARNING, w->store->path, 0, 0,
	                                "by the clock, this run is older than one that is recorded");
	problem_hint(p, "runs are ordered by their numbers; only their dates are out of order");
}

static bool write_run(struct writer *w)
{
	if (!writer_prepare(w) || !db_integer(w->store, "SELECT max(id) FROM runs", &w->parent, w->problems))
		return false;
	warn_of_clock(w);
	index_run(w);
	w->sources = source_cache_new(w->run->root);
	return recognise(w) && add_run_row(w) && add_findings(w) && versions_add(w) && add_units(w) &&
	       add_notes(w) && add_sums(w);
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
