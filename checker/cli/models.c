/* cancelint models: check model files, look functions up in them. */
#include "check.h"
#include "coverage.h"

#include "apimodel.h"
#include "arena.h"
#include "headers.h"
#include "project.h"
#include "str.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

struct models_options {
	const char *config, *library, *build_dir;
	struct text_list models;
	unsigned jobs;
	bool verbose;
};

struct models {
	struct session *session;
	struct models_options options;
	struct operands operands; /* the first one is the subcommand */
	struct config config;
	struct apimodel api;
};

#define FIELD(name) offsetof(struct models_options, name)
static const struct option options[] = {
        {'p', "build-dir", OPTION_TEXT, FIELD(build_dir), "DIR",
         "coverage: where compile_commands.json is (default: searched as\n"
         "'cancelint check' does)",
         0, 0},
        {'j', "jobs", OPTION_NUMBER, FIELD(jobs), "N", "coverage: units looked at a time", 1, 1024},
        {0, "models", OPTION_LIST, FIELD(models), "FILE",
         "explain, coverage: look into this file or directory too; may be given several\n"
         "times",
         0, 0},
        {0, "library", OPTION_TEXT, FIELD(library), "NAME", "test: only the models of this library", 0, 0},
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml",
         0, 0},
        {'v', "verbose", OPTION_FLAG, FIELD(verbose), NULL, "test: show each file as it is compared", 0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "models",
        .usage = "models lint [FILES...]\ncancelint models explain FUNCTION...\n"
                 "cancelint models test [FILES...] [-- COMPILER FLAGS]\n"
                 "cancelint models coverage [-p DIR] [PATHS...]",
        .about =
                "Models say what functions do with tokens and handles. Those that come with cancelint and "
                "those that\n"
                ".cancelint.yaml names are always loaded.\n\n"
                "lint     reports every mistake in the models and in FILES, with its place\n"
                "explain  shows what is known of a function, and which file says so\n"
                "test     compares the models, or those in FILES, with the real headers of their libraries\n"
                "coverage lists the functions that units of the compile database call with a token and that\n"
                "         no model describes, with a line for a model to begin with",
        .options = options,
        .min_operands = 1,
        .max_operands = UINT32_MAX,
        .operand = "'lint', 'explain', 'test' or 'coverage'",
        .flags_after_dash = true,
        .footer = "examples:\n"
                  "  cancelint models lint ci/models/ctx.yaml\n"
                  "  cancelint models explain g_cancellable_new\n"
                  "  cancelint models test ci/models/ctx.yaml -- -Iinclude",
};

/* The shipped models, then `files`, or those of the configuration if there are none. */
static bool load(struct models *m, const struct text_list *files)
{
	struct session *s = m->session;
	const char *const *paths = files->data;
	uint32_t n = files->len;
	if (!n) {
		if (!config_load(&m->config, m->options.config, NULL, &s->problems))
			return false;
		paths = m->config.models;
		n = m->config.nmodels;
	}
	char *shipped = shipped_models();
	bool ok = apimodel_load(&m->api, shipped, paths, n, &s->problems);
	mem_release(shipped);
	return ok;
}

static struct text_list after_first(const struct text_list *l)
{
	return (struct text_list){.data = l->data + 1, .len = l->len - 1};
}

static int lint(struct models *m)
{
	struct text_list files = after_first(&m->operands.list);
	if (!load(m, &files))
		return CODE_USAGE;
	printf("%u model files, %u functions: no mistake found\n", m->api.nlibraries, m->api.nfuncs);
	return CODE_CLEAN;
}

static int explain(struct models *m)
{
	struct text_list names = after_first(&m->operands.list);
	if (!names.len) {
		session_fail(m->session, "cancelint models explain FUNCTION", "no function is named");
		return CODE_USAGE;
	}
	if (!load(m, &m->options.models))
		return CODE_USAGE;
	bool ok = true;
	for (uint32_t i = 0; i < names.len; i++)
		ok &= apimodel_explain(&m->api, names.data[i], stdout, &m->session->problems);
	return ok ? CODE_CLEAN : CODE_USAGE;
}

