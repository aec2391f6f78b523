/*
 * linked.h - units that `cancelint extract` has written, instead of those of a compile database.
 */
#ifndef CANCELINT_CLI_LINKED_H
#define CANCELINT_CLI_LINKED_H

#include "unit_file.h"

struct linked {
	struct arena *arena;
	struct unit_file *units; /* as those of the project */
	uint32_t len;
};

/* Reads unit files, `@FILE` for a list of them, one in a line, and makes a project of them. `root`: where the
 * sources are now; NULL: where they were. False after problems; release both all the same. */
bool linked_load(struct session *s, struct linked *l, const struct text_list *paths, const char *root,
                 struct project *p);
/* Were all extracted with these models? */
bool linked_agree(struct session *s, const struct linked *l, const char *models);
/* Paths below the unit's root become paths below the project's. */
void linked_move_paths(const struct unit_file *u, const char *root, json_t *reply);
void linked_release(struct linked *l);

#endif
