#include "engine.h"

#include "apimodel.h"
#include "arena.h"
#include "choice.h"
#include "frontend.h"
#include "ir.h"
#include "judge.h"
#include "mem.h"
#include "problem.h"
#include "project.h"
#include "rule.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

struct tidy_engine {
	struct arena *arena;
	struct apimodel models;
	struct config config;
	struct project project; /* of the one unit: its root */
	struct rule_choice rules;
	const char *config_file, *more_models; /* of the options; NULL: not given */
	struct finding_set set;
	struct tidy_finding *findings;
	uint32_t nfindings;
	char *problems;
};

uint32_t tidy_rules(const char *const **ids)
{
	static const char *list[256];
	uint32_t n = 0;
	for (uint32_t i = 0; i < rule_table_len && n < sizeof list / sizeof *list; i++)
		list[n++] = rule_table[i].rule->id;
	*ids = list;
	return n;
}

/* ---- settings ---- */

static const char **split(struct arena *arena, const char *text, const char *separators, uint32_t *n)
{
	char *rest = arena_strdup(arena, text ? text : ""), *word;
	const char **words = ARENA_ARRAY(arena, const char *, strlen(rest) + 1);
	*n = 0;
	while ((word = strsep(&rest, separators)))
		if (*word)
			words[(*n)++] = word;
	return words;
}

static bool load_models(struct tidy_engine *t, struct problem_list *l)
{
	uint32_t given;
	const char **words = split(t->arena, t->more_models, ";,", &given);
	const char **paths = ARENA_ARRAY(t->arena, const char *, given + t->config.nmodels + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < t->config.nmodels; i++)
		paths[n++] = t->config.models[i];
	for (uint32_t i = 0; i < given; i++)
		paths[n++] = words[i];
	return apimodel_load_texts(&t->models, apimodel_shipped, apimodel_shipped_len, paths, n, l);
}

/* ---- options ---- */

#define PREFIX "cancelint"
#define CONFIG PREFIX ".Config"
#define MODELS PREFIX ".Models"
#define CONFIDENCE PREFIX ".Confidence"

const char *const tidy_options_of_all[] = {"Config", "Models", "Confidence", NULL};
const char *const tidy_options_of_one[] = {"Confidence", NULL};

/* All that may be written, for a word that may not. */
static const char *nearest_option(struct tidy_engine *t, const char *name)
{
	VEC(const char *) names = {0};
	for (uint32_t k = 0; tidy_options_of_all[k]; k++)
		vec_push(&names, arena_printf(t->arena, PREFIX ".%s", tidy_options_of_all[k]));
	for (uint32_t i = 0; i < rule_table_len; i++)
		for (uint32_t k = 0; tidy_options_of_one[k]; k++)
			vec_push(&names, arena_printf(t->arena, PREFIX "-%s.%s", rule_table[i].rule->id,
			                              tidy_options_of_one[k]));
	const char *near = str_nearest(name, names.data, names.len);
	vec_release(&names);
	return near;
}

static bool unknown_option(struct tidy_engine *t, const char *name, struct problem_list *l)
{
	struct problem *p = problem_add(l, PROBLEM_ERROR, NULL, 0, 0, "unknown option '%s'", name);
	const char *near = nearest_option(t, name);
	if (near)
		problem_hint(p, "did you mean '%s'?", near);
	else
		problem_hint(p, "there are " CONFIG ", " MODELS ", " CONFIDENCE " and " PREFIX
		                "-RULE.Confidence; 'cancelint rules' lists the rules");
	return false;
}

static bool level_of(const struct tidy_option *o, enum confidence *level, struct problem_list *l)
{
	if (confidence_parse(o->value, level))
		return true;
	struct problem *p =
	        problem_add(l, PROBLEM_ERROR, NULL, 0, 0, "unknown confidence '%s' in %s", o->value, o->name);
	problem_hint(p, "'low', 'medium' or 'high'");
	return false;
}

/* The rule of "cancelint-RULE.Confidence". NULL: it is none of these. */
static const char *rule_of(struct tidy_engine *t, const char *name)
{
	const char *dot = strrchr(name, '.');
	if (!dot || strcmp(dot, ".Confidence") != 0 || !str_starts(name, PREFIX "-"))
		return NULL;
	const char *id = name + strlen(PREFIX "-");
	id = arena_printf(t->arena, "%.*s", (int)(dot - id), id);
	const struct rule_entry *e = rule_find(id);
	return e && strcmp(e->rule->id, id) == 0 ? id : NULL;
}

