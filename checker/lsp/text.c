#include "text.h"
#include "utf8.h"

#include <ctype.h>

/* ---- bytes and units ---- */

static uint32_t units_of(const char *text, size_t left, enum encoding e, uint32_t *bytes)
{
	int32_t cp;
	*bytes = utf8_decode(text, left, &cp);
	if (e == ENCODING_UTF8)
		return *bytes;
	return cp >= 0x10000 ? 2 : 1;
}

static uint32_t units(const char *text, size_t bytes, enum encoding e)
{
	uint32_t n = 0;
	for (size_t at = 0; at < bytes;) {
		uint32_t step;
		n += units_of(text + at, bytes - at, e, &step);
		at += step;
	}
	return n;
}

static size_t line_start(const char *text, size_t len, uint32_t line)
{
	size_t at = 0;
	for (; line && at < len; at++)
		line -= text[at] == '\n' || (text[at] == '\r' && (at + 1 == len || text[at + 1] != '\n'));
	return at;
}

size_t text_offset(const char *text, size_t len, struct position p, enum encoding e)
{
	size_t at = line_start(text, len, p.line);
	for (uint32_t n = 0; n < p.character && at < len && text[at] != '\n' && text[at] != '\r';) {
		uint32_t step, width = units_of(text + at, len - at, e, &step);
		if (n + width > p.character)
			break; /* in the middle of a character: before it */
		n += width;
		at += step;
	}
	return at;
}

static size_t first_visible(const char *text, size_t len)
{
	size_t at = 0;
	while (at < len && isspace((unsigned char)text[at]))
		at++;
	return at < len ? at : 0;
}

struct position text_position(const struct source *s, uint32_t line, uint32_t col, enum encoding e)
{
	const char *text;
	size_t len;
	struct position p = {line ? line - 1 : 0, col ? col - 1 : 0};
	if (!source_line(s, line, &text, &len))
		return p;
	size_t at = col ? col - 1 : first_visible(text, len);
	p.character = units(text, at < len ? at : len, e);
	return p;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

static uint32_t end_of_word(const struct source *s, uint32_t line, uint32_t col)
{
	const char *text;
	size_t len;
	if (!source_line(s, line, &text, &len))
		return col + 1;
	size_t at = col ? col - 1 : len;
	while (at < len && in_word(text[at]))
		at++;
	return (uint32_t)at + 1 > col ? (uint32_t)at + 1 : col + 1;
}

struct range text_range(const struct source *s, uint32_t line, uint32_t col, uint32_t end_col,
                        enum encoding e)
{
	uint32_t end = end_col > col ? end_col : end_of_word(s, line, col);
	return (struct range){text_position(s, line, col, e), text_position(s, line, end, e)};
}

/* ---- JSON ---- */

static json_t *position_to_json(struct position p)
{
	return json_pack("{s:I, s:I}", "line", (json_int_t)p.line, "character", (json_int_t)p.character);
}

json_t *range_to_json(const struct range *r)
{
	return json_pack("{s:o, s:o}", "start", position_to_json(r->begin), "end", position_to_json(r->end));
}

static bool number_from_json(const json_t *j, uint32_t *out)
{
	json_int_t n = json_integer_value(j);
	*out = n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : (uint32_t)n;
	return json_is_integer(j) && n >= 0;
}

bool position_from_json(const json_t *j, struct position *out)
{
	return number_from_json(json_object_get(j, "line"), &out->line) &&
	       number_from_json(json_object_get(j, "character"), &out->character);
}

bool range_from_json(const json_t *j, struct range *out)
{
	return position_from_json(json_object_get(j, "start"), &out->begin) &&
	       position_from_json(json_object_get(j, "end"), &out->end);
}

static bool is_before(struct position a, struct position b)
{
	return a.line != b.line ? a.line < b.line : a.character < b.character;
}

bool ranges_touch(const struct range *a, const struct range *b)
{
	return !is_before(a->end, b->begin) && !is_before(b->end, a->begin);
}
