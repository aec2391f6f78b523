#include "vcs.h"

#include "arena.h"
#include "mem.h"
#include "str.h"

#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct vcs {
	git_repository *repo;
	char *top;        /* the directory that holds .git, with a slash behind it */
	const char *root; /* of the project, as it was given */
};

static bool fail(char why[256], const char *what)
{
	const git_error *e = git_error_last();
	snprintf(why, 256, "%s%s%s", what, e && e->message ? ": " : "", e && e->message ? e->message : "");
	return false;
}

/* ---- opening ---- */

/* The nearest directory with .git in it. Malloc'ed, with a slash behind it; NULL: none. */
static char *find_top(const char *root)
{
	struct stat st;
	char *dir = mem_strdup(root);
	for (size_t n = strlen(dir); n && dir[n - 1] == '/'; n--)
		dir[n - 1] = 0;
	for (;;) {
		struct str path = {0};
		str_addf(&path, "%s/.git", dir);
		bool found = stat(str_c(&path), &st) == 0;
		str_release(&path);
		char *slash = strrchr(dir, '/');
		if (found || !slash) {
			if (found)
				str_addf(&path, "%s/", dir);
			mem_release(dir);
			return path.data;
		}
		*slash = 0;
	}
}

/* The repository's configuration may name another working tree, which is not ours to read.
 * (git_repository_set_workdir() loses a copy of the path that is set already, so it is asked for only where
 * there is something to change.) */
static bool stay_in(git_repository *repo, const char *top)
{
	const char *tree = git_repository_workdir(repo);
	return (tree && strcmp(tree, top) == 0) || git_repository_set_workdir(repo, top, 0) == 0;
}

struct vcs *vcs_open(const char *root, char why[256])
{
	struct vcs *v = mem_alloc(sizeof *v);
	git_libgit2_init();
	v->root = root;
	v->top = find_top(root);
	snprintf(why, 256, "there is no git repository");
	struct sigaction before;
	vcs_impatient(&before);
	bool ok = v->top &&
	          git_repository_open_ext(&v->repo, v->top, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) == 0 &&
	          stay_in(v->repo, v->top);
	vcs_patient(&before);
	if (ok)
		return v;
	if (v->top)
		fail(why, "the git repository cannot be read");
	vcs_close(v);
	return NULL;
}

void vcs_close(struct vcs *v)
{
	if (!v)
		return;
	git_repository_free(v->repo);
	mem_release(v->top);
	mem_release(v);
	git_libgit2_shutdown();
}

bool vcs_is_shallow(const struct vcs *v)
{
	return git_repository_is_shallow(v->repo) == 1;
}

bool vcs_resolve(struct vcs *v, const char *rev, char out[65], char why[256])
{
	git_object *any = NULL, *commit = NULL;
	struct sigaction before;
	vcs_impatient(&before);
	bool ok = git_revparse_single(&any, v->repo, rev) == 0 &&
	          git_object_peel(&commit, any, GIT_OBJECT_COMMIT) == 0;
	vcs_patient(&before);
	if (ok)
		git_oid_tostr(out, 65, git_object_id(commit));
	else
		fail(why, "no such commit");
	git_object_free(any);
	git_object_free(commit);
	return ok;
}

/* ---- changes ---- */

struct collector {
	struct vcs *vcs;
	struct arena *arena;
	VEC(struct vcs_lines) lines;
	VEC(struct vcs_moved) moved;
	struct str taken; /* of the last of the lines */
};

/* A path below the top as reports have it. */
static const char *path_of(struct collector *c, const char *path)
{
	const char *whole = arena_printf(c->arena, "%s%s", c->vcs->top, path);
	size_t n = strlen(c->vcs->root);
	bool below = strncmp(whole, c->vcs->root, n) == 0 && whole[n] == '/';
	return below ? whole + n + 1 : whole;
}

static int on_file(const git_diff_delta *d, float progress, void *ctx)
{
	struct collector *c = ctx;
	if (d->status == GIT_DELTA_ADDED || d->status == GIT_DELTA_UNTRACKED)
		vec_push(&c->lines, (struct vcs_lines){path_of(c, d->new_file.path), 1, UINT32_MAX, NULL});
	if (strcmp(d->old_file.path, d->new_file.path) != 0)
		vec_push(&c->moved,
		         (struct vcs_moved){path_of(c, d->old_file.path), path_of(c, d->new_file.path)});
	return 0;
}

static void keep_taken(struct collector *c)
{
	if (c->taken.len)
		c->lines.data[c->lines.len - 1].taken = arena_strdup(c->arena, c->taken.data);
	str_clear(&c->taken);
}

