/* cancelint: finds misuse of cancellation in C and C++. */
#include "cli.h"

#include "str.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct command command_table[] = {
        {"check", "analyse a project, or single files, and report findings", cmd_check},
        {"extract", "write what 'link' needs of one unit into a file", cmd_extract},
        {"link", "report findings of units that were extracted", cmd_link},
        {"rules", "list the rules", cmd_rules},
        {"explain", "show what a rule reports and why", cmd_explain},
        {"trend", "show how findings changed over the recorded runs", cmd_trend},
        {"diff", "compare the findings of two runs or reports", cmd_diff},
        {"baseline", "keep a file of findings that are known", cmd_baseline},
        {"review", "say what somebody found out about a finding", cmd_review},
        {"db", "check, copy, prune, merge or export the database of findings", cmd_db},
        {"report", "write the history and its findings as one HTML file", cmd_report},
        {"lsp", "serve an editor: findings in the files that are open", cmd_lsp},
        {"models", "check and look up what is known about APIs", cmd_models},
        {"graph", "show the control flow or the calls of a file", cmd_graph},
        {"dump", "show what a stage makes of a file (unstable, for tests)", cmd_dump},
        {NULL, NULL, NULL},
};

/* ---- problems ---- */

void session_show_problems(struct session *s)
{
	fflush(stdout);
	problem_list_print(&s->problems, stderr);
	problem_list_release(&s->problems);
}

bool session_fail(struct session *s, const char *hint, const char *fmt, ...)
{
	struct str text = {0};
	va_list ap;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, NULL, 0, 0, "%s", str_c(&text));
	if (hint)
		problem_hint(p, "%s", hint);
	str_release(&text);
	return false;
}

/* ---- our bugs ---- */

/* abort() and a crash end with the code that says whose fault it is. */
static void on_crash(int number)
{
	static const char text[] =
	        "cancelint: this is a bug in cancelint, please report it with the command line\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
	(void)ignored;
	_exit(CODE_BUG);
}

static void set_signals(void)
{
	signal(SIGPIPE, SIG_IGN); /* a closed report, or a dead worker, is a failed write */
	signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
	signal(SIGABRT, on_crash);
#ifndef __SANITIZE_ADDRESS__
	signal(SIGSEGV, on_crash);
	signal(SIGBUS, on_crash);
	signal(SIGFPE, on_crash);
#endif
}

/* ---- commands ---- */

static void print_help(void)
{
	printf("usage: cancelint COMMAND [ARGUMENTS]\n\n"
	       "Finds misuse of cancellation in C and C++: cancel calls that are missing, done handles that "
	       "nobody\n"
	       "checks, contexts kept where they outlive their request, waits that nothing can end.\n\n"
	       "commands:\n");
	for (const struct command *c = command_table; c->name; c++)
		printf("  %-10s%s\n", c->name, c->summary);
	printf("\n"
	       "  --version  show the version\n"
	       "  --help     show this text; 'cancelint COMMAND --help' shows that of a command\n\n"
	       "examples:\n"
	       "  cancelint check                        every unit of the compile database\n"
	       "  cancelint check src/main.c -- -Iinc    one file, with its compiler flags\n"
	       "  cancelint explain missing-cancel\n\n" EXIT_CODES "\n");
}

static const struct command *find_command(const char *name)
{
	for (const struct command *c = command_table; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static int unknown_command(struct session *s, const char *name)
{
	const char *names[sizeof command_table / sizeof *command_table];
	size_t n = 0;
	for (const struct command *c = command_table; c->name; c++)
		names[n++] = c->name;
	const char *near = str_nearest(name, names, n);
	struct problem *p = problem_add(&s->problems, PROBLEM_ERROR, NULL, 0, 0, "unknown %s '%s'",
	                                name[0] == '-' ? "option" : "command", name);
	if (near)
		problem_hint(p, "did you mean 'cancelint %s'?", near);
	else
		problem_hint(p, "'cancelint --help' lists the commands");
	return CODE_USAGE;
}

static int dispatch(struct session *s, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "--help";
	const struct command *c = find_command(name);
	if (c)
		return c->run(s, argc - 1, argv + 1);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		printf("cancelint %s\n", CANCELINT_VERSION);
	else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
		print_help();
	else
		return unknown_command(s, name);
	return argc > 1 ? CODE_CLEAN : CODE_USAGE;
}

int main(int argc, char **argv)
{
	struct session s = {0};
	set_signals();
	int code = dispatch(&s, argc, argv);
	session_show_problems(&s);
	return code;
}
