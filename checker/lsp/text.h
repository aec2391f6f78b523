/*
 * text.h - places in a text: the client's, in lines and units of an encoding, and ours, in bytes.
 */
#ifndef CANCELINT_LSP_TEXT_H
#define CANCELINT_LSP_TEXT_H

#include "source.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum encoding { ENCODING_UTF16, ENCODING_UTF8 };

struct position {
	uint32_t line, character; /* from 0 */
};
struct range {
	struct position begin, end;
};

/* What lies beyond the end of a line is its end, beyond the end of the text the end of that. */
size_t text_offset(const char *text, size_t len, struct position p, enum encoding e);
/* The place of a byte column of a line, both from 1; column 0: the line's first character that is no white
 * space. `s` may be NULL: then bytes are taken for units. */
struct position text_position(const struct source *s, uint32_t line, uint32_t col, enum encoding e);
/* What a place covers: up to end_col, or, where that is 0, the word that begins there. */
struct range text_range(const struct source *s, uint32_t line, uint32_t col, uint32_t end_col,
                        enum encoding e);

json_t *range_to_json(const struct range *r);
bool position_from_json(const json_t *j, struct position *out);
bool range_from_json(const json_t *j, struct range *out);
bool ranges_touch(const struct range *a, const struct range *b);

#endif
