#include "comments_of.h"

#include "arena.h"
#include "mem.h"

#include <string.h>

static bool ends_line(const char *t, size_t n, size_t i)
{
	return t[i] == '\n' || (t[i] == '\r' && (i + 1 == n || t[i + 1] != '\n'));
}

struct source_comment *comments_of(struct arena *a, const char *file, const char *t, size_t n,
                                   uint32_t *count)
{
	VEC(struct source_comment) v = {0};
	uint32_t line = 1;
	size_t bol = 0;
	for (size_t i = 0; i < n;) {
		bool eol = t[i] == '/' && i + 1 < n && t[i + 1] == '/';
		bool block = t[i] == '/' && i + 1 < n && t[i + 1] == '*';
		if (!eol && !block) {
			if (ends_line(t, n, i++))
				line++, bol = i;
			continue;
		}
		size_t end = i + 2;
		while (end < n &&
		       (eol ? !ends_line(t, n, end) : !(t[end] == '/' && t[end - 1] == '*' && end > i + 2)))
			end++;
		end += block && end < n;
		struct source_comment c = {
		        .file = file, .line = line, .col = (uint32_t)(i - bol + 1), .alone = true};
		for (size_t k = bol; k < i; k++)
			c.alone &= t[k] == ' ' || t[k] == '\t';
		c.text = arena_strndup(a, t + i, end - i);
		for (size_t k = i; k < end; k++)
			if (ends_line(t, n, k))
				line++, bol = k + 1;
		c.end_line = line;
		vec_push(&v, c);
		i = end;
	}
	struct source_comment *out = ARENA_ARRAY(a, struct source_comment, v.len + 1);
	if (v.len)
		memcpy(out, v.data, v.len * sizeof *out);
	*count = v.len;
	vec_release(&v);
	return out;
}
