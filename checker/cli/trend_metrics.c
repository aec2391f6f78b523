/* cancelint trend, for Prometheus: OpenMetrics text about the newest run. */
#include "trend.h"

#include "source.h"
#include "str.h"
#include "utf8.h"

#include <string.h>

static void family(const char *name, const char *type, const char *help)
{
	printf("# TYPE cancelint_%s %s\n# HELP cancelint_%s %s\n", name, type, name, help);
}

/* The value of a label: UTF-8, with the three escapes that there are. */
static void print_label(const char *name, const char *text)
{
	struct str s = {0};
	utf8_clean(&s, text);
	printf("%s=\"", name);
	for (const char *p = str_c(&s); *p; p++)
		if (*p == '\n')
			fputs("\\n", stdout);
		else
			printf(*p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
	putchar('"');
	str_release(&s);
}

/* cancelint_NAME{project="...", the label */
static void open_sample(const struct trend_view *v, const char *name, const char *label, const char *text)
{
	printf("cancelint_%s{", name);
	print_label("project", v->project);
	if (label) {
		putchar(',');
		print_label(label, text);
	}
}

static void gauge(const struct trend_view *v, const char *name, const char *help, int64_t value)
{
	family(name, "gauge", help);
	open_sample(v, name, NULL, NULL);
	printf("} %lld\n", (long long)value);
}

static void print_run(const struct trend_view *v, const struct trend_row *r)
{
	family("run", "info", "The newest run.");
	open_sample(v, "run_info", "commit", r->commit);
	putchar(',');
	print_label("branch", r->branch);
	putchar(',');
	print_label("tool_version", r->tool_version);
	printf("} 1\n");
	gauge(v, "run_number", "Number of the newest run.", r->run);
	gauge(v, "run_start_timestamp_seconds", "When the newest run started.", r->started_at);
	gauge(v, "run_complete", "1 if every unit of the newest run was analysed.", r->complete);
	gauge(v, "run_units", "Units that the newest run was asked to analyse.", r->units);
	gauge(v, "run_units_failed", "Units that the newest run could not analyse.", r->failed);
	gauge(v, "findings", "Findings that are open after the newest run.", r->total);
	gauge(v, "findings_new", "Findings that the newest run opened.", r->added);
	gauge(v, "findings_gone", "Findings that the newest run closed.", r->gone);
	gauge(v, "findings_carried", "Open findings that the newest run did not look at.", r->carried);
}

static void print_groups(const struct trend_view *v)
{
	struct str name = {0};
	str_addf(&name, "findings_by_%s", v->by);
	family(str_c(&name), "gauge", "Findings that are open after the newest run, in groups.");
	for (uint32_t i = 0; i < v->ngroups; i++) {
		open_sample(v, str_c(&name), v->by, v->groups[i].rule);
		printf("} %u\n", v->groups[i].counts[0]);
	}
	str_release(&name);
}

static void print_budgets(const struct trend_view *v, const char *name, const char *help, bool open)
{
	family(name, "gauge", help);
	for (uint32_t i = 0; i < v->nbudgets; i++) {
		open_sample(v, name, "budget", v->budgets[i].text);
		printf("} %u\n", open ? v->budgets[i].open : v->budgets[i].allowed);
	}
}

void trend_print_metrics(const struct trend_view *v)
{
	const struct trend_row *r = trend_newest(v);
	if (r) {
		print_run(v, r);
		print_groups(v);
	}
	if (v->nbudgets) {
		print_budgets(v, "budget_findings", "Open findings that a budget counts.", true);
		print_budgets(v, "budget_allowed", "Findings that a budget allows.", false);
	}
	printf("# EOF\n");
}
