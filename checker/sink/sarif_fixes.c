/*
 * sarif_fixes.c - the ways to mend a finding, as edits of its files.
 */
#include "internal.h"
#include "utf8.h"

#include <string.h>

/* Columns count UTF-16 code units, and bytes where the line cannot be read. */
static uint32_t column(struct sarif *s, const char *file, uint32_t line, uint32_t col)
{
	const char *text;
	size_t len;
	if (!source_line(source_get(s->sources, file), line, &text, &len))
		return col;
	return utf16_column(text, len, col);
}

static json_t *replacement(struct sarif *s, const struct edit *e)
{
	const char *file = e->at.file;
	json_t *region = json_pack("{s:I, s:I, s:I, s:I}", "startLine", (json_int_t)e->at.line, "startColumn",
	                           (json_int_t)column(s, file, e->at.line, e->at.col), "endLine",
	                           (json_int_t)e->end_line, "endColumn",
	                           (json_int_t)column(s, file, e->end_line, e->end_col));
	return json_pack("{s:o, s:{s:o}}", "deletedRegion", region, "insertedContent", "text",
	                 sink_string(e->text));
}

static bool seen_before(const struct fix *x, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(x->edits[i].at.file, x->edits[n].at.file) == 0)
			return true;
	return false;
}

static json_t *changes(struct sarif *s, const struct fix *x)
{
	json_t *all = json_array();
	for (uint32_t i = 0; i < x->nedits; i++) {
		const char *file = x->edits[i].at.file;
		json_t *replacements = json_array();
		if (seen_before(x, i)) {
			json_decref(replacements);
			continue;
		}
		for (uint32_t k = i; k < x->nedits; k++)
			if (strcmp(x->edits[k].at.file, file) == 0)
				json_array_append_new(replacements, replacement(s, &x->edits[k]));
		json_array_append_new(all, json_pack("{s:o, s:o}", "artifactLocation",
		                                     sarif_artifact_location(s, file, "resultFile"),
		                                     "replacements", replacements));
	}
	return all;
}

json_t *sarif_fixes(struct sarif *s, const struct finding *f)
{
	if (!f->nfixes)
		return NULL;
	json_t *all = json_array();
	for (uint32_t i = 0; i < f->nfixes; i++)
		json_array_append_new(all,
		                      json_pack("{s:o, s:o}", "description", sarif_plain(f->fixes[i].text),
		                                "artifactChanges", changes(s, &f->fixes[i])));
	return all;
}
