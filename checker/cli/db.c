/* cancelint db: taking care of the database of findings. */
#include "open_db.h"
#include "options.h"

#include "str.h"

#include <string.h>
#include <sys/stat.h>

struct db_options {
	const char *db, *config, *output;
	unsigned keep, last;
};
#define FIELD(name) offsetof(struct db_options, name)
static const struct option options[] = {
        {0, "keep", OPTION_NUMBER, FIELD(keep), "N", "prune: keep the findings of the newest N runs", 1,
         1000000000},
        {0, "last", OPTION_NUMBER, FIELD(last), "N", "export: only the newest N runs", 1, 1000000000},
        {'o', "output", OPTION_TEXT, FIELD(output), "FILE", "merge: the new database", 0, 0},
        HISTORY_OPTIONS(struct db_options),
        END_OF_OPTIONS,
};
static const struct option_spec spec = {
        .command = "db",
        .usage = "db check [OPTIONS]\n"
                 "cancelint db backup [OPTIONS] FILE\n"
                 "cancelint db prune --keep N [OPTIONS]\n"
                 "cancelint db merge -o FILE DATABASE...\n"
                 "cancelint db export [--last N] [OPTIONS]",
        .about = "check says whether the file is sound: its pages, references and sums.\n"
                 "backup writes a copy as of one moment; runs may be recorded meanwhile.\n"
                 "prune keeps of all but the newest runs no more than their sums, which 'trend' shows.\n"
                 "merge writes the runs of several databases of one project into a new one, by their time, "
                 "each once.\n"
                 "export prints a JSON object per line: each run, followed by what it said about each "
                 "finding.",
        .options = options,
        .min_operands = 1,
        .max_operands = UINT32_MAX,
        .operand = "one of check, backup, prune, merge and export",
        .footer = "exit codes:\n  0  done\n  1  check: the database is not sound\n  2  wrong usage, or there "
                  "is no such "
                  "database\n  3  the file could not be written\n\n"
                  "examples:\n  cancelint db check\n  cancelint db prune --keep 200\n"
                  "  cancelint db merge -o all.db linux.db windows.db",
};

struct db_run {
	struct session *session;
	const struct db_options *options;
	const char *const *args; /* behind the word */
	uint32_t nargs;
};

static bool open_history(const struct db_run *r, enum store_access access, struct history *h)
{
	return history_open(r->session, r->options->db, r->options->config, access, h);
}

static long long size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (long long)st.st_size : 0;
}

static int run_check(const struct db_run *r)
{
	struct history h;
	bool opened = open_history(r, STORE_AS_IS, &h);
	bool ok = opened && store_check(h.store, &r->session->problems);
	if (ok)
		say(stdout, "%s: sound\n", h.path);
	history_close(&h);
	return !opened ? CODE_USAGE : ok ? CODE_CLEAN : CODE_FINDINGS;
}

static int run_backup(const struct db_run *r)
{
	struct history h;
	bool opened = open_history(r, STORE_AS_IS, &h);
	bool ok = opened && store_backup(h.store, r->args[0], &r->session->problems);
	if (ok)
		say(stdout, "%s: a copy of %s, %lld bytes\n", r->args[0], h.path, size_of(r->args[0]));
	history_close(&h);
	return !opened ? CODE_USAGE : ok ? CODE_CLEAN : CODE_INCOMPLETE;
}

static int run_prune(const struct db_run *r)
{
	struct history h;
	uint32_t n = 0;
	if (!r->options->keep)
		return session_fail(r->session, "say how many runs keep their findings: --keep N",
		                    "--keep is missing"),
		       CODE_USAGE;
	bool opened = open_history(r, STORE_WRITE, &h);
	long long before = opened ? size_of(h.path) : 0;
	bool ok = opened && store_prune(h.store, r->options->keep, &n, &r->session->problems);
	char *path = opened ? mem_strdup(h.path) : NULL;
	history_close(&h);
	if (ok)
		say(stdout, "%s: %u runs pruned, %lld bytes before, %lld after\n", path, n, before,
		    size_of(path));
	mem_release(path);
	return !opened ? CODE_USAGE : ok ? CODE_CLEAN : CODE_INCOMPLETE;
}

static int run_merge(const struct db_run *r)
{
	uint32_t runs = 0, errors = r->session->problems.errors;
	if (!r->options->output)
		return session_fail(r->session, "name the new database: -o FILE", "-o is missing"),
		       CODE_USAGE;
	if (store_merge(r->options->output, r->args, r->nargs, &runs, &r->session->problems)) {
		say(stdout, "%s: %u runs of %u databases\n", r->options->output, runs, r->nargs);
		return CODE_CLEAN;
	}
	return r->session->problems.errors > errors ? CODE_USAGE : CODE_INCOMPLETE;
}

static int run_export(const struct db_run *r)
{
	struct history h;
	bool opened = open_history(r, STORE_READ, &h);
	bool ok = opened && store_export(h.store, r->options->last, stdout, &r->session->problems);
	history_close(&h);
	return !opened ? CODE_USAGE : ok ? CODE_CLEAN : CODE_INCOMPLETE;
}

static const struct {
	const char *name;
	uint32_t least, most; /* arguments */
	const char *needs;
	int (*run)(const struct db_run *r);
} verbs[] = {{"check", 0, 0, "", run_check},
             {"backup", 1, 1, "the file of the copy", run_backup},
             {"prune", 0, 0, "", run_prune},
             {"merge", 2, UINT32_MAX, "two databases or more", run_merge},
             {"export", 0, 0, "", run_export}};

static int dispatch(const struct db_run *r, const char *word)
{
	const char *names[sizeof verbs / sizeof *verbs];
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		names[i] = verbs[i].name;
		if (strcmp(word, verbs[i].name) != 0)
			continue;
		if (r->nargs < verbs[i].least)
			return session_fail(r->session, "see 'cancelint db --help'",
			                    "'cancelint db %s' needs %s", word, verbs[i].needs),
			       CODE_USAGE;
		if (r->nargs > verbs[i].most)
			return session_fail(r->session, "see 'cancelint db --help'",
			                    "'%s' is one argument too many", r->args[verbs[i].most]),
			       CODE_USAGE;
		return verbs[i].run(r);
	}
	const char *near = str_nearest(word, names, sizeof names / sizeof *names);
	struct problem *p = problem_add(&r->session->problems, PROBLEM_ERROR, NULL, 0, 0,
	                                "unknown command 'db %s'", word);
	problem_hint(p, near ? "did you mean 'cancelint db %s'?" : "see 'cancelint db --help'", near);
	return CODE_USAGE;
}

int cmd_db(struct session *s, int argc, char **argv)
{
	struct db_options o = {0};
	struct operands operands = {0};
	enum parsed p = options_parse(&spec, argc, argv, &o, &operands, &s->problems);
	int code = p == PARSED_HELP ? CODE_CLEAN : CODE_USAGE;
	if (p == PARSED_OK) {
		struct db_run r = {s, &o, operands.list.data + 1, operands.list.len - 1};
		code = dispatch(&r, operands.list.data[0]);
	}
	operands_release(&operands);
	return code;
}
