#include "edits.h"

#include "fixes.h"
#include "str.h"
#include "worker.h"

#include <string.h>

struct offer {
	struct lsp *lsp;
	struct doc *doc;
	struct edits edits;
	json_t *list;
};

/* ---- what is asked for ---- */

/* "source" asks for "source.fixAll.cancelint" too. */
static bool covers(const char *asked, const char *kind)
{
	size_t n = strlen(asked);
	return strncmp(asked, kind, n) == 0 && (kind[n] == 0 || kind[n] == '.' || !n);
}

static bool wants(const json_t *params, const char *kind, bool otherwise)
{
	size_t i;
	const json_t *j, *only = json_at(params, "context.only");
	if (!json_is_array(only))
		return otherwise;
	json_array_foreach((json_t *)only, i,
	                   j) if (json_is_string(j) && covers(json_string_value(j), kind)) return true;
	return false;
}

/* ---- offers ---- */

static json_t *action(const struct offer *o, const char *title, const char *kind, uint32_t shown)
{
	return json_pack("{s:o, s:s, s:[o]}", "title", worker_text(title), "kind", kind, "diagnostics",
	                 diagnostic_now(o->doc, shown));
}

static void offer_fixes(struct offer *o, uint32_t shown)
{
	const struct finding *f = o->doc->view->shown[shown].finding;
	for (uint32_t i = 0; i < f->nfixes; i++) {
		json_t *j = action(o, f->fixes[i].text, "quickfix", shown);
		edits_add_fix(&o->edits, &f->fixes[i]);
		json_object_set_new(j, "edit", edits_take(&o->edits));
		if (f->fixes[i].safe)
			json_object_set_new(j, "isPreferred", json_true());
		json_array_append_new(o->list, j);
	}
}

/* A compiler for C as it was in 1990 knows no other comment. */
static bool is_old_c(const struct offer *o)
{
	static const char *const options[] = {"-ansi", "-std=c89", "-std=c90", "-std=iso9899:1990",
	                                      "-std=iso9899:199409"};
	const struct workspace *w = &o->lsp->workspace;
	uint32_t unit = workspace_unit(w, o->doc->path);
	for (uint32_t i = 0; unit != UINT32_MAX && i < w->project.units[unit].nargs; i++)
		for (size_t k = 0; k < sizeof options / sizeof *options; k++)
			if (strcmp(w->project.units[unit].args[i], options[k]) == 0)
				return true;
	return false;
}

static bool is_continued(const struct source *s, uint32_t line)
{
	const char *text;
	size_t n;
	return source_line(s, line, &text, &n) && n && text[n - 1] == '\\';
}

static size_t indentation(const struct source *s, uint32_t line, const char **text)
{
	size_t n, at = 0;
	if (!source_line(s, line, text, &n))
		return 0;
	while (at < n && strchr(" \t", (*text)[at]))
		at++;
	return at;
}

/* A comment in a line of its own, with a reason that is to be written over. */
static void offer_comment(struct offer *o, uint32_t shown)
{
	const struct finding *f = o->doc->view->shown[shown].finding;
	const struct source *s = source_get(o->edits.sources, f->at.file);
	const char *line;
	if (is_continued(s, f->at.line - 1) || finding_builtin_find(f->rule))
		return;
	bool old = is_old_c(o);
	struct str text = {0}, title = {0};
	size_t n = indentation(s, f->at.line, &line);
	str_addn(&text, line, n);
	str_addf(&text, "%s cancelint-allow(%s): TODO: say why%s\n", old ? "/*" : "//", f->rule,
	         old ? " */" : "");
	str_addf(&title, "silence %s here, with a reason", f->rule);
	json_t *j = action(o, title.data, "quickfix", shown);
	edits_insert_line(&o->edits, f->at.file, f->at.line, text.data);
	json_object_set_new(j, "edit", edits_take(&o->edits));
	json_array_append_new(o->list, j);
	str_release(&text);
	str_release(&title);
}

static void offer_page(struct offer *o, uint32_t shown)
{
	const char *rule = o->doc->view->shown[shown].finding->rule;
	struct str title = {0};
	if (!page_text(rule))
		return;
	str_addf(&title, "explain %s", rule);
	json_t *command = json_pack("{s:s, s:s, s:[s]}", "title", title.data, "command", COMMAND_EXPLAIN,
	                            "arguments", rule);
	if (o->lsp->client.action_literals) {
		json_t *j = action(o, title.data, "quickfix", shown);
		json_object_set_new(j, "command", command);
		command = j;
	}
	json_array_append_new(o->list, command);
	str_release(&title);
}

/* What was found in another text cannot be edited in this one. */
static void offer(struct offer *o, uint32_t shown)
{
	if (!o->doc->behind && o->lsp->client.action_literals) {
		offer_fixes(o, shown);
		offer_comment(o, shown);
	}
	offer_page(o, shown);
}

/* ---- everything that is sure ---- */

static void offer_all(struct offer *o)
{
	struct view *v = o->doc->view;
	struct fix_choice choice = {.sources = o->edits.sources, .outside = true};
	uint32_t taken = 0;
	for (uint32_t i = 0; i < v->nshown; i++) {
		const struct fix *f = fix_choice_take(&choice, v->shown[i].finding);
		if (!f)
			continue;
		edits_add_fix(&o->edits, f);
		taken++;
	}
	if (taken)
		json_array_append_new(o->list,
		                      json_pack("{s:s, s:s, s:o}", "title",
		                                "make all edits of cancelint that are sure", "kind",
		                                "source.fixAll.cancelint", "edit", edits_take(&o->edits)));
	fix_choice_release(&choice);
}

/* ---- the answer ---- */

static void answer(struct lsp *l, struct doc *d, const json_t *id, const json_t *params)
{
	struct offer o = {.lsp = l, .doc = d, .list = json_array()};
	struct range asked;
	if (d->view) {
		range_from_json(json_object_get(params, "range"), &asked);
		edits_open(&o.edits, l, d);
		for (uint32_t i = 0; wants(params, "quickfix", true) && i < d->view->nshown; i++) {
			struct range r = view_range_now(d->view, d, d->view->shown[i].range);
			if (ranges_touch(&r, &asked))
				offer(&o, i);
		}
		if (!d->behind && l->client.action_literals &&
		    wants(params, "source.fixAll.cancelint", false))
			offer_all(&o);
		edits_close(&o.edits);
	}
	rpc_result(l, id, o.list);
}

void on_code_action(struct lsp *l, const json_t *id, const json_t *params)
{
	struct doc *d = doc_find(l, params);
	struct range r;
	if (!range_from_json(json_object_get(params, "range"), &r))
		rpc_error(l, id, RPC_PARAMS, "a range is needed");
	else if (!d)
		rpc_result(l, id, json_array());
	else
		wait_for(l, id, params, d, answer, false);
}
