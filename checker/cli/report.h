/* report.h - between the files of `cancelint report`. */
#ifndef CANCELINT_CLI_REPORT_H
#define CANCELINT_CLI_REPORT_H

#include "cli.h"
#include "html.h"
#include "project.h"

struct arena;
struct authors;
struct grounds;
struct store;

struct report_options {
	const char *db, *config, *output, *base, *root;
	unsigned pages, depth;
	bool authors;
	struct text_list models;
};

struct report_job {
	struct session *session;
	const struct report_options *options;
	struct arena *arena;
	struct store *store;
	const char *database;
	struct trend trend;
	struct html_report page;
	const volatile int *interrupted;
};

/* report_history.c: the runs that are drawn, the base, what happened between them, the directories. */
bool report_history(struct report_job *j);
/* report_findings.c: the findings, those of the base first, with their steps. */
bool report_findings(struct report_job *j);

#endif
