/* authors.h - who last changed the line of a finding, from the git history. */
#ifndef CANCELINT_CLI_AUTHORS_H
#define CANCELINT_CLI_AUTHORS_H

#include "cli.h"
#include "map.h"

struct arena;
struct store;
struct trend_row;

struct authors {
	struct intmap of; /* number of a finding -> name; those that are open after the run */
};
/*
 * Reads the repository around the run's root as of the run's commit (unknown or gone: as of HEAD), by
 * libgit2: the git program, which a repository can make run others, is not started. A file that no commit
 * knows has no author but
 * "(not committed)". False after a problem, as where there is no repository.
 */
bool authors_find(struct session *s, struct store *store, const struct trend_row *run, struct arena *a,
                  struct authors *out);
void authors_release(struct authors *a);
/* The name, or NULL. `authors` is a struct authors. */
const char *authors_of(void *authors, int64_t number);

#endif
