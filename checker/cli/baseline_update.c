/* cancelint baseline: the file of known findings, made and kept up to date. */
#include "baseline.h"
#include "open_db.h"
#include "options.h"
#include "project.h"

#include "arena.h"
#include "explain.h"

#include <string.h>
#include <unistd.h>

#define DEFAULT_FILE "cancelint.baseline"

struct baseline_options {
	const char *db, *config, *from;
};
#define FIELD(name) offsetof(struct baseline_options, name)
static const struct option options[] = {
        {0, "from", OPTION_TEXT, FIELD(from), "REPORT",
         "update: the findings of this report in JSON or SARIF, instead of\nthose of the newest run", 0, 0},
        HISTORY_OPTIONS(struct baseline_options),
        END_OF_OPTIONS,
};
static const struct option_spec spec = {
        .command = "baseline",
        .usage = "baseline update [OPTIONS] [FILE]\ncancelint baseline prune [OPTIONS] [FILE]",
        .about = "A baseline is a file of findings that are known, one a line, sorted, which lives with the "
                 "sources;\n"
                 "'cancelint check --baseline FILE' reports only what is not in it. The default "
                 "is that of .cancelint.yaml, or " DEFAULT_FILE ".\n\n"
                 "update writes the open findings of the newest run. prune takes out those that are not open "
                 "any more, "
                 "and\nadds none; what the run could not look at stays.",
        .options = options,
        .min_operands = 1,
        .max_operands = 2,
        .operand = "'update' or 'prune'",
        .footer = "examples:\n  cancelint baseline update\n  cancelint check --baseline " DEFAULT_FILE
                  "\n  cancelint baseline prune\n\n"
                  "exit codes:\n  0  done\n  2  wrong usage, no database, or a file that is no baseline\n"
                  "  3  the file could not be written; what was there is unchanged",
};

struct known {
	struct finding *items;
	uint32_t n;
	const char *root;
};

static bool from_report(struct session *s, struct arena *a, const char *path, struct known *out)
{
	struct report_read r;
	if (!report_read(path, a, &r, &s->problems))
		return false;
	out->items = r.findings;
	out->root = r.root;
	for (uint32_t i = 0; i < r.nfindings; i++)
		if (!r.findings[i].suppressed)
			out->items[out->n++] = r.findings[i];
	return true;
}

static bool from_database(struct session *s, struct arena *a, const struct baseline_options *o,
                          struct known *out)
{
	struct history h;
	int64_t run = 0;
	bool ok = history_open(s, o->db, o->config, STORE_READ, &h) &&
	          store_run_findings(h.store, &run, a, &out->items, &out->n, &s->problems);
	history_close(&h);
	out->root = "";
	return ok;
}

static bool load(struct session *s, struct arena *a, const struct baseline_options *o, struct known *out)
{
	*out = (struct known){0};
	return o->from ? from_report(s, a, o->from, out) : from_database(s, a, o, out);
}

/* How many lines of the old file are among the findings. */
static bool count_kept(struct session *s, const char *path, struct known *k, bool only_kept, uint32_t *had,
                       uint32_t *kept)
{
	struct baseline b = {0};
	if (!baseline_read(s, path, &b))
		return baseline_release(&b), false;
	struct match *m = mem_alloc((k->n + 1) * sizeof *m);
	baseline_match(&b, k->items, k->n, k->root, NULL, 0, m);
	*had = b.n;
	uint32_t left = 0;
	for (uint32_t i = 0; i < k->n; i++) {
		*kept += m[i].step != MATCH_NONE;
		if (m[i].step || !only_kept)
			k->items[left++] = k->items[i];
	}
	k->n = left;
	mem_release(m);
	baseline_release(&b);
	return true;
}

static int run(struct session *s, const struct baseline_options *o, const char *what, const char *path)
{
	struct arena *a = arena_new();
	struct known k;
	bool prune = strcmp(what, "prune") == 0, there = access(path, F_OK) == 0;
	uint32_t had = 0, kept = 0;
	int code = CODE_USAGE;
	if (load(s, a, o, &k) && (!(prune || there) || count_kept(s, path, &k, prune, &had, &kept)))
		code = baseline_write(s, path, k.items, k.n) ? CODE_CLEAN : CODE_INCOMPLETE;
	if (code == CODE_CLEAN)
		say(stdout, "%s: %u known findings (%u added, %u removed)\n", path, k.n, k.n - kept,
		    had - kept);
	arena_free(a);
	return code;
}

/* The file of the configuration, as it is seen from here; malloc'ed. NULL after a problem. */
static char *default_file(struct session *s, const struct baseline_options *o)
{
	struct config c;
	bool ok = config_load(&c, o->config, NULL, &s->problems);
	char *path = ok ? mem_strdup(c.baseline ? c.baseline : DEFAULT_FILE) : NULL;
	config_release(&c);
	return path;
}

static int run_on(struct session *s, const struct baseline_options *o, const char *what, const char *path)
{
	char *otherwise = path ? NULL : default_file(s, o);
	int code = path || otherwise ? run(s, o, what, path ? path : otherwise) : CODE_USAGE;
	mem_release(otherwise);
	return code;
}

static int dispatch(struct session *s, const struct baseline_options *o, const struct operands *operands)
{
	const char *what = operands->list.data[0];
	bool prune = strcmp(what, "prune") == 0;
	if (!prune && strcmp(what, "update") != 0)
		return session_fail(s, "see 'cancelint baseline --help'",
		                    "'%s' is neither 'update' nor 'prune'", what),
		       CODE_USAGE;
	if (prune && o->from)
		return session_fail(s,
		                    "a report does not say which findings its run could not look at; the "
		                    "database does",
		                    "'prune' takes no --from"),
		       CODE_USAGE;
	return run_on(s, o, what, operands->list.len > 1 ? operands->list.data[1] : NULL);
}

int cmd_baseline(struct session *s, int argc, char **argv)
{
	struct baseline_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_OK ? dispatch(s, &o, &operands) : p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	operands_release(&operands);
	return code;
}
