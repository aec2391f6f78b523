#include "internal.h"

#include "str.h"
#include "utf8.h"

#define TAB 8u
#define WIDTH_MAX 160u    /* of the part of a line that is shown */
#define BEFORE 60u        /* of it left of the caret */
#define COLUMN_MAX 65536u /* no person writes or reads a line behind this */

/* One code point of the line as it is shown. */
struct cell {
	char text[16]; /* no visible escape is longer */
	uint32_t width;
};

static uint32_t cell_at(const char *line, size_t len, size_t at, uint32_t column, struct cell *out)
{
	int32_t cp;
	uint32_t n = utf8_decode(line + at, len - at, &cp);
	struct str s = {0};
	if (cp == '\t') {
		out->width = TAB - column % TAB;
		for (uint32_t i = 0; i < out->width; i++)
			str_addc(&s, ' ');
	} else {
		char bytes[5] = {0};
		for (uint32_t i = 0; i < n; i++)
			bytes[i] = line[at + i];
		if (cp == 0)
			str_add(&s, "\\x00");
		else
			escape_terminal(&s, bytes);
		out->width = utf8_hidden(cp) ? (uint32_t)s.len : escape_width(cp);
	}
	snprintf(out->text, sizeof out->text, "%s", str_c(&s));
	str_release(&s);
	return n;
}

/* Display columns of the marked bytes. */
struct mark {
	uint32_t from, to, total;
};

static struct mark measure(const char *line, size_t len, const struct place *p)
{
	struct mark m = {0};
	size_t first = p->col - 1, last = p->end_col > p->col ? p->end_col - 1 : p->col;
	uint32_t column = 0;
	for (size_t at = 0; at < len;) {
		struct cell c;
		if (at <= first)
			m.from = column;
		at += cell_at(line, len, at, column, &c);
		column += c.width;
		if (at <= last || m.to <= m.from)
			m.to = column;
		if (at > last && at > first && column > m.from + 2 * WIDTH_MAX)
			break; /* the rest is not shown */
	}
	m.total = column;
	if (first >= len)
		m.from = column;
	if (m.to <= m.from)
		m.to = m.from + 1;
	return m;
}

static void add_line(struct str *to, const char *line, size_t len, uint32_t from, uint32_t until)
{
	uint32_t column = 0;
	for (size_t at = 0; at < len && column < until;) {
		struct cell c;
		at += cell_at(line, len, at, column, &c);
		if (column >= from && column + c.width <= until)
			str_add(to, c.text);
		else if (column + c.width > from && column < until)
			for (uint32_t i = column < from ? from : column; i < column + c.width && i < until;
			     i++)
				str_addc(to, ' ');
		column += c.width;
	}
	while (to->len && to->data[to->len - 1] == ' ')
		to->data[--to->len] = 0;
}

static void add_mark(struct str *to, struct mark m, uint32_t from, uint32_t until, bool colour)
{
	for (uint32_t i = from; i < m.from; i++)
		str_addc(to, ' ');
	str_add(to, colour ? "\033[1;32m^" : "^");
	for (uint32_t i = m.from + 1; i < m.to && i < until; i++)
		str_addc(to, '~');
	str_add(to, colour ? "\033[0m" : "");
}

void snippet_add(struct str *to, struct source_cache *sources, const struct place *at, const char *indent,
                 bool colour)
{
	const char *line;
	size_t len;
	if (at->col > COLUMN_MAX || !source_line(source_get(sources, at->file), at->line, &line, &len))
		return;
	struct place whole = *at;
	if (whole.col == 0 || whole.col > len + 1)
		whole.col = 1, whole.end_col = 0;
	struct mark m = measure(line, len, &whole);
	uint32_t from = m.total > WIDTH_MAX && m.from > BEFORE ? m.from - BEFORE : 0;
	uint32_t until = from + WIDTH_MAX;
	str_addf(to, "%s%6u | %s", indent, at->line, from ? "..." : "");
	add_line(to, line, len, from, until);
	str_addf(to, "%s\n", m.total > until ? "..." : "");
	if (at->col == 0 || at->col > len + 1)
		return;
	str_addf(to, "%s       | %s", indent, from ? "   " : "");
	add_mark(to, m, from, until, colour);
	str_addc(to, '\n');
}

void snippet_add_line(struct str *to, struct source_cache *sources, const char *file, uint32_t number,
                      const char *indent)
{
	const char *line;
	size_t len;
	if (!source_line(source_get(sources, file), number, &line, &len))
		return;
	str_addf(to, "%s%6u | ", indent, number);
	add_line(to, line, len, 0, WIDTH_MAX);
	str_addc(to, '\n');
}
