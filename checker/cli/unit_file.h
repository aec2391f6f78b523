/*
 * unit_file.h - what `cancelint extract` writes of one unit and `cancelint link` reads: how it was compiled,
 * what was found in it alone, and its facts. docs/formats/unit.md has the format.
 */
#ifndef CANCELINT_CLI_UNIT_FILE_H
#define CANCELINT_CLI_UNIT_FILE_H

#include "cli.h"

#include "project.h"

#include <jansson.h>

struct arena;
struct output;

struct unit_file {
	const char *path;    /* where it is */
	const char *root;    /* of the project, where the unit was extracted */
	const char *models;  /* fingerprint of those that were used */
	struct unit unit;
	const char *outcome, *reason; /* as in reports */
	json_t *reply;                /* the worker's; NULL: none */
	json_t *head;                 /* holds all of the above */
	size_t facts_at;              /* where the facts begin; 0: there are none */
};

/* Writes the head and, unless NULL, the bytes of the facts. False with errno set. */
bool unit_file_write(const struct unit_file *u, const char *facts, size_t nfacts, FILE *to);
/* False, with a problem, when it is no unit file of this version. Texts are in the arena or in `head`. */
bool unit_file_read(struct session *s, struct arena *a, const char *path, struct unit_file *out);
/* Copies the facts into a file of their own. False with errno set, or 0 when there are none. */
bool unit_file_copy_facts(const struct unit_file *u, const char *to);
void unit_file_release(struct unit_file *u);

#endif
