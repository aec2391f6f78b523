/*
 * sink.h - a finished report in one of the output formats.
 *
 * Output depends on the report alone: no clock, no locale, no order of arrival. Everything that comes from the analysed
 * source is escaped for the format (terminal control bytes, JSON, Markdown in SARIF).
 */
#ifndef CANCELINT_SINK_H
#define CANCELINT_SINK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct finding_set;

struct report_unit {
	const char *file;    /* relative to the root */
	const char *outcome; /* "ok", "failed", "crashed", "timeout", "memory", "interrupted" */
	const char *reason;  /* "" when ok: the first error, in one line */
	const char *command; /* shell-quoted command line that was analysed, for a person to repeat */
};
struct report {
	const char *root;
	const char *version; /* of cancelint */
	const char *const *rules; /* ids that ran, sorted */
	uint32_t nrules;
	const struct report_unit *units; /* in database order */
	uint32_t nunits;
	bool complete;
	bool gated; /* new findings were asked for: each is `known` or new */
	const struct finding_set *findings; /* finished (finding_set_finish); suppressed ones are in it */
	const struct report_note { const char *file, *function, *text; } *notes; /* skipped bodies, exhausted budgets */
	uint32_t nnotes;
};
struct sink_options {
	bool colour;          /* text: escape sequences on */
	bool show_suppressed; /* text: also those (SARIF and JSON always carry them) */
	bool show_known;      /* text: also those, where new findings were asked for */
	bool explain;         /* text: every step with its source line (default: yes) */
	const char *lookup;   /* text: options with which `cancelint explain ID` finds the finding, "" for none;
				 NULL: it cannot, so no id is shown */
};
struct sink {
	const char *name; /* "text" */
	const char *what; /* one line for --help */
	/* False when writing failed (errno set). */
	bool (*write)(const struct report *r, const struct sink_options *o, FILE *to);
};
struct str;
/* Appends text as a terminal may show it within a line. */
void sink_escape(struct str *to, const char *text);
/* Appends text of several lines as a terminal may show it: nothing but the ends of lines has an effect. */
void sink_escape_lines(struct str *to, const char *text);

extern const struct sink *const sink_table[]; /* NULL-terminated */
const struct sink *sink_find(const char *name); /* NULL: unknown */

#endif