/* Files named for a test are those of the user: only theirs are compared. */
static bool keep_project_models(struct models *m)
{
	struct apimodel *api = &m->api;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < api->nlibraries; i++)
		if (api->libraries[i].project)
			api->libraries[kept++] = api->libraries[i];
	api->nlibraries = kept;
	return kept || session_fail(m->session, NULL, "the files hold no model");
}

static bool known_library(struct models *m)
{
	VEC(const char *) names = {0};
	bool found = !m->options.library;
	for (uint32_t i = 0; i < m->api.nlibraries; i++) {
		vec_push(&names, m->api.libraries[i].name);
		found |= m->options.library && strcmp(m->options.library, m->api.libraries[i].name) == 0;
	}
	if (!found) {
		const char *near = str_nearest(m->options.library, names.data, names.len);
		struct problem *p = problem_add(&m->session->problems, PROBLEM_ERROR, NULL, 0, 0,
		                                "no model is for a library '%s'", m->options.library);
		if (near)
			problem_hint(p, "did you mean '%s'?", near);
	}
	vec_release(&names);
	return found;
}

static int test(struct models *m)
{
	struct text_list files = after_first(&m->operands.list);
	struct problem_list *l = &m->session->problems;
	struct headers_counts counts = {0};
	if (!load(m, &files) || (files.len && !keep_project_models(m)) || !known_library(m))
		return CODE_USAGE;
	headers_check_fn *check = headers_open(NULL, l);
	if (!check)
		return CODE_USAGE;
	struct headers_options o = {.library = m->options.library,
	                            .flags = (const char *const *)m->operands.flags,
	                            .nflags = m->operands.nflags,
	                            .progress = m->options.verbose ? stderr : NULL};
	bool ok = check(&m->api, &o, &counts, l);
	printf("%u model files compared, %u not (their headers are not installed): %u functions, %s\n",
	       counts.files - counts.unchecked, counts.unchecked, counts.functions,
	       ok ? "all agree" : "some disagree");
	return ok ? CODE_CLEAN : CODE_FINDINGS;
}

static int coverage(struct models *m)
{
	struct text_list paths = after_first(&m->operands.list);
	struct check_options o = {.build_dir = m->options.build_dir,
	                          .config = m->options.config,
	                          .models = m->options.models,
	                          .jobs = m->options.jobs,
	                          .no_db = true,
	                          .fail_on = "any"};
	return models_coverage(m->session, &o, &paths);
}

static int run(struct models *m)
{
	static const struct {
		const char *name;
		int (*run)(struct models *m);
	} table[] = {{"lint", lint}, {"explain", explain}, {"test", test}, {"coverage", coverage}};
	static const char *const names[] = {"lint", "explain", "test", "coverage"};
	const char *word = m->operands.list.data[0];
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].name, word) == 0)
			return table[i].run(m);
	const char *near = str_nearest(word, names, 4);
	struct problem *p = problem_add(&m->session->problems, PROBLEM_ERROR, NULL, 0, 0,
	                                "unknown command 'models %s'", word);
	problem_hint(p, near ? "did you mean 'cancelint models %s'?" : "see 'cancelint models --help'", near);
	return CODE_USAGE;
}

int cmd_models(struct session *s, int argc, char **argv)
{
	struct models m = {.session = s};
	enum parsed p = options_parse(&spec, argc, argv, &m.options, &m.operands, &s->problems);
	int code = p == PARSED_OK ? run(&m) : p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	if (m.api.arena)
		apimodel_release(&m.api);
	if (m.config.arena)
		config_release(&m.config);
	vec_release(&m.options.models);
	operands_release(&m.operands);
	return code;
}
