/*
 * match.h - which finding of one run is which of another. Each is at most one of the other side. What is tried, from the
 * surest to the least sure, is in match.def; what an earlier step took no later one gets.
 */
#ifndef CANCELINT_MATCH_H
#define CANCELINT_MATCH_H

#include "finding.h"

enum match_step {
	MATCH_NONE,
#define MATCH(id, name, what) MATCH_##id,
#include "match.def"
#undef MATCH
	MATCH_STEPS
};
const char *match_step_name(enum match_step s); /* "" for MATCH_NONE */
const char *match_step_text(enum match_step s);

struct match_side {
	const char *id, *rule, *file, *usr, *function, *anchor, *line_hash;
	uint32_t line, ordinal; /* in which order equal ones stand */
	bool looked; /* of the older side: the newer run looked at its file, or the file is gone */
};
struct match_side match_side_of(const struct finding *f);

struct match_rename {
	const char *from, *to;
};
struct match_input {
	const struct match_side *old, *new;
	uint32_t nold, nnew;
	const struct match_rename *files, *rules; /* what had another name at the older side's time */
	uint32_t nfiles, nrules;
	const char *root; /* where the newer side's sources are; "": unknown, then no function is taken for renamed */
	bool sparse;      /* a side has neither usr nor anchor: functions go by their names, statements by their line */
};
struct match {
	uint32_t old; /* index of the other side, where step is not MATCH_NONE */
	enum match_step step;
};
/* Fills out[nnew]. The order of neither side matters. */
void findings_match(const struct match_input *in, struct match *out);

#endif