/* What is needed before rules are chosen; and whether all of them are options. */
static bool read_options(struct tidy_engine *t, const struct tidy_settings *s, struct problem_list *l)
{
	bool ok = true;
	for (uint32_t i = 0; i < s->noptions; i++) {
		const struct tidy_option *o = &s->options[i];
		const char *value = *o->value ? o->value : NULL;
		if (strcmp(o->name, CONFIG) == 0)
			t->config_file = value;
		else if (strcmp(o->name, MODELS) == 0)
			t->more_models = value;
		else if (strcmp(o->name, CONFIDENCE) != 0 && !rule_of(t, o->name))
			ok = unknown_option(t, o->name, l);
	}
	return ok;
}

/* That of one rule wins, whichever comes first. */
static bool take_confidences(struct tidy_engine *t, const struct tidy_settings *s, struct problem_list *l)
{
	bool ok = true;
	enum confidence level;
	for (int of_one = 0; of_one < 2; of_one++)
		for (uint32_t i = 0; i < s->noptions; i++) {
			const struct tidy_option *o = &s->options[i];
			const char *rule = rule_of(t, o->name);
			if (!*o->value || (!rule && strcmp(o->name, CONFIDENCE) != 0) ||
			    of_one != (rule != NULL))
				continue;
			if (!level_of(o, &level, l))
				ok = false;
			else if (rule)
				rule_choice_rule_at_least(&t->rules, rule, level);
			else
				rule_choice_at_least(&t->rules, level);
		}
	return ok;
}

static bool configure(struct tidy_engine *t, const struct tidy_settings *s, const char *file,
                      struct problem_list *l)
{
	bool ok = read_options(t, s, l);
	ok &= project_from_files(&t->project, &file, 1, NULL, 0, l);
	const char *root = t->project.root ? t->project.root : "/";
	if (!config_load(&t->config, t->config_file, root, l))
		return false;
	ok &= load_models(t, l);
	ok &= rule_choice_make(l, &t->rules, &t->config, s->rules && *s->rules ? s->rules : "default");
	return take_confidences(t, s, l) && ok;
}

static char *print_problems(const struct problem_list *l)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		mem_die(0);
	problem_list_print(l, to);
	fclose(to);
	while (n && text[n - 1] == '\n')
		text[--n] = 0;
	return text;
}

struct tidy_engine *tidy_new(const struct tidy_settings *s, const char *file)
{
	struct tidy_engine *t = mem_alloc(sizeof *t);
	struct problem_list problems = {0};
	t->arena = arena_new();
	bool ok = configure(t, s, file, &problems);
	t->problems = ok ? mem_strdup("") : print_problems(&problems);
	finding_set_init(&t->set, t->project.root);
	problem_list_release(&problems);
	return t;
}

const char *tidy_problems(const struct tidy_engine *t)
{
	return t->problems;
}

void tidy_free(struct tidy_engine *t)
{
	if (!t)
		return;
	rule_choice_release(&t->rules);
	finding_set_release(&t->set);
	if (t->models.arena)
		apimodel_release(&t->models);
	if (t->config.arena)
		config_release(&t->config);
	if (t->project.arena)
		project_release(&t->project);
	arena_free(t->arena);
	mem_release(t->problems);
	mem_release(t);
}

/* ---- a unit ---- */

/* Header inlines that a model describes stay calls. */
static bool is_described(void *ctx, const struct frontend_name *n)
{
	struct api_decl d = {n->linkage, n->plain, n->nparams, n->is_template, n->cplusplus, n->holds_tokens};
	return apimodel_find_decl(ctx, &d) != NULL;
}

static bool is_token(void *ctx, const char *ctype)
{
	return apimodel_is_token_type(ctx, ctype);
}

static json_t *request(const struct tidy_engine *t)
{
	json_t *ids = json_array();
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (t->rules.ran[i] && rule_table[i].rule->run)
			json_array_append_new(ids, json_string(rule_table[i].rule->id));
	return json_pack("{s:s, s:o, s:s, s:s}", "mode", "check", "rules", ids, "confidence", "low", "root",
	                 t->project.root);
}

/* Of a header's comments only a run over all units knows that nothing needs them; of one that is for every
 * rule, only a run of all rules. */
