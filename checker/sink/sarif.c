/* SARIF 2.1.0, within the limits and with the properties that GitHub's code scanning reads:
 * docs/formats/sarif.md. */
#include "internal.h"

#include "str.h"

#include <string.h>

static void add_units(struct sarif *s)
{
	for (uint32_t i = 0; i < s->report->nunits; i++) {
		const struct report_unit *u = &s->report->units[i];
		json_decref(sarif_artifact_location(s, u->file, "analysisTarget"));
		if (strcmp(u->outcome, "ok") == 0)
			continue;
		struct str text = {0};
		str_addf(&text, "not analysed (%s)%s%s", u->outcome, u->reason[0] ? ": " : "", u->reason);
		sarif_notify(s, "unit-not-analysed", "error", u->file, str_c(&text));
		str_release(&text);
	}
}

static void add_notes(struct sarif *s)
{
	for (uint32_t i = 0; i < s->report->nnotes; i++) {
		struct str text = {0};
		const char *function = s->report->notes[i].function;
		str_addf(&text, "%s%s%s", function, function[0] ? ": " : "", s->report->notes[i].text);
		sarif_notify(s, "analysis-note", "note", s->report->notes[i].file, str_c(&text));
		str_release(&text);
	}
}

static json_t *plain(const char *text)
{
	return json_pack("{s:s}", "text", text);
}

static json_t *notification_kinds(void)
{
	static const struct {
		const char *id, *text, *help;
	} kinds[] = {{"unit-not-analysed", "A unit could not be analysed.",
	              "Its findings are unknown, not gone. The message gives the reason."},
	             {"analysis-note", "A part of a unit was analysed with less than full precision.",
	              "A function was skipped, or the number of states that are kept apart was exhausted."},
	             {"results-left-out", "The report exceeds a limit, and findings were left out.",
	              "The text and JSON formats have no limit."},
	             {"steps-left-out", "A path exceeds a limit, and steps were left out.",
	              "The text and JSON formats have no limit."}};
	json_t *a = json_array();
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		json_array_append_new(a,
		                      json_pack("{s:s, s:o, s:o, s:o}", "id", kinds[i].id, "shortDescription",
		                                plain(kinds[i].text), "fullDescription", plain(kinds[i].text),
		                                "help", plain(kinds[i].help)));
	return a;
}

static json_t *driver(struct sarif *s)
{
	json_t *j = json_object();
	json_object_set_new(j, "name", json_string("cancelint"));
	json_object_set_new(j, "version", sink_string(s->report->version));
	json_object_set_new(j, "semanticVersion", sink_string(s->report->version));
	json_object_set(j, "rules", s->rules);
	json_object_set_new(j, "notifications", notification_kinds());
	return j;
}

static json_t *root_uri(const struct report *r)
{
	struct str uri = {0};
	str_add(&uri, "file://");
	escape_uri(&uri, r->root);
	if (uri.data[uri.len - 1] != '/')
		str_addc(&uri, '/');
	json_t *root = json_object(), *j = json_object();
	/* Only an absolute path makes a base; without one, readers take the root of the repository. */
	if (r->root[0] == '/')
		json_object_set_new(root, "uri", json_stringn(str_c(&uri), uri.len));
	json_object_set_new(root, "description",
	                    json_pack("{s:s}", "text", "The root of the analysed project."));
	json_object_set_new(j, "SRCROOT", root);
	str_release(&uri);
	return j;
}

static json_t *invocations(struct sarif *s)
{
	json_t *j = json_object(), *a = json_array();
	json_object_set_new(j, "executionSuccessful", json_boolean(s->report->complete));
	json_object_set(j, "toolExecutionNotifications", s->notifications);
	json_array_append_new(a, j);
	return a;
}

static json_t *run(struct sarif *s)
{
	json_t *j = json_object();
	json_object_set_new(j, "tool", json_pack("{s:o}", "driver", driver(s)));
	json_object_set_new(j, "columnKind", json_string("utf16CodeUnits"));
	json_object_set_new(j, "originalUriBaseIds", root_uri(s->report));
	json_object_set_new(j, "invocations", invocations(s));
	json_object_set(j, "artifacts", s->artifacts);
	json_object_set(j, "results", s->results);
	return j;
}

static bool write_sarif(const struct report *r, const struct sink_options *o, FILE *to)
{
	(void)o;
	struct sarif s = {.report = r,
	                  .sources = source_cache_new(r->root),
	                  .rules = json_array(),
	                  .artifacts = json_array(),
	                  .results = json_array(),
	                  .notifications = json_array()};
	for (uint32_t i = 0; i < r->nrules; i++)
		sarif_rule_index(&s, r->rules[i]);
	add_units(&s);
	add_notes(&s);
	sarif_add_results(&s);
	json_t *log = json_object(), *runs = json_array();
	json_object_set_new(log, "$schema", json_string("https://json.schemastore.org/sarif-2.1.0.json"));
	json_object_set_new(log, "version", json_string("2.1.0"));
	json_array_append_new(runs, run(&s));
	json_object_set_new(log, "runs", runs);
	bool ok = sink_write_json(log, to);
	json_decref(log);
	json_decref(s.rules);
	json_decref(s.artifacts);
	json_decref(s.results);
	json_decref(s.notifications);
	strmap_release(&s.rule_index);
	strmap_release(&s.file_index);
	source_cache_free(s.sources);
	return ok;
}

const struct sink sink_sarif = {"sarif", "SARIF 2.1.0, for GitHub code scanning and other platforms",
                                write_sarif};
