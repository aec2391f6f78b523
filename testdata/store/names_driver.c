/* names_driver ID... - which rule an id stands for, with a table in which two rules had other ids. */
#include "rule.h"

#include <stdio.h>

static const struct rule first = {.id = "alpha",
                                  .formerly = (const char *const[]){"old-alpha", "older-alpha", NULL}};
static const struct rule second = {.id = "beta"};
static const struct rule third = {.id = "gamma", .formerly = (const char *const[]){"aaa", NULL}};
const struct rule_entry rule_table[] = {{&first, "g", ""}, {&second, "g", ""}, {&third, "g", ""}};
const uint32_t rule_table_len = 3;

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct rule_entry *e = rule_find(argv[i]);
		printf("%s: %s\n", argv[i], e ? e->rule->id : "none");
	}
	return 0;
}
