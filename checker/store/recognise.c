/* Which finding of a run is which of the run before; what is new only because nobody could see it; what
 * people said. */
#include "writer.h"

#include "arena.h"
#include "finding.h"
#include "hash.h"
#include "source.h"

#include <string.h>

/* ---- what the run before said ---- */

static bool load_prior(struct writer *w)
{
	sqlite3_stmt *q = db_prepare(
	        w->store,
	        "SELECT f.key, f.rule, p.path, o.severity, o.confidence, o.line_hash, f.usr, f.function, "
	        "f.anchor, o.finding, o.defect, o.message, o.line, o.col, o.trace, f.ordinal, "
	        "o.state <> 'suppressed' FROM observations o JOIN findings f ON f.id = o.finding "
	        "JOIN files p ON p.id = f.file WHERE o.run = ?1 AND o.state <> 'fixed' ORDER BY o.finding",
	        w->problems);
	if (!q)
		return false;
	db_bind(q, "i", w->parent);
	int rc;
	while ((rc = db_step(w->store, q, w->problems)) == SQLITE_ROW) {
		const char *text[9];
		int64_t n[7];
		for (int i = 0; i < 9; i++)
			text[i] = arena_strdup(w->arena, db_text(q, i));
		for (int i = 0; i < 7; i++)
			n[i] = sqlite3_column_int64(q, 9 + i);
		vec_push(&w->prior, (struct prior){text[0], text[1], text[2], text[3], text[4], text[5],
		                                   text[6], text[7], text[8], n[0], n[1], n[2], n[3], n[4],
		                                   n[5], n[6], sqlite3_column_int(q, 16) != 0, false, false});
	}
	sqlite3_finalize(q);
	return rc == SQLITE_DONE;
}

/* ---- matching ---- */

static bool old_sides(struct writer *w, struct match_side *out)
{
	for (uint32_t i = 0; i < w->prior.len; i++) {
		const struct prior *p = &w->prior.data[i];
		out[i] = (struct match_side){.id = p->key,
		                             .rule = p->rule,
		                             .file = p->file,
		                             .usr = p->usr,
		                             .function = p->function,
		                             .anchor = p->anchor,
		                             .line_hash = p->line_hash,
		                             .line = (uint32_t)p->line,
		                             .ordinal = (uint32_t)p->ordinal};
		if (!writer_looked_at(w, p->file, &out[i].looked))
			return false;
	}
	return true;
}

/* The findings of the report come first, then the hidden ones. */
static bool match(struct writer *w, struct match *out)
{
	const struct store_run *r = w->run;
	uint32_t n = r->findings->len;
	struct match_side *old = ARENA_ARRAY(w->arena, struct match_side, w->prior.len + 1);
	struct match_side *new = ARENA_ARRAY(w->arena, struct match_side, n + r->nhidden + 1);
	for (uint32_t i = 0; i < n + r->nhidden; i++)
		new[i] = match_side_of(i < n ? &r->findings->items[i] : &r->hidden[i - n]);
	struct match_input in = {.old = old,
	                         .nold = w->prior.len,
	                         .new = new,
	                         .nnew = n + r->nhidden,
	                         .files = r->file_names,
	                         .nfiles = r->nfile_names,
	                         .rules = r->rule_names,
	                         .nrules = r->nrule_names,
	                         .root = r->root};
	if (!old_sides(w, old))
		return false;
	findings_match(&in, out);
	return true;
}

/* One that the run before did not have may have been there earlier. A defect that is known by another name
 * now, and open, is not meant. */
static bool find_earlier(struct writer *w, const struct finding *f, struct known *k)
{
	db_bind(w->q[LAST_DEFECT], "t", f->id);
	if (!writer_ask(w, LAST_DEFECT, &k->defect))
		return false;
	for (uint32_t i = 0; i < w->prior.len && k->defect; i++)
		if (w->prior.data[i].defect == k->defect)
			k->defect = 0;
	return true;
}

static bool find_was_open(struct writer *w, struct known *k)
{
	int64_t open = 0;
	db_bind(w->q[WAS_OPEN], "i", k->defect);
	if (!writer_ask(w, WAS_OPEN, &open))
		return false;
	k->was_open = open != 0;
	return true;
}

/* ---- new only because nobody could see it ---- */

/* "" where there is no such file. */
static const char *version_of(struct writer *w, const char *file)
{
	const char *known = strmap_ptr(&w->versions, file);
	if (known)
		return known;
	const struct source *s = w->run->root[0] || file[0] == '/' ? source_get(w->sources, file) : NULL;
	char hash[33] = "";
	if (s)
		hash128_hex(hash128(s->text, s->len), hash);
	known = arena_strdup(w->arena, hash);
	strmap_set(&w->versions, file, (uint64_t)(uintptr_t)known);
	return known;
}

