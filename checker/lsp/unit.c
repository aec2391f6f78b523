#include "server.h"

#include "arena.h"
#include "rule.h"
#include "str.h"
#include "worker.h"

#include <string.h>

/* ---- which ---- */

/* A unit of another document that reads this header, or one that an earlier run knows. */
static uint32_t reader_of(struct lsp *l, struct doc *d)
{
	const struct lsp_known *known = l->options->known;
	for (uint32_t i = 0; i < l->docs.len; i++) {
		const struct doc *other = l->docs.data[i];
		if (other == d || !doc_reads(other, d->path))
			continue;
		uint32_t unit = workspace_unit(&l->workspace, other->path);
		if (unit != UINT32_MAX)
			return unit;
	}
	if (!known || !known->unit_of || !l->workspace.has_units)
		return UINT32_MAX;
	if (!d->reader_known)
		d->reader = known->unit_of(known->ctx, &l->workspace.project, d->path);
	d->reader_known = true;
	return d->reader;
}

static char *no_command(const struct workspace *w, const char *path)
{
	struct str s = {0};
	str_add(&s, "cancelint does not analyse this file: ");
	if (!w->has_units)
		str_add(&s, w->why);
	else if (project_is_header(path))
		str_add(&s, "no unit that includes this header is known (open a source file that includes "
		            "it, or run "
		            "'cancelint check' once, which remembers who includes what)");
	else
		str_addf(&s,
		         "'%s' has no compile command for it (build it, so that the build system writes one, "
		         "or name another "
		         "build directory with -p)",
		         w->project.database);
	return s.data;
}

uint32_t unit_for(struct lsp *l, struct doc *d)
{
	uint32_t unit = workspace_unit(&l->workspace, d->path);
	if (unit == UINT32_MAX && project_is_header(d->path))
		unit = reader_of(l, d);
	if (unit == UINT32_MAX) {
		mem_release(d->failure);
		d->failure = no_command(&l->workspace, d->path);
		d->failed_at = 0;
		d->no_command = true;
		d->behind = true;
	}
	return unit;
}

/* ---- the question ---- */

static json_t *rule_ids(const struct rule_choice *c)
{
	json_t *ids = json_array();
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (c->ran[i] && rule_table[i].rule->run)
			json_array_append_new(ids, json_string(rule_table[i].rule->id));
	return ids;
}

static json_t *unsaved(const struct lsp *l, const struct doc *d)
{
	uint32_t n;
	json_t *list = json_array();
	struct source_text *texts = doc_texts(l, d, &n);
	for (uint32_t i = 0; i < n; i++) {
		json_t *text = json_stringn(texts[i].text, texts[i].len);
		json_array_append_new(list, json_pack("{s:o, s:o}", "file", worker_text(texts[i].file),
		                                      "text", text ? text : worker_text(texts[i].text)));
	}
	mem_release(texts);
	return list;
}

json_t *unit_question(struct lsp *l, struct doc *d, uint32_t unit)
{
	const struct workspace *w = &l->workspace;
	const struct unit *u = &w->project.units[unit];
	json_t *args = json_array();
	for (uint32_t i = 0; i < u->nargs; i++)
		json_array_append_new(args, worker_text(u->args[i]));
	/* Findings of every confidence: a suppression comment is used even where its finding is not shown. */
	json_t *j =
	        json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:{}, s:o}", "id", l->jobs.number, "mode",
	                  "check", "file", worker_text(u->file), "directory", worker_text(u->directory),
	                  "args", args, "rules", rule_ids(&w->rules), "confidence", "low", "root",
	                  worker_text(w->project.root), "options", "unsaved", unsaved(l, d));
	if (known_wants(l, d)) {
		char *facts = known_facts(l, d);
		json_object_set_new(j, "facts", worker_text(facts));
		json_object_set_new(j, "exports", json_true());
		mem_release(facts);
	}
	if (d->imports)
		json_object_set(j, "imports", d->imports);
	return j;
}
