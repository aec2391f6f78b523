#include "internal.h"

#include "str.h"
#include "utf8.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct range {
	int32_t first, last;
};

static bool in_ranges(const struct range *r, size_t n, int32_t cp)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= r[i].first && cp <= r[i].last)
			return true;
	return false;
}
#define IN(ranges, cp) in_ranges(ranges, sizeof(ranges) / sizeof *(ranges), cp)

uint32_t escape_width(int32_t cp)
{
	static const struct range combining[] = {
	        {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};
	static const struct range wide[] = {{0x1100, 0x115f},  {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
	                                    {0xf900, 0xfaff},  {0xfe30, 0xfe6f},   {0xff00, 0xff60},
	                                    {0xffe0, 0xffe6},  {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff},
	                                    {0x20000, 0x3fffd}};
	if (cp < 0x300)
		return 1;
	return IN(combining, cp) ? 0 : IN(wide, cp) ? 2 : 1;
}

void escape_terminal(struct str *to, const char *text)
{
	utf8_visible(to, text);
}

void sink_escape(struct str *to, const char *text)
{
	escape_terminal(to, text);
}

void sink_escape_lines(struct str *to, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n\t");
		struct str line = {0};
		str_addn(&line, text, n);
		escape_terminal(to, str_c(&line));
		str_release(&line);
		text += n;
		if (*text)
			str_addc(to, *text++);
	}
}

void escape_uri(struct str *to, const char *path)
{
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("-._~/", *path))
			str_addc(to, *path);
		else
			str_addf(to, "%%%02X", (unsigned char)*path);
	}
}

/* Visible escapes first, then what the format gives a meaning. */
static void escape_with(struct str *to, const char *text, void (*add)(struct str *to, char c, bool in_code))
{
	struct str visible = {0};
	escape_terminal(&visible, text);
	size_t ticks = 0;
	for (size_t i = 0; i < visible.len; i++)
		ticks += visible.data[i] == '`';
	bool in_code = false;
	for (size_t i = 0; i < visible.len; i++) {
		char c = visible.data[i];
		if (c == '`' && ticks % 2 == 0) {
			in_code = !in_code;
			str_addc(to, c);
		} else {
			add(to, c, in_code);
		}
	}
	str_release(&visible);
}

static void add_plain(struct str *to, char c, bool in_code)
{
	(void)in_code;
	if (strchr("[]\\", c))
		str_addc(to, '\\');
	str_addc(to, c);
	if (c == '{' || c == '}')
		str_addc(to, c);
}

static void add_markdown(struct str *to, char c, bool in_code)
{
	if (!in_code && strchr("\\`*_[]<>&|~", c))
		str_addf(to, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "\\%c", c);
	else
		str_addc(to, c);
	if (c == '{' || c == '}')
		str_addc(to, c);
}

void escape_sarif_text(struct str *to, const char *text)
{
	escape_with(to, text, add_plain);
}

void escape_sarif_markdown(struct str *to, const char *text)
{
	escape_with(to, text, add_markdown);
}

json_t *sink_string(const char *text)
{
	struct str s = {0};
	utf8_clean(&s, text ? text : "");
	json_t *j = json_stringn(str_c(&s), s.len);
	str_release(&s);
	return j;
}

bool sink_write_json(json_t *j, FILE *to)
{
	char *text = json_dumps(j, JSON_INDENT(1));
	struct str visible = {0};
	utf8_visible_json(&visible, text ? text : "");
	bool ok = text && fputs(str_c(&visible), to) >= 0 && fputc('\n', to) != EOF && fflush(to) == 0;
	if (!text)
		errno = ENOMEM;
	free(text);
	str_release(&visible);
	return ok;
}
