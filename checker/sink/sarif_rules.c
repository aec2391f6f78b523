#include "internal.h"

#include "rule.h"
#include "str.h"

#include <string.h>

const char *sarif_level(enum severity s)
{
	return s == SEVERITY_ERROR ? "error" : s == SEVERITY_NOTE ? "note" : "warning";
}

/* GitHub sorts by precision; ours is what the rule's findings usually are. */
static const char *precision(enum confidence c)
{
	return confidence_name(c);
}

static const char *problem_severity(enum severity s)
{
	return s == SEVERITY_NOTE ? "recommendation" : severity_name(s);
}

static json_t *sentence(const char *summary)
{
	struct str s = {0};
	str_add(&s, summary);
	if (s.len && s.data[0] >= 'a' && s.data[0] <= 'z')
		s.data[0] = (char)(s.data[0] - 'a' + 'A');
	if (s.len && s.data[s.len - 1] != '.')
		str_addc(&s, '.');
	json_t *j = json_object();
	json_object_set_new(j, "text", sink_string(str_c(&s)));
	str_release(&s);
	return j;
}

/* The first paragraph of the page that is no heading, on one line; the summary if there is none. */
static json_t *description(const char *page, const char *summary)
{
	while (*page == '#' || *page == '\n' || *page == '-' || *page == '=') {
		page += strcspn(page, "\n");
		page += *page == '\n';
	}
	const char *end = strstr(page, "\n\n");
	struct str s = {0};
	str_addn(&s, page, end ? (size_t)(end - page) : strlen(page));
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] == '\n')
			s.data[i] = ' ';
	while (s.len && s.data[s.len - 1] == ' ')
		s.data[--s.len] = 0;
	json_t *j = sentence(s.len ? str_c(&s) : summary);
	str_release(&s);
	return j;
}

struct facts {
	const char *summary, *page, *group;
	enum severity severity;
	enum confidence confidence;
	int cwe;
	bool opt_in;
};

static struct facts facts_of(const char *id)
{
	const struct rule_entry *e = rule_find(id);
	if (e)
		return (struct facts){
		        e->rule->summary,          e->page,      e->group,       e->rule->severity,
		        e->rule->usual_confidence, e->rule->cwe, e->rule->opt_in};
	const struct finding_builtin *b = finding_builtin_find(id);
	if (b)
		return (struct facts){b->summary,      b->help, "suppression", b->severity,
		                      CONFIDENCE_HIGH, 0,       false};
	return (struct facts){id, id, "unknown", SEVERITY_WARNING, CONFIDENCE_MEDIUM, 0, false};
}

static json_t *properties(const struct facts *f)
{
	json_t *j = json_object(), *tags = json_array();
	json_array_append_new(tags, json_string("cancellation"));
	json_array_append_new(tags, sink_string(f->group));
	if (f->cwe > 0)
		json_array_append_new(tags, json_sprintf("external/cwe/cwe-%03d", f->cwe));
	json_object_set_new(j, "tags", tags);
	json_object_set_new(j, "precision", json_string(precision(f->confidence)));
	json_object_set_new(j, "problem.severity", json_string(problem_severity(f->severity)));
	return j;
}

static json_t *descriptor(const char *id)
{
	const struct facts f = facts_of(id);
	json_t *j = json_object(), *help = json_object(), *configuration = json_object();
	const char *page = f.page && f.page[0] ? f.page : f.summary;
	json_object_set_new(help, "text", sink_string(page));
	json_object_set_new(help, "markdown", sink_string(page));
	json_object_set_new(configuration, "level", json_string(sarif_level(f.severity)));
	if (f.opt_in)
		json_object_set_new(configuration, "enabled", json_false());
	json_object_set_new(j, "id", sink_string(id));
	json_object_set_new(j, "shortDescription", sentence(f.summary));
	json_object_set_new(j, "fullDescription", description(page, f.summary));
	json_object_set_new(j, "help", help);
	json_object_set_new(j, "defaultConfiguration", configuration);
	json_object_set_new(j, "properties", properties(&f));
	return j;
}

uint32_t sarif_rule_index(struct sarif *s, const char *id)
{
	uint64_t index;
	if (strmap_get(&s->rule_index, id, &index))
		return (uint32_t)index;
	index = json_array_size(s->rules);
	json_array_append_new(s->rules, descriptor(id));
	strmap_set(&s->rule_index, id, index);
	return (uint32_t)index;
}
