/*
 * history_driver DB < RUNS    records runs; one JSON object a line:
 *
 *   {"at": Unix seconds, "root", "commit", "branch", "tool", "models", "config", "rules": "a,b", "whole":
 * bool, "units": [[file, outcome]], "findings": [as in the JSON report]}
 */
#include "arena.h"
#include "finding.h"
#include "problem.h"
#include "store.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));
	return s ? s : "";
}

static void add_findings(struct finding_set *set, const json_t *list)
{
	struct arena *a = arena_new();
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct finding f;
		if (!finding_from_json(a, json_array_get(list, i), &f)) {
			fprintf(stderr, "finding %zu is malformed\n", i);
			exit(2);
		}
		finding_set_add(set, &f);
	}
	arena_free(a);
	finding_set_finish(set, false);
}

static uint32_t read_units(const json_t *list, struct store_unit *out, bool *complete)
{
	uint32_t n = (uint32_t)json_array_size(list);
	*complete = true;
	for (uint32_t i = 0; i < n; i++) {
		const json_t *unit = json_array_get(list, i);
		out[i] = (struct store_unit){.file = json_string_value(json_array_get(unit, 0)),
		                             .outcome = json_string_value(json_array_get(unit, 1)),
		                             .reason = "",
		                             .seconds = 0.1};
		*complete &= strcmp(out[i].outcome, "ok") == 0;
	}
	return n;
}

static bool add_run(struct store *s, const json_t *j, struct problem_list *l)
{
	struct finding_set set;
	struct store_unit *units = calloc(json_array_size(json_object_get(j, "units")) + 1, sizeof *units);
	bool complete;
	uint32_t nunits = read_units(json_object_get(j, "units"), units, &complete);
	finding_set_init(&set, text(j, "root"));
	add_findings(&set, json_object_get(j, "findings"));
	struct store_run run = {.started_at = json_integer_value(json_object_get(j, "at")),
	                        .seconds = 1.5,
	                        .root = text(j, "root"),
	                        .commit = text(j, "commit"),
	                        .branch = text(j, "branch"),
	                        .tool_version = text(j, "tool"),
	                        .models_hash = text(j, "models"),
	                        .config_hash = text(j, "config"),
	                        .rules = text(j, "rules"),
	                        .complete = complete,
	                        .whole = json_is_true(json_object_get(j, "whole")),
	                        .units = units,
	                        .nunits = nunits,
	                        .findings = &set};
	bool ok = store_add_run(s, &run, l) != 0;
	finding_set_release(&set);
	free(units);
	return ok;
}

int main(int argc, char **argv)
{
	struct problem_list l = {0};
	char *line = NULL;
	size_t cap = 0;
	struct store *s = argc == 2 ? store_open(argv[1], STORE_WRITE, &l) : NULL;
	bool ok = s != NULL;
	while (ok && getline(&line, &cap, stdin) > 0) {
		json_error_t e;
		json_t *j = json_loads(line, 0, &e);
		ok = j && add_run(s, j, &l);
		if (!j)
			fprintf(stderr, "%s\n", e.text);
		json_decref(j);
	}
	problem_list_print(&l, stderr);
	problem_list_release(&l);
	store_close(s);
	free(line);
	return !ok;
}
