#ifndef COMMENTS_OF_H
#define COMMENTS_OF_H

#include "finding.h"

/* A frontend in small: finds comments outside literals. In the arena. */
struct source_comment *comments_of(struct arena *a, const char *file, const char *text, size_t n,
                                   uint32_t *count);

#endif
