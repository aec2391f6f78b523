/*
 * compare.h - one model entry against the declaration it describes. Private to headers/.
 */
#ifndef CANCELINT_HEADERS_COMPARE_H
#define CANCELINT_HEADERS_COMPARE_H

#include "apimodel.h"
#include "unit.h"

struct problem_list;

/* False, with problems at the entry's lines, when number or types of parameters cannot be what the entry says. */
bool compare_function(const struct apimodel *m, const struct unit *u, const struct api_func *f,
                      const struct declared *d, struct problem_list *problems);

#endif
