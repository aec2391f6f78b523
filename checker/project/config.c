#include "parts.h"
#include "str.h"
#include "yaml_tree.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

static const char config_name[] = ".cancelint.yaml";

struct reader {
	struct config *config;
	const char *dir; /* of the file: what its paths are relative to */
	bool named;      /* by the user: it may name files to write anywhere */
	struct problem_list *problems;
	bool failed;
};

static struct problem *complain(struct reader *r, const struct yaml_node *at, const char *text,
                                const char *what)
{
	r->failed = true;
	return problem_add(r->problems, PROBLEM_ERROR, r->config->file, at->line, at->col, text, what);
}

static bool keys_ok(struct reader *r, const struct yaml_node *map, const char *what, const char *const *known,
                    size_t n)
{
	if (map->kind != YAML_MAP) {
		complain(r, map, "'%s' must be a mapping of keys to values", what);
		return false;
	}
	if (!yaml_known_keys(map, r->config->file, known, n, r->problems))
		r->failed = true;
	return true;
}

/* ---- values ---- */

static const char *text_of(struct reader *r, const struct yaml_node *n, const char *key)
{
	if (n->kind == YAML_SCALAR && n->text && *n->text)
		return arena_strdup(r->config->arena, n->text);
	complain(r, n, "'%s' must be a text", key);
	return NULL;
}

/* A list of texts; a single text stands for a list of one. */
static const char **texts_of(struct reader *r, const struct yaml_node *map, const char *key, uint32_t *count)
{
	const struct yaml_node *n = yaml_get(map, key);
	*count = 0;
	if (!n)
		return NULL;
	bool one = n->kind == YAML_SCALAR;
	if (!one && n->kind != YAML_SEQ) {
		complain(r, n, "'%s' must be a list", key);
		return NULL;
	}
	uint32_t len = one ? 1 : n->len;
	const char **out = ARENA_ARRAY(r->config->arena, const char *, len + 1);
	for (uint32_t i = 0; i < len; i++) {
		const char *text = text_of(r, one ? n : n->items[i], key);
		if (text)
			out[(*count)++] = text;
	}
	return out;
}

static const char **paths_of(struct reader *r, const struct yaml_node *map, const char *key, uint32_t *count)
{
	const char **out = texts_of(r, map, key, count);
	for (uint32_t i = 0; i < *count; i++)
		out[i] = path_absolute(r->config->arena, r->dir, out[i]);
	return out;
}

/* Where a path leads that may not be there yet: the nearest part that is. NULL: a link leads to nothing. */
static const char *leads_to(struct arena *a, const char *path)
{
	struct stat st;
	while (lstat(path, &st) != 0 && path[1])
		path = path_dir(a, path);
	return path_exists(path) ? path_real(a, path) : NULL;
}

/* A file that will be written. A configuration that came with a repository chooses none outside of it. */
static const char *own_file(struct reader *r, const struct yaml_node *map, const char *key)
{
	struct arena *a = r->config->arena;
	const struct yaml_node *n = yaml_get(map, key);
	const char *text = n ? text_of(r, n, key) : NULL;
	if (!text)
		return NULL;
	const char *path = path_absolute(a, r->dir, text), *real = r->named ? NULL : leads_to(a, path);
	if (!r->named && (!real || !path_below(path_real(a, r->dir), real)))
		problem_hint(complain(r, n, "'%s' is outside of the directory of the configuration", key),
		             "it is written, so only a configuration that --config names may put it there");
	return path;
}

static unsigned number_of(struct reader *r, const struct yaml_node *map, const char *key, int64_t max,
                          const char *unit)
{
	const struct yaml_node *n = yaml_get(map, key);
	int64_t value = 0;
	if (!n)
		return 0;
	if (yaml_int(n, &value) && value >= 1 && value <= max)
		return (unsigned)value;
	problem_hint(complain(r, n, "'%s' must be a whole number", key), "%s, from 1 to %lld", unit,
	             (long long)max);
	return 0;
}

