/*
 * link.h - the calls of all units as one graph: which unit needs another's word about a function, and in
 * which order functions can be told of.
 *
 * A summary goes to another unit only from a lower component of the graph to a higher one, so that every
 * function's summary follows from code below it, whatever the order in which units are parsed. Functions have
 * levels: those of level 0 need no other unit's word; one of level n needs words of lower levels only. Calls
 * inside a cycle across units, calls of names that units of several files define, and of functions that touch nothing
 * described, are unknown code. What is needed is told in rounds, before who needs it, so that a unit is asked few times.
 */
#ifndef CANCELINT_LINK_H
#define CANCELINT_LINK_H

#include "facts.h"

#include <stdbool.h>
#include <stdint.h>

struct link_import {
	uint32_t unit; /* who tells */
	const char *name;
	uint32_t round; /* in which it is told of */
};
struct link_imports {
	struct link_import *all; /* by name */
	uint32_t n;
};
struct link_unit {
	struct link_imports imports;  /* what the unit needs for its exports, and to be judged, if it is judged alone */
	struct link_imports of_group; /* what its group needs, for this unit's sake, to be judged */
	struct link_export { /* what others ask this unit for, by name */
		const char *name;
		uint32_t round; /* when: with all imports of earlier rounds that are of interest */
	} * exports;
	uint32_t nexports;
};
struct link {
	struct link_unit *units;
	uint32_t nunits, nrounds;
	struct arena *arena;
};

enum { LINK_MAX_LEVEL = 24 }; /* of an import; deeper chains of units are cut: the rest is unknown code */

#define LINK_NOT_JUDGED UINT32_MAX

/* `units[i]` with nfuncs 0: a unit that failed. Its strings must outlive the link. `leader[i]`: i, the first unit of those it is
 * judged as one with, or LINK_NOT_JUDGED. Only what somebody needs, in the end to judge something, is imported and exported. */
struct link *link_units(const struct facts_link *units, uint32_t n, const uint32_t *leader);
void link_free(struct link *l); /* NULL is accepted */

/* Which units are looked at as one: leader[i] is the first unit of the group of units[i], which is i itself for one that is alone.
 * The instructions of a group are not more than `limit`. The same units in the same order make the same groups. */
void link_groups(const struct facts_link *const *units, uint32_t n, uint32_t limit, uint32_t *leader);

#endif
