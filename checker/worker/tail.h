/*
 * tail.h - the last lines of what a process writes, in bounded memory.
 */
#ifndef CANCELINT_WORKER_TAIL_H
#define CANCELINT_WORKER_TAIL_H

#include "str.h"

struct tail {
	struct str text;
};
void tail_add(struct tail *t, const char *bytes, size_t n);
const char *tail_text(struct tail *t); /* at most 20 lines, valid until the next add */
void tail_clear(struct tail *t);
void tail_release(struct tail *t);

#endif
