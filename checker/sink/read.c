/* Findings out of a report that was written before. Reports come with repositories: nothing in them is
 * trusted. */
#include "explain.h"

#include "internal.h"

#include "arena.h"
#include "mem.h"
#include "problem.h"
#include "str.h"

#include <errno.h>
#include <string.h>

#define REPORT_MAX ((size_t)1 << 30)

static bool refuse(struct problem_list *l, const char *path, int line, const char *text)
{
	struct problem *p = problem_add(l, PROBLEM_ERROR, path, line, 0, "%s", text);
	problem_hint(p, "name a report that 'cancelint check --format json' or '--format sarif' wrote");
	return false;
}

static json_t *load(const char *path, struct problem_list *l)
{
	size_t len = 0;
	json_error_t error;
	char *text = str_read_file(path, REPORT_MAX, &len);
	if (!text) {
		problem_add(l, PROBLEM_ERROR, path, 0, 0, "cannot read the report: %s", strerror(errno));
		return NULL;
	}
	json_t *j = json_loadb(text, len, 0, &error);
	mem_release(text);
	if (!j)
		refuse(l, path, error.line, "not a report: no JSON");
	return j;
}

static void read_json(struct arena *a, const json_t *report, struct report_read *out)
{
	const json_t *findings = json_object_get(report, "findings");
	size_t n = json_array_size(findings);
	out->findings = ARENA_ARRAY(a, struct finding, n + 1);
	for (size_t i = 0; i < n; i++)
		if (finding_from_json(a, json_array_get(findings, i), &out->findings[out->nfindings]))
			out->nfindings++;
	const char *root = json_string_value(json_object_get(report, "root"));
	out->root = root ? arena_strdup(a, root) : "";
}

static void read_sarif_run(struct arena *a, const json_t *run, struct report_read *out)
{
	const json_t *results = json_object_get(run, "results");
	size_t n = json_array_size(results);
	out->root = sarif_read_root(a, run);
	struct source_cache *sources = source_cache_new(out->root);
	struct finding *all = ARENA_ARRAY(a, struct finding, out->nfindings + n + 1);
	for (uint32_t i = 0; i < out->nfindings; i++)
		all[i] = out->findings[i];
	out->findings = all;
	for (size_t i = 0; i < n; i++)
		if (sarif_read_result(a, sources, json_array_get(results, i), &all[out->nfindings]))
			out->nfindings++;
	source_cache_free(sources);
}

bool report_read(const char *path, struct arena *a, struct report_read *out, struct problem_list *problems)
{
	*out = (struct report_read){.root = ""};
	json_t *j = load(path, problems);
	if (!j)
		return false;
	const char *format = json_string_value(json_object_get(j, "format"));
	const json_t *runs = json_object_get(j, "runs");
	bool ok = true;
	if (format && strcmp(format, "cancelint") == 0)
		read_json(a, j, out);
	else if (json_is_array(runs))
		for (size_t i = 0; i < json_array_size(runs); i++)
			read_sarif_run(a, json_array_get(runs, i), out);
	else
		ok = refuse(problems, path, 0, "neither a cancelint report nor SARIF");
	json_decref(j);
	return ok;
}
