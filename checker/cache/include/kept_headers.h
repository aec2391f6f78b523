/*
 * kept_headers.h - precompiled headers of earlier runs, in a directory of the user's: $XDG_CACHE_HOME/cancelint/headers, or
 * that below ~/.cache.
 *
 * What clang reads of a precompiled header it does not check, so such files never come from a project's directory, which may
 * be anybody's. The place is used only if it belongs to the user and nobody else can write there. What is kept goes after
 * two weeks without use, and the oldest of it when it is more than a gigabyte.
 */
#ifndef CANCELINT_KEPT_HEADERS_H
#define CANCELINT_KEPT_HEADERS_H

#include "hash.h"

#include <stdbool.h>

/* Made if need be. Malloc'ed; NULL: there is none that can be trusted. */
char *kept_headers_place(void);
/* A new directory in the place, for what a run precompiles. Malloc'ed; NULL with errno. */
char *kept_headers_draft(const char *place);
/* What was kept for whoever asks, made from these inputs: the PATH of kept_headers_keep(). Malloc'ed; NULL: nothing. */
char *kept_headers_find(const char *place, struct hash128 asker, struct hash128 inputs);
/* Keeps PATH, PATH.h and PATH.pch, PATH being of a file in a draft; what was kept for the asker goes. */
void kept_headers_keep(const char *place, struct hash128 asker, struct hash128 inputs, const char *path);
/* Removes what is in the draft (NULL: there is none) and not kept, and from the place what is old or too much. */
void kept_headers_tidy(const char *place, const char *draft);

#endif
