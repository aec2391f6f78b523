/*
 * Texts that differ in lines of comments, and have the same essence: whoever looks at them from places of
 * their code sees the same. Where the code is says a reader of its own, which is as close to a compiler's as
 * it matters here.
 */
#include "alike.h"

#include "internal.h"

#include "mem.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 16, CODE = 0, COMMENT = 1, LITERAL = 2 };

static const char *const codes[] = {
        "f(a, b);",
        "x = f(a,",
        "  b);",
        "f(",
        "a",
        "c)",
        ";",
        "}",
        "{",
        "if (x) {",
        "int f(int);",
        "int f(int)",
        "f (a /* in */, b) ; // tail",
        "\"str\"",
        "f(\"s ) \", 'x', '\"');",
        "'it",
        "don't",
        "\"open",
        "f(1'000, b);",
        "R\"(raw",
        "/* )\";",
        "#if 0",
        "#endif",
        "#define M(x) f(x, \\",
        "  y)",
        "\"lit \\",
        "more\"; /* op",
        "f(a, // c",
        "f((struct s){1, /* q",
        "2}, b);",
        "f({a; /* x */",
        "b;});",
        "*/ y;",
        "f/* n */(a)",
        "[",
        "]",
        "x f(a); f(b);",
        "#include <a/*b>",
        "L'x'",
        "f(a)",
};
static const char *const comments[] = {
        "/* one */", "// two",   "// two;",   "",           "  ",       "/* a */ /* b */", "/**/",    "// \"",
        "/* ' */",   "// x { (", "/* ) } */", "\t/* k; */", "/* multi", "end */",          "end; */", "still",
        " * y",      "//* odd",  "// on \\",  "// on \\ ",  "/*/",      "/* sp *\\",       "/",
};

struct text {
	struct str all;
	struct source source;
	uint32_t starts[LINES + 2];
	char *kinds; /* by byte */
};

static const char *any(const char *const *list, size_t n)
{
	return list[(size_t)rand() % n];
}
#define ANY(list) any(list, sizeof(list) / sizeof *(list))

/* ---- where the code is ---- */

/* Behind the line end that a backslash here, and blanks, take away; the same place: none does. */
static size_t splice(const char *t, size_t at)
{
	size_t end = at + 1;
	if (t[at] != '\\')
		return at;
	while (t[end] == ' ' || t[end] == '\t')
		end++;
	return t[end] == '\n' ? end + 1 : at;
}

static size_t behind_line_comment(const char *t, size_t at)
{
	while (t[at] && t[at] != '\n')
		at = splice(t, at) != at ? splice(t, at) : at + 1;
	return at;
}

static size_t behind_block_comment(const char *t, size_t at)
{
	for (at += 2; t[at]; at++) {
		size_t next = at + 1;
		while (splice(t, next) != next)
			next = splice(t, next);
		if (t[at] == '*' && t[next] == '/')
			return next + 1;
	}
	return at;
}

static size_t behind_literal(const char *t, size_t at)
{
	char quote = t[at++];
	while (t[at] && t[at] != quote && t[at] != '\n') {
		size_t next = splice(t, at);
		at = next != at ? next : at + (t[at] == '\\' && t[at + 1] ? 2 : 1);
	}
	return t[at] == quote ? at + 1 : at;
}

static size_t behind_raw(const char *t, size_t at)
{
	const char *end = strstr(t + at, ")\"");
	return end ? (size_t)(end - t) + 2 : strlen(t);
}

static size_t behind_piece(const char *t, size_t at, char *kind)
{
	bool separates = t[at] == '\'' && at && t[at - 1] >= '0' && t[at - 1] <= '9';
	*kind = COMMENT;
	if (t[at] == '/' && t[at + 1] == '/')
		return behind_line_comment(t, at);
	if (t[at] == '/' && t[at + 1] == '*')
		return behind_block_comment(t, at);
	*kind = LITERAL;
	if (strncmp(t + at, "R\"(", 3) == 0)
		return behind_raw(t, at);
	if (t[at] == '"' || (t[at] == '\'' && !separates))
		return behind_literal(t, at);
	*kind = CODE;
	return at + 1;
}

static void read_text(struct text *t, const char *const *lines, uint32_t n)
{
	*t = (struct text){0};
	for (uint32_t i = 0; i < n; i++) {
		t->starts[i] = (uint32_t)t->all.len;
		str_addf(&t->all, "%s\n", lines[i]);
	}
	t->starts[n] = (uint32_t)t->all.len;
	t->source = (struct source){t->all.data, t->all.len, t->starts, n + 1};
	t->kinds = mem_alloc(t->all.len + 1);
	for (size_t at = 0; at < t->all.len;) {
		char kind;
		size_t behind = behind_piece(t->all.data, at, &kind);
		memset(t->kinds + at, kind, behind - at);
		at = behind;
	}
}

static void text_release(struct text *t)
{
	mem_release(t->kinds);
	str_release(&t->all);
}

