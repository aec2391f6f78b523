/* cancelint trend: the recorded runs, oldest first. */
#include "trend.h"

#include "arena.h"
#include "authors.h"
#include "history.h"
#include "project.h"
#include "str.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define TABLE_RUNS 30u /* that a terminal is shown without --last */
#define SPARKLINE 24u  /* its columns */
#define DEPTH 2u

struct trend_options {
	const char *db, *config, *format, *by;
	unsigned last, depth;
	struct text_list budgets;
};

#define FIELD(name) offsetof(struct trend_options, name)
static const struct option options[] = {
        {0, "db", OPTION_TEXT, FIELD(db), "FILE",
         "read this database (default: that of .cancelint.yaml, or the\n"
         "nearest .cancelint/findings.db)",
         0, 0},
        {0, "config", OPTION_TEXT, FIELD(config), "FILE", "read this instead of the nearest .cancelint.yaml",
         0, 0},
        {0, "last", OPTION_NUMBER, FIELD(last), "N",
         "only the newest N runs (default: 30 for a table, else all)", 1, 1000000000},
        {0, "by", OPTION_CHOICE, FIELD(by), "rule|directory|author|age",
         "what the findings are counted by (default: rule). 'author' is\n"
         "who last changed the line, read from the git history",
         0, 0},
        {0, "depth", OPTION_NUMBER, FIELD(depth), "N", "parts of a path that make a directory (default: 2)",
         1, 100},
        {0, "budget", OPTION_LIST, FIELD(budgets), "BUDGET",
         "fail when more findings are open than it allows; may be given\n"
         "several times (default: 'budgets' of .cancelint.yaml)",
         0, 0},
        {0, "format", OPTION_CHOICE, FIELD(format), "table|csv|json|openmetrics",
         "how to print them (default: table). 'openmetrics' is for\n"
         "Prometheus and shows the newest run alone",
         0, 0},
        {0, NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0},
};
static const struct option_spec spec = {
        .command = "trend",
        .usage = "trend [OPTIONS]",
        .about = "Shows the recorded runs, oldest first: how many findings were open after each, how many "
                 "were new and\n"
                 "how many had gone since the run before; and how many each rule, directory, author or age "
                 "has. Findings\n"
                 "that a run did not look at, because their unit failed or their rule was off, stay open: "
                 "'kept' counts\n"
                 "them. Suppressed ones are not counted.",
        .options = options,
        .footer = "budgets:\n"
                  "  [RULE:] N                        no more than N findings may be open (of this rule)\n"
                  "  [DIRECTORY/:] N                  ... in files below this directory\n"
                  "  ... N by DATE [from DATE]        down to N until the end of that day, on a straight "
                  "line from "
                  "what\n"
                  "                                   was open on the first day (default: that of the first "
                  "run)\n"
                  "examples:\n"
                  "  cancelint trend --last 10\n"
                  "  cancelint trend --by directory --format csv > trend.csv\n"
                  "  cancelint trend --budget 'missing-cancel: 0' --budget 'src/: 20 by 2030-12-31'\n"
                  "exit codes:\n"
                  "  0  every budget is met\n"
                  "  1  a budget is missed\n"
                  "  2  wrong usage, or no database",
};

/* ---- for the forms ---- */

void trend_date(int64_t seconds, const char *format, char out[32])
{
	struct tm tm;
	time_t t = (time_t)seconds;
	if (!gmtime_r(&t, &tm) || !strftime(out, 32, format, &tm))
		strcpy(out, "?");
}

const struct trend_row *trend_newest(const struct trend_view *v)
{
	return v->trend.nrows ? &v->trend.rows[v->trend.nrows - 1] : NULL;
}

/* ---- what is shown ---- */

static bool is_format(const struct trend_options *o, const char *name)
{
	return strcmp(o->format ? o->format : "table", name) == 0;
}

/* The rows that groups are counted for. */
static void choose_rows(struct trend_view *v, const struct trend_options *o)
{
	uint32_t all = v->trend.nrows, last = o->last ? o->last : is_format(o, "table") ? TABLE_RUNS : all;
	v->first = last < all ? all - last : 0;
	if (is_format(o, "openmetrics") && all)
		v->first = all - 1;
	uint32_t shown = all - v->first;
	v->rows = ARENA_ARRAY(v->arena, uint32_t, shown + 1);
	v->nrows = history_thin(shown, is_format(o, "table") ? SPARKLINE : shown, v->rows);
	for (uint32_t i = 0; i < v->nrows; i++)
		v->rows[i] += v->first;
}

static void group_by_rule(struct trend_view *v)
{
	v->groups = ARENA_ARRAY(v->arena, struct trend_rule, v->trend.nrules + 1);
	for (uint32_t i = 0; i < v->trend.nrules; i++) {
		struct trend_rule g = {.rule = v->trend.rules[i].rule,
		                       .counts = ARENA_ARRAY(v->arena, uint32_t, v->nrows + 1)};
		uint32_t any = 0;
		for (uint32_t k = 0; k < v->nrows; k++)
			any |= g.counts[k] = v->trend.rules[i].counts[v->rows[k]];
		if (any)
			v->groups[v->ngroups++] = g;
	}
}

