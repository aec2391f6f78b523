/*
 * unit.h - a library's headers, parsed, and the functions they declare by name. Private to headers/.
 */
#ifndef CANCELINT_HEADERS_UNIT_H
#define CANCELINT_HEADERS_UNIT_H

#include "apimodel.h"
#include "map.h"
#include "mem.h"
#include "pkg_config.h"

#include <clang-c/Index.h>

struct declared { /* one declaration; overloads of a C++ name form a chain */
	CXCursor cursor;
	uint32_t next; /* 1 + index, 0: the last */
};

struct unit {
	struct arena *arena;
	CXIndex index;
	CXTranslationUnit tu;
	VEC(struct declared) functions;
	struct strmap by_name; /* 1 + index of the first */
	struct strmap classes; /* C++: by name, with namespaces */
	struct strmap macros;
	const char *missing; /* a header that is not installed, "" if none */
	const char *error;   /* the first error in the headers, "" if none */
	bool *bad_tokens;    /* by index into the library's token types */
};

/* Includes the headers of `l` and names its token types. False only when libclang itself failed. */
bool unit_parse(struct unit *u, const struct api_library *l, const flag_vec *flags);
void unit_release(struct unit *u);
const struct declared *unit_find(const struct unit *u, const char *name);
/* It is the destructor of one of the classes, which may not say that it has one. */
bool unit_has_destructor(const struct unit *u, const char *name);
const struct declared *unit_overload(const struct unit *u,
                                     const struct declared *d); /* the next one, or NULL */

#endif
