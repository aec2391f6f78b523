#include "rule.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *key, const void *entry)
{
	return strcmp(key, ((const struct rule_entry *)entry)->rule->id);
}

bool rule_is(const struct rule *r, const char *id)
{
	if (strcmp(r->id, id) == 0)
		return true;
	for (const char *const *f = r->formerly; f && *f; f++)
		if (strcmp(*f, id) == 0)
			return true;
	return false;
}

const struct rule_entry *rule_find(const char *id)
{
	const struct rule_entry *e = bsearch(id, rule_table, rule_table_len, sizeof *rule_table, by_id);
	for (uint32_t i = 0; i < rule_table_len && !e; i++)
		if (rule_is(rule_table[i].rule, id))
			return &rule_table[i];
	return e;
}
