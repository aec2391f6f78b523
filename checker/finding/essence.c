/*
 * essence.c - what of a text can matter to whoever looks at it from places of the code.
 *
 * There are three readers of comments and literals: the compiler, scan.c, and source_call.c, which is the
 * strictest. They read a text alike unless it holds something odd, and of such a text all counts. In all
 * others a comment that stands on lines of its own is skipped by each of them. What it says is seen only
 * within the parentheses of a call, by who takes an argument as it is written, and at its end, by who asks
 * whether a statement begins behind it.
 */
#include "internal.h"

#include "mem.h"
#include "str.h"

#include <ctype.h>
#include <string.h>

#define TEXT_MAX ((size_t)16 << 20) /* larger ones are not looked at: a matter of their size */

enum line {
	LINE_COUNTS = 1 << 0,
	LINE_IN_COMMENT = 1 << 1, /* begins in one */
	LINE_IN_LITERAL = 1 << 2,
};
struct walk {
	const char *t;
	size_t len;
	unsigned char *lines; /* flags; [1] is the first line */
	uint32_t line, depth; /* of parentheses since the last directive, and of all brackets in these */
	bool odd;
};

/* ---- which lines ---- */

/* What stands from `from` to `to` begins on the line at hand. */
static void pass_lines(struct walk *w, size_t from, size_t to, unsigned flags)
{
	const char *at = w->t + from, *end = w->t + to;
	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		w->lines[++w->line] |= flags | (w->depth ? LINE_COUNTS : 0);
	}
}

static bool has(const struct walk *w, size_t from, size_t to, const char *what)
{
	size_t n = strlen(what);
	for (const char *at = w->t + from, *end = w->t + to; (at = memchr(at, what[0], (size_t)(end - at)));
	     at++)
		if ((size_t)(end - at) >= n && memcmp(at, what, n) == 0)
			return true;
	return false;
}

/* A backslash at its end: what is behind it belongs to it for some. */
static bool is_odd_line_comment(const struct walk *w, size_t from, size_t to)
{
	size_t end = to;
	while (isspace((unsigned char)w->t[end - 1]))
		end--;
	return w->t[from + 2] == '*' || w->t[end - 1] == '\\' || has(w, from, to, "\n");
}

static bool is_odd_block_comment(const struct walk *w, size_t from, size_t to)
{
	return has(w, from, to, "*\\") || (w->lines[w->line] & LINE_IN_LITERAL && has(w, from, to, "\n"));
}

static void take_comment(struct walk *w, size_t from, size_t to)
{
	w->odd |=
	        w->t[from + 1] == '/' ? is_odd_line_comment(w, from, to) : is_odd_block_comment(w, from, to);
	w->lines[w->line] |= w->depth ? LINE_COUNTS : 0;
	pass_lines(w, from, to, LINE_IN_COMMENT);
}

/* A header's name can hold what elsewhere begins a comment. */
static bool is_odd_directive(const struct walk *w, size_t at)
{
	const char *name = w->t + at, *eol = memchr(name, '\n', w->len - at),
	           *end = eol ? eol : w->t + w->len, *close;
	while ((name = memchr(name, '<', (size_t)(end - name))) &&
	       (close = memchr(name, '>', (size_t)(end - name)))) {
		if (has(w, (size_t)(name - w->t), (size_t)(close - w->t), "/*"))
			return true;
		name = close;
	}
	return false;
}

static size_t take_literal(struct walk *w, size_t at)
{
	char before = at ? w->t[at - 1] : ' ', quote = w->t[at];
	size_t behind = scan_literal(w->t, w->len, at);
	bool prefixed = before == '_' || isalnum((unsigned char)before);
	w->odd |= behind < at + 2 || w->t[behind - 1] != quote ||
	          (prefixed && (quote == '\'' || before == 'R'));
	pass_lines(w, at, behind, LINE_COUNTS | LINE_IN_LITERAL);
	return behind;
}

