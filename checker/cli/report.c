/* cancelint report: the history as one HTML file. */
#include "report.h"

#include "arena.h"
#include "budget.h"
#include "output.h"
#include "str.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT "cancelint-report.html"

#define FIELD(name) offsetof(struct report_options, name)
static const struct option options[] = {
        {'o', "output", OPTION_TEXT, FIELD(output), "FILE",
         "write this file (default: " OUTPUT "; '-': standard\noutput)", 0, 0},
        {0, "db", OPTION_TEXT, FIELD(db), "FILE",
         "read this database (default: that of .cancelint.yaml, or the\n"
         "nearest .cancelint/findings.db)",
         0, 0},
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml",
         0, 0},
        {0, "base", OPTION_TEXT, FIELD(base), "RUN",
         "compare with this run: its number, the beginning of its\n"
         "commit, or a branch, whose newest run is meant (default: the\n"
         "run before the newest)",
         0, 0},
        {0, "pages", OPTION_NUMBER, FIELD(pages), "N",
         "findings that get a page with their steps, new ones first\n(default: 200)", 1, 100000},
        {0, "authors", OPTION_FLAG, FIELD(authors), NULL,
         "also say who last changed the line of each finding, from the\ngit history", 0, 0},
        {0, "depth", OPTION_NUMBER, FIELD(depth), "N", "parts of a path that make a directory (default: 2)",
         1, 100},
        {0, "root", OPTION_TEXT, FIELD(root), "DIR",
         "where the sources are, if not where the newest run found them", 0, 0},
        {0, "models", OPTION_LIST, FIELD(models), "FILE",
         "a model file or directory, besides those of the configuration,\n"
         "to show what steps rest on; may be given several times",
         0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "report",
        .usage = "report [OPTIONS]",
        .about = "Writes the recorded runs and the findings as one HTML file, which needs no network and no "
                 "other file: what is\n"
                 "new and what was fixed, how the numbers moved and why, where findings concentrate, and "
                 "each finding with its\n"
                 "steps on the source.",
        .options = options,
        .footer = "examples:\n"
                  "  cancelint report\n"
                  "  cancelint report --base main --authors -o report.html\n"
                  "exit codes:\n"
                  "  0  written\n"
                  "  2  wrong usage, or no database\n"
                  "  3  it could not be written, or was interrupted",
};

/* ---- where the sources are ---- */

static bool is_below(const char *path, const char *root)
{
	char real[PATH_MAX];
	size_t n = strlen(root);
	return realpath(path, real) && strncmp(real, root, n) == 0 && (real[n] == '/' || !real[n]);
}

/* A database may come from anywhere and name any directory, and the page is made to be passed on: a root that
 * we are not at work in, or that the database is not in, has to be named by whoever calls. */
static const char *find_root(struct report_job *j, const char *recorded)
{
	char real[PATH_MAX];
	if (j->options->root)
		return j->options->root;
	if (!realpath(recorded, real) || strcmp(real, "/") == 0)
		return "";
	if (!is_below(".", real) && !is_below(j->database, real)) {
		struct problem *p =
		        problem_add(&j->session->problems, PROBLEM_WARNING, NULL, 0, 0,
		                    "the report has no source lines: the run was one of '%s'", real);
		problem_hint(p, "name the directory with --root DIR");
		return "";
	}
	return arena_strdup(j->arena, real);
}

static bool name_project(struct report_job *j)
{
	const char *root;
	int64_t newest = j->trend.rows[j->trend.nrows - 1].run;
	if (!history_root(j->store, newest, j->arena, &root, &j->session->problems))
		return false;
	const char *slash = strrchr(root, '/');
	j->page.project = slash && slash[1] ? slash + 1 : root;
	j->page.root = find_root(j, root);
	return true;
}

/* ---- budgets of the configuration ---- */

static bool judge_budgets(struct report_job *j, const struct config *c)
{
	struct budget *budgets;
	struct html_budget *out = ARENA_ARRAY(j->arena, struct html_budget, c->nbudgets + 1);
	if (!budgets_of(j->session, j->arena, c, &budgets))
		return false;
	for (uint32_t i = 0; i < c->nbudgets; i++) {
		if (!budget_judge(j->session, j->store, &j->trend, &budgets[i]))
			return false;
		out[i] = (struct html_budget){budgets[i].text, budgets[i].open, budgets[i].allowed};
	}
	j->page.budgets = out;
	j->page.nbudgets = c->nbudgets;
	return true;
}

static bool report_budgets(struct report_job *j)
{
	struct config c;
	bool ok = config_load(&c, j->options->config, NULL, &j->session->problems) && judge_budgets(j, &c);
	config_release(&c);
	return ok;
}

/* ---- the command ---- */

static bool load(struct report_job *j)
{
	struct problem_list *problems = &j->session->problems;
	j->store = store_open(j->database, STORE_READ, problems);
	if (!j->store || !store_trend(j->store, 0, &j->trend, problems))
		return false;
	if (!j->trend.nrows)
		return session_fail(j->session, "'cancelint check' records one", "there is no run in '%s'",
		                    j->database);
	j->page.trend = &j->trend;
	return name_project(j) && report_budgets(j) && report_history(j) && report_findings(j);
}

static bool write_page(struct report_job *j, struct output *out)
{
	errno = 0;
	if (*j->interrupted)
		return session_fail(j->session, NULL, "interrupted: nothing was written");
	if (html_write(&j->page, out->file) && !*j->interrupted && output_publish(out))
		return true;
	if (!out->path && errno == EPIPE)
		return true;
	return *j->interrupted ? session_fail(j->session, NULL, "interrupted: nothing was written")
	                       : output_failed(j->session, out);
}

static void tell(const struct output *out)
{
	if (out->path)
		say(stderr, "cancelint: the report is in %s%s\n", out->path,
		    html_has_charts() ? "" : " (with tables only: this cancelint was built without charts)");
}

static int make(struct session *s, const struct report_options *o)
{
	struct report_job j = {
	        .session = s, .options = o, .arena = arena_new(), .interrupted = interrupt_watch()};
	struct output out = {.path = o->output ? o->output : OUTPUT};
	char *database = history_database(s, o->db, o->config);
	j.database = database;
	j.page.version = CANCELINT_VERSION;
	if (strcmp(out.path, "-") == 0)
		out.path = NULL;
	int code = database && load(&j) ? CODE_CLEAN : CODE_USAGE;
	if (code == CODE_CLEAN && !(output_open(s, &out) && write_page(&j, &out)))
		code = CODE_INCOMPLETE;
	if (code == CODE_CLEAN)
		tell(&out);
	output_release(&out);
	trend_release(&j.trend);
	store_close(j.store);
	mem_release(database);
	arena_free(j.arena);
	return code;
}

int cmd_report(struct session *s, int argc, char **argv)
{
	struct report_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_OK ? make(s, &o) : p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	operands_release(&operands);
	vec_release(&o.models);
	return code;
}
