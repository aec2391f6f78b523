#include "internal.h"

#include "str.h"
#include "utf8.h"

#include <string.h>

static json_t *escaped(const char *text, void (*escape)(struct str *to, const char *text))
{
	struct str s = {0};
	escape(&s, text);
	json_t *j = json_stringn(str_c(&s), s.len);
	str_release(&s);
	return j;
}

json_t *sarif_plain(const char *text)
{
	json_t *j = json_object();
	json_object_set_new(j, "text", escaped(text, escape_sarif_text));
	return j;
}

json_t *sarif_message(const char *text)
{
	json_t *j = sarif_plain(text);
	json_object_set_new(j, "markdown", escaped(text, escape_sarif_markdown));
	return j;
}

static void add_uri(json_t *location, const char *file)
{
	struct str uri = {0};
	bool absolute = file[0] == '/';
	str_add(&uri, absolute ? "file://" : "");
	escape_uri(&uri, file);
	json_object_set_new(location, "uri", json_stringn(str_c(&uri), uri.len));
	if (!absolute)
		json_object_set_new(location, "uriBaseId", json_string("SRCROOT"));
	str_release(&uri);
}

static uint32_t artifact_index(struct sarif *s, const char *file, const char *role)
{
	uint64_t index;
	if (strmap_get(&s->file_index, file, &index))
		return (uint32_t)index;
	json_t *a = json_object(), *location = json_object(), *roles = json_array();
	index = json_array_size(s->artifacts);
	add_uri(location, file);
	json_object_set_new(location, "index", json_integer((json_int_t)index));
	json_array_append_new(roles, json_string(role));
	json_object_set_new(a, "location", location);
	json_object_set_new(a, "roles", roles);
	json_array_append_new(s->artifacts, a);
	strmap_set(&s->file_index, file, index);
	return (uint32_t)index;
}

json_t *sarif_artifact_location(struct sarif *s, const char *file, const char *role)
{
	json_t *j = json_object();
	add_uri(j, file);
	json_object_set_new(j, "index", json_integer(artifact_index(s, file, role)));
	return j;
}

/* Columns count UTF-16 code units, and bytes where the line cannot be read. */
static json_t *region(struct sarif *s, const struct place *at)
{
	json_t *j = json_object();
	const char *line;
	size_t len;
	uint32_t col = at->col, end = at->end_col > at->col ? at->end_col : 0;
	if (source_line(source_get(s->sources, at->file), at->line, &line, &len)) {
		col = col ? utf16_column(line, len, col) : 0;
		end = end ? utf16_column(line, len, end) : 0;
	}
	json_object_set_new(j, "startLine", json_integer(at->line ? at->line : 1));
	if (col)
		json_object_set_new(j, "startColumn", json_integer(col));
	if (col && end > col)
		json_object_set_new(j, "endColumn", json_integer(end));
	return j;
}

json_t *sarif_physical_location(struct sarif *s, const struct place *at)
{
	json_t *j = json_object();
	json_object_set_new(j, "artifactLocation", sarif_artifact_location(s, at->file, "resultFile"));
	json_object_set_new(j, "region", region(s, at));
	return j;
}

void sarif_notify(struct sarif *s, const char *id, const char *level, const char *file, const char *text)
{
	json_t *j = json_object(), *descriptor = json_object();
	json_object_set_new(descriptor, "id", json_string(id));
	json_object_set_new(j, "descriptor", descriptor);
	json_object_set_new(j, "level", json_string(level));
	json_object_set_new(j, "message", sarif_plain(text));
	if (file && *file) {
		json_t *physical = json_object(), *location = json_object(), *locations = json_array();
		json_object_set_new(physical, "artifactLocation",
		                    sarif_artifact_location(s, file, "resultFile"));
		json_object_set_new(location, "physicalLocation", physical);
		json_array_append_new(locations, location);
		json_object_set_new(j, "locations", locations);
	}
	json_array_append_new(s->notifications, j);
}
