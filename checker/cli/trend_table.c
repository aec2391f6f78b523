/* cancelint trend, for a terminal. */
#include "trend.h"

#include "arena.h"
#include "history.h"
#include "sink.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

/* ---- sparklines ---- */

static bool speaks_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return str_glob("*UTF-8*", value) || str_glob("*utf8*", value) ||
			       str_glob("*utf-8*", value);
	}
	return false;
}

#define LEVELS 8u
static void print_spark(const uint32_t *counts, uint32_t n, bool utf8)
{
	static const char *const blocks[LEVELS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const plain[LEVELS] = {"_", ".", ":", "-", "=", "+", "*", "#"};
	uint32_t most = 1;
	for (uint32_t i = 0; i < n; i++)
		most = counts[i] > most ? counts[i] : most;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t level = (uint32_t)(((uint64_t)counts[i] * (LEVELS - 1) + most - 1) / most);
		fputs(utf8 ? blocks[level] : plain[level], stdout);
	}
}

/* ---- runs ---- */

static bool any_carried(const struct trend_view *v)
{
	for (uint32_t i = v->first; i < v->trend.nrows; i++)
		if (v->trend.rows[i].carried)
			return true;
	return false;
}

static void print_changes(unsigned changes)
{
	static const char *const names[] = {"other version", "other models", "other configuration"};
	for (int i = 0; i < 3; i++)
		if (changes & (1u << i))
			printf("  %s", names[i]);
}

static void print_row(const struct trend_view *v, uint32_t i, bool carried)
{
	const struct trend_row *r = &v->trend.rows[i];
	struct str commit = {0};
	char date[32], cut[11];
	trend_date(r->started_at, "%Y-%m-%d %H:%M", date);
	snprintf(cut, sizeof cut, "%s", r->commit[0] ? r->commit : "-");
	sink_escape(&commit, cut);
	printf("%5lld  %s  %-10s  %5u  %6u  %8u  %5u  %5u", (long long)r->run, date, str_c(&commit), r->units,
	       r->failed, r->total, r->added, r->gone);
	if (carried)
		printf("  %5u", r->carried);
	printf("%s", r->complete ? "" : "  incomplete");
	print_changes(history_changes(i ? r - 1 : NULL, r));
	putchar('\n');
	str_release(&commit);
}

static void print_runs(const struct trend_view *v)
{
	bool carried = any_carried(v);
	printf("  run  date (UTC)        commit      units  failed  findings    new   gone%s\n",
	       carried ? "   kept" : "");
	for (uint32_t i = v->first; i < v->trend.nrows; i++)
		print_row(v, i, carried);
	if (v->first)
		printf("%5u earlier runs are not shown: --last %u shows all\n", v->first, v->trend.nrows);
}

/* ---- groups ---- */

static uint32_t newest_count(const struct trend_view *v, const struct trend_rule *g)
{
	return v->nrows ? g->counts[v->nrows - 1] : 0;
}

/* Most findings first; ages keep their order. */
static const struct trend_rule **sorted(const struct trend_view *v)
{
	const struct trend_rule **out = ARENA_ARRAY(v->arena, const struct trend_rule *, v->ngroups + 1);
	for (uint32_t i = 0; i < v->ngroups; i++) {
		uint32_t k = i;
		while (k && strcmp(v->by, "age") != 0 &&
		       newest_count(v, out[k - 1]) < newest_count(v, &v->groups[i])) {
			out[k] = out[k - 1];
			k--;
		}
		out[k] = &v->groups[i];
	}
	return out;
}

static void print_group(const struct trend_view *v, const struct trend_rule *g, bool utf8)
{
	struct str name = {0};
	uint32_t now = newest_count(v, g);
	char change[16] = "";
	if (v->nrows > 1 && now != g->counts[0])
		snprintf(change, sizeof change, "%+lld", (long long)now - (long long)g->counts[0]);
	sink_escape(&name, g->rule);
	printf("%8u  %6s  ", now, change);
	print_spark(g->counts, v->nrows, utf8);
	printf("  %s\n", str_c(&name));
	str_release(&name);
}

static void print_groups(const struct trend_view *v)
{
	const struct trend_row *rows = v->trend.rows;
	const struct trend_rule **groups = sorted(v);
	bool utf8 = speaks_utf8();
	int width = v->nrows > 5 ? (int)v->nrows : 5;
	if (!v->ngroups)
		return;
	printf("\nfindings  change  %-*s  %s, runs %lld to %lld\n", width, "trend", v->by,
	       (long long)rows[v->first].run, (long long)rows[v->trend.nrows - 1].run);
	for (uint32_t i = 0; i < v->ngroups; i++)
		print_group(v, groups[i], utf8);
	if (strcmp(v->by, "author") == 0)
		printf("Only findings that are open now have an author; the trend shows how long they have "
		       "been.\n");
}

/* ---- budgets ---- */

static void print_budget(const struct budget *b)
{
	struct str text = {0};
	sink_escape(&text, b->text);
	printf("budget %s: %u open, %u allowed: %s", str_c(&text), b->open, b->allowed,
	       b->met ? "met" : "missed");
	if (!b->met)
		printf(" by %u", b->open - b->allowed);
	putchar('\n');
	str_release(&text);
}

void trend_print_table(const struct trend_view *v)
{
	print_runs(v);
	print_groups(v);
	if (v->nbudgets)
		putchar('\n');
	for (uint32_t i = 0; i < v->nbudgets; i++)
		print_budget(&v->budgets[i]);
}
