/*
 * cli.h - between the files of the command line. One file per command; each reads like the list of its
 * stages.
 */
#ifndef CANCELINT_CLI_H
#define CANCELINT_CLI_H

#include "options.h"
#include "problem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum exit_code {
	CODE_CLEAN = 0,
	CODE_FINDINGS = 1,
	CODE_USAGE = 2,      /* the command line, a configuration file, an input that is not there */
	CODE_INCOMPLETE = 3, /* a unit was not analysed, or a report or the database could not be written */
	CODE_BUG = 4,
};
#define EXIT_CODES                                                                                           \
	"exit codes:\n"                                                                                      \
	"  0  nothing to fail on\n"                                                                          \
	"  1  findings (see --fail-on)\n"                                                                    \
	"  2  wrong usage or configuration, or nowhere to write to: nothing was analysed\n"                  \
	"  3  incomplete: a unit could not be analysed, the run was interrupted, or a report or\n"           \
	"     the database could not be written (wins over 1)\n"                                             \
	"  4  a bug in cancelint"

struct session {
	struct problem_list problems; /* what is wrong so far; shown by session_show_problems() */
};

struct command {
	const char *name, *summary;
	int (*run)(struct session *s, int argc, char **argv); /* argv[0] is the name; returns an exit code */
};
extern const struct command command_table[]; /* ends with name NULL */

int cmd_check(struct session *s, int argc, char **argv);
int cmd_extract(struct session *s, int argc, char **argv);
int cmd_link(struct session *s, int argc, char **argv);
int cmd_rules(struct session *s, int argc, char **argv);
int cmd_explain(struct session *s, int argc, char **argv);
int cmd_models(struct session *s, int argc, char **argv);
int cmd_graph(struct session *s, int argc, char **argv);
int cmd_dump(struct session *s, int argc, char **argv);
int cmd_trend(struct session *s, int argc, char **argv);
int cmd_diff(struct session *s, int argc, char **argv);
int cmd_baseline(struct session *s, int argc, char **argv);
int cmd_review(struct session *s, int argc, char **argv);
int cmd_db(struct session *s, int argc, char **argv);
int cmd_report(struct session *s, int argc, char **argv);
int cmd_lsp(struct session *s, int argc, char **argv);

/* Prints the problems to stderr and forgets them. */
void session_show_problems(struct session *s);
/* An error that has no file to blame, with a hint (NULL: none). Returns false. */
bool session_fail(struct session *s, const char *hint, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

/* ---- say.c ---- */

/* printf() of one line for people: names of files and what else comes from a repository stay in it, and cannot steer their
 * terminal. */
void say(FILE *to, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- trend.c ---- */

/* The database that `db` names (NULL: that of the configuration, else the nearest). Malloc'ed; NULL after a
 * problem. */
char *history_database(struct session *s, const char *db, const char *config_file);

/* ---- paths.c ---- */

/* The models that come with cancelint: installed beside it, or those of the source tree. Malloc'ed. */
char *shipped_models(void);
/* Makes an empty file, or a directory, in TMPDIR. Malloc'ed; NULL after a problem. */
char *temporary_place(struct session *s, bool directory);
/* Removes such a directory and the files in it, and frees its path. NULL is accepted. */
void remove_place(char *path);
/* The nearest .cancelint/findings.db, upwards from the working directory. Malloc'ed; NULL: none. */
char *nearest_database(void);
/* ROOT/.cancelint/cache, made ready; NULL, without a problem, when it cannot be. Malloc'ed. */
char *default_cache(const char *root);
/* ROOT/.cancelint/cache where a run has made one; NULL: there is none. Malloc'ed. */
char *existing_cache(const char *root);
/* ROOT/.cancelint/findings.db, with its directory made ready. Malloc'ed; NULL after a problem. */
char *default_database(struct session *s, const char *root);

/* ---- git.c ---- */

struct git_state {
	char commit[65];  /* "" unknown */
	char branch[256]; /* "" unknown or detached */
};
/* Reads what is checked out at `root` or above it from git's files. git itself is not run: a repository can
 * make it run programs. */
void git_read(const char *root, struct git_state *out);

/* ---- interrupt.c ---- */

/* From here on Ctrl-C and SIGTERM only set the flag that is returned; a second one ends the program. */
const volatile int *interrupt_watch(void);
/* The flag that is returned is set after so many seconds. */
const volatile int *interrupt_grace(unsigned seconds);

#endif
