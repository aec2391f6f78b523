/* cancelint extract: one unit into a file, from which `cancelint link` goes on. */
#include "check.h"
#include "unit_file.h"

#include "arena.h"
#include "str.h"
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct extract_options {
	const char *build_dir, *output, *depfile, *config;
	struct text_list models;
	unsigned timeout_s, memory_mb;
};
struct extract {
	struct session *session;
	struct extract_options options;
	struct operands operands;
	struct project project;
	struct settings settings;
	struct apimodel models;
	struct analysis analysis;
	struct output output, depfile;
	char *facts; /* the file that the worker writes; NULL: none yet */
};

#define FIELD(name) offsetof(struct extract_options, name)

static const struct option options[] = {
        {'o', "output", OPTION_TEXT, FIELD(output), "FILE", "write this file (needed)", 0, 0},
        {'p', "build-dir", OPTION_TEXT, FIELD(build_dir), "DIR", "where compile_commands.json is", 0, 0},
        {0, "depfile", OPTION_TEXT, FIELD(depfile), "FILE",
         "write there, for ninja or make, what OUT depends on", 0, 0},
        {0, "models", OPTION_LIST, FIELD(models), "FILE",
         "describe APIs by this file or directory too; 'cancelint link' needs the\nsame", 0, 0},
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml",
         0, 0},
        {0, "timeout", OPTION_NUMBER, FIELD(timeout_s), "SECONDS", "(default: 300)", 1, 86400},
        {0, "memory", OPTION_NUMBER, FIELD(memory_mb), "MIB", "address space (default: 4096)", 64, 1 << 20},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};

static const struct option_spec spec = {
        .command = "extract",
        .usage = "extract -o OUT [OPTIONS] FILE\ncancelint extract -o OUT [OPTIONS] FILE -- COMPILER FLAGS",
        .about =
                "Parses one unit, of the compile database or with the flags that follow '--', and writes "
                "what "
                "'cancelint\n"
                "link' needs of it. Reads the unit's sources, the models and the configuration, writes OUT, "
                "and "
                "does\n"
                "nothing else: a step for ninja, make or Bazel, which run many at a time, here or elsewhere.",
        .options = options,
        .min_operands = 1,
        .max_operands = 1,
        .operand = "a source file",
        .flags_after_dash = true,
        .footer = "A unit that cannot be analysed is written, too: 'cancelint link' reports it, as "
                  "'cancelint check' "
                  "does.\n\n"
                  "exit codes:\n"
                  "  0  OUT was written\n"
                  "  2  wrong usage or configuration\n"
                  "  3  OUT could not be written\n"
                  "  4  a bug in cancelint\n\n"
                  "examples:\n"
                  "  cancelint extract src/net.c -p build -o build/net.unit\n"
                  "  cancelint extract src/net.c -o net.unit -- -Iinclude -DDEBUG",
};

/* ---- before the analysis ---- */

static bool load_unit(struct extract *e)
{
	const struct operands *o = &e->operands;
	struct problem_list *l = &e->session->problems;
	bool ok = o->dashed ? project_from_files(&e->project, o->list.data, 1, (const char *const *)o->flags,
	                                         o->nflags, l)
	                    : project_load(&e->project, e->options.build_dir, o->list.data, 1, l);
	if (!ok || e->project.nunits == 1)
		return ok;
	return session_fail(
	        e->session, "give the flags of one of them: cancelint extract FILE -o OUT -- FLAGS",
	        "'%s' stands for %u units of the compile database", o->list.data[0], e->project.nunits);
}

static bool prepare(struct extract *e)
{
	struct check_options o = {.config = e->options.config,
	                          .models = e->options.models,
	                          .timeout_s = e->options.timeout_s,
	                          .memory_mb = e->options.memory_mb,
	                          .jobs = 1,
	                          .fail_on = "none",
	                          .no_db = true};
	bool ok = e->options.output ||
	          session_fail(e->session, "say where to: -o OUT", "no file to write is named");
	ok &= load_unit(e);
	ok &= e->project.root && settings_make(e->session, &e->settings, &o, e->project.root);
	e->output.path = e->options.output;
	e->depfile.path = e->options.depfile;
	return ok &&
	       apimodel_load(&e->models, e->settings.shipped, e->settings.models, e->settings.nmodels,
	                     &e->session->problems) &&
	       output_open(e->session, &e->output) &&
	       (!e->depfile.path || output_open(e->session, &e->depfile));
}

/* ---- the analysis ---- */

