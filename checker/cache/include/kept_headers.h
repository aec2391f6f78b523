/*
 * kept_headers.h - precompiled headers of earlier runs, in the folder `headers` of a cache.
 *
 * What clang reads of a precompiled header it does not check, and a cache lies below a project, which may come from anybody. So
 * only what this machine has written since it was started is taken: beside the files lies a seal, which names the
 * kernel's id of that start, known to nobody elsewhere, and the inode, size and times of each file; and all belongs to the user, and
 * nobody else may write to it. What is kept goes after two weeks without use, and the oldest of it when it is more than a gigabyte.
 */
#ifndef CANCELINT_KEPT_HEADERS_H
#define CANCELINT_KEPT_HEADERS_H

#include "hash.h"

#include <stdbool.h>

/* The folder of a cache's directory, made if need be. Malloc'ed; NULL: nothing can be kept there. */
char *kept_headers_place(const char *cache);
/* A path in the place for what a run precompiles, to which it appends "." and names. Malloc'ed; NULL with errno. */
char *kept_headers_draft(const char *place);
/* What was kept for whoever asks, made from these inputs: the PATH of kept_headers_keep(). Malloc'ed; NULL: nothing. */
char *kept_headers_find(const char *place, struct hash128 asker, struct hash128 inputs);
/* Keeps PATH, PATH.h and PATH.pch, PATH being that of a draft; what was kept for the asker goes. */
void kept_headers_keep(const char *place, struct hash128 asker, struct hash128 inputs, const char *path);
/* Removes what is of the draft (NULL: there is none) and not kept, and what is old, too much, or not to be trusted. */
void kept_headers_tidy(const char *place, const char *draft);

#endif
