#include "server.h"

#include "str.h"
#include "worker.h"

#include <string.h>

/* ---- of findings ---- */

static int severity_number(enum severity s)
{
	return s == SEVERITY_ERROR ? 1 : s == SEVERITY_WARNING ? 2 : 3;
}

static json_t *location(struct lsp *l, struct view *v, const struct place *at, struct source_cache *sources)
{
	char *uri = view_uri(l, v, at->file);
	struct range r =
	        text_range(source_get(sources, at->file), at->line, at->col, at->end_col, l->client.encoding);
	json_t *j = json_pack("{s:o, s:o}", "uri", worker_text(uri), "range", range_to_json(&r));
	mem_release(uri);
	return j;
}

static json_t *related(struct lsp *l, struct view *v, const struct finding *f, struct source_cache *sources)
{
	json_t *list = json_array();
	for (uint32_t i = 0; i < f->nsteps; i++) {
		const struct step *s = &f->steps[i];
		struct str text = {0};
		if (!s->at.file[0])
			continue;
		str_add(&text, s->text);
		if (s->basis && *s->basis)
			str_addf(&text, " (%s)", s->basis);
		json_array_append_new(list,
		                      json_pack("{s:o, s:o}", "location", location(l, v, &s->at, sources),
		                                "message", worker_text(str_c(&text))));
		str_release(&text);
	}
	return list;
}

static json_t *diagnostic(struct lsp *l, struct view *v, const struct shown *s, struct source_cache *sources)
{
	const struct finding *f = s->finding;
	json_t *j = json_pack("{s:o, s:i, s:s, s:s, s:o, s:{s:s, s:b}}", "range", range_to_json(&s->range),
	                      "severity", severity_number(f->severity), "source", "cancelint", "code",
	                      f->rule, "message", worker_text(f->message), "data", "id", f->id, "stale", 0);
	char *page = page_uri(l, f->rule);
	if (page)
		json_object_set_new(j, "codeDescription", json_pack("{s:o}", "href", worker_text(page)));
	if (l->client.related && f->nsteps)
		json_object_set_new(j, "relatedInformation", related(l, v, f, sources));
	mem_release(page);
	return j;
}

json_t *diagnostics_of(struct lsp *l, struct view *v, struct source_cache *sources)
{
	json_t *list = json_array();
	for (uint32_t i = 0; i < v->nshown; i++)
		json_array_append_new(list, diagnostic(l, v, &v->shown[i], sources));
	return list;
}

/* ---- of a text that has changed since ---- */

static json_t *range_now(const struct view *v, const struct doc *d, const json_t *range)
{
	struct range r;
	if (!range_from_json(range, &r))
		return json_incref((json_t *)range);
	r = view_range_now(v, d, r);
	return range_to_json(&r);
}

static void move_related(const struct view *v, const struct doc *d, json_t *list)
{
	size_t i;
	json_t *j;
	json_array_foreach(list, i, j)
	{
		json_t *at = json_object_get(j, "location");
		if (strcmp(json_text_at(at, "uri"), d->uri) == 0)
			json_object_set_new(at, "range", range_now(v, d, json_object_get(at, "range")));
	}
}

static json_t *as_stale(const struct view *v, const struct doc *d, const json_t *diagnostic_then)
{
	json_t *j = json_deep_copy(diagnostic_then);
	json_object_set_new(j, "range", range_now(v, d, json_object_get(j, "range")));
	json_object_set_new(json_object_get(j, "data"), "stale", json_true());
	json_object_set_new(
	        j, "message",
	        json_sprintf("%s [of the last text that could be analysed]", json_text_at(j, "message")));
	move_related(v, d, json_object_get(j, "relatedInformation"));
	return j;
}

/* Why there is nothing, or nothing new: silence would say that all is well. */
static json_t *failure(const struct doc *d)
{
	uint32_t line = d->failed_at ? d->failed_at - 1 : 0;
	struct range r = {{line, 0}, {line, 1}};
	return json_pack("{s:o, s:i, s:s, s:s, s:o, s:{s:b}}", "range", range_to_json(&r), "severity",
	                 d->no_command ? 4 : 3, "source", "cancelint", "code",
	                 d->no_command ? "no-compile-command" : "not-analysed", "message",
	                 worker_text(d->failure), "data", "stale", 0);
}

json_t *diagnostic_now(const struct doc *d, uint32_t shown)
{
	json_t *then = json_array_get(d->view->diagnostics, shown);
	return d->behind ? as_stale(d->view, d, then) : json_incref(then);
}

static json_t *all_of(const struct doc *d)
{
	json_t *list = json_array();
	if (d->failure)
		json_array_append_new(list, failure(d));
	for (uint32_t i = 0; d->view && i < d->view->nshown; i++)
		json_array_append_new(list, diagnostic_now(d, i));
	return list;
}

void diagnostics_publish(struct lsp *l, struct doc *d)
{
	json_t *list = all_of(d);
	log_line(l, "%s version %lld: %zu diagnostics%s", d->uri, (long long)d->version,
	         json_array_size(list), d->behind ? ", stale" : "");
	rpc_notify(l, "textDocument/publishDiagnostics",
	           json_pack("{s:s, s:I, s:o}", "uri", d->uri, "version", d->version, "diagnostics", list));
}

void diagnostics_clear(struct lsp *l, struct doc *d)
{
	rpc_notify(l, "textDocument/publishDiagnostics",
	           json_pack("{s:s, s:[]}", "uri", d->uri, "diagnostics"));
}