static bool group(struct session *s, struct store *store, struct trend_view *v, const struct trend_options *o)
{
	struct authors authors = {0};
	struct history_grouping how = {.by = BY_AGE, .depth = o->depth ? o->depth : DEPTH};
	if (strcmp(v->by, "rule") == 0) {
		group_by_rule(v);
		return true;
	}
	if (strcmp(v->by, "directory") == 0)
		how.by = BY_DIRECTORY;
	if (strcmp(v->by, "author") == 0) {
		how = (struct history_grouping){.by = BY_AUTHOR, .author = authors_of, .context = &authors};
		if (trend_newest(v) && !authors_find(s, store, trend_newest(v), v->arena, &authors))
			return false;
	}
	struct trend_row *runs = ARENA_ARRAY(v->arena, struct trend_row, v->nrows + 1);
	for (uint32_t i = 0; i < v->nrows; i++)
		runs[i] = v->trend.rows[v->rows[i]];
	bool ok =
	        history_groups(store, &how, runs, v->nrows, v->arena, &v->groups, &v->ngroups, &s->problems);
	authors_release(&authors);
	return ok;
}

/* Those of the command line, else those of the configuration. */
static bool read_budgets(struct session *s, const struct trend_options *o, struct trend_view *v)
{
	struct config config;
	bool ok = config_load(&config, o->config, NULL, &s->problems);
	const struct text_list *given = &o->budgets;
	if (ok && !given->len) {
		ok = budgets_of(s, v->arena, &config, &v->budgets);
		v->nbudgets = config.nbudgets;
	}
	config_release(&config);
	if (!given->len)
		return ok;
	v->budgets = ARENA_ARRAY(v->arena, struct budget, given->len);
	for (; ok && v->nbudgets < given->len; v->nbudgets++)
		ok = budget_parse(s, v->arena, given->data[v->nbudgets], &v->budgets[v->nbudgets]);
	return ok;
}

static bool judge_budgets(struct session *s, struct store *store, struct trend_view *v)
{
	for (uint32_t i = 0; i < v->nbudgets; i++)
		if (!budget_judge(s, store, &v->trend, &v->budgets[i]))
			return false;
	return true;
}

/* ---- the command ---- */

/* Malloc'ed; NULL after a problem. */
char *history_database(struct session *s, const char *db, const char *config_file)
{
	if (db)
		return mem_strdup(db);
	struct config config;
	char *path = NULL;
	if (config_load(&config, config_file, NULL, &s->problems)) {
		path = config.database ? mem_strdup(config.database) : nearest_database();
		if (!path)
			session_fail(s, "'cancelint check' makes one; name another with --db FILE",
			             "no .cancelint/findings.db here or above");
	}
	config_release(&config);
	return path;
}

static bool print(struct session *s, const struct trend_view *v, const struct trend_options *o)
{
	if (is_format(o, "csv"))
		trend_print_csv(v);
	else if (is_format(o, "json"))
		trend_print_json(v);
	else if (is_format(o, "openmetrics"))
		trend_print_metrics(v);
	else
		trend_print_table(v);
	/* Whoever closed the pipe has read enough. */
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return true;
	return session_fail(s, NULL, "cannot write to standard output");
}

static int verdict(struct session *s, const struct trend_view *v, bool told)
{
	int code = CODE_CLEAN;
	for (uint32_t i = 0; i < v->nbudgets; i++) {
		const struct budget *b = &v->budgets[i];
		if (b->met)
			continue;
		code = CODE_FINDINGS;
		if (!told)
			problem_add(&s->problems, PROBLEM_WARNING, NULL, 0, 0,
			            "budget '%s' is missed: %u open, %u allowed", b->text, b->open,
			            b->allowed);
	}
	return code;
}

static bool name_project(struct session *s, struct store *store, struct trend_view *v)
{
	const char *root = "";
	if (trend_newest(v) && !history_root(store, trend_newest(v)->run, v->arena, &root, &s->problems))
		return false;
	const char *slash = strrchr(root, '/');
	v->project = slash ? slash + 1 : root;
	return true;
}

static int show(struct session *s, const struct trend_options *o)
{
	struct trend_view v = {.arena = arena_new(), .by = o->by ? o->by : "rule"};
	struct store *store = NULL;
	char *path = NULL;
	bool ok = read_budgets(s, o, &v); /* what is mistyped is told before all else */
	ok = ok && (path = history_database(s, o->db, o->config)) &&
	     (store = store_open(path, STORE_READ, &s->problems)) &&
	     store_trend(store, 0, &v.trend, &s->problems);
	if (ok)
		choose_rows(&v, o);
	ok = ok && name_project(s, store, &v) && group(s, store, &v, o) && judge_budgets(s, store, &v);
	int code = !ok                ? CODE_USAGE
	           : !print(s, &v, o) ? CODE_INCOMPLETE
	                              : verdict(s, &v, is_format(o, "table"));
	trend_release(&v.trend);
	store_close(store);
	mem_release(path);
	arena_free(v.arena);
	return code;
}

int cmd_trend(struct session *s, int argc, char **argv)
{
	struct trend_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_OK ? show(s, &o) : p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	operands_release(&operands);
	vec_release(&o.budgets);
	return code;
}
