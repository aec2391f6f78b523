/*
 * vcs.h - what changed since a commit, out of git's own files.
 *
 * git itself is not run: a repository can make it run programs. libgit2 reads objects and the working tree,
 * and runs no hook, filter or driver of the repository. Nothing is fetched. A pipe where git has a file is
 * not waited for.
 */
#ifndef CANCELINT_VCS_H
#define CANCELINT_VCS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct vcs;

/* The repository that holds `root`, for its working tree. NULL: there is none, or it cannot be read; `why`
 * then says so. */
struct vcs *vcs_open(const char *root, char why[256]);
void vcs_close(struct vcs *v); /* NULL is accepted */
bool vcs_is_shallow(const struct vcs *v);

/* The commit that a name stands for ("main", "HEAD~3", "v1.2", a hash), in hexadecimal digits. False: there
 * is none here. */
bool vcs_resolve(struct vcs *v, const char *rev, char out[65], char why[256]);

/* Are the C and C++ files of the working tree those of the commit that is checked out? */
bool vcs_is_clean(struct vcs *v);

/* Between a commit and the working tree, untracked files included. Paths are relative to the root, absolute
 * outside it. */
struct vcs_lines {
	const char *file;
	uint32_t first, last; /* lines that are new or changed; a whole file is 1 to UINT32_MAX */
	const char *taken;    /* the lines of before that are gone here, NULL: none; with none in their place
	                         `last` is the one in front */
};
struct vcs_moved {
	const char *from, *to;
};
struct vcs_changes {
	struct vcs_lines *lines; /* by file and line */
	uint32_t nlines;
	struct vcs_moved *moved; /* renamed files */
	uint32_t nmoved;
};
/* `commit` as vcs_resolve() says it. Allocated in `a`. */
bool vcs_changes(struct vcs *v, struct arena *a, const char *commit, struct vcs_changes *out, char why[256]);
bool vcs_changed(const struct vcs_changes *c, const char *file, uint32_t line);

/* For those who call libgit2 themselves. To open a pipe is to wait for its writer: between these two, who
 * waits for seconds is interrupted again and again, and libgit2 takes the file as one that cannot be read. */
void vcs_impatient(struct sigaction *before);
void vcs_patient(const struct sigaction *before);

#endif
