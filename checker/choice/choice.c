#include "choice.h"

#include "arena.h"
#include "project.h"
#include "rule.h"
#include "str.h"

#include <string.h>

static void take_findings(struct finding_set *set, const json_t *reply)
{
	size_t i;
	json_t *j;
	struct arena *scratch = arena_new();
	json_array_foreach(json_object_get(reply, "findings"), i, j)
	{
		struct finding f;
		if (finding_from_json(scratch, j, &f))
			finding_set_add(set, &f);
	}
	arena_free(scratch);
}

/* A rule that did not run cannot have used its comments: whether they are still needed is not known. */
static bool keep_rules_that_ran(const struct rule_choice *c, struct suppression *s)
{
	uint32_t kept = 0;
	if (s->nolint || !s->nrules)
		return true;
	for (uint32_t i = 0; i < s->nrules; i++) {
		const struct rule_entry *e = rule_find(s->rules[i]);
		if (!e || rule_choice_ran(c, s->rules[i]))
			s->rules[kept++] = e ? e->rule->id : s->rules[i];
	}
	s->nrules = kept;
	return kept > 0;
}

static void take_suppressions(struct finding_set *set, const struct rule_choice *c, const json_t *reply)
{
	size_t i;
	json_t *j;
	struct arena *scratch = arena_new();
	json_array_foreach(json_object_get(reply, "suppressions"), i, j)
	{
		struct suppression s;
		if (suppression_from_json(scratch, j, &s) && keep_rules_that_ran(c, &s))
			finding_set_suppress(set, &s);
	}
	arena_free(scratch);
}

void choice_take(struct finding_set *set, const struct rule_choice *c, const json_t *reply)
{
	take_findings(set, reply);
	take_suppressions(set, c, reply);
}

/* A pattern that names a directory covers what is below it. */
static bool covers(const char *pattern, const char *path)
{
	size_t n = strlen(pattern);
	while (n && pattern[n - 1] == '/')
		n--;
	return str_glob(pattern, path) || (n && strncmp(pattern, path, n) == 0 && path[n] == '/');
}

bool choice_excludes(const struct config *c, const char *root, const char *relative)
{
	if (!c->nexclude)
		return false;
	struct str path = {0};
	if (relative[0] != '/')
		str_addf(&path, "%s/", root);
	str_add(&path, relative);
	size_t n = (size_t)(strrchr(c->file, '/') - c->file);
	const char *below = strncmp(path.data, c->file, n + 1) == 0 ? path.data + n + 1 : path.data;
	bool excluded = false;
	for (uint32_t i = 0; i < c->nexclude && !excluded; i++)
		excluded = covers(c->exclude[i], below);
	str_release(&path);
	return excluded;
}
