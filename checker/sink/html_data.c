/* The history as the page's script reads it. */
#include "html_internal.h"

#include "rule.h"
#include "str.h"

#include <string.h>

json_t *html_text(const char *text)
{
	struct str s = {0};
	escape_terminal(&s, text);
	json_t *j = json_stringn(str_c(&s), s.len);
	str_release(&s);
	return j;
}

/* ---- runs ---- */

static json_t *events_of(const struct html_report *r, uint32_t first, uint32_t last)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < r->nevents; i++)
		if (r->events[i].row >= first && r->events[i].row <= last)
			json_array_append_new(out, html_text(r->events[i].text));
	return out;
}

static json_t *run_json(const struct html_report *r, uint32_t first, uint32_t last)
{
	const struct trend_row *row = &r->trend->rows[last];
	int64_t added = 0, gone = 0;
	uint32_t partial = 0, parts = 0;
	for (uint32_t i = first; i <= last; i++) {
		added += r->trend->rows[i].added;
		gone += r->trend->rows[i].gone;
		partial += !r->trend->rows[i].complete;
		parts += !r->trend->rows[i].whole;
	}
	return json_pack("{s:I, s:I, s:o, s:o, s:o, s:i, s:i, s:i, s:i, s:b, s:i, s:I, s:I, s:i, s:i, s:o}",
	                 "run", (json_int_t)row->run, "at", (json_int_t)row->started_at, "commit",
	                 html_text(row->commit), "branch", html_text(row->branch), "tool",
	                 html_text(row->tool_version), "units", (int)row->units, "failed", (int)row->failed,
	                 "partial", (int)partial, "parts", (int)parts, "whole", row->whole, "total",
	                 (int)row->total, "added", (json_int_t)added, "gone", (json_int_t)gone, "kept",
	                 (int)row->carried, "stands", (int)(last - first + 1), "events",
	                 events_of(r, first, last));
}

static json_t *runs_json(const struct html_report *r)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < r->nrows; i++)
		json_array_append_new(out, run_json(r, i ? r->rows[i - 1] + 1 : r->rows[i], r->rows[i]));
	return out;
}

/* ---- groups ---- */

static json_t *counts_json(const uint32_t *counts, const uint32_t *at, uint32_t n)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(out, json_integer(counts[at ? at[i] : i]));
	return out;
}

static json_t *rule_json(const struct html_report *r, const struct trend_rule *t)
{
	const struct rule_entry *rule = rule_find(t->rule);
	const struct finding_builtin *builtin = finding_builtin_find(t->rule);
	const char *summary = rule ? rule->rule->summary : builtin ? builtin->summary : "";
	return json_pack("{s:o, s:o, s:o}", "id", html_text(t->rule), "summary", html_text(summary), "counts",
	                 counts_json(t->counts, r->rows, r->nrows));
}

static json_t *rules_json(const struct html_report *r)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < r->trend->nrules; i++)
		json_array_append_new(out, rule_json(r, &r->trend->rules[i]));
	return out;
}

static json_t *directories_json(const struct html_report *r)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < r->ndirectories; i++)
		json_array_append_new(
		        out, json_pack("{s:o, s:o}", "name", html_text(r->directories[i].rule), "counts",
		                       counts_json(r->directories[i].counts, NULL, r->nsamples)));
	return out;
}

static json_t *budgets_json(const struct html_report *r)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < r->nbudgets; i++)
		json_array_append_new(out, json_pack("{s:o, s:i, s:i}", "text", html_text(r->budgets[i].text),
		                                     "open", (int)r->budgets[i].open, "allowed",
		                                     (int)r->budgets[i].allowed));
	return out;
}

static json_t *ages_json(void)
{
	json_t *out = json_array();
	for (uint32_t i = 0; i < HISTORY_AGES; i++)
		json_array_append_new(out, json_string(history_age_name(i)));
	return out;
}

json_t *html_data(const struct html_report *r)
{
	uint32_t newest = r->trend->nrows - 1;
	json_t *data = json_pack(
	        "{s:o, s:s, s:i, s:i, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "project", html_text(r->project),
	        "version", r->version, "left_out", (int)r->nleft_out, "depth", (int)r->depth, "has_authors",
	        r->has_authors, "runs", runs_json(r), "head", run_json(r, newest, newest), "base",
	        r->base < 0 ? json_null() : run_json(r, (uint32_t)r->base, (uint32_t)r->base), "rules",
	        rules_json(r), "directories", directories_json(r), "ages", ages_json());
	json_object_set_new(data, "all_runs", json_integer(r->trend->nrows));
	json_object_set_new(data, "budgets", budgets_json(r));
	json_object_set_new(data, "events",
	                    r->base < 0 ? json_array() : events_of(r, (uint32_t)r->base + 1, newest));
	html_add_findings(data, r);
	return data;
}
