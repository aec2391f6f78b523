/* Lines that a report is about, some time later. */
#include "internal.h"

#include <string.h>

static bool is_line(const struct source *s, uint32_t line, const char *hash)
{
	char now[17];
	source_line_hash(s, line, now);
	return strcmp(now, hash) == 0;
}

/* The nearest line that says what the recorded one said. */
static uint32_t find_line(const struct source *s, uint32_t from, const char *hash)
{
	uint32_t furthest = from > s->nlines ? from : s->nlines;
	for (uint32_t d = 1; d <= furthest; d++) {
		if (d < from && is_line(s, from - d, hash))
			return from - d;
		if (from + d <= s->nlines && is_line(s, from + d, hash))
			return from + d;
	}
	return 0;
}

enum standing standing_find(struct source_cache *sources, struct place *at, const char *hash)
{
	const struct source *s = at->line ? source_get(sources, at->file) : NULL;
	const char *text;
	size_t len;
	if (!s)
		return GONE;
	if (!hash[0] || is_line(s, at->line, hash))
		return source_line(s, at->line, &text, &len) ? SAME : CHANGED;
	uint32_t now = find_line(s, at->line, hash);
	if (!now)
		return CHANGED;
	at->line = now;
	return MOVED;
}