static size_t take_code(struct walk *w, size_t at)
{
	char c = w->t[at];
	w->odd |= (w->lines[w->line] & LINE_IN_COMMENT) != 0;
	w->lines[w->line] |= LINE_COUNTS;
	if (c == '"' || c == '\'')
		return take_literal(w, at);
	if (c == '#') {
		w->depth = 0;
		w->odd |= is_odd_directive(w, at);
	} else if (c == '(' || (w->depth && (c == '[' || c == '{'))) {
		w->depth++;
	} else if (w->depth && (c == ')' || c == ']' || c == '}')) {
		w->depth--;
	}
	while (isalnum((unsigned char)c) && isalnum((unsigned char)w->t[at + 1]))
		at++;
	return at + 1;
}

static void find_lines(struct walk *w)
{
	for (size_t at = 0; at < w->len && !w->odd;) {
		char c = w->t[at];
		size_t behind = c == '/' ? scan_comment(w->t, w->len, at) : at;
		if (behind != at) {
			take_comment(w, at, behind);
			at = behind;
		} else if (isspace((unsigned char)c)) {
			pass_lines(w, at, at + (c == '\n'), 0);
			at++;
		} else {
			at = take_code(w, at);
		}
	}
}

/* ---- what they say ---- */

/* 0: nothing stands on it; 1, 2: nothing that ends a statement, or something that does, is the last byte. */
static unsigned char end_of(const char *line, size_t n)
{
	while (n && isspace((unsigned char)line[n - 1]))
		n--;
	return !n ? 0 : strchr(";{}", line[n - 1]) ? 2 : 1;
}

static bool is_line_comment(const char *line, size_t n)
{
	size_t i = 0;
	while (i < n && (line[i] == ' ' || line[i] == '\t'))
		i++;
	return i + 1 < n && line[i] == '/' && line[i + 1] == '/';
}

static void add_line(struct str *out, uint32_t number, unsigned char before, unsigned char flags,
                     const char *line, size_t n)
{
	char head[6] = {(char)number,         (char)(number >> 8), (char)(number >> 16),
	                (char)(number >> 24), (char)before,        (char)(flags & LINE_IN_COMMENT)};
	str_addn(out, head, sizeof head);
	str_addn(out, line, n);
}

static void add_lines(const struct walk *w, const unsigned char *marks, uint32_t nmarks, struct str *out)
{
	unsigned char before = 0;
	bool goes_on = false;
	uint32_t number = 1;
	for (size_t at = 0; at < w->len; number++) {
		const char *line = w->t + at, *end = memchr(line, '\n', w->len - at);
		size_t n = end ? (size_t)(end - line) + 1 : w->len - at;
		unsigned char mark = number < nmarks ? marks[number] : 0, last = end_of(line, n);
		goes_on = goes_on && is_line_comment(line, n);
		if (w->lines[number] & LINE_COUNTS || mark || goes_on) {
			add_line(out, number, before, w->lines[number], line, n);
			before = 0;
		} else if (last) {
			before = last;
		}
		goes_on |= (mark & SOURCE_GOES_ON) != 0;
		at += n;
	}
}

void source_essence(const char *text, size_t len, const unsigned char *marks, uint32_t nmarks,
                    struct str *out)
{
	struct walk w = {.t = text, .len = len, .line = 1};
	uint32_t nlines = 2;
	w.odd = len > TEXT_MAX || has(&w, 0, len, "\r") || has(&w, 0, len, "?\?/");
	for (const char *at = text; !w.odd && (at = memchr(at, '\n', len - (size_t)(at - text))); at++)
		nlines++;
	w.lines = mem_alloc(nlines + 1);
	if (!w.odd)
		find_lines(&w);
	str_addc(out, w.odd ? 'w' : 'l');
	if (w.odd)
		str_addn(out, text, len);
	else
		add_lines(&w, marks, nmarks, out);
	mem_release(w.lines);
}
