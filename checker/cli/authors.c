#include "authors.h"

#include "arena.h"
#include "history.h"
#include "str.h"
#include "vcs.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>

static const char not_committed[] = "(not committed)";

struct blamer {
	struct arena *arena;
	git_repository *repository;
	git_oid commit;
	git_tree *tree;     /* of that commit, or of the one that is checked out; NULL: there is none */
	const char *prefix; /* of the root below the working tree: "" or "sub/" */
	git_blame *blame;   /* of `file` */
	const char *file;
};

/* ---- the repository ---- */

static const char *prefix_of(struct arena *a, const char *root, const char *tree)
{
	char *real = realpath(root, NULL);
	const char *below = real && tree && str_starts(real, tree) ? real + strlen(tree) : "";
	const char *out = *below ? arena_printf(a, "%s/", below) : "";
	free(real);
	return out;
}

static bool open_repository(struct session *s, struct blamer *b, const char *root, const char *commit)
{
	git_object *object = NULL;
	if (git_repository_open_ext(&b->repository, root, 0, NULL) != 0) {
		const git_error *e = git_error_last();
		struct problem *p =
		        problem_add(&s->problems, PROBLEM_ERROR, root, 0, 0,
		                    "cannot read a git history there: %s", e ? e->message : "no repository");
		problem_hint(p, "authors come from the repository around the directory that was analysed");
		return false;
	}
	b->prefix = prefix_of(b->arena, root, git_repository_workdir(b->repository));
	if ((git_oid_fromstr(&b->commit, commit) == 0 &&
	     git_object_lookup(&object, b->repository, &b->commit, GIT_OBJECT_COMMIT) == 0) ||
	    (git_reference_name_to_id(&b->commit, b->repository, "HEAD") == 0 &&
	     git_object_lookup(&object, b->repository, &b->commit, GIT_OBJECT_COMMIT) == 0))
		git_object_peel((git_object **)&b->tree, object, GIT_OBJECT_TREE);
	git_object_free(object);
	return true;
}

/* ---- lines ---- */

/* git_blame_file() loses the commit if the file is not in it. */
static bool is_committed(const struct blamer *b, const char *path)
{
	git_tree_entry *entry = NULL;
	bool found = b->tree && git_tree_entry_bypath(&entry, b->tree, path) == 0 &&
	             git_tree_entry_type(entry) == GIT_OBJECT_BLOB;
	git_tree_entry_free(entry);
	return found;
}

static void open_file(struct blamer *b, const char *file)
{
	git_blame_options options;
	const char *path = arena_printf(b->arena, "%s%s", b->prefix, file);
	if (b->file && strcmp(b->file, file) == 0)
		return;
	git_blame_free(b->blame);
	b->blame = NULL;
	b->file = file;
	git_blame_options_init(&options, GIT_BLAME_OPTIONS_VERSION);
	options.flags = GIT_BLAME_USE_MAILMAP;
	options.newest_commit = b->commit;
	if (file[0] != '/' && is_committed(b, path) &&
	    git_blame_file(&b->blame, b->repository, path, &options) != 0)
		b->blame = NULL;
}

static const char *author_of(struct blamer *b, const struct history_finding *f)
{
	open_file(b, f->file);
	const git_blame_hunk *hunk = b->blame ? git_blame_get_hunk_byline(b->blame, f->line) : NULL;
	const git_signature *who = hunk ? hunk->final_signature : NULL;
	return who && who->name && *who->name ? arena_strdup(b->arena, who->name) : not_committed;
}

static int by_file(const void *a, const void *b)
{
	return strcmp(((const struct history_finding *)a)->file, ((const struct history_finding *)b)->file);
}

static void blame_all(struct blamer *b, struct history_finding *findings, uint32_t n, struct authors *out)
{
	qsort(findings, n, sizeof *findings, by_file);
	for (uint32_t i = 0; i < n; i++)
		if (findings[i].open)
			intmap_set(&out->of, (uint64_t)findings[i].number,
			           (uint64_t)(uintptr_t)author_of(b, &findings[i]));
}

bool authors_find(struct session *s, struct store *store, const struct trend_row *run, struct arena *a,
                  struct authors *out)
{
	struct blamer b = {.arena = a};
	struct history_finding *findings;
	const char *root;
	uint32_t n;
	if (!history_root(store, run->run, a, &root, &s->problems) ||
	    !history_findings(store, run->run, a, &findings, &n, &s->problems))
		return false;
	struct sigaction before;
	vcs_impatient(&before);
	git_libgit2_init();
	bool ok = open_repository(s, &b, root, run->commit);
	if (ok)
		blame_all(&b, findings, n, out);
	git_blame_free(b.blame);
	git_tree_free(b.tree);
	git_repository_free(b.repository);
	git_libgit2_shutdown();
	vcs_patient(&before);
	return ok;
}

void authors_release(struct authors *a)
{
	intmap_release(&a->of);
}

const char *authors_of(void *authors, int64_t number)
{
	uint64_t name;
	const struct authors *a = authors;
	return intmap_get(&a->of, (uint64_t)number, &name) ? (const char *)(uintptr_t)name : NULL;
}
