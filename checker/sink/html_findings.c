/* The findings as the page's script reads them. */
#include "html_internal.h"

#include "arena.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

static json_t *finding_json(const struct html_report *r, const struct html_finding *f, struct arena *scratch)
{
	const struct history_finding *row = f->row;
	const char *directory = history_directory(scratch, row->file, r->depth);
	int64_t age = r->trend->rows[r->trend->nrows - 1].started_at - row->first_seen;
	json_t *j = json_pack("{s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:s, s:I, s:I, s:i, s:b}",
	                      "id", html_text(row->key), "rule", html_text(row->rule), "file",
	                      html_text(row->file), "directory", html_text(directory), "line", (int)row->line,
	                      "function", html_text(row->function), "message", html_text(row->message),
	                      "severity", html_text(row->severity), "confidence", html_text(row->confidence),
	                      "state", html_text(row->state), "change", f->change, "first",
	                      (json_int_t)row->first_run, "seen", (json_int_t)row->first_seen, "age",
	                      (int)history_age(age), "open", row->open);
	if (f->author[0])
		json_object_set_new(j, "author", html_text(f->author));
	if (row->reason[0])
		json_object_set_new(j, "reason", html_text(row->reason));
	if (f->finding && f->finding->review)
		json_object_set_new(j, "review",
		                    json_pack("{s:o, s:o}", "status", html_text(f->finding->review), "reason",
		                              html_text(f->finding->review_reason)));
	return j;
}

static void add_page(json_t *j, struct html_sources *s, const struct html_finding *f)
{
	if (f->finding)
		json_object_set_new(j, "calls", html_call_path(f->finding));
	if (!f->finding || !f->paged)
		return;
	json_object_set_new(j, "place", html_place(s, f));
	json_object_set_new(j, "traced", json_boolean(f->traced));
	json_object_set_new(j, "steps", html_steps(s, f));
	json_t *also = json_array();
	for (uint32_t i = 0; i < f->finding->nalso; i++)
		json_array_append_new(also, html_text(f->finding->also[i]));
	json_object_set_new(j, "also", also);
}

void html_add_findings(json_t *data, const struct html_report *r)
{
	char *root = r->root[0] ? realpath(r->root, NULL) : NULL;
	struct html_sources s = {.root = root ? root : "",
	                         .cache = source_cache_new(root),
	                         .files = json_object(),
	                         .grounds = json_array()};
	struct arena *scratch = arena_new();
	json_t *findings = json_array();
	for (uint32_t i = 0; i < r->nfindings; i++) {
		json_t *j = finding_json(r, &r->findings[i], scratch);
		add_page(j, &s, &r->findings[i]);
		json_array_append_new(findings, j);
	}
	json_object_set_new(data, "has_sources", json_boolean(root != NULL));
	json_object_set_new(data, "findings", findings);
	json_object_set_new(data, "files", s.files);
	json_object_set_new(data, "grounds", s.grounds);
	source_cache_free(s.cache);
	strmap_release(&s.ground_index);
	arena_free(scratch);
	free(root);
}
