/*
 * explain.h - one finding in full, for a person; and findings out of a report that was written before.
 */
#ifndef CANCELINT_SINK_EXPLAIN_H
#define CANCELINT_SINK_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct arena;
struct finding;
struct problem_list;

struct explanation {
	const struct finding *finding; /* paths as in a report: relative to the root */
	const char *root;              /* where the sources are; "": the working directory */
	const char *standing;          /* what is known of it besides: "open, first seen by run 3"; "" */
	const char *page;              /* the page of its rule, Markdown; "" if the rule is unknown */
	const char *summary;           /* of the rule */
	const char *const *grounds;    /* per step: lines about what it rests on; NULL: nothing more than its basis */
	bool traced;                   /* its steps are known */
	bool colour;
};
/* Every step with the lines around it, what it rests on, why the rule reports it, how to silence it. Says which lines have
 * changed since and which files are gone, by the hashes in the finding. Escapes what comes from sources, as reports do.
 * False when writing failed (errno set). */
bool explain_write(const struct explanation *e, FILE *to);

/* The findings of a report in the format json or sarif, allocated in `a`, and the root that it names. False after a
 * problem. A result of another program in a SARIF file is passed over. */
struct report_read {
	struct finding *findings;
	uint32_t nfindings;
	const char *root;
};
bool report_read(const char *path, struct arena *a, struct report_read *out, struct problem_list *problems);

#endif
