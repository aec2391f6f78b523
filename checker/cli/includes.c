#include "includes.h"

#include "mem.h"
#include "str.h"
#include "worker.h"

#include <stdbool.h>
#include <string.h>

#define SOURCE_MAX_BYTES ((size_t)16 << 20)

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* The header of the line at `p`, with its <>; 0: it includes none. */
static size_t header_at(const char **p)
{
	*p = skip_blanks(*p);
	if (**p != '#')
		return 0;
	*p = skip_blanks(*p + 1);
	if (!str_starts(*p, "include"))
		return 0;
	*p = skip_blanks(*p + strlen("include"));
	size_t n = **p == '<' ? strcspn(*p, ">\n") : 0;
	return n && (*p)[n] == '>' ? n + 1 : 0;
}

json_t *includes_of(const char *file)
{
	size_t len;
	char *text = str_read_file(file, SOURCE_MAX_BYTES, &len);
	json_t *list = json_array();
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		const char *p = line;
		size_t n = header_at(&p);
		json_t *header = n ? json_stringn(p, n) : NULL; /* NULL: not UTF-8 */
		if (header && !worker_lists(list, json_string_value(header)))
			json_array_append(list, header);
		json_decref(header);
	}
	mem_release(text);
	return list;
}
