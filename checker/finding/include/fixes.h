/*
 * fixes.h - which fixes are made together: of edits that touch each other only the first ones.
 */
#ifndef CANCELINT_FIXES_H
#define CANCELINT_FIXES_H

#include "finding.h"
#include "mem.h"
#include "source.h"

struct fix_edit {
	uint32_t begin, end; /* offsets */
	const char *text;
};
struct fix_file {
	const char *file; /* as findings name it */
	VEC(struct fix_edit) edits;
};
struct fix_choice {
	struct source_cache *sources; /* borrowed */
	bool outside;                 /* files that are not below the root are edited, too */
	VEC(struct fix_file) files;   /* some may have no edits */
};

/* The first sure fix of the finding whose edits touch none that was taken before, all of them or none. It is
 * taken, and borrowed like its texts; NULL: there is no such fix, or the finding is suppressed. */
const struct fix *fix_choice_take(struct fix_choice *c, const struct finding *f);
void fix_choice_sort(struct fix_choice *c); /* by place in each file */
void fix_choice_release(struct fix_choice *c);

#endif