/* As make reads it: a space, '#' or backslash is escaped by a backslash, '$' by another one. */
static void add_name(struct str *s, const char *name)
{
	for (; *name; name++) {
		if (strchr(" \t#\\", *name))
			str_addc(s, '\\');
		else if (*name == '$')
			str_addc(s, '$');
		str_addc(s, *name);
	}
}

static void add_dependency(struct str *s, const char *name)
{
	str_add(s, " \\\n ");
	add_name(s, name);
}

/* What a unit read that could not be analysed is not known: it depends on something that is never there, so
 * that the step runs again. */
static void add_never_there(struct str *s, const char *output)
{
	struct str name = {0};
	str_addf(&name, "%s.not-analysed", output);
	add_dependency(s, str_c(&name));
	str_add(s, "\n");
	add_name(s, str_c(&name));
	str_add(s, ":");
	str_release(&name);
}

/* The sources that were read, the models and the configuration. */
static bool write_depfile(struct extract *e)
{
	const json_t *deps = json_object_get(e->analysis.units[0].reply, "deps");
	const struct settings *t = &e->settings;
	struct str s = {0};
	add_name(&s, e->options.output);
	str_add(&s, ":");
	if (!json_array_size(deps))
		add_dependency(&s, e->project.units[0].file);
	for (size_t i = 0; i < json_array_size(deps); i++)
		add_dependency(&s, json_string_value(json_array_get(deps, i)));
	for (uint32_t i = 0; i < t->nmodels; i++)
		add_dependency(&s, t->models[i]);
	if (t->config.file)
		add_dependency(&s, t->config.file);
	if (!e->analysis.units[0].reply)
		add_never_there(&s, e->options.output);
	str_add(&s, "\n");
	bool ok = fputs(str_c(&s), e->depfile.file) >= 0 && output_publish(&e->depfile);
	str_release(&s);
	return ok;
}

static bool failed(struct extract *e, const struct output *o)
{
	problem_add(&e->session->problems, PROBLEM_ERROR, o->path, 0, 0, "cannot be written: %s",
	            strerror(errno));
	return false;
}

static bool write_unit(struct extract *e)
{
	const struct unit_result *r = &e->analysis.units[0];
	size_t n = 0;
	errno = 0;
	if (e->depfile.path && !write_depfile(e))
		return failed(e, &e->depfile);
	if (r->reply)
		reply_forget_run(r->reply);
	char *facts = r->reply ? str_read_file(e->facts, (size_t)1 << 30, &n) : NULL;
	struct unit_file u = {.root = e->project.root,
	                      .models = apimodel_fingerprint(&e->models),
	                      .unit = e->project.units[0],
	                      .outcome = r->report.outcome,
	                      .reason = r->report.reason,
	                      .reply = r->reply};
	errno = 0;
	bool ok = unit_file_write(&u, facts, n, e->output.file) && output_publish(&e->output);
	mem_release(facts);
	if (!ok)
		return failed(e, &e->output);
	if (!r->reply)
		problem_add(&e->session->problems, PROBLEM_WARNING, e->project.units[0].display, 0, 0,
		            "not analysed (%s): %s", r->report.outcome, r->report.reason);
	return true;
}

static int run(struct extract *e)
{
	if (!prepare(e) || !(e->facts = temporary_place(e->session, false)))
		return CODE_USAGE;
	session_show_problems(e->session);
	e->analysis = (struct analysis){.session = e->session,
	                                .models = apimodel_fingerprint(&e->models),
	                                .stop = interrupt_watch(),
	                                .project = &e->project,
	                                .settings = &e->settings};
	if (!analysis_extract(&e->analysis, e->facts))
		return CODE_USAGE;
	if (e->analysis.interrupted) {
		session_fail(e->session, NULL, "interrupted: nothing was written");
		return CODE_INCOMPLETE;
	}
	return write_unit(e) ? CODE_CLEAN : CODE_INCOMPLETE;
}

static void release(struct extract *e)
{
	analysis_release(&e->analysis);
	output_release(&e->output);
	output_release(&e->depfile);
	if (e->facts)
		unlink(e->facts);
	mem_release(e->facts);
	if (e->models.arena)
		apimodel_release(&e->models);
	if (e->settings.arena)
		settings_release(&e->settings);
	if (e->project.arena)
		project_release(&e->project);
	operands_release(&e->operands);
	vec_release(&e->options.models);
}

int cmd_extract(struct session *s, int argc, char **argv)
{
	struct extract e = {.session = s};
	enum parsed p = options_parse(&spec, argc, argv, &e.options, &e.operands, &s->problems);
	int code = p == PARSED_OK ? run(&e) : p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	release(&e);
	return code;
}
