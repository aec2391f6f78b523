#include "internal.h"

#include <string.h>

static size_t skip_line_comment(const char *t, size_t len, size_t at)
{
	while (at < len && (t[at] != '\n' || t[at - 1] == '\\' || (t[at - 1] == '\r' && t[at - 2] == '\\')))
		at++;
	return at;
}

static size_t skip_block_comment(const char *t, size_t len, size_t at)
{
	for (at += 2; at + 1 < len; at++)
		if (t[at] == '*' && t[at + 1] == '/')
			return at + 2;
	return len;
}

size_t scan_comment(const char *t, size_t len, size_t at)
{
	if (at + 1 >= len || t[at] != '/')
		return at;
	if (t[at + 1] == '/')
		return skip_line_comment(t, len, at + 2);
	if (t[at + 1] == '*')
		return skip_block_comment(t, len, at);
	return at;
}

size_t scan_code(const char *t, size_t len, size_t at)
{
	while (at < len) {
		if (strchr(" \t\r\n\f\v", t[at]) && t[at]) {
			at++;
			continue;
		}
		size_t behind = scan_comment(t, len, at);
		if (behind == at)
			return at;
		at = behind;
	}
	return len;
}

/* It ends with its line, however broken it is. */
size_t scan_literal(const char *t, size_t len, size_t at)
{
	char quote = t[at++];
	while (at < len && t[at] != quote && t[at] != '\n')
		at += t[at] == '\\' && at + 1 < len ? 2 : 1;
	return at < len ? at + 1 : len;
}

/* The next byte of code that is one of `set`, from `at` on; comments and literals are passed over. */
static size_t find_code(const char *t, size_t len, size_t at, const char *set)
{
	while ((at = scan_code(t, len, at)) < len) {
		if (t[at] && strchr(set, t[at]))
			return at;
		/* A quote behind a digit separates digits (C++14, C23). */
		bool separator = t[at] == '\'' && at > 0 && t[at - 1] >= '0' && t[at - 1] <= '9';
		at = t[at] == '"' || (t[at] == '\'' && !separator) ? scan_literal(t, len, at) : at + 1;
	}
	return len;
}

size_t scan_body_end(const char *t, size_t len, size_t at)
{
	at = find_code(t, len, at, ";{");
	if (at >= len || t[at] == ';')
		return 0;
	for (uint32_t depth = 0; at < len; at = find_code(t, len, at + 1, "{}")) {
		if (t[at] == '{')
			depth++;
		else if (--depth == 0)
			return at + 1;
	}
	return 0;
}

bool scan_one_declaration(const char *t, size_t from, size_t to)
{
	return find_code(t, to, from, ";{}#") >= to;
}
