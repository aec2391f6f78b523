/*
 * project.h - which translation units there are and how they are compiled; the project's configuration file.
 *
 * Compile commands are hostile: they are data, never executed, and only arguments on a list of harmless ones reach clang.
 */
#ifndef CANCELINT_PROJECT_H
#define CANCELINT_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem_list;

struct unit {
	const char *file;        /* absolute, normalised */
	const char *directory;   /* absolute */
	const char *const *args; /* sanitised: without compiler name, file, output and dependency flags */
	uint32_t nargs;
	const char *display; /* relative to the project root where it is below it */
};

struct project {
	struct arena *arena;
	const char *root; /* where paths in reports are relative to: the directory of .cancelint.yaml, else of .git, else cwd */
	const char *database; /* the file that the units were read from, absolute; NULL: none */
	struct unit *units; /* in the order of project_compare(); duplicates (same file and same arguments) dropped */
	uint32_t nunits;
};

/* `build_dir` is -p: the build directory or the file itself (NULL: look for compile_commands.json in cwd, ./build and their
 * parents). Entries that cannot be used are warnings. On failure `p` must be released all the same.
 * `paths` (may be empty) restricts to files, directories or globs; one that matches no unit is an error. */
bool project_load(struct project *p, const char *build_dir, const char *const *paths, size_t npaths,
		  struct problem_list *problems);
/* Files named on the command line with flags after `--`. */
bool project_from_files(struct project *p, const char *const *files, size_t nfiles, const char *const *flags,
			size_t nflags, struct problem_list *problems);
void project_release(struct project *p);
/* An order of units that is the same wherever they come from: by what is shown of them, then by how they are compiled. */
int project_compare(const struct unit *a, const struct unit *b);

bool project_is_header(const char *file); /* by its extension */

/* Filters one compile command: keeps what clang needs to parse (-I -isystem -iquote -D -U -include -std, known -f.. and
 * -m.., -W..) and drops the rest (gcc-only, plugins, -Xclang, -load, -wrapper, -specs, -B, @response files, outputs,
 * dependencies, and -O and _FORTIFY_SOURCE, whose checking twins would hide the calls that models describe). `-include x`
 * comes out as `-Xclang -include -Xclang x`, so that clang's driver does not take a precompiled header instead.
 * Returns the kept arguments, allocated in `arena`; `dropped` (may be NULL) receives those that were dropped as dangerous. */
struct arena;
const char *const *project_sanitise(struct arena *arena, const char *const *args, uint32_t nargs, uint32_t *kept,
				    const char ***dropped, uint32_t *ndropped);

/* ---- .cancelint.yaml ---- */

enum confidence_level { CONF_LOW = 1, CONF_MEDIUM, CONF_HIGH };

struct config_override { /* `paths:` entry: rules switched for files that match a glob */
	const char *glob;
	const char **enable, **disable;
	uint32_t nenable, ndisable;
};
struct config_confidence { /* of one rule */
	const char *rule;
	enum confidence_level level;
};
struct config_budget { /* not parsed: only the history can tell what it means */
	const char *text;
	int line, col;
};
struct config {
	struct arena *arena;
	const char *file;      /* the file read; NULL: none found */
	const char **models;   /* model files and directories, absolute */
	uint32_t nmodels;
	const char **enable, **disable; /* rule ids or "all" */
	uint32_t nenable, ndisable;
	const char **exclude;  /* globs of paths whose findings are not reported, relative to the file's directory */
	uint32_t nexclude;
	struct config_override *overrides;
	uint32_t noverrides;
	enum confidence_level confidence; /* findings below it are not reported */
	struct config_confidence *confidences; /* of rules that have one of their own */
	uint32_t nconfidences;
	const char *fail_on;              /* "any" | "new" | "none" */
	const char *database;             /* absolute; NULL: the default */
	const char *new_since;            /* a commit, a branch or a run; NULL: none */
	const char *baseline;             /* absolute; NULL: none */
	struct config_budget *budgets;
	uint32_t nbudgets;
	unsigned jobs, timeout_s, memory_mb; /* 0: default */
};
/* `explicit_file` is --config (an error if missing); NULL: search from `start` upwards. No file at all gives defaults. */
bool config_load(struct config *c, const char *explicit_file, const char *start, struct problem_list *problems);
void config_release(struct config *c);

#endif