/* ---- what is seen ---- */

static void add_position(const struct text *t, size_t offset, struct str *out)
{
	uint32_t line, col;
	source_position(&t->source, (uint32_t)offset, &line, &col);
	str_addf(out, " %u:%u", line, col);
}

static void see_call(const struct text *t, uint32_t line, uint32_t col, struct str *out)
{
	struct source_call c;
	if (!source_call(&t->source, line, col, "f", &c))
		return;
	str_addf(out, "call%s", c.is_statement ? " that is a statement" : "");
	add_position(t, c.name.begin, out);
	add_position(t, c.end, out);
	if (c.is_statement)
		add_position(t, c.after, out);
	for (uint32_t i = 0; i < c.nargs; i++) {
		add_position(t, c.args[i].begin, out);
		str_addf(out, "<%.*s>", (int)(c.args[i].end - c.args[i].begin),
		         t->all.data + c.args[i].begin);
	}
	str_addc(out, '\n');
}

static void see_line_of(const struct text *t, size_t offset, struct str *out)
{
	uint32_t line = 0, col;
	if (offset && offset < t->all.len)
		source_position(&t->source, (uint32_t)offset, &line, &col);
	str_addf(out, "line %u\n", line);
}

/* The code itself, and what is seen from it. Lines that only hold comments are no places. */
static void see_line(const struct text *t, uint32_t line, struct str *out)
{
	size_t from = t->starts[line - 1], to = t->starts[line], code = from;
	while (code < to && (t->kinds[code] == COMMENT || strchr(" \t\n", t->all.data[code])))
		code++;
	if (code == to)
		return;
	str_addf(out, "%u:%zu %.*s", line, code - from, (int)(to - from), t->all.data + from);
	for (size_t at = from; at < to; at++)
		if (t->kinds[at] == CODE && t->all.data[at] == 'f')
			see_call(t, line, (uint32_t)(at - from) + 1, out);
	if (t->kinds[from] == CODE) {
		size_t end = scan_body_end(t->all.data, t->all.len, from);
		see_line_of(t, end ? end - 1 : 0, out);
	}
}

static void see(const struct text *t, uint32_t n, uint32_t marked, struct str *out)
{
	for (uint32_t line = 1; line <= n; line++)
		see_line(t, line, out);
	if (marked)
		see_line_of(t, scan_code(t->all.data, t->all.len, t->starts[marked - 1]), out);
}

/* ---- pairs of texts ---- */

struct alike {
	uint32_t same, calls;
};

static void complain(const struct text *a, const struct text *b, const struct str *x, const struct str *y)
{
	printf("one essence, but\n%s---- of this is seen\n%s---- and\n%s---- of this\n%s", a->all.data,
	       str_c(x), b->all.data, str_c(y));
	exit(1);
}

/* A line before which both are in no comment, and which begins one in the first of them; 0: there is none. */
static uint32_t marked_line(const struct text *a, const struct text *b, uint32_t n)
{
	uint32_t line = 1 + (uint32_t)rand() % n;
	size_t x = a->starts[line - 1], y = b->starts[line - 1];
	bool outside = line == 1 || (a->kinds[x - 1] == CODE && b->kinds[y - 1] == CODE);
	return outside && a->kinds[x] == COMMENT && b->kinds[y] == COMMENT ? line : 0;
}

static void compare(struct alike *k, const struct text *a, const struct text *b, uint32_t n)
{
	struct str x = {0}, y = {0};
	source_essence(a->all.data, a->all.len, NULL, 0, &x);
	source_essence(b->all.data, b->all.len, NULL, 0, &y);
	bool same = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
	str_clear(&x);
	str_clear(&y);
	if (same && strcmp(a->all.data, b->all.data) != 0) {
		uint32_t marked = marked_line(a, b, n);
		see(a, n, marked, &x);
		see(b, n, marked, &y);
		if (strcmp(str_c(&x), str_c(&y)) != 0)
			complain(a, b, &x, &y);
		k->same++;
		k->calls += strstr(str_c(&x), "call") != NULL;
	}
	str_release(&x);
	str_release(&y);
}

int run_alike(unsigned seed, unsigned rounds)
{
	struct alike k = {0};
	srand(seed);
	for (unsigned i = 0; i < rounds; i++) {
		const char *lines[LINES];
		struct text a, b;
		uint32_t n = 3 + (uint32_t)rand() % (LINES - 3);
		for (uint32_t l = 0; l < n; l++)
			lines[l] = rand() % 2 ? ANY(codes) : ANY(comments);
		read_text(&a, lines, n);
		for (int edits = 1 + rand() % 3; edits; edits--)
			lines[(uint32_t)rand() % n] = ANY(comments);
		read_text(&b, lines, n);
		compare(&k, &a, &b, n);
		text_release(&a);
		text_release(&b);
	}
	printf("%u pairs have one essence, %u of them with calls\n", k.same, k.calls);
	return 0;
}
