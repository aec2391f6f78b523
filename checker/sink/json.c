/* The whole report as one object: docs/formats/json.md. */
#include "internal.h"

#include <string.h>

#define FORMAT_VERSION 1

static json_t *units(const struct report *r)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < r->nunits; i++) {
		const struct report_unit *u = &r->units[i];
		json_t *j = json_object();
		json_object_set_new(j, "file", sink_string(u->file));
		json_object_set_new(j, "outcome", sink_string(u->outcome));
		json_object_set_new(j, "reason", sink_string(u->reason));
		json_object_set_new(j, "command", sink_string(u->command));
		json_array_append_new(a, j);
	}
	return a;
}

static json_t *notes(const struct report *r)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < r->nnotes; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "file", sink_string(r->notes[i].file));
		json_object_set_new(j, "function", sink_string(r->notes[i].function));
		json_object_set_new(j, "text", sink_string(r->notes[i].text));
		json_array_append_new(a, j);
	}
	return a;
}

static json_t *tool(const struct report *r)
{
	json_t *j = json_object(), *rules = json_array();
	for (uint32_t i = 0; i < r->nrules; i++)
		json_array_append_new(rules, sink_string(r->rules[i]));
	json_object_set_new(j, "name", json_string("cancelint"));
	json_object_set_new(j, "version", sink_string(r->version));
	json_object_set_new(j, "rules", rules);
	return j;
}

static json_t *findings(const struct report *r)
{
	json_t *a = json_array();
	for (uint32_t i = 0; i < r->findings->len; i++) {
		json_t *j = finding_to_json(&r->findings->items[i]);
		if (r->gated)
			json_object_set_new(j, "new", json_boolean(!r->findings->items[i].known));
		json_array_append_new(a, j);
	}
	return a;
}

static bool write_json(const struct report *r, const struct sink_options *o, FILE *to)
{
	json_t *j = json_object();
	json_object_set_new(j, "format", json_string("cancelint"));
	json_object_set_new(j, "version", json_integer(FORMAT_VERSION));
	json_object_set_new(j, "tool", tool(r));
	json_object_set_new(j, "root", sink_string(r->root));
	json_object_set_new(j, "complete", json_boolean(r->complete));
	json_object_set_new(j, "findings", findings(r));
	json_object_set_new(j, "units", units(r));
	json_object_set_new(j, "notes", notes(r));
	bool ok = sink_write_json(j, to);
	json_decref(j);
	return ok;
}

const struct sink sink_json = {"json", "the whole report for programs (docs/formats/json.md)", write_json};
