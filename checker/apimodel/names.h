/*
 * names.h - what a name in a model file may look like. They reach compilers, pkg-config and messages. Private to apimodel/.
 */
#ifndef CANCELINT_APIMODEL_NAMES_H
#define CANCELINT_APIMODEL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

bool name_is_word(const char *s);    /* libraries, families: letters, digits, - _ . + */
bool name_is_header(const char *s);  /* a relative path of an include, without .. */
bool name_is_package(const char *s); /* of pkg-config: letters, digits, . + - _; does not begin with - */
bool name_is_define(const char *s);  /* NAME or NAME=VALUE */
bool name_is_ctype(const char *s);   /* "GCancellable *", "std::stop_token" */
bool name_is_slot(const char *s);    /* STRUCT.FIELD */
bool name_is_function(const char *s, size_t n, bool cplusplus);

#endif
