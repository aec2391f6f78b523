/*
 * html.h - the history of a project as one HTML file that needs nothing else: no network, no other file.
 *
 * What is shown goes into the page as data and is made visible by its script as text, never as markup.
 * Besides, the page's content security policy lets nothing run or load but its own scripts and style, by
 * their hashes.
 */
#ifndef CANCELINT_SINK_HTML_H
#define CANCELINT_SINK_HTML_H

#include "history.h"

#include <stdio.h>

/* A finding of the newest run or of the base, and what is known beyond that row. */
struct html_finding {
	const struct history_finding *row;
	const char *change;            /* against the base: "new", "fixed", "suppressed" or "" */
	const char *author;            /* "" unknown */
	const struct finding *finding; /* with its steps; NULL: not loaded */
	bool traced;                   /* the steps were recorded */
	bool paged;                    /* it gets a page */
	const char *const *grounds;    /* as in explain.h; NULL: none */
};

/* What happened in or before a run that may have moved the numbers. */
struct html_event {
	uint32_t row; /* of the trend */
	const char *text;
};

/* How many findings may be open, as a team has agreed on. */
struct html_budget {
	const char *text;
	uint32_t open, allowed;
};

struct html_report {
	const char *version;       /* of cancelint */
	const char *project;       /* its name */
	const char *root;          /* where the sources are */
	const struct trend *trend; /* all runs, at least one */
	const uint32_t *rows; /* those that are drawn; each stands for itself and what is between it and the
	                         one before */
	uint32_t nrows;
	int64_t base;                    /* index of the row that the newest is compared with; -1: none */
	const struct html_event *events; /* by row */
	uint32_t nevents;
	const struct html_budget *budgets;
	uint32_t nbudgets;
	/* groups over `samples`, which are indices into the trend */
	const uint32_t *samples;
	uint32_t nsamples;
	const struct trend_rule *directories;
	uint32_t ndirectories;
	uint32_t depth; /* parts of a path that make a directory */
	const struct html_finding *findings;
	uint32_t nfindings;
	uint32_t nleft_out; /* open findings that are counted, but not among these */
	bool has_authors;
};
/* False when writing failed (errno set). */
bool html_write(const struct html_report *r, FILE *to);
/* True if the program was built with the library that draws the charts. Without it there are tables. */
bool html_has_charts(void);

#endif
