/* internal.h - between the files of this folder. */
#ifndef CANCELINT_RULE_INTERNAL_H
#define CANCELINT_RULE_INTERNAL_H

#include "mem.h"
#include "pass.h"

struct draft {
	struct report *report;
	struct fix fix;
	VEC(struct edit) edits;
	bool dropped, elsewhere;
};
struct report {
	struct finding f;
	struct pass *pass;
	bool dropped;
	bool elsewhere; /* in another unit */
	VEC(struct step) steps;
	VEC(const char *) also;
	VEC(struct draft *) drafts;
};

void report_collect_fixes(struct report *r); /* into its finding */
void report_forget_fixes(struct report *r);

#endif