static bool is_premature(const struct tidy_engine *t, const struct finding *f, const char *file)
{
	return strcmp(f->rule, "unused-suppression") == 0 &&
	       (strcmp(f->at.file, file) != 0 ||
	        (strcmp(f->anchor, "*") == 0 && !rule_choice_has_defaults(&t->rules)));
}

/* clang-tidy itself obeys NOLINT. */
static bool is_reported(const struct tidy_engine *t, const struct finding *f, const char *file)
{
	bool silenced = f->suppressed && strcmp(f->suppression_kind, "NOLINT") != 0;
	return !silenced && rule_choice_is_sure(&t->rules, f) &&
	       rule_choice_reports(&t->rules, f->rule, f->at.file) &&
	       !choice_excludes(&t->config, t->project.root, f->at.file) && !is_premature(t, f, file);
}

static const char *absolute(struct tidy_engine *t, const char *path)
{
	return path[0] == '/' || !*path ? path : arena_printf(t->arena, "%s/%s", t->project.root, path);
}

static void fill_fixes(struct tidy_engine *t, const struct finding *f, struct tidy_finding *out)
{
	struct tidy_fix *fixes = ARENA_ARRAY(t->arena, struct tidy_fix, f->nfixes + 1);
	for (uint32_t i = 0; i < f->nfixes; i++) {
		const struct fix *from = &f->fixes[i];
		struct tidy_edit *edits = ARENA_ARRAY(t->arena, struct tidy_edit, from->nedits + 1);
		for (uint32_t k = 0; k < from->nedits; k++) {
			const struct edit *e = &from->edits[k];
			edits[k] = (struct tidy_edit){absolute(t, e->at.file),
			                              e->at.line,
			                              e->at.col,
			                              e->end_line,
			                              e->end_col,
			                              e->text};
		}
		fixes[i] = (struct tidy_fix){from->text, from->safe, edits, from->nedits};
	}
	out->fixes = fixes;
	out->nfixes = f->nfixes;
}

static struct tidy_note note_of(struct tidy_engine *t, const struct place *at, const char *text)
{
	return (struct tidy_note){absolute(t, at->file), text, at->line, at->col};
}

static void fill(struct tidy_engine *t, const struct finding *f, struct tidy_finding *out)
{
	struct tidy_note *steps = ARENA_ARRAY(t->arena, struct tidy_note, f->nsteps + 1);
	for (uint32_t i = 0; i < f->nsteps; i++) {
		const struct step *s = &f->steps[i];
		const char *text = s->basis && *s->basis
		                           ? arena_printf(t->arena, "%s (%s)", s->text, s->basis)
		                           : s->text;
		steps[i] = note_of(t, &s->at, text);
	}
	*out = (struct tidy_finding){.rule = f->rule,
	                             .message = f->message,
	                             .at = note_of(t, &f->at, ""),
	                             .steps = steps,
	                             .nsteps = f->nsteps};
	fill_fixes(t, f, out);
}

static void collect(struct tidy_engine *t, const json_t *reply, const char *file)
{
	choice_take(&t->set, &t->rules, reply);
	finding_set_finish(&t->set, true);
	t->findings = ARENA_ARRAY(t->arena, struct tidy_finding, t->set.len + 1);
	const char *root = t->project.root;
	size_t n = strlen(root);
	const char *relative = strncmp(file, root, n) == 0 && file[n] == '/' ? file + n + 1 : file;
	for (uint32_t i = 0; i < t->set.len; i++)
		if (is_reported(t, &t->set.items[i], relative))
			fill(t, &t->set.items[i], &t->findings[t->nfindings++]);
}

bool tidy_run(struct tidy_engine *t, struct shim_unit *u, const char *file)
{
	struct frontend_job job = {
	        .file = file, .keep = is_described, .keep_ctx = &t->models, .token = is_token};
	struct frontend_result result = {0};
	if (!frontend_lower(u, &job, &result)) {
		mem_release(t->problems);
		t->problems = result.diagnostics;
		return false;
	}
	json_t *asked = request(t);
	json_t *reply = json_pack("{s:{}, s:[]}", "seconds", "notes");
	judge_unit(&t->models, asked, reply, result.unit);
	collect(t, reply, file);
	json_decref(reply);
	json_decref(asked);
	frontend_result_release(&result);
	return true;
}

uint32_t tidy_findings(const struct tidy_engine *t, const struct tidy_finding **out)
{
	*out = t->findings;
	return t->nfindings;
}
