#include "edits.h"

#include "worker.h"

void edits_open(struct edits *e, struct lsp *l, struct doc *d)
{
	uint32_t n;
	*e = (struct edits){.lsp = l,
	                    .view = d->view,
	                    .sources = source_cache_new(d->view->root),
	                    .by_uri = json_object()};
	e->texts = doc_texts(l, d, &n);
	source_cache_lay(e->sources, e->texts, n);
}

void edits_close(struct edits *e)
{
	source_cache_free(e->sources);
	mem_release(e->texts);
	json_decref(e->by_uri);
}

static void add(struct edits *e, const char *file, const struct range *r, const char *text)
{
	char *uri = view_uri(e->lsp, e->view, file);
	json_t *list = json_object_get(e->by_uri, uri);
	if (!list) {
		list = json_array();
		json_object_set_new(e->by_uri, uri, list);
	}
	json_array_append_new(
	        list, json_pack("{s:o, s:o}", "range", range_to_json(r), "newText", worker_text(text)));
	mem_release(uri);
}

void edits_add_fix(struct edits *e, const struct fix *f)
{
	enum encoding enc = e->lsp->client.encoding;
	for (uint32_t i = 0; i < f->nedits; i++) {
		const struct edit *x = &f->edits[i];
		const struct source *s = source_get(e->sources, x->at.file);
		struct range r = {text_position(s, x->at.line, x->at.col, enc),
		                  text_position(s, x->end_line, x->end_col, enc)};
		add(e, x->at.file, &r, x->text);
	}
}

void edits_insert_line(struct edits *e, const char *file, uint32_t line, const char *text)
{
	struct position p = {line - 1, 0};
	add(e, file, &(struct range){p, p}, text);
}

static json_t *with_versions(struct edits *e)
{
	const char *uri;
	json_t *list, *changes = json_array();
	json_object_foreach(e->by_uri, uri, list)
	{
		const struct doc *d = doc_named(e->lsp, uri);
		json_array_append_new(changes,
		                      json_pack("{s:{s:s, s:o}, s:O}", "textDocument", "uri", uri, "version",
		                                d ? json_integer(d->version) : json_null(), "edits", list));
	}
	return json_pack("{s:o}", "documentChanges", changes);
}

json_t *edits_take(struct edits *e)
{
	json_t *j = e->lsp->client.document_changes
	                    ? with_versions(e)
	                    : json_pack("{s:o}", "changes", json_deep_copy(e->by_uri));
	json_object_clear(e->by_uri);
	return j;
}
