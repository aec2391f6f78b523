/* Which findings are new: since a run of the database, since a commit, or to a baseline. */
#include "check.h"

#include "arena.h"
#include "map.h"
#include "rule.h"
#include "source.h"
#include "str.h"
#include "vcs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct match_rename *former_rules(struct arena *a, uint32_t *n)
{
	VEC(struct match_rename) names = {0};
	for (uint32_t i = 0; i < rule_table_len; i++)
		for (const char *const *f = rule_table[i].rule->formerly; f && *f; f++)
			vec_push(&names, (struct match_rename){*f, rule_table[i].rule->id});
	struct match_rename *out = ARENA_ARRAY(a, struct match_rename, names.len + 1);
	if (names.len)
		memcpy(out, names.data, names.len * sizeof *names.data);
	*n = names.len;
	vec_release(&names);
	return out;
}

/* ---- what --new-since names ---- */

static bool is_run_number(const char *text)
{
	return strspn(text, "0123456789") == strlen(text) && strlen(text) < 10;
}

/* What the commit or run was named by. */
static const char *said_by(const struct gate *g)
{
	return g->options->new_since ? "--new-since" : "new-since in the configuration:";
}

static bool since_run(struct gate *g, const char *text)
{
	if (!g->store)
		return session_fail(g->session, "leave --no-db out, or name a commit",
		                    "%s %s: runs are in the database, and there is none", said_by(g), text);
	g->run = atoll(text);
	bool kept = false;
	return store_has_findings(g->store, g->run, &kept, &g->session->problems) &&
	       (kept ||
	        session_fail(g->session, "'cancelint trend' lists the runs",
	                     "%s %s: the database has no findings of a run %s", said_by(g), text, text));
}

static bool no_such_commit(struct gate *g, const char *rev, const char *why)
{
	if (!g->vcs)
		return session_fail(g->session,
		                    "name a run of the database by its number, or use --baseline FILE",
		                    "%s %s: %s", said_by(g), rev, why);
	bool shallow = vcs_is_shallow(g->vcs);
	return session_fail(
	        g->session,
	        shallow ? "fetch it ('git fetch --unshallow', or 'fetch-depth: 0' in CI), or keep the "
	                  "database of the run that saw it"
	                : "history that was rewritten has lost it; name a commit that is there, or a run "
	                  "of the database by its number",
	        "%s %s: %s%s", said_by(g), rev, why, shallow ? " (this is a shallow clone)" : "");
}

/* A run that saw the commit knows more than its lines say. */
static bool since_commit(struct gate *g, const char *rev, const char *why)
{
	char commit[65], no[256];
	bool here = g->vcs && vcs_resolve(g->vcs, rev, commit, no);
	if (g->store && !store_run_of_commit(g->store, here ? commit : rev, &g->run, &g->session->problems))
		return false;
	if (g->run)
		return true;
	if (!here)
		return no_such_commit(g, rev, g->vcs ? no : why);
	g->commit = arena_strdup(g->arena, commit);
	return true;
}

/* A baseline that the configuration asks for may have to be made first. */
static bool read_baseline(struct gate *g, const char *file)
{
	struct problem *p;
	if (g->options->baseline || access(file, F_OK) == 0)
		return baseline_read(g->session, file, &g->baseline);
	p = problem_add(&g->session->problems, PROBLEM_ERROR, file, 0, 0,
	                "the baseline of the configuration does not exist");
	problem_hint(p, "make it: 'cancelint check --no-gates', then 'cancelint baseline update'");
	return false;
}

bool gate_prepare(struct gate *g)
{
	char why[256] = "";
	const char *since = g->settings->new_since, *file = g->settings->baseline;
	g->arena = arena_new();
	g->on = since || file;
	if (g->store || since || file)
		g->vcs = vcs_open(g->root, why);
	bool ok = !file || read_baseline(g, file);
	if (since)
		ok &= is_run_number(since) ? since_run(g, since) : since_commit(g, since, why);
	return ok;
}

void gate_release(struct gate *g)
{
	baseline_release(&g->baseline);
	vcs_close(g->vcs);
	source_cache_free(g->sources);
	arena_free(g->arena);
}

/* ---- renamed files ---- */

