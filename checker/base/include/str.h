/*
 * str.h - a growing string, always NUL-terminated, and small helpers for C strings.
 */
#ifndef CANCELINT_BASE_STR_H
#define CANCELINT_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
	char *data; /* "" while empty, never NULL after the first append */
	size_t len;
	size_t cap;
};

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *text, size_t n);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_addv(struct str *s, const char *fmt, va_list ap);
void str_clear(struct str *s);
void str_release(struct str *s);
const char *str_c(const struct str *s); /* never NULL */

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Shell-style match with * and ?; ** also matches across '/'. */
bool str_glob(const char *pattern, const char *s);
/* The candidate nearest to `word` by edit distance, or NULL if none is near enough to suggest. */
const char *str_nearest(const char *word, const char *const *candidates, size_t n);
/* Reads a whole regular file of at most `max` bytes into a malloc'ed, NUL-terminated buffer.
 * NULL with errno set on failure (EFBIG when larger, EINVAL when not a regular file). */
char *str_read_file(const char *path, size_t max, size_t *len);

#endif
