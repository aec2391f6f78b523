/*
 * budget.h - how many findings may be open: "no more than N", "down to N by DATE".
 *
 *   [SCOPE:] N [by YYYY-MM-DD [from YYYY-MM-DD]]      SCOPE: a rule, or a directory with a slash ("src/net/",
 * "./")
 */
#ifndef CANCELINT_CLI_BUDGET_H
#define CANCELINT_CLI_BUDGET_H

#include "cli.h"

struct arena;
struct config;
struct store;
struct trend;

struct budget {
	const char *text;  /* as it was given */
	const char *file;  /* of the configuration that it stands in, and where; NULL: the command line */
	int line, col;
	const char *scope; /* NULL: everything */
	bool is_directory;
	uint32_t limit;
	int64_t by, from; /* Unix seconds; 0: not given */
	/* budget_judge() */
	uint32_t open;    /* after the newest run */
	uint32_t allowed; /* then: on the line from what was open at `from` down to the limit at `by` */
	bool met;
};

/* False after a problem that says what is wrong with the text. */
bool budget_parse(struct session *s, struct arena *a, const char *text, struct budget *out);
/* Those of the configuration, in `a`. False after a problem, which names the place. */
bool budgets_of(struct session *s, struct arena *a, const struct config *c, struct budget **out);
/* `t` holds all runs. A rule that neither exists nor was ever seen is a problem. */
bool budget_judge(struct session *s, struct store *store, const struct trend *t, struct budget *b);

#endif
