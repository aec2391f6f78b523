/*
 * Compile databases. Of what is accepted, units are absolute, and their arguments have passed the filter: it
 * has nothing to object when it sees them again.
 */
#include "fuzz.h"

#include "project.h"

static void check_unit(const struct unit *u)
{
	BUG_IF(u->file[0] != '/' || u->directory[0] != '/' || !u->display[0]);
	struct arena *a = arena_new();
	uint32_t kept = 0, ndropped = 0;
	const char **dropped;
	const char *const *again = project_sanitise(a, u->args, u->nargs, &kept, &dropped, &ndropped);
	BUG_IF(kept != u->nargs || ndropped);
	for (uint32_t i = 0; i < kept; i++)
		BUG_IF(strcmp(again[i], u->args[i]) != 0);
	arena_free(a);
}

bool fuzz_one(const char *data, size_t n)
{
	struct problem_list problems = {0};
	struct project p;
	bool ok = project_load(&p, fuzz_file(data, n), NULL, 0, &problems);
	BUG_IF(ok != (problems.errors == 0));
	for (uint32_t i = 0; ok && i < p.nunits; i++)
		check_unit(&p.units[i]);
	project_release(&p);
	problem_list_release(&problems);
	return ok;
}