static bool renames_since(struct gate *g, const char *commit, const struct match_rename **files, uint32_t *n)
{
	char why[256], id[65];
	struct vcs_changes c;
	if (!vcs_resolve(g->vcs, commit, id, why) || !vcs_changes(g->vcs, g->arena, id, &c, why))
		return false;
	struct match_rename *out = ARENA_ARRAY(g->arena, struct match_rename, c.nmoved + 1);
	for (uint32_t i = 0; i < c.nmoved; i++)
		out[i] = (struct match_rename){c.moved[i].from, c.moved[i].to};
	*files = out;
	*n = c.nmoved;
	return true;
}

void gate_renames(struct gate *g, const struct match_rename **files, uint32_t *n)
{
	char commit[65] = "";
	*files = NULL;
	*n = 0;
	if (!g->vcs || !store_last_commit(g->store, commit, &g->session->problems) || !commit[0])
		return;
	if (!renames_since(g, commit, files, n) && g->options->verbose)
		problem_hint(
		        problem_add(&g->session->problems, PROBLEM_WARNING, NULL, 0, 0,
		                    "commit %.12s of the run before is not in this repository", commit),
		        "a shallow clone, or rewritten history; findings in renamed files are recognised by "
		        "their code alone");
}

/* ---- applying ---- */

static size_t word_len(const char *p)
{
	size_t n = 0;
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

static const char *next_word(const char *p)
{
	while (*p && !word_len(p))
		p++;
	return p;
}

static bool has_word(const char *text, const char *word, size_t n)
{
	for (const char *p = next_word(text); *p; p = next_word(p + word_len(p)))
		if (word_len(p) == n && memcmp(p, word, n) == 0)
			return true;
	return false;
}

static bool share_a_word(const char *a, const char *b)
{
	for (const char *p = next_word(a); *p; p = next_word(p + word_len(p)))
		if (has_word(b, p, word_len(p)))
			return true;
	return false;
}

/* What kept it from being one may have stood anywhere in its function, and spoken of the same things. */
static bool lines_taken(struct gate *g, const struct vcs_changes *c, const struct finding *f)
{
	uint32_t last = source_body_end(source_get(g->sources, f->at.file), f->function_line);
	for (uint32_t i = 0; i < c->nlines; i++) {
		const struct vcs_lines *l = &c->lines[i];
		if (l->taken && f->function_line < l->first && l->last < last &&
		    strcmp(l->file, f->at.file) == 0 && share_a_word(f->anchor, l->taken))
			return true;
	}
	return false;
}

static bool lines_changed(struct gate *g, const struct vcs_changes *c, const struct finding *f)
{
	bool changed = vcs_changed(c, f->at.file, f->at.line) || lines_taken(g, c, f);
	for (uint32_t i = 0; i < f->nsteps && !changed; i++)
		changed = vcs_changed(c, f->steps[i].at.file, f->steps[i].at.line);
	return changed;
}

static bool know_by_lines(struct gate *g, struct finding_set *set)
{
	char why[256];
	struct vcs_changes c;
	if (!vcs_changes(g->vcs, g->arena, g->commit, &c, why))
		return session_fail(g->session, NULL, "%s %s: %s", said_by(g), g->settings->new_since, why);
	g->sources = source_cache_new(g->root);
	for (uint32_t i = 0; i < set->len; i++)
		set->items[i].known |= !lines_changed(g, &c, &set->items[i]);
	return true;
}

static bool know_by_run(struct gate *g, struct finding_set *set)
{
	for (uint32_t i = 0; i < set->len; i++) {
		bool known = false;
		/* Of one that could not be recorded nothing is known. */
		if (set->items[i].defect &&
		    !store_knew(g->store, set->items[i].defect, g->run, &known, &g->session->problems))
			return false;
		set->items[i].known |= known;
	}
	return true;
}

static void know_by_baseline(struct gate *g, struct finding_set *set)
{
	struct match *m = mem_alloc((set->len + 1) * sizeof *m);
	baseline_match(&g->baseline, set->items, set->len, g->root, NULL, 0, m);
	for (uint32_t i = 0; i < set->len; i++)
		set->items[i].known |= m[i].step != MATCH_NONE;
	mem_release(m);
}

bool gate_apply(struct gate *g, struct finding_set *set)
{
	if (!g->on)
		return true;
	for (uint32_t i = 0; i < set->len; i++)
		set->items[i].known = false;
	if (g->settings->baseline)
		know_by_baseline(g, set);
	if (g->run)
		return know_by_run(g, set);
	return !g->commit || know_by_lines(g, set);
}
