/*
 * role_reader.h - one role entry, from a mapping to struct api_role, checked. Private to apimodel/.
 */
#ifndef CANCELINT_APIMODEL_ROLE_READER_H
#define CANCELINT_APIMODEL_ROLE_READER_H

#include "apimodel.h"

struct intern;
struct yaml_node;

struct role_reader {
	struct intern *strings;
	struct problem_list *problems;
	const char *file;     /* for problems */
	const char *function; /* for problems */
	int nparams;          /* -1 unknown */
	bool variadic;
};
/* `map` NULL: the role stands alone at line:col. False, with problems, when the entry is wrong. */
bool role_read(const struct role_reader *r, enum api_role_kind kind, const struct yaml_node *map, int line,
               int col, struct api_role *out);

#endif
