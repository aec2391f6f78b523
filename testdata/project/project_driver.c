/*
 * project_driver - shows what the project layer makes of its input, for the tests in this folder.
 *
 *   project_driver sanitise ARG...              the kept arguments, then the ones dropped as dangerous
 *   project_driver split COMMAND                its words, and which of them are arguments
 *   project_driver load DATABASE|- [PATH...]    the units of a compile database; "-": search for it
 *   project_driver files FILE... -- FLAG...     the units of files named one by one
 *   project_driver config FILE|- [START]        the configuration; "-": search from START upwards
 *   project_driver fuzz SEED N                  random commands, databases and arguments; says "done"
 *
 * Ends with the problems on stdout and exit code 1 if there was an error.
 */
#include "parts.h"
#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show_list(const char *title, const char *const *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		printf("%s %s\n", title, list[i]);
}

static bool run_sanitise(int n, char **args, struct problem_list *problems)
{
	struct arena *a = arena_new();
	uint32_t kept, ndropped;
	const char **dropped;
	const char *const *list = project_sanitise(a, (const char *const *)args, (uint32_t)n, &kept, &dropped, &ndropped);
	show_list("keep", list, kept);
	show_list("risky", dropped, ndropped);
	arena_free(a);
	return true;
}

static bool run_split(int n, char **args, struct problem_list *problems)
{
	struct arena *a = arena_new();
	strings words = {0};
	bool ok = n == 1 && command_split(a, args[0], &words);
	uint32_t skip = command_prefix(words.data, words.len);
	show_list("compiler", words.data, skip);
	show_list("argument", words.data + skip, words.len - skip);
	puts(ok ? "whole" : "quote not closed");
	vec_release(&words);
	arena_free(a);
	return ok;
}

static void show_project(const struct project *p)
{
	printf("root %s\n", p->root);
	for (uint32_t i = 0; i < p->nunits; i++) {
		const struct unit *u = &p->units[i];
		printf("unit %s in %s:", u->display, u->directory);
		for (uint32_t k = 0; k < u->nargs; k++)
			printf(" %s", u->args[k]);
		putchar('\n');
	}
}

static bool run_load(int n, char **args, struct problem_list *problems)
{
	struct project p;
	const char *dir = n > 0 && strcmp(args[0], "-") != 0 ? args[0] : NULL;
	bool ok = project_load(&p, dir, (const char *const *)args + 1, n > 1 ? (size_t)n - 1 : 0, problems);
	show_project(&p);
	project_release(&p);
	return ok;
}

static bool run_files(int n, char **args, struct problem_list *problems)
{
	int files = 0;
	while (files < n && strcmp(args[files], "--") != 0)
		files++;
	int flags = files < n ? n - files - 1 : 0;
	struct project p;
	bool ok = project_from_files(&p, (const char *const *)args, (size_t)files, (const char *const *)args + files + 1,
				     (size_t)flags, problems);
	show_project(&p);
	project_release(&p);
	return ok;
}

static void show_config(const struct config *c)
{
	printf("file %s\n", c->file ? path_base(c->file) : "none");
	printf("confidence %d fail-on %s jobs %u timeout %u memory %u\n", c->confidence, c->fail_on, c->jobs, c->timeout_s,
	       c->memory_mb);
	printf("database %s\n", c->database ? c->database : "default");
	if (c->new_since || c->baseline)
		printf("new since %s baseline %s\n", c->new_since, c->baseline);
	for (uint32_t i = 0; i < c->nbudgets; i++)
		printf("budget %d:%d %s\n", c->budgets[i].line, c->budgets[i].col, c->budgets[i].text);
	show_list("model", c->models, c->nmodels);
	show_list("enable", c->enable, c->nenable);
	show_list("disable", c->disable, c->ndisable);
	for (uint32_t i = 0; i < c->nconfidences; i++)
		printf("confidence of %s %d\n", c->confidences[i].rule, c->confidences[i].level);
	show_list("exclude", c->exclude, c->nexclude);
	for (uint32_t i = 0; i < c->noverrides; i++) {
		printf("paths %s\n", c->overrides[i].glob ? c->overrides[i].glob : "?");
		show_list("  enable", c->overrides[i].enable, c->overrides[i].nenable);
		show_list("  disable", c->overrides[i].disable, c->overrides[i].ndisable);
	}
}

