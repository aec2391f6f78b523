/*
 * cancelint-tidy - clang-tidy with cancelint's checks, for editors and build systems: finds a clang-tidy that
 * the plugin fits, proves on a file of its own that the checks work, and becomes that clang-tidy.
 */
#define _GNU_SOURCE
#include "mem.h"
#include "rule.h"
#include "self.h"
#include "str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define MAX_OUTPUT ((size_t)1 << 20)

static const char usage[] =
        "usage: cancelint-tidy [CLANG-TIDY OPTIONS] FILES... [-- COMPILER FLAGS]\n"
        "\n"
        "clang-tidy with the checks of cancelint. All arguments are clang-tidy's own. Where neither "
        ".clang-tidy nor\n"
        "--checks asks for a check of cancelint, those of its rules are enabled that are on by default.\n"
        "\n"
        "The clang-tidy is that of CANCELINT_CLANG_TIDY, else the newest in PATH that there is a plugin "
        "for.\n"
        "\n"
        "  --cancelint-plugin   print the file to give to clang-tidy's --load, and stop\n"
        "  --help               this text; 'clang-tidy --help' has the options\n"
        "\n"
        "The exit code is clang-tidy's, or 2 when there is no clang-tidy that works with cancelint.\n";

/* A leak that needs no header, no model and no configuration. */
static const char canary[] = "struct job;\n"
                             "__attribute__((annotate(\"cancelint:create(handle=return,family=canary)\"))) "
                             "struct job *job_start(void);\n"
                             "__attribute__((annotate(\"cancelint:release(handle=arg0,family=canary)\"))) "
                             "void job_end(struct job *);\n"
                             "int canary(int stop)\n"
                             "{\n"
                             "\tstruct job *j = job_start();\n"
                             "\tif (stop)\n"
                             "\t\treturn 1;\n"
                             "\tjob_end(j);\n"
                             "\treturn 0;\n"
                             "}\n";

static _Noreturn void refuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static _Noreturn void refuse(const char *fmt, ...)
{
	va_list args;
	fputs("cancelint-tidy: error: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_USAGE);
}

/* ---- running clang-tidy for ourselves ---- */

static void start(char *const *argv, const char *directory, int out)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(127);
	if (directory && chdir(directory) != 0)
		_exit(127);
	execv(argv[0], argv);
	_exit(127);
}

