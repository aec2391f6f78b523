/*
 * parts.h - what the files of project/ share.
 */
#ifndef CANCELINT_PROJECT_PARTS_H
#define CANCELINT_PROJECT_PARTS_H

#include "arena.h"
#include "mem.h"
#include "problem.h"
#include "project.h"

typedef VEC(const char *) strings;

/* ---- path.c: all results are allocated in the arena ---- */

/* The working directory as the shell spells it ($PWD, when that is right), so that paths agree with those the build wrote. */
const char *path_cwd(struct arena *a);
/* `path` below `base` unless absolute, without `.`, `..` and double slashes. A `..` that would leave a symbolic link by
 * another way than the kernel's is resolved the kernel's way. `base` is absolute. */
const char *path_absolute(struct arena *a, const char *base, const char *path);
const char *path_dir(struct arena *a, const char *path); /* "/" is its own directory */
const char *path_base(const char *path);                 /* borrowed: behind the last slash */
/* Does `path` equal `dir` or lie below it? Both absolute and normalised. */
bool path_below(const char *dir, const char *path);
/* `path` relative to `root` when below it, else itself. */
const char *path_relative(const char *root, const char *path);
const char *path_real(struct arena *a, const char *path); /* symbolic links resolved; `path` itself if it does not exist */
bool path_is_dir(const char *path);
bool path_exists(const char *path);
/* The nearest directory at or above `start` that has an entry `name`; NULL: none. */
const char *path_upwards(struct arena *a, const char *start, const char *name);

/* ---- language.c ---- */

enum language { LANGUAGE_OTHER, LANGUAGE_SOURCE, LANGUAGE_HEADER };
enum language language_of(const char *file);        /* by its extension */
bool language_option_ok(const char *x);             /* the argument of -x: C or C++, source or preprocessed */

/* ---- split.c ---- */

/* Splits a shell command into words: quotes and backslashes as a POSIX shell reads them, nothing else has a meaning.
 * False when a quote is not closed. */
bool command_split(struct arena *a, const char *command, strings *words);
/* How many words at the front name the compiler: assignments, launchers (ccache, env ...) with their options, itself. */
uint32_t command_prefix(const char *const *words, uint32_t n);

/* ---- database.c ---- */

struct build {
	struct project *project;
	struct problem_list *problems;
	VEC(struct unit) units;
	strings risky;      /* arguments dropped as dangerous, each text once */
	uint32_t skipped;   /* entries that are not C or C++ */
	uint32_t malformed; /* entries that could not be read */
};
/* Appends the units of a compile database. */
bool database_read(struct build *b, const char *file);
/* Sanitises `args` (without the compiler's name) and appends the unit. */
void build_add(struct build *b, const char *file, const char *directory, const char *const *args, uint32_t nargs);

/* ---- select.c ---- */

/* Keeps the units that some path names; a path that names none is an error. */
bool select_units(struct build *b, const char *cwd, const char *database, const char *const *paths, size_t n);

#endif
