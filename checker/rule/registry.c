#include "rule.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *key, const void *entry)
{
	return strcmp(key, ((const struct rule_entry *)entry)->rule->id);
}

const struct rule_entry *rule_find(const char *id)
{
	return bsearch(id, rule_table, rule_table_len, sizeof *rule_table, by_id);
}
