/*
 * fuzz-TARGET [--accepted] FILE|FOLDER...: gives each file to a fuzz target and says how many there were. A
 * crash, a hang or a property that does not hold ends it; the last name on stderr is that of the input.
 *
 * --accepted: prints the names of those that were taken for good input, and nothing else.
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define INPUT_MAX_BYTES ((size_t)16 << 20)
#define INPUT_SECONDS 60
#define MEMORY_BYTES ((rlim_t)4 << 30)

struct replay {
	uint32_t ran, accepted;
	bool names;
};

/* A copy of just these bytes, so that a sanitizer sees a read behind them. */
static bool run_copy(const char *text, size_t n)
{
	char *copy = mem_alloc(n);
	memcpy(copy, text, n);
	alarm(INPUT_SECONDS);
	bool accepted = fuzz_one(copy, n);
	alarm(0);
	mem_release(copy);
	return accepted;
}

static bool run_file(struct replay *r, const char *path)
{
	size_t n = 0;
	char *text = str_read_file(path, INPUT_MAX_BYTES, &n);
	if (!text) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	fprintf(stderr, "%s\n", path);
	bool accepted = run_copy(text, n);
	if (accepted && r->names)
		puts(path);
	r->ran++;
	r->accepted += accepted;
	mem_release(text);
	return true;
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static bool run_path(struct replay *r, const char *path)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, visible, alphasort);
	if (n < 0)
		return run_file(r, path);
	bool ok = true;
	for (int i = 0; i < n; i++) {
		struct str file = {0};
		str_addf(&file, "%s/%s", path, entries[i]->d_name);
		ok = run_path(r, file.data) && ok;
		str_release(&file);
		free(entries[i]);
	}
	free(entries);
	return ok;
}

int main(int argc, char **argv)
{
	struct replay r = {0};
	bool ok = argc > 1;
#ifndef __SANITIZE_ADDRESS__ /* which needs address space without end */
	const struct rlimit memory = {MEMORY_BYTES, MEMORY_BYTES};
	setrlimit(RLIMIT_AS, &memory);
#endif
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--accepted") == 0)
			r.names = true;
		else
			ok = run_path(&r, argv[i]) && ok;
	if (!r.names)
		printf("%u inputs, %u of them accepted\n", r.ran, r.accepted);
	return ok && r.ran ? 0 : 1;
}
