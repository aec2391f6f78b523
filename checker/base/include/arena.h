/*
 * arena.h - memory that is released all at once.
 *
 * Three lifetimes exist: the run, one unit, and scratch. An allocation never fails: running out of memory ends the
 * process with a message (a worker that does so is reported by its parent as "out of memory").
 * Built with CANCELINT_MALLOC_ARENAS every allocation is a malloc of its own, so that ASan sees overruns.
 */
#ifndef CANCELINT_BASE_ARENA_H
#define CANCELINT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);  /* NULL is accepted */
void arena_clear(struct arena *a); /* releases everything allocated so far; the arena stays usable */

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);
size_t arena_used(const struct arena *a); /* bytes handed out since the last clear */

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

#endif
