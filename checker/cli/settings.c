#include "budget.h"
#include "check.h"

#include "arena.h"
#include "hash.h"
#include "rule.h"
#include "str.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char *absolute(struct arena *a, const char *path)
{
	char cwd[PATH_MAX];
	if (path[0] == '/' || !getcwd(cwd, sizeof cwd))
		return arena_strdup(a, path);
	return arena_printf(a, "%s/%s", cwd, path);
}

static void join_models(struct settings *t, const struct check_options *o)
{
	t->models = ARENA_ARRAY(t->arena, const char *, t->config.nmodels + o->models.len);
	for (uint32_t i = 0; i < t->config.nmodels; i++)
		t->models[t->nmodels++] = t->config.models[i];
	for (uint32_t i = 0; i < o->models.len; i++)
		t->models[t->nmodels++] = absolute(t->arena, o->models.data[i]);
}

static unsigned either(unsigned given, unsigned configured)
{
	return given ? given : configured;
}

static void choose_gates(struct settings *t, const struct check_options *o)
{
	t->new_since = o->new_since ? o->new_since : o->no_gates ? NULL : t->config.new_since;
	t->baseline = o->baseline ? o->baseline : o->no_gates ? NULL : t->config.baseline;
}

/* `trend` judges them; a mistyped one is a mistake in the configuration for every command. */
static bool budgets_ok(struct session *s, struct settings *t)
{
	struct budget *budgets;
	return budgets_of(s, t->arena, &t->config, &budgets);
}

bool settings_make(struct session *s, struct settings *t, const struct check_options *o, const char *start)
{
	*t = (struct settings){.arena = arena_new()};
	if (!config_load(&t->config, o->config, start, &s->problems))
		return false;
	t->confidence = (enum confidence)t->config.confidence;
	if (o->confidence)
		confidence_parse(o->confidence, &t->confidence);
	t->fail_on = o->fail_on ? o->fail_on : t->config.fail_on;
	choose_gates(t, o);
	t->use_database = !o->no_db;
	t->database = o->no_db ? NULL : o->db ? o->db : t->config.database;
	t->jobs = either(o->jobs, t->config.jobs);
	t->timeout_s = either(o->timeout_s, t->config.timeout_s);
	t->memory_mb = either(o->memory_mb, t->config.memory_mb);
	t->apart = o->together && strcmp(o->together, "off") == 0;
	t->pch = !o->pch || strcmp(o->pch, "off") != 0;
	t->pch_header = t->pch && o->pch && strcmp(o->pch, "auto") != 0 ? o->pch : NULL;
	t->shipped = shipped_models();
	join_models(t, o);
	if (strcmp(t->fail_on, "new") == 0 && o->no_db)
		return session_fail(s, "leave --no-db out, or use --fail-on any",
		                    "what is new is only known from a database");
	bool ok = budgets_ok(s, t) && rule_choice_make(&s->problems, &t->rules, &t->config, o->rules);
	if (ok && o->confidence)
		rule_choice_at_least(&t->rules, t->confidence);
	return ok;
}

void settings_release(struct settings *t)
{
	rule_choice_release(&t->rules);
	if (t->config.arena)
		config_release(&t->config);
	mem_release(t->shipped);
	arena_free(t->arena);
	*t = (struct settings){0};
}

/* ---- --explain-config ---- */

static void explain(const char *key, const char *value, bool given, bool configured)
{
	say(stdout, "%-12s %-36s (%s)\n", key, value,
	    given        ? "command line"
	    : configured ? "configuration"
	                 : "default");
}

static void explain_number(const char *key, unsigned value, const char *otherwise, bool given)
{
	char text[16];
	snprintf(text, sizeof text, "%u", value);
	explain(key, value ? text : otherwise, given, value != 0);
}

static void explain_list(const char *key, const char *const *values, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		say(stdout, "%-12s %s\n", i ? "" : key, values[i]);
}

static void explain_budgets(const struct config *c)
{
	for (uint32_t i = 0; i < c->nbudgets; i++)
		say(stdout, "%-12s %s\n", i ? "" : "budgets", c->budgets[i].text);
}

void settings_explain(const struct settings *t, const struct check_options *o, const char *root)
{
	const struct config *c = &t->config;
	say(stdout, "%-12s %s\n", "config", c->file ? c->file : "none found");
	say(stdout, "%-12s %s\n", "root", root);
	explain("confidence", confidence_name(t->confidence), o->confidence, c->confidence != CONF_MEDIUM);
	explain("fail-on", t->fail_on, o->fail_on, strcmp(c->fail_on, "any") != 0);
	explain("new-since", t->new_since ? t->new_since : "none", o->new_since || o->no_gates, c->new_since);
	explain("baseline", t->baseline ? t->baseline : "none", o->baseline || o->no_gates, c->baseline);
	explain_budgets(c);
	explain("database",
	        !t->use_database ? "none"
	        : t->database    ? t->database
	                         : ".cancelint/findings.db",
	        o->db || o->no_db, c->database != NULL);
	explain_number("jobs", t->jobs, "one per processor", o->jobs);
	explain_number("timeout", t->timeout_s, "300", o->timeout_s);
	explain_number("memory", t->memory_mb, "4096", o->memory_mb);
	say(stdout, "%-12s %s\n", "models", t->shipped);
	explain_list("", t->models, t->nmodels);
	explain_list("exclude", c->exclude, c->nexclude);
	for (uint32_t i = 0; i < rule_table_len; i++) {
		bool own = t->rules.least[i] != t->confidence;
		say(stdout, "%-12s %-36s %s%s%s\n", i ? "" : "rules", rule_table[i].rule->id,
		    t->rules.on[i]    ? "on"
		    : t->rules.ran[i] ? "on for some paths"
		                      : "off",
		    own ? ", confidence " : "", own ? confidence_name(t->rules.least[i]) : "");
	}
}

/* ---- what findings depend on ---- */

static void add_words(struct str *s, char mark, const char *const *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		str_addf(s, "%c%s\n", mark, words[i]);
}

const char *settings_hash(const struct settings *t)
{
	struct str s = {0};
	const char **ids = ARENA_ARRAY(t->arena, const char *, rule_table_len);
	const struct config *c = &t->config;
	char *hex = arena_alloc(t->arena, 33);
	str_addf(&s, "confidence %d\n", t->confidence);
	add_words(&s, 'r', ids, rule_choice_ids(&t->rules, ids));
	add_words(&s, 'x', c->exclude, c->nexclude);
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (t->rules.least[i] != t->confidence)
			str_addf(&s, "c%s %d\n", rule_table[i].rule->id, t->rules.least[i]);
	for (uint32_t i = 0; i < c->noverrides && !t->rules.exact; i++) {
		add_words(&s, 'g', &c->overrides[i].glob, 1);
		add_words(&s, 'e', c->overrides[i].enable, c->overrides[i].nenable);
		add_words(&s, 'd', c->overrides[i].disable, c->overrides[i].ndisable);
	}
	hash128_hex(hash128(str_c(&s), s.len), hex);
	str_release(&s);
	return hex;
}
