#include "internal.h"

#include <string.h>

const struct sink *const sink_table[] = {&sink_text, &sink_json, &sink_sarif, &sink_gitlab, &sink_junit, &sink_github, NULL};

const struct sink *sink_find(const char *name)
{
	for (const struct sink *const *s = sink_table; *s; s++)
		if (strcmp((*s)->name, name) == 0)
			return *s;
	return NULL;
}