/* Is the file's text that of the last run that looked at it? */
static bool is_old_text(struct writer *w, const char *file, bool *old)
{
	int64_t id = 0;
	const char *now = version_of(w, file);
	*old = false;
	if (!now[0])
		return true;
	if (!writer_file(w, file, &id))
		return false;
	db_bind(w->q[VERSION], "i", id);
	int rc = db_step(w->store, w->q[VERSION], w->problems);
	*old = rc == SQLITE_ROW && strcmp(db_text(w->q[VERSION], 0), now) == 0;
	sqlite3_reset(w->q[VERSION]);
	return rc != 0;
}

/* Did the run before judge this file by the same rule, models, settings and version? */
static bool was_judged(struct writer *w, const struct finding *f, bool *judged)
{
	const struct store_run *r = w->run;
	int64_t ran = 0, same = 0, failed = 0, file = 0;
	if (!writer_file(w, f->at.file, &file))
		return false;
	db_bind(w->q[RULE_BEFORE], "it", w->parent, f->rule);
	if (!writer_ask(w, RULE_BEFORE, &ran))
		return false;
	db_bind(w->q[SAME_BEFORE], "ittt", w->parent, r->models_hash, r->config_hash, r->tool_version);
	if (!writer_ask(w, SAME_BEFORE, &same))
		return false;
	db_bind(w->q[UNIT_FAILED], "ii", w->parent, file);
	if (!writer_ask(w, UNIT_FAILED, &failed))
		return false;
	*judged = ran && same && !failed;
	return true;
}

static bool find_backdated(struct writer *w, const struct finding *f, struct known *k)
{
	bool judged = true, old = false;
	if (!w->parent || f->suppressed)
		return true;
	if (!was_judged(w, f, &judged) || (!judged && !is_old_text(w, f->at.file, &old)))
		return false;
	k->backdated = !judged && old;
	return true;
}

static bool know(struct writer *w, const struct finding *f, const struct match *m, struct known *k)
{
	k->step = m->step;
	if (m->step) {
		k->before = &w->prior.data[m->old];
		k->before->seen = true;
		k->defect = k->before->defect;
	} else if (!find_earlier(w, f, k)) {
		return false;
	}
	if (k->before && k->before->open)
		return true;
	if (k->defect && !find_was_open(w, k))
		return false;
	return k->was_open || find_backdated(w, f, k);
}

bool recognise(struct writer *w)
{
	uint32_t n = w->run->findings->len;
	if (!load_prior(w))
		return false;
	struct match *matches = ARENA_ARRAY(w->arena, struct match, n + w->run->nhidden + 1);
	w->known = ARENA_ARRAY(w->arena, struct known, n + 1);
	bool ok = match(w, matches);
	for (uint32_t i = 0; i < n && ok; i++)
		ok = know(w, &w->run->findings->items[i], &matches[i], &w->known[i]);
	for (uint32_t i = n; i < n + w->run->nhidden && ok; i++)
		if (matches[i].step)
			w->prior.data[matches[i].old].hidden = true;
	return ok;
}

/* ---- which text a run saw ---- */

static bool version_add(struct writer *w, const char *file)
{
	bool old = false;
	int64_t id = 0;
	if (!is_old_text(w, file, &old))
		return false;
	if (old || !version_of(w, file)[0])
		return true;
	if (!writer_file(w, file, &id))
		return false;
	db_bind(w->q[VERSION_ADD], "iit", id, w->id, version_of(w, file));
	return writer_done(w, VERSION_ADD);
}

bool versions_add(struct writer *w)
{
	for (uint32_t i = 0; i < w->run->nunits; i++)
		if (strcmp(w->run->units[i].outcome, "ok") == 0 && !version_add(w, w->run->units[i].file))
			return false;
	for (uint32_t i = 0; i < w->run->findings->len; i++)
		if (!version_add(w, w->run->findings->items[i].at.file))
			return false;
	return true;
}

/* ---- reviews ---- */

bool review_of(struct writer *w, struct finding *f, int64_t defect)
{
	if (f->review)
		return true; /* the source says so */
	db_bind(w->q[REVIEW], "i", defect);
	int rc = db_step(w->store, w->q[REVIEW], w->problems);
	if (rc == SQLITE_ROW && strcmp(db_text(w->q[REVIEW], 0), "none") != 0)
		finding_review(w->run->findings, f, db_text(w->q[REVIEW], 0), db_text(w->q[REVIEW], 1));
	sqlite3_reset(w->q[REVIEW]);
	return rc != 0;
}
