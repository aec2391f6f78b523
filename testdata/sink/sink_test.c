/*
 * sink_test FORMAT ROOT REPORT.json [colour] [suppressed] [brief] - writes a report in one of the formats.
 *
 * REPORT.json holds what a run knows: findings and suppressions as workers send them, units, notes, rules,
 * complete. Stands in for the command line, with a table of rules of its own, so that the formats can be
 * tested to the last case.
 */
#include "finding.h"
#include "rule.h"
#include "sink.h"

#include "arena.h"

#include <stdio.h>
#include <string.h>

static const struct rule rules[] = {
        {"discarded-handle", "the only handle to a cancellable thing is thrown away", SEVERITY_WARNING,
         CONFIDENCE_HIGH, false, 772, "0.1.0", NULL, NULL},
        {"missing-cancel", "an owned handle is not released on some path", SEVERITY_WARNING, CONFIDENCE_HIGH,
         false, 772, "0.1.0", NULL, NULL},
        {"unchecked-done", "a function takes a token, blocks, and never looks at it", SEVERITY_WARNING,
         CONFIDENCE_MEDIUM, true, 0, "0.1.0", NULL, NULL},
};
const struct rule_entry rule_table[] = {
        {&rules[0], "handles", "# discarded-handle\n\nThe value is stored nowhere.\n"},
        {&rules[1], "handles",
         "# missing-cancel\n\n## What it reports\n\nA handle that *nobody*\nreleases.\n\n```c\nf();\n```\n"},
        {&rules[2], "done", ""},
};
const uint32_t rule_table_len = 3;

const struct rule_entry *rule_find(const char *id)
{
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (strcmp(rule_table[i].rule->id, id) == 0)
			return &rule_table[i];
	return NULL;
}

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));
	return s ? s : "";
}

static bool add_all(struct finding_set *set, struct arena *a, const json_t *j)
{
	size_t i;
	json_t *v;
	json_array_foreach(json_object_get(j, "findings"), i, v)
	{
		struct finding f;
		if (!finding_from_json(a, v, &f))
			return false;
		json_int_t times = json_integer_value(json_object_get(v, "times"));
		do {
			finding_set_add(set, &f);
			f.at.line++;
		} while (--times > 0);
	}
	json_array_foreach(json_object_get(j, "suppressions"), i, v)
	{
		struct suppression s;
		if (!suppression_from_json(a, v, &s))
			return false;
		finding_set_suppress(set, &s);
	}
	return true;
}

static const struct report_unit *units_of(struct arena *a, const json_t *j, uint32_t *n)
{
	*n = (uint32_t)json_array_size(j);
	struct report_unit *u = ARENA_ARRAY(a, struct report_unit, *n + 1);
	for (uint32_t i = 0; i < *n; i++) {
		const json_t *v = json_array_get(j, i);
		u[i] = (struct report_unit){text(v, "file"), text(v, "outcome"), text(v, "reason"),
		                            text(v, "command")};
	}
	return u;
}

static const struct report_note *notes_of(struct arena *a, const json_t *j, uint32_t *n)
{
	*n = (uint32_t)json_array_size(j);
	struct report_note *u = ARENA_ARRAY(a, struct report_note, *n + 1);
	for (uint32_t i = 0; i < *n; i++) {
		const json_t *v = json_array_get(j, i);
		u[i] = (struct report_note){text(v, "file"), text(v, "function"), text(v, "text")};
	}
	return u;
}

static const char *const *rules_of(struct arena *a, const json_t *j, uint32_t *n)
{
	*n = (uint32_t)json_array_size(j);
	const char **ids = ARENA_ARRAY(a, const char *, *n + 1);
	for (uint32_t i = 0; i < *n; i++)
		ids[i] = json_string_value(json_array_get(j, i));
	return ids;
}

static int write_report(const struct sink *sink, const char *root, const json_t *j,
                        const struct sink_options *o)
{
	struct arena *a = arena_new();
	struct finding_set set;
	finding_set_init(&set, root);
	bool ok = add_all(&set, a, j);
	if (ok) {
		finding_set_finish(&set, true);
		struct report r = {.root = set.root, .version = "1.2.3", .findings = &set};
		r.complete = json_is_true(json_object_get(j, "complete"));
		r.rules = rules_of(a, json_object_get(j, "rules"), &r.nrules);
		r.units = units_of(a, json_object_get(j, "units"), &r.nunits);
		r.notes = notes_of(a, json_object_get(j, "notes"), &r.nnotes);
		ok = sink->write(&r, o, stdout);
	}
	finding_set_release(&set);
	arena_free(a);
	return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct sink *sink = argc > 3 ? sink_find(argv[1]) : NULL;
	json_error_t e;
	json_t *j = argc > 3 ? json_load_file(argv[3], 0, &e) : NULL;
	if (!sink || !j) {
		fprintf(stderr, "usage: sink_test FORMAT ROOT REPORT.json [colour] [suppressed] [brief]\n");
		return 2;
	}
	struct sink_options o = {.explain = true};
	for (int i = 4; i < argc; i++) {
		o.colour |= strcmp(argv[i], "colour") == 0;
		o.show_suppressed |= strcmp(argv[i], "suppressed") == 0;
		o.explain &= strcmp(argv[i], "brief") != 0;
	}
	int status = write_report(sink, argv[2], j, &o);
	json_decref(j);
	return status;
}