/* What it printed, errors too. */
static void output_of(char *const *argv, const char *directory, struct str *out)
{
	int ends[2];
	char buffer[4096];
	ssize_t n;
	str_clear(out);
	if (pipe2(ends, O_CLOEXEC) != 0)
		refuse("cannot make a pipe: %s", strerror(errno));
	pid_t child = fork();
	if (child < 0)
		refuse("cannot start '%s': %s", argv[0], strerror(errno));
	if (child == 0)
		start(argv, directory, ends[1]);
	close(ends[1]);
	while ((n = read(ends[0], buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && out->len < MAX_OUTPUT)
			str_addn(out, buffer, (size_t)n);
	close(ends[0]);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* ---- finding clang-tidy and plugin ---- */

struct tidy {
	char *program;
	unsigned major;
	struct str plugins, load; /* the directory of the plugins; "--load=..." */
};

static unsigned major_of(char *program)
{
	struct str out = {0};
	char *argv[] = {program, "--version", NULL};
	output_of(argv, NULL, &out);
	const char *at = strstr(str_c(&out), "LLVM version ");
	unsigned major = at ? (unsigned)strtoul(at + 13, NULL, 10) : 0;
	str_release(&out);
	return major;
}

static bool has_plugin(const struct tidy *t, unsigned major)
{
	struct str path = {0};
	str_addf(&path, "%s/cancelint-tidy-%u.so", t->plugins.data, major);
	bool there = access(path.data, R_OK) == 0;
	str_release(&path);
	return there;
}

static char *in_path(const char *name)
{
	const char *path = getenv("PATH");
	for (const char *p = path ? path : "/usr/bin:/bin"; *p; p += strcspn(p, ":"), p += *p == ':') {
		size_t n = strcspn(p, ":");
		char *file;
		if (!n || asprintf(&file, "%.*s/%s", (int)n, p, name) < 0)
			continue;
		if (access(file, X_OK) == 0)
			return file;
		free(file);
	}
	return NULL;
}

static bool take(struct tidy *t, char *program)
{
	if (!program)
		return false;
	t->program = program;
	t->major = major_of(program);
	return t->major && has_plugin(t, t->major);
}

/* Where make install puts them, else beside the program, as in a build. */
static void find_plugins(struct tidy *t)
{
	self_directory(&t->plugins);
	str_add(&t->plugins, "../lib/cancelint");
	str_addf(&t->load, "%s/cancelint-tidy.so", t->plugins.data);
	if (access(t->load.data, R_OK) != 0) {
		str_clear(&t->plugins);
		self_directory(&t->plugins);
		str_add(&t->plugins, ".");
	}
	str_clear(&t->load);
	str_addf(&t->load, "--load=%s/cancelint-tidy.so", t->plugins.data);
}

static void find_tidy(struct tidy *t)
{
	char *asked = getenv("CANCELINT_CLANG_TIDY");
	if (asked && *asked) {
		char *program = strchr(asked, '/') ? asked : in_path(asked);
		if (!program || access(program, X_OK) != 0)
			refuse("CANCELINT_CLANG_TIDY names '%s', which cannot be run", asked);
		if (!take(t, program))
			refuse("'%s' is of LLVM %u, and '%s' has no plugin for it", program, t->major,
			       t->plugins.data);
		return;
	}
	char name[32];
	for (unsigned major = 40; major > 14; major--) {
		snprintf(name, sizeof name, "clang-tidy-%u", major);
		if (has_plugin(t, major) && take(t, in_path(name)))
			return;
	}
	if (!take(t, in_path("clang-tidy")))
		refuse("found no clang-tidy in PATH that a plugin in '%s' is for; install clang-tidy-19, or "
		       "name one with "
		       "CANCELINT_CLANG_TIDY",
		       t->plugins.data);
}

/* ---- the proof ---- */

static void write_canary(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write(fd, canary, sizeof canary - 1) == (ssize_t)(sizeof canary - 1);
	if (fd >= 0)
		close(fd);
	if (!ok)
		refuse("cannot write '%s', to try the checks on: %s", path, strerror(errno));
}

static void prove(struct tidy *t)
{
	char folder[] = "/tmp/cancelint-tidy-XXXXXX";
	struct str file = {0}, out = {0};
	if (!mkdtemp(folder))
		refuse("cannot make a directory in /tmp, to try the checks on a file: %s", strerror(errno));
	str_addf(&file, "%s/canary.c", folder);
	write_canary(file.data);
	char *argv[] = {t->program,    t->load.data, "--checks=-*,cancelint-missing-cancel",
	                "--config={}", "--quiet",    file.data,
	                "--",          NULL};
	output_of(argv, folder, &out);
	unlink(file.data);
	rmdir(folder);
	if (!strstr(str_c(&out), "[cancelint-missing-cancel]"))
		refuse("'%s' does not find what it should with cancelint's checks; it says:\n%s", t->program,
		       str_c(&out));
	str_release(&file);
	str_release(&out);
}

/* ---- becoming clang-tidy ---- */

/* Is there a check of ours among those that these arguments, and .clang-tidy, enable? */
static bool asks_for_ours(const struct tidy *t, int argc, char **argv)
{
	char **args = mem_alloc(((size_t)argc + 3) * sizeof *args);
	struct str out = {0};
	int n = 0;
	args[n++] = t->program;
	args[n++] = t->load.data;
	args[n++] = "--list-checks";
	for (int i = 1; i < argc; i++)
		args[n++] = argv[i];
	output_of(args, NULL, &out);
	bool ours = strstr(str_c(&out), "\n    cancelint-") != NULL;
	str_release(&out);
	mem_release(args);
	return ours;
}

static bool names_checks(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (str_starts(argv[i], "--checks") || str_starts(argv[i], "-checks"))
			return true;
	return false;
}

static char *default_checks(void)
{
	struct str s = {0};
	str_add(&s, "--checks=cancelint-*");
	for (uint32_t i = 0; i < rule_table_len; i++)
		if (rule_table[i].rule->opt_in)
			str_addf(&s, ",-cancelint-%s", rule_table[i].rule->id);
	return s.data;
}

static _Noreturn void become(struct tidy *t, int argc, char **argv)
{
	char **args = mem_alloc(((size_t)argc + 3) * sizeof *args);
	int n = 0;
	args[n++] = t->program;
	args[n++] = t->load.data;
	if (!names_checks(argc, argv) && !asks_for_ours(t, argc, argv))
		args[n++] = default_checks();
	for (int i = 1; i < argc; i++)
		args[n++] = argv[i];
	execv(t->program, args);
	refuse("cannot start '%s': %s", t->program, strerror(errno));
}

int main(int argc, char **argv)
{
	struct tidy t = {0};
	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		fputs(usage, argc < 2 ? stderr : stdout);
		return argc < 2 ? EXIT_USAGE : 0;
	}
	find_plugins(&t);
	if (strcmp(argv[1], "--cancelint-plugin") == 0) {
		puts(t.load.data + strlen("--load="));
		return 0;
	}
	find_tidy(&t);
	prove(&t);
	become(&t, argc, argv);
}
