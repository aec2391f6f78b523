/*
 * source_call.c - a call as the text has it: its name, its arguments, its statement.
 */
#include "source.h"

#include <ctype.h>
#include <string.h>

#define BAD UINT32_MAX

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* Behind a comment that begins here; the same place if none does. */
static uint32_t skip_comment(const struct source *s, uint32_t i)
{
	const char *t = s->text;
	if (i + 1 >= s->len || t[i] != '/' || (t[i + 1] != '/' && t[i + 1] != '*'))
		return i;
	bool line = t[i + 1] == '/';
	for (i += 2; i < s->len; i++)
		if (line ? t[i] == '\n' : i + 1 < s->len && t[i] == '*' && t[i + 1] == '/')
			return line ? i : i + 2;
	return (uint32_t)s->len;
}

static uint32_t skip_blank(const struct source *s, uint32_t i)
{
	for (;;) {
		uint32_t from = i;
		while (i < s->len && isspace((unsigned char)s->text[i]))
			i++;
		i = skip_comment(s, i);
		if (i == from)
			return i;
	}
}

/* Behind the string or character that begins here; BAD: it has no end on its line. */
static uint32_t skip_quoted(const struct source *s, uint32_t i)
{
	char quote = s->text[i];
	for (i++; i < s->len && s->text[i] != '\n'; i++) {
		if (s->text[i] == quote)
			return i + 1;
		if (s->text[i] == '\\')
			i++;
	}
	return BAD;
}

/* Behind whatever begins at `i`. BAD: what is not read here, as directives and raw strings. */
static uint32_t skip_piece(const struct source *s, uint32_t i)
{
	char c = s->text[i];
	uint32_t behind = skip_comment(s, i);
	if (behind != i)
		return behind;
	if (c == '#' || (c == 'R' && i + 1 < s->len && s->text[i + 1] == '"'))
		return BAD;
	return c == '"' || c == '\'' ? skip_quoted(s, i) : i + 1;
}

static struct source_span trimmed(const struct source *s, uint32_t begin, uint32_t end)
{
	while (begin < end && isspace((unsigned char)s->text[begin]))
		begin++;
	while (end > begin && isspace((unsigned char)s->text[end - 1]))
		end--;
	return (struct source_span){begin, end};
}

static bool add_argument(const struct source *s, struct source_call *c, uint32_t begin, uint32_t end)
{
	struct source_span a = trimmed(s, begin, end);
	if (a.begin == a.end && c->nargs == 0 && s->text[end] == ')')
		return true;
	if (a.begin == a.end || c->nargs == SOURCE_CALL_ARGS)
		return false;
	c->args[c->nargs++] = a;
	return true;
}

/* From behind the opening parenthesis. */
static bool read_arguments(const struct source *s, uint32_t i, struct source_call *c)
{
	uint32_t begin = i;
	int depth = 0;
	while (i < s->len) {
		char t = s->text[i];
		bool closes = t == ')' || t == ']' || t == '}';
		if (depth == 0 && (t == ',' || t == ')')) {
			if (!add_argument(s, c, begin, i))
				return false;
			begin = i + 1;
			c->end = i + 1;
			if (t == ')')
				return true;
		}
		depth += (t == '(' || t == '[' || t == '{') - closes;
		i = skip_piece(s, i);
		if (i == BAD || depth < 0)
			return false;
	}
	return false;
}

/* What stands before it, white space aside: the end of another statement, or the beginning of a block? */
static bool begins_statement(const struct source *s, uint32_t i)
{
	while (i > 0 && isspace((unsigned char)s->text[i - 1]))
		i--;
	return i > 0 && strchr(";{}", s->text[i - 1]) != NULL;
}

bool source_call(const struct source *s, uint32_t line, uint32_t col, const char *name,
                 struct source_call *out)
{
	size_t n = strlen(name);
	*out = (struct source_call){0};
	if (!s || !line || line > s->nlines || !col || !n)
		return false;
	uint32_t i = s->starts[line - 1] + col - 1;
	if (i + n >= s->len || memcmp(s->text + i, name, n) != 0 || is_word(s->text[i + n]))
		return false;
	out->name = (struct source_span){i, i + (uint32_t)n};
	i = skip_blank(s, out->name.end);
	if (i >= s->len || s->text[i] != '(' || !read_arguments(s, i + 1, out))
		return false;
	uint32_t behind = skip_blank(s, out->end);
	out->is_statement = begins_statement(s, out->name.begin) && behind < s->len && s->text[behind] == ';';
	out->after = behind + 1;
	return true;
}

void source_position(const struct source *s, uint32_t offset, uint32_t *line, uint32_t *col)
{
	uint32_t low = 0, high = s->nlines;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (s->starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	*line = low + 1;
	*col = offset - s->starts[low] + 1;
}
