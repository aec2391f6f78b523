/*
 * path.h - access paths of models: `return`, `argN`, `*argN`, `argN[K]`, `argN->field`, `*argN->field`, ... Private.
 */
#ifndef CANCELINT_APIMODEL_PATH_H
#define CANCELINT_APIMODEL_PATH_H

#include "apimodel.h"

#define PATH_MAX_ARG 250

struct intern;
/* False: not a path. Strings are interned in `strings`. */
bool api_path_parse(const char *text, struct intern *strings, struct api_path *out);

#endif
