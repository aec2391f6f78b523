#include "choice.h"

#include "mem.h"
#include "problem.h"
#include "project.h"
#include "rule.h"
#include "str.h"

#include <string.h>

static bool *new_flags(void)
{
	return mem_alloc(rule_table_len * sizeof(bool));
}

/* What a rule is called in an error: the words that may stand where a rule does. */
static const char *nearest_rule(const char *word)
{
	VEC(const char *) names = {0};
	for (uint32_t i = 0; i < rule_table_len; i++)
		vec_push(&names, rule_table[i].rule->id);
	vec_push(&names, "all");
	vec_push(&names, "default");
	const char *near = str_nearest(word, names.data, names.len);
	vec_release(&names);
	return near;
}

/* The line on which a word first stands; the configuration keeps no places. 0: not found. */
static int line_of_word(const char *file, const char *word)
{
	char *text = file ? str_read_file(file, (size_t)4 << 20, NULL) : NULL;
	const char *at = text ? strstr(text, word) : NULL;
	int line = at != NULL;
	for (const char *p = text; at && p < at; p++)
		line += *p == '\n';
	mem_release(text);
	return line;
}

static bool unknown_rule(struct problem_list *l, const char *file, const char *word)
{
	struct problem *p =
	        problem_add(l, PROBLEM_ERROR, file, line_of_word(file, word), 0, "unknown rule '%s'", word);
	const char *near = nearest_rule(word);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "'cancelint rules' lists them");
	return false;
}

/* Switches what a word stands for: an id, "all", or "default". False: nothing is called so. */
static bool set_word(bool *flags, const char *word, bool value)
{
	bool all = strcmp(word, "all") == 0, usual = strcmp(word, "default") == 0, found = all || usual;
	for (uint32_t i = 0; i < rule_table_len; i++) {
		const struct rule *r = rule_table[i].rule;
		if (!all && !(usual && !r->opt_in) && !rule_is(r, word))
			continue;
		flags[i] = value;
		found = true;
	}
	return found;
}

static bool set_words(struct problem_list *l, const char *file, bool *flags, const char *const *words,
                      uint32_t n, bool value)
{
	bool ok = true;
	for (uint32_t i = 0; i < n; i++)
		if (!set_word(flags, words[i], value))
			ok = unknown_rule(l, file, words[i]);
	return ok;
}

/* A list of words; `-word` takes away. A list that only takes away starts from what was chosen before. */
static bool apply_list(struct problem_list *l, struct rule_choice *c, const char *list)
{
	bool ok = true, first = true;
	char *copy = mem_strdup(list), *rest = copy, *word;
	while ((word = strsep(&rest, ","))) {
		bool minus = word[0] == '-';
		if (first && !minus)
			memset(c->on, 0, rule_table_len * sizeof *c->on);
		c->exact |= first && !minus;
		first = false;
		if (!set_word(c->on, word + minus, !minus))
			ok = unknown_rule(l, NULL, word + minus);
	}
	mem_release(copy);
	return ok;
}

static bool apply_overrides(struct problem_list *l, struct rule_choice *c)
{
	bool ok = true;
	bool *scratch = new_flags();
	for (uint32_t i = 0; i < c->config->noverrides; i++) {
		const struct config_override *o = &c->config->overrides[i];
		ok &= set_words(l, c->config->file, c->exact ? scratch : c->ran, o->enable, o->nenable, true);
		ok &= set_words(l, c->config->file, scratch, o->disable, o->ndisable, false);
	}
	mem_release(scratch);
	return ok;
}

void rule_choice_at_least(struct rule_choice *c, enum confidence least)
{
	c->of_others = least;
	for (uint32_t i = 0; i < rule_table_len; i++)
		c->least[i] = least;
}

bool rule_choice_rule_at_least(struct rule_choice *c, const char *rule, enum confidence least)
{
	const struct rule_entry *e = rule_find(rule);
	if (e)
		c->least[e - rule_table] = least;
	return e != NULL;
}

static bool apply_confidences(struct problem_list *l, struct rule_choice *c)
{
	const struct config *config = c->config;
	bool ok = true;
	rule_choice_at_least(c, (enum confidence)config->confidence);
	for (uint32_t i = 0; i < config->nconfidences; i++) {
		const struct config_confidence *of = &config->confidences[i];
		if (!rule_choice_rule_at_least(c, of->rule, (enum confidence)of->level))
			ok = unknown_rule(l, config->file, of->rule);
	}
	return ok;
}

bool rule_choice_make(struct problem_list *l, struct rule_choice *c, const struct config *config,
                      const char *rules)
{
	*c = (struct rule_choice){.on = new_flags(),
	                          .ran = new_flags(),
	                          .least = mem_alloc(rule_table_len * sizeof *c->least),
	                          .config = config};
	set_word(c->on, "default", true);
	/* `disable: [all]` with some enabled again means those; `enable: [all]` with some disabled, the
	 * others. */
	bool only = false;
	for (uint32_t i = 0; i < config->ndisable; i++)
		only |= strcmp(config->disable[i], "all") == 0;
	bool ok = apply_confidences(l, c);
	for (int pass = 0; pass < 2; pass++) {
		bool disabling = (pass == 0) == only;
		ok &= set_words(l, config->file, c->on, disabling ? config->disable : config->enable,
		                disabling ? config->ndisable : config->nenable, !disabling);
	}
	if (rules)
		ok &= apply_list(l, c, rules);
	memcpy(c->ran, c->on, rule_table_len * sizeof *c->on);
	return apply_overrides(l, c) && ok;
}

void rule_choice_release(struct rule_choice *c)
{
	mem_release(c->on);
	mem_release(c->ran);
	mem_release(c->least);
	*c = (struct rule_choice){0};
}

static bool names_rule(const char *const *words, uint32_t n, const struct rule *r)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(words[i], "all") == 0 || rule_is(r, words[i]) ||
		    (strcmp(words[i], "default") == 0 && !r->opt_in))
			return true;
	return false;
}

bool rule_choice_is_sure(const struct rule_choice *c, const struct finding *f)
{
	const struct rule_entry *e = rule_find(f->rule);
	return f->confidence >= (e ? c->least[e - rule_table] : c->of_others);
}

bool rule_choice_reports(const struct rule_choice *c, const char *rule, const char *relative_file)
{
	const struct rule_entry *e = rule_find(rule);
	if (!e)
		return true;
	bool on = c->on[e - rule_table];
	for (uint32_t i = 0; i < c->config->noverrides && !c->exact; i++) {
		const struct config_override *o = &c->config->overrides[i];
		if (!str_glob(o->glob, relative_file))
			continue;
		on &= !names_rule((const char *const *)o->disable, o->ndisable, e->rule);
		on |= names_rule((const char *const *)o->enable, o->nenable, e->rule);
	}
	return on;
}

bool rule_choice_ran(const struct rule_choice *c, const char *rule)
{
	const struct rule_entry *e = rule_find(rule);
	return e && c->ran[e - rule_table];
}

bool rule_choice_has_defaults(const struct rule_choice *c)
{
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (!rule_table[i].rule->opt_in && !c->ran[i])
			return false;
	return true;
}

uint32_t rule_choice_ids(const struct rule_choice *c, const char **ids)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (c->ran[i])
			ids[n++] = rule_table[i].rule->id;
	return n;
}