static bool run_config(int n, char **args, struct problem_list *problems)
{
	struct config c;
	const char *file = n > 0 && strcmp(args[0], "-") != 0 ? args[0] : NULL;
	bool ok = config_load(&c, file, n > 1 ? args[1] : NULL, problems);
	show_config(&c);
	config_release(&c);
	return ok;
}

/* ---- random input ---- */

static char *random_text(const char *alphabet, size_t max)
{
	size_t n = (size_t)rand() % max, k = strlen(alphabet);
	char *s = mem_alloc(n + 1);
	for (size_t i = 0; i < n; i++)
		s[i] = alphabet[(size_t)rand() % k];
	return s;
}

static void fuzz_command(void)
{
	struct arena *a = arena_new();
	char *text = random_text("ab-IDxXWp,=\"'\\ \t\n@/.", 200);
	strings words = {0};
	command_split(a, text, &words);
	uint32_t skip = command_prefix(words.data, words.len), kept, ndropped;
	const char **dropped;
	project_sanitise(a, words.data + skip, words.len - skip, &kept, &dropped, &ndropped);
	vec_release(&words);
	mem_release(text);
	arena_free(a);
}

/* A whole database with some of its bytes changed. */
static void fuzz_database(const char *path)
{
	static const char whole[] =
		"[{\"directory\": \"/d\", \"file\": \"a.c\", \"command\": \"cc -I 'x y' -c a.c\"},\n"
		" {\"directory\": \"/d\", \"file\": \"../b.cc\", \"arguments\": [\"c++\", \"-x\", \"c\", \"-Xclang\"]},\n"
		" {}, 1, \"s\", null, [[]], {\"file\": 1}]\n";
	char text[sizeof whole];
	memcpy(text, whole, sizeof whole);
	for (int i = rand() % 4; i > 0; i--)
		text[(size_t)rand() % (sizeof whole - 1)] = "{}[]\",:\\ a1\n"[rand() % 12];
	FILE *f = fopen(path, "w");
	BUG_IF(!f);
	fwrite(text, 1, rand() % 8 ? sizeof whole - 1 : (size_t)rand() % sizeof whole, f);
	fclose(f);
	struct problem_list problems = {0};
	struct project p;
	project_load(&p, path, NULL, 0, &problems);
	project_release(&p);
	problem_list_release(&problems);
}

static bool run_fuzz(int n, char **args, struct problem_list *problems)
{
	char path[] = "fuzz-XXXXXX";
	srand(n > 0 ? (unsigned)atoi(args[0]) : 1);
	int fd = mkstemp(path);
	BUG_IF(fd < 0);
	close(fd);
	for (int i = n > 1 ? atoi(args[1]) : 1000; i > 0; i--) {
		fuzz_command();
		fuzz_database(path);
	}
	unlink(path);
	puts("done");
	return true;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		bool (*run)(int n, char **args, struct problem_list *problems);
	} commands[] = {{"sanitise", run_sanitise}, {"split", run_split},   {"load", run_load},
			{"files", run_files},	    {"config", run_config}, {"fuzz", run_fuzz}};
	struct problem_list problems = {0};
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		bool ok = commands[i].run(argc - 2, argv + 2, &problems);
		fflush(stdout);
		BUG_IF(!ok && i != 1 && problems.errors == 0);
		BUG_IF(ok && problems.errors > 0);
		problem_list_print(&problems, stdout);
		problem_list_release(&problems);
		return !ok;
	}
	fputs("usage: see the head of project_driver.c\n", stderr);
	return 2;
}
