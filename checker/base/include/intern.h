/*
 * intern.h - one copy of each string: equal strings have equal pointers, and live as long as the table.
 */
#ifndef CANCELINT_BASE_INTERN_H
#define CANCELINT_BASE_INTERN_H

#include <stddef.h>

struct intern;
struct intern *intern_new(void);
void intern_free(struct intern *t);
const char *intern(struct intern *t, const char *s); /* NULL gives "" */
const char *intern_n(struct intern *t, const char *s, size_t n); /* up to a NUL in it */

#endif
