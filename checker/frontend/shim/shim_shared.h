/*
 * shim_shared.h - headers that many units read, precompiled once; and what the preprocessor meets, so that somebody can
 * judge whether a unit that uses them means the same as without. See shared.h, where that is judged.
 */
#ifndef CANCELINT_FRONTEND_SHIM_SHARED_H
#define CANCELINT_FRONTEND_SHIM_SHARED_H

#include "shim.h"

#ifdef __cplusplus
extern "C" {
#endif

struct shim_file_at { /* a file that holds something */
	const char *path; /* as shim_files gives it; "" for what no file holds: options and built-in macros */
	bool installed;   /* a library's header, not one of the project */
};
/* Called in the order of the source. Members may be NULL. */
struct shim_listener {
	void *ctx;
	const bool *enough; /* once it is true, the rest of the unit is not read, and the unit has errors; NULL: never */
	/* `by` includes `file`, whose text may be skipped because it was read before; `spelled`: with its <> or "". */
	void (*include)(void *ctx, struct shim_file_at by, const char *spelled, struct shim_file_at file);
	/* `by` defines a macro, or undefines it: then `macro` is NULL. `before`: the file whose definition it had,
	 * "" when there was none or no file has it; `same`: its newest definition was the same one, though it may have been taken
	 * back since. */
	void (*define)(void *ctx, struct shim_unit *u, struct shim_file_at by, const char *name, const void *macro,
	               const char *before, bool same);
	/* `by` uses a macro, or asks for it, that is defined in `in`; `macro` as above: it may ask for what is not defined.
	 * `text`: what it stands for counts, not only whether it is defined. */
	void (*mention)(void *ctx, struct shim_unit *u, struct shim_file_at by, const char *name, const void *macro,
	                struct shim_file_at in, bool text);
};
/* What a macro without parameters stands for, tokens with single spaces between them; NULL when it has parameters. */
const char *shim_definition(struct shim_unit *u, const void *macro);
/* Would the unit be another one if that macro, said by options or by the compiler itself, were defined otherwise? Of what was precompiled
 * nothing is known. */
bool shim_spells(struct shim_unit *u, const char *name);
/* Is a second inclusion of this file skipped? */
bool shim_is_guarded(struct shim_unit *u, const char *path);

/* Each identifier in the text of a file, once, whatever the preprocessor makes of it; but for those that are only pasted to
 * others, and the names of headers. "space::name", too, where that is written, and "space::" where names of that namespace may be written without it.
 * 0 when it cannot be read. */
uint32_t shim_identifiers(struct shim_unit *u, const char *path, const char *const **out);
/* The namespaces of what was precompiled into which the unit puts more, as "space::". */
uint32_t shim_reopened(struct shim_unit *u, const char *const **out);
/* Where headers are looked for without any option: clang passes over options that name them. */
uint32_t shim_system_directories(struct shim_unit *u, const char *const **out);

/* What the unit's headers declare outside of functions and classes: names of functions, variables, types and enumerators. In C++
 * functions and variables are left out, as shim_strays() knows of them; "space::name" is one in a namespace, of which only the last name counts. */
struct shim_declaration {
	const char *path, *name;
	bool object; /* a function or variable */
	bool alias;  /* a name for a type that may be declared again and is the same; in C++ that of any type */
	bool runs;   /* a variable that code initialises in each unit, in C++: it is not left out */
};
uint32_t shim_declared(struct shim_unit *u, const struct shim_declaration **out);
/* Does the unit use, or declare again, functions or variables of that name? */
bool shim_uses(struct shim_unit *u, const char *name);
/* Which classes derive directly from which others, in headers. In C none do. */
struct shim_derived {
	const char *path; /* where the class is */
	const char *name, *base;
};
uint32_t shim_derivations(struct shim_unit *u, const struct shim_derived **out);
/* Of what was precompiled only what is asked for is read: these are there, too. */
void shim_lay_derivations(struct shim_unit *u, const struct shim_derived *list, uint32_t n);
/* Has the unit's code a function or variable that one of these files declares? Its linkage name and file then. */
bool shim_strays(struct shim_unit *u, const char *const *files, uint32_t n, struct shim_declaration *out);
/* Files of the precompiled header that the unit read, others that it did not, and what was looked for when it was compiled: as if
 * the unit had done so. */
struct shim_looked_for {
	const char *const *files, *const *others, *const *present, *const *absent;
	uint32_t nfiles, nothers, npresent, nabsent;
};
void shim_lay_files(struct shim_unit *u, const struct shim_looked_for *l);

/* Precompiles job->file, a header, in the language of the source `like`, into `pch`, which is there once the result is closed; that
 * has no module. False: it did not compile, and shim_diagnostics() says why. */
bool shim_share(const struct shim_job *job, const char *like, const char *pch, struct shim_unit **out);

#ifdef __cplusplus
}
#endif
#endif
