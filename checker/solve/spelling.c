#include "spelling.h"

#include "str.h"

#include <string.h>

const char *ctype_bare(const char *ctype)
{
	static const char *const words[] = {"const ", "volatile ", "struct ", "union ", "class "};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(ctype, words[i]))
			return ctype_bare(ctype + strlen(words[i]));
	return ctype;
}

bool ctype_is_const(const char *ctype)
{
	return str_starts(ctype, "const ");
}

/* A tag may be the name of its typedef with an underscore before it. */
static bool is_name(const char *record, const char *name, size_t n)
{
	record += *record == '_' && *name != '_';
	return strlen(record) == n && strncmp(record, name, n) == 0;
}

uint32_t ctype_record(const struct ir_unit *u, const char *ctype)
{
	const char *name = ctype_bare(ctype);
	size_t n = strlen(name);
	while (n && strchr(" *&", name[n - 1]))
		n--;
	for (uint32_t r = 1; n && r < u->nrecords; r++)
		if (is_name(u->records[r].name, name, n))
			return r;
	return 0;
}
