/* trend.h - between the files of `cancelint trend`: what is shown, and the forms it is shown in. */
#ifndef CANCELINT_CLI_TREND_H
#define CANCELINT_CLI_TREND_H

#include "budget.h"
#include "store.h"

struct trend_view {
	struct arena *arena;
	const char *project; /* the last part of the newest run's root */
	struct trend trend;  /* all runs */
	uint32_t first;      /* row of the oldest that is shown */
	const char *by;      /* "rule", "directory", "author" or "age" */
	uint32_t *rows;      /* those for which the groups have counts, oldest first */
	uint32_t nrows;
	struct trend_rule *groups; /* counts[i] is for rows[i] */
	uint32_t ngroups;
	struct budget *budgets;
	uint32_t nbudgets;
};

const struct trend_row *trend_newest(const struct trend_view *v); /* NULL: there is no run */
/* A date in UTC, as strftime() writes it. */
void trend_date(int64_t seconds, const char *format, char out[32]);

/* ---- the forms; each writes to standard output ---- */
void trend_print_table(const struct trend_view *v);
void trend_print_csv(const struct trend_view *v);
void trend_print_json(const struct trend_view *v);
void trend_print_metrics(const struct trend_view *v);

#endif
