/*
 * explain_finding.h - `cancelint explain` with the id of a finding.
 */
#ifndef CANCELINT_CLI_EXPLAIN_FINDING_H
#define CANCELINT_CLI_EXPLAIN_FINDING_H

#include "cli.h"

struct explain_options {
	const char *db, *from, *root, *config, *color;
	struct text_list models;
};
/* Could the word be the beginning of an id? */
bool is_finding_id(const char *word);
/* Prints each of them. False after a problem. */
bool explain_findings(struct session *s, const struct explain_options *o, const char *const *ids, uint32_t n);

#endif
