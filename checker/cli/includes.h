/*
 * includes.h - what a source includes, as far as its text shows.
 */
#ifndef CANCELINT_CLI_INCLUDES_H
#define CANCELINT_CLI_INCLUDES_H

#include <jansson.h>

/* "<x.h>" of each line that includes such a header, once, also of those that are not compiled. A new list. */
json_t *includes_of(const char *file);

#endif
