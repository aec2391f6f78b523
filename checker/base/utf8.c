#include "utf8.h"

#include "str.h"

#include <string.h>

/* What the second byte of a sequence may be (Unicode, table 3-7), which rules out overlong forms and
 * surrogates. */
static bool second_ok(unsigned char first, unsigned char second)
{
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	return second >= low && second <= high;
}

uint32_t utf8_decode(const char *s, size_t n, int32_t *cp)
{
	unsigned char first = (unsigned char)s[0];
	*cp = first;
	if (first < 0x80)
		return 1;
	*cp = -1;
	if (first < 0xc2 || first > 0xf4)
		return 1;
	uint32_t want = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4, have = 1;
	int32_t value = first & (0x7f >> want);
	while (have < want && have < n) {
		unsigned char next = (unsigned char)s[have];
		if (have == 1 ? !second_ok(first, next) : (next & 0xc0) != 0x80)
			return have;
		value = value << 6 | (next & 0x3f);
		have++;
	}
	if (have == want)
		*cp = value;
	return have;
}

struct range {
	int32_t first, last;
};

bool utf8_hidden(int32_t cp)
{
	/* Control characters; marks and overrides of direction; separators; invisible operators; byte order
	 * mark; tags. */
	static const struct range hidden[] = {{0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},
	                                      {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f},
	                                      {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},
	                                      {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe0fff}};
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (cp >= hidden[i].first && cp <= hidden[i].last)
			return true;
	return cp < 0;
}

void utf8_visible(struct str *to, const char *text)
{
	size_t n = strlen(text);
	while (n > 0) {
		int32_t cp;
		uint32_t k = utf8_decode(text, n, &cp);
		if (cp == '\t')
			str_addc(to, ' ');
		else if (cp >= 0 && !utf8_hidden(cp))
			str_addn(to, text, k);
		else if (cp >= 0x80)
			str_addf(to, "\\u{%x}", (unsigned)cp);
		else
			for (uint32_t i = 0; i < k; i++)
				str_addf(to, "\\x%02x", (unsigned char)text[i]);
		text += k, n -= k;
	}
}

void utf8_visible_json(struct str *to, const char *json)
{
	size_t n = strlen(json);
	while (n > 0) {
		int32_t cp;
		uint32_t k = utf8_decode(json, n, &cp);
		if (cp < 0x7f || !utf8_hidden(cp))
			str_addn(to, json, k);
		else if (cp < 0x10000)
			str_addf(to, "\\u%04x", (unsigned)cp);
		else
			str_addf(to, "\\u%04x\\u%04x", 0xd800 + (unsigned)((cp - 0x10000) >> 10),
			         0xdc00 + (unsigned)(cp & 0x3ff));
		json += k, n -= k;
	}
}

void utf8_clean(struct str *to, const char *text)
{
	size_t n = strlen(text);
	while (n > 0) {
		int32_t cp;
		uint32_t k = utf8_decode(text, n, &cp);
		if (cp >= 0)
			str_addn(to, text, k);
		for (uint32_t i = 0; cp < 0 && i < k; i++)
			str_addf(to, "\\x%02x", (unsigned char)text[i]);
		text += k, n -= k;
	}
}

uint32_t utf16_column(const char *line, size_t len, uint32_t col)
{
	uint32_t units = 1;
	size_t at = 0, to = col > 0 ? col - 1 : 0;
	while (at < to && at < len) {
		int32_t cp;
		at += utf8_decode(line + at, len - at, &cp);
		units += cp > 0xffff ? 2 : 1;
	}
	return units;
}
