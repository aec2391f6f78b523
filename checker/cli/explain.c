/* cancelint explain: the page of a rule. */
#include "cli.h"

#include "rule.h"
#include "str.h"

#include <string.h>

static const struct option options[] = {{0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0}};
static const struct option_spec spec = {
        .command = "explain",
        .usage = "explain RULE...",
        .about = "Shows what a rule reports, why, an example, what to write instead, and its limits.",
        .options = options,
        .min_operands = 1,
        .max_operands = UINT32_MAX,
        .operand = "the id of a rule",
        .footer = "example:\n  cancelint explain missing-cancel",
};

static bool unknown(struct session *s, const char *id)
{
	VEC(const char *) ids = {0};
	for (uint32_t i = 0; i < rule_table_len; i++)
		vec_push(&ids, rule_table[i].rule->id);
	const char *near = str_nearest(id, ids.data, ids.len);
	struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, NULL, 0, 0, "unknown rule '%s'", id);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "'cancelint rules' lists them");
	vec_release(&ids);
	return false;
}

static void show(const struct rule_entry *e)
{
	const struct rule *r = e->rule;
	size_t n = strlen(e->page);
	printf("%s%s\nGroup: %s. Severity: %s. Usual confidence: %s. %s since %s.", e->page,
	       n && e->page[n - 1] == '\n' ? "" : "\n", e->group, severity_name(r->severity),
	       confidence_name(r->usual_confidence), r->opt_in ? "Opt-in" : "On by default", r->since);
	if (r->cwe)
		printf(" CWE-%d.", r->cwe);
	printf("\n");
}

int cmd_explain(struct session *s, int argc, char **argv)
{
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, NULL, &operands, &s->problems);
	bool ok = p != PARSED_BAD;
	for (uint32_t i = 0; p == PARSED_OK && i < operands.list.len; i++) {
		const struct rule_entry *e = rule_find(operands.list.data[i]);
		ok &= e ? true : unknown(s, operands.list.data[i]);
		if (e)
			show(e);
	}
	operands_release(&operands);
	return ok ? CODE_CLEAN : CODE_USAGE;
}
