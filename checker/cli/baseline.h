/*
 * baseline.h - a file of findings that are known, one a line, which lives with the sources: docs/formats/baseline.md.
 */
#ifndef CANCELINT_CLI_BASELINE_H
#define CANCELINT_CLI_BASELINE_H

#include "finding.h"
#include "match.h"

#include <stdbool.h>
#include <stdint.h>

struct session;

struct baseline {
	struct arena *arena; /* NULL: empty */
	struct match_side *sides;
	uint32_t n;
};
/* False after a problem. */
bool baseline_read(struct session *s, const char *path, struct baseline *out);
void baseline_release(struct baseline *b);
/* What each finding is in it; out[n], as findings_match() says. `root`: where the sources are. */
void baseline_match(const struct baseline *b, const struct finding *findings, uint32_t n, const char *root,
                    const struct match_rename *files, uint32_t nfiles, struct match *out);
/* Sorted, in place of the file when it is whole. */
bool baseline_write(struct session *s, const char *path, const struct finding *findings, uint32_t n);

#endif