/* The index of a scalar among the allowed words, or `otherwise`. */
static size_t word_at(struct reader *r, const struct yaml_node *node, const char *key,
                      const char *const *words, size_t n, size_t otherwise)
{
	const char *text = node ? text_of(r, node, key) : NULL;
	for (size_t i = 0; text && i < n; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	if (!text)
		return otherwise;
	struct str list = {0};
	for (size_t i = 0; i < n; i++)
		str_addf(&list, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", words[i]);
	struct problem *p = problem_add(r->problems, PROBLEM_ERROR, r->config->file, node->line, node->col,
	                                "'%s' must be %s, not '%s'", key, str_c(&list), text);
	const char *near = str_nearest(text, words, n);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	str_release(&list);
	r->failed = true;
	return otherwise;
}

static enum confidence_level level_at(struct reader *r, const struct yaml_node *node, const char *key)
{
	static const char *const levels[] = {"low", "medium", "high"};
	return (enum confidence_level)(CONF_LOW + word_at(r, node, key, levels, 3, CONF_MEDIUM - CONF_LOW));
}

/* ---- sections ---- */

static void read_confidences(struct reader *r, const struct yaml_node *rules)
{
	struct config *c = r->config;
	const struct yaml_node *map = yaml_get(rules, "confidence");
	if (!map)
		return;
	if (map->kind != YAML_MAP) {
		problem_hint(complain(r, map, "'%s' of rules must be a mapping", "confidence"),
		             "of rules to levels: {no-deadline: high}; for all rules, 'confidence' stands "
		             "outside of 'rules'");
		return;
	}
	c->confidences = ARENA_ARRAY(c->arena, struct config_confidence, map->len + 1);
	for (uint32_t i = 0; i < map->len; i++) {
		const char *rule = arena_strdup(c->arena, map->pairs[i].key);
		c->confidences[c->nconfidences++] =
		        (struct config_confidence){rule, level_at(r, map->pairs[i].value, rule)};
	}
}

static void read_rules(struct reader *r, const struct yaml_node *root)
{
	static const char *const known[] = {"enable", "disable", "confidence"};
	struct config *c = r->config;
	const struct yaml_node *rules = yaml_get(root, "rules");
	if (!rules || !keys_ok(r, rules, "rules", known, 3))
		return;
	c->enable = texts_of(r, rules, "enable", &c->nenable);
	c->disable = texts_of(r, rules, "disable", &c->ndisable);
	read_confidences(r, rules);
}

static void read_override(struct reader *r, const struct yaml_node *item, struct config_override *o)
{
	static const char *const known[] = {"glob", "enable", "disable"};
	if (!keys_ok(r, item, "paths", known, 3))
		return;
	const struct yaml_node *glob = yaml_get(item, "glob");
	if (!glob) {
		problem_hint(complain(r, item, "an entry of '%s' has no 'glob'", "paths"),
		             "say which files it is for: {glob: \"tests/**\", disable: [all]}");
		return;
	}
	o->glob = text_of(r, glob, "glob");
	o->enable = texts_of(r, item, "enable", &o->nenable);
	o->disable = texts_of(r, item, "disable", &o->ndisable);
	if (!o->nenable && !o->ndisable && !r->failed)
		complain(r, item, "an entry of '%s' neither enables nor disables a rule", "paths");
}

static void read_overrides(struct reader *r, const struct yaml_node *root)
{
	struct config *c = r->config;
	const struct yaml_node *paths = yaml_get(root, "paths");
	if (!paths)
		return;
	if (paths->kind != YAML_SEQ) {
		complain(r, paths, "'%s' must be a list of {glob, enable, disable}", "paths");
		return;
	}
	c->overrides = ARENA_ARRAY(c->arena, struct config_override, paths->len + 1);
	for (uint32_t i = 0; i < paths->len; i++)
		read_override(r, paths->items[i], &c->overrides[c->noverrides++]);
}

static void read_models(struct reader *r, const struct yaml_node *root)
{
	struct config *c = r->config;
	c->models = paths_of(r, root, "models", &c->nmodels);
	const struct yaml_node *at = yaml_get(root, "models");
	for (uint32_t i = 0; i < c->nmodels; i++)
		if (!path_exists(c->models[i]))
			complain(r, at->kind == YAML_SEQ ? at->items[i] : at,
			         "no such model file or directory: '%s'", c->models[i]);
}

static void read_settings(struct reader *r, const struct yaml_node *root)
{
	static const char *const when[] = {"any", "new", "none"};
	struct config *c = r->config;
	c->confidence = level_at(r, yaml_get(root, "confidence"), "confidence");
	c->fail_on = when[word_at(r, yaml_get(root, "fail-on"), "fail-on", when, 3, 0)];
	c->database = own_file(r, root, "database");
	c->jobs = number_of(r, root, "jobs", 1024, "worker processes");
	c->timeout_s = number_of(r, root, "timeout", 86400, "seconds for one unit");
	c->memory_mb = number_of(r, root, "memory", 1 << 20, "MiB for one unit");
}

/* A text, or a number without quotes, as in `budgets: [20]`. */
static void read_budgets(struct reader *r, const struct yaml_node *root)
{
	struct config *c = r->config;
	uint32_t n;
	const char **texts = texts_of(r, root, "budgets", &n);
	const struct yaml_node *at = yaml_get(root, "budgets");
	if (r->failed || !n)
		return;
	c->budgets = ARENA_ARRAY(c->arena, struct config_budget, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct yaml_node *item = at->kind == YAML_SEQ ? at->items[i] : at;
		c->budgets[c->nbudgets++] = (struct config_budget){texts[i], item->line, item->col};
	}
}

static void read_gates(struct reader *r, const struct yaml_node *root)
{
	struct config *c = r->config;
	const struct yaml_node *since = yaml_get(root, "new-since");
	c->new_since = since ? text_of(r, since, "new-since") : NULL;
	c->baseline = own_file(r, root, "baseline");
	read_budgets(r, root);
}

static bool read_file(struct reader *r)
{
	static const char *const known[] = {"models",  "rules",     "paths",    "exclude", "confidence",
	                                    "fail-on", "new-since", "baseline", "budgets", "database",
	                                    "jobs",    "timeout",   "memory"};
	struct config *c = r->config;
	struct yaml_node *root = yaml_load(c->arena, c->file, NULL, r->problems);
	if (!root)
		return false;
	r->dir = path_dir(c->arena, c->file);
	if (!keys_ok(r, root, config_name, known, sizeof known / sizeof *known))
		return false;
	read_models(r, root);
	read_rules(r, root);
	read_overrides(r, root);
	c->exclude = texts_of(r, root, "exclude", &c->nexclude);
	read_settings(r, root);
	read_gates(r, root);
	return !r->failed;
}

static bool find_file(struct config *c, const char *explicit_file, const char *start,
                      struct problem_list *problems)
{
	const char *cwd = path_cwd(c->arena);
	if (explicit_file) {
		c->file = path_absolute(c->arena, cwd, explicit_file);
		if (path_exists(c->file))
			return true;
		problem_hint(problem_add(problems, PROBLEM_ERROR, explicit_file, 0, 0,
		                         "cannot read the configuration: %s", strerror(errno)),
		             "--config names a file like %s", config_name);
		return false;
	}
	const char *from = path_absolute(c->arena, cwd, start ? start : ".");
	const char *dir =
	        path_upwards(c->arena, path_is_dir(from) ? from : path_dir(c->arena, from), config_name);
	c->file = dir ? path_absolute(c->arena, dir, config_name) : NULL;
	return true;
}

bool config_load(struct config *c, const char *explicit_file, const char *start,
                 struct problem_list *problems)
{
	*c = (struct config){.arena = arena_new(), .confidence = CONF_MEDIUM, .fail_on = "any"};
	if (!find_file(c, explicit_file, start, problems))
		return false;
	struct reader r = {.config = c, .problems = problems, .named = explicit_file != NULL};
	return c->file ? read_file(&r) : true;
}

void config_release(struct config *c)
{
	arena_free(c->arena);
	*c = (struct config){0};
}
