/*
 * pkg_config.h - the compiler flags of installed libraries. Private to headers/.
 */
#ifndef CANCELINT_HEADERS_PKG_CONFIG_H
#define CANCELINT_HEADERS_PKG_CONFIG_H

#include "mem.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

typedef VEC(const char *) flag_vec;

/* Appends what `pkg-config --cflags NAMES` says, include paths and macros only; strings live in `a`.
 * False when pkg-config is missing or does not know one of the packages. */
bool pkg_config_flags(struct arena *a, const char *const *names, uint32_t n, flag_vec *flags);

#endif
