/* cancelint rules: one line per rule. */
#include "cli.h"

#include "rule.h"

#include <string.h>

static const struct option options[] = {{0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0}};
static const struct option_spec spec = {
        .command = "rules",
        .usage = "rules",
        .about = "Lists the rules: id, whether it runs by default, severity, and what it reports.",
        .options = options,
        .footer = "'cancelint explain RULE' shows the whole page of one rule.",
};

static int longest_id(void)
{
	size_t longest = 0;
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (strlen(rule_table[i].rule->id) > longest)
			longest = strlen(rule_table[i].rule->id);
	return (int)longest;
}

int cmd_rules(struct session *s, int argc, char **argv)
{
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, NULL, &operands, &s->problems);
	operands_release(&operands);
	if (p != PARSED_OK)
		return p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	int width = longest_id();
	for (uint32_t i = 0; i < rule_table_len; i++) {
		const struct rule *r = rule_table[i].rule;
		printf("%-*s  %-7s  %-7s  %s\n", width, r->id, r->opt_in ? "opt-in" : "default",
		       severity_name(r->severity), r->summary);
	}
	return CODE_CLEAN;
}
