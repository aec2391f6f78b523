/* cancelint explain: the page of a rule, or one finding. */
#include "cli.h"
#include "explain_finding.h"

#include "rule.h"
#include "str.h"

#include <string.h>

#define FIELD(name) offsetof(struct explain_options, name)
static const struct option options[] = {
        {0, "db", OPTION_TEXT, FIELD(db), "FILE",
         "findings: look into this database (default: that of .cancelint.yaml,\n"
         "or the nearest .cancelint/findings.db)",
         0, 0},
        {0, "from", OPTION_TEXT, FIELD(from), "FILE", "findings: look into this JSON or SARIF report instead",
         0, 0},
        {0, "root", OPTION_TEXT, FIELD(root), "DIR",
         "findings: where the sources are (default: where they were)", 0, 0},
        {0, "models", OPTION_LIST, FIELD(models), "FILE",
         "findings: describe APIs by this file or directory too", 0, 0},
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml",
         0, 0},
        {0, "color", OPTION_CHOICE, FIELD(color), "auto|always|never",
         "findings: escape sequences (default: auto)", 0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "explain",
        .usage = "explain RULE...\nexplain [OPTIONS] FINDING...",
        .about = "Shows what a rule reports, why, an example, what to write instead, and its limits.\n"
                 "Shows a finding in full, by the beginning of its id: the path with its source, the model "
                 "entries\nand inferred summaries it rests on, why it is reported and how to silence it.",
        .options = options,
        .min_operands = 1,
        .max_operands = UINT32_MAX,
        .operand = "the id of a rule or of a finding",
        .footer = "examples:\n  cancelint explain missing-cancel\n  cancelint explain 3fa9c2d0\n"
                  "  cancelint explain --from report.sarif 3fa9c2d0",
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
		problem_hint(
		        p,
		        "'cancelint rules' lists them; the id of a finding has 4 to 32 hexadecimal digits");
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

static bool explain(struct session *s, const struct explain_options *o, const char *word)
{
	const struct rule_entry *e = rule_find(word);
	if (!e)
		return is_finding_id(word) ? explain_findings(s, o, &word, 1) : unknown(s, word);
	show(e);
	return true;
}

int cmd_explain(struct session *s, int argc, char **argv)
{
	struct explain_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	bool ok = p != PARSED_BAD;
	for (uint32_t i = 0; p == PARSED_OK && i < operands.list.len; i++)
		ok &= explain(s, &o, operands.list.data[i]);
	operands_release(&operands);
	vec_release(&o.models);
	return ok ? CODE_CLEAN : CODE_USAGE;
}
