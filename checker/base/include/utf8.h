/*
 * utf8.h - text that came from elsewhere: its characters, and how it is shown to people.
 */
#ifndef CANCELINT_UTF8_H
#define CANCELINT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* Length of the code point at `s` (n > 0 bytes follow) and its value; *cp is -1 if the bytes are not UTF-8,
 * and the length is then that of the longest beginning of a sequence, at least 1 (as the Encoding Standard
 * replaces it). */
uint32_t utf8_decode(const char *s, size_t n, int32_t *cp);
/* Does it steer a terminal, turn the direction of text, or show nothing? Also true for -1. */
bool utf8_hidden(int32_t cp);
/* Appends `text` as one line that nothing hides in: such characters, line ends too, are written as \xNN or
 * \u{NN}; a tab is a space. */
void utf8_visible(struct str *to, const char *text);
/* Appends JSON in which such characters, which may only stand in its strings, are written as \uNNNN. */
void utf8_visible_json(struct str *to, const char *json);
/* Appends `text` with every byte that is not part of UTF-8 written as \xNN. */
void utf8_clean(struct str *to, const char *text);
/* The column in UTF-16 code units, 1-based, of the byte column `col` of this line. */
uint32_t utf16_column(const char *line, size_t len, uint32_t col);

#endif
