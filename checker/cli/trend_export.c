/* cancelint trend, for other programs: CSV (RFC 4180) and JSON. */
#include "trend.h"

#include "history.h"
#include "source.h"
#include "str.h"
#include "utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- csv ---- */

static void print_field(const char *text)
{
	struct str visible = {0};
	utf8_visible(&visible, text);
	/* A spreadsheet takes a leading '=', '+', '-' or '@' for a formula. */
	bool formula = visible.len && strchr("=+-@", visible.data[0]), quoted = formula;
	for (const char *c = str_c(&visible); *c; c++)
		quoted |= *c == ',' || *c == '"';
	if (quoted)
		printf("\"%s", formula ? "'" : "");
	for (const char *c = str_c(&visible); *c; c++)
		printf(*c == '"' ? "\"\"" : "%c", *c);
	if (quoted)
		putchar('"');
	str_release(&visible);
}

static void print_record(const struct trend_view *v, uint32_t i)
{
	const struct trend_row *r = &v->trend.rows[v->rows[i]];
	char date[32];
	trend_date(r->started_at, "%Y-%m-%dT%H:%M:%SZ", date);
	printf("%lld,%s,", (long long)r->run, date);
	print_field(r->commit);
	putchar(',');
	print_field(r->branch);
	printf(",%d,%u,%u,%u,%u,%u,%u", r->complete, r->units, r->failed, r->total, r->added, r->gone,
	       r->carried);
	for (uint32_t k = 0; k < v->ngroups; k++)
		printf(",%u", v->groups[k].counts[i]);
	printf("\r\n");
}

void trend_print_csv(const struct trend_view *v)
{
	printf("run,date,commit,branch,complete,units,failed,findings,new,gone,carried");
	for (uint32_t i = 0; i < v->ngroups; i++) {
		putchar(',');
		print_field(v->groups[i].rule);
	}
	printf("\r\n");
	for (uint32_t i = 0; i < v->nrows; i++)
		print_record(v, i);
}

/* ---- json ---- */

static json_t *text_of(const char *text)
{
	struct str s = {0};
	utf8_clean(&s, text);
	json_t *j = json_stringn(str_c(&s), s.len);
	str_release(&s);
	return j;
}

static json_t *date_of(int64_t seconds)
{
	char date[32];
	trend_date(seconds, "%Y-%m-%dT%H:%M:%SZ", date);
	return json_string(date);
}

static json_t *changes_of(unsigned changes)
{
	static const char *const names[] = {"tool", "models", "configuration"};
	json_t *out = json_array();
	for (int i = 0; i < 3; i++)
		if (changes & (1u << i))
			json_array_append_new(out, json_string(names[i]));
	return out;
}

static json_t *run_of(const struct trend_view *v, uint32_t row)
{
	const struct trend_row *r = &v->trend.rows[row];
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:b, s:b, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "run",
	                 (json_int_t)r->run, "date", date_of(r->started_at), "commit", text_of(r->commit),
	                 "branch", text_of(r->branch), "tool_version", text_of(r->tool_version), "complete",
	                 r->complete, "whole", r->whole, "units", (int)r->units, "failed", (int)r->failed,
	                 "findings", (int)r->total, "new", (int)r->added, "gone", (int)r->gone, "carried",
	                 (int)r->carried, "changed", changes_of(history_changes(row ? r - 1 : NULL, r)));
}

static json_t *group_of(const struct trend_view *v, const struct trend_rule *g)
{
	json_t *counts = json_array();
	for (uint32_t i = 0; i < v->nrows; i++)
		json_array_append_new(counts, json_integer(g->counts[i]));
	return json_pack("{s:o, s:o}", "name", text_of(g->rule), "findings", counts);
}

static json_t *budget_of(const struct budget *b)
{
	return json_pack("{s:o, s:i, s:i, s:b}", "budget", text_of(b->text), "findings", (int)b->open,
	                 "allowed", (int)b->allowed, "met", b->met);
}

void trend_print_json(const struct trend_view *v)
{
	json_t *runs = json_array(), *groups = json_array(), *budgets = json_array();
	for (uint32_t i = 0; i < v->nrows; i++)
		json_array_append_new(runs, run_of(v, v->rows[i]));
	for (uint32_t i = 0; i < v->ngroups; i++)
		json_array_append_new(groups, group_of(v, &v->groups[i]));
	for (uint32_t i = 0; i < v->nbudgets; i++)
		json_array_append_new(budgets, budget_of(&v->budgets[i]));
	json_t *j = json_pack("{s:s, s:i, s:o, s:s, s:o, s:o}", "format", "cancelint-trend", "version", 1,
	                      "runs", runs, "by", v->by, "groups", groups, "budgets", budgets);
	char *text = json_dumps(j, JSON_INDENT(1));
	struct str visible = {0};
	utf8_visible_json(&visible, text ? text : "");
	puts(str_c(&visible));
	str_release(&visible);
	free(text);
	json_decref(j);
}