/* Of a hunk without new lines, git names the line in front of it. */
static int on_hunk(const git_diff_delta *d, const git_diff_hunk *h, void *ctx)
{
	struct collector *c = ctx;
	uint32_t first = (uint32_t)(h->new_lines ? h->new_start : h->new_start + 1);
	keep_taken(c);
	if (d->status != GIT_DELTA_ADDED && d->status != GIT_DELTA_UNTRACKED)
		vec_push(&c->lines, (struct vcs_lines){path_of(c, d->new_file.path), first,
		                                       first + (uint32_t)h->new_lines - 1, NULL});
	return 0;
}

static int on_line(const git_diff_delta *d, const git_diff_hunk *h, const git_diff_line *l, void *ctx)
{
	struct collector *c = ctx;
	if (l->origin == GIT_DIFF_LINE_DELETION)
		str_addn(&c->taken, l->content, l->content_len);
	return 0;
}

static int lines_compare(const void *a, const void *b)
{
	const struct vcs_lines *x = a, *y = b;
	int c = strcmp(x->file, y->file);
	return c ? c : (x->first > y->first) - (x->first < y->first);
}

static void *copied(struct arena *a, const void *data, uint32_t n, size_t size)
{
	void *to = arena_alloc(a, (n + 1) * size);
	if (n)
		memcpy(to, data, n * size);
	return to;
}

static int diff_from(struct vcs *v, const char *commit, git_diff **diff)
{
	/* What a compiler may read as C or C++: a build tree that nobody ignores has much else. */
	static char *suffixes[] = {"*.c",   "*.h", "*.cc", "*.cpp", "*.cxx", "*.c++", "*.hh",  "*.hpp",
	                           "*.hxx", "*.C", "*.H",  "*.inc", "*.inl", "*.def", "*.ipp", "*.tcc"};
	git_diff_options o;
	git_diff_find_options similar;
	git_object *object = NULL;
	git_tree *tree = NULL;
	git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);
	git_diff_find_options_init(&similar, GIT_DIFF_FIND_OPTIONS_VERSION);
	o.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS | GIT_DIFF_IGNORE_SUBMODULES;
	o.context_lines = 0;
	o.pathspec = (git_strarray){suffixes, sizeof suffixes / sizeof *suffixes};
	similar.flags = GIT_DIFF_FIND_RENAMES | GIT_DIFF_FIND_FOR_UNTRACKED;
	int rc = git_revparse_single(&object, v->repo, commit);
	if (rc == 0)
		rc = git_object_peel((git_object **)&tree, object, GIT_OBJECT_TREE);
	if (rc == 0)
		rc = git_diff_tree_to_workdir_with_index(diff, v->repo, tree, &o);
	if (rc == 0)
		rc = git_diff_find_similar(*diff, &similar);
	git_object_free(object);
	git_tree_free(tree);
	return rc;
}

bool vcs_is_clean(struct vcs *v)
{
	git_diff *diff = NULL;
	struct sigaction before;
	vcs_impatient(&before);
	bool clean = diff_from(v, "HEAD", &diff) == 0 && git_diff_num_deltas(diff) == 0;
	vcs_patient(&before);
	git_diff_free(diff);
	return clean;
}

bool vcs_changes(struct vcs *v, struct arena *a, const char *commit, struct vcs_changes *out, char why[256])
{
	struct collector c = {.vcs = v, .arena = a};
	git_diff *diff = NULL;
	struct sigaction before;
	*out = (struct vcs_changes){0};
	vcs_impatient(&before);
	bool ok = diff_from(v, commit, &diff) == 0 &&
	          git_diff_foreach(diff, on_file, NULL, on_hunk, on_line, &c) == 0;
	vcs_patient(&before);
	keep_taken(&c);
	if (ok && c.lines.len)
		qsort(c.lines.data, c.lines.len, sizeof *c.lines.data, lines_compare);
	if (ok)
		*out = (struct vcs_changes){
		        copied(a, c.lines.data, c.lines.len, sizeof *c.lines.data), c.lines.len,
		        copied(a, c.moved.data, c.moved.len, sizeof *c.moved.data), c.moved.len};
	else
		fail(why, "the changes since that commit cannot be read");
	vec_release(&c.lines);
	vec_release(&c.moved);
	str_release(&c.taken);
	git_diff_free(diff);
	return ok;
}

bool vcs_changed(const struct vcs_changes *c, const char *file, uint32_t line)
{
	uint32_t low = 0, high = c->nlines;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(c->lines[middle].file, file);
		if (order < 0 || (order == 0 && c->lines[middle].last < line))
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->nlines && strcmp(c->lines[low].file, file) == 0 && c->lines[low].first <= line;
}
