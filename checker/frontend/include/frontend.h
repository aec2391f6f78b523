/*
 * frontend.h - one translation unit to ir: an in-process clang (libclang-cpp behind frontend/shim), its LLVM IR after
 * mem2reg, lowered to the arrays of ir.h. Lives in the worker process only.
 *
 * The caller passes sanitised arguments (project.h). Nothing is written to disk, no program is run.
 */
#ifndef CANCELINT_FRONTEND_H
#define CANCELINT_FRONTEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared.h"

struct arena;
struct ir_unit;

/* What a function is known by; see struct ir_func. */
struct frontend_name {
	const char *linkage, *plain;
	uint32_t nparams;
	bool is_template, cplusplus;
	bool holds_tokens; /* a member of a class template that is made for tokens, or for what leads to one */
};

/* What a file holds; or text that stands for that, as an editor's that is not saved. */
struct frontend_text {
	const char *file; /* absolute */
	const char *text; /* NUL-terminated */
	size_t len;
};

struct frontend_job {
	const char *file;      /* absolute path of the main file */
	const char *directory; /* the working directory of the compile command */
	const char *const *args; /* compiler arguments without the compiler's name and without the file */
	uint32_t nargs;
	const struct frontend_text *unsaved; /* the main file, headers, or both */
	uint32_t nunsaved;
	/* Header inlines smaller than this are inlined before lowering, so that g_steal_pointer and cleanup functions are
	 * exact; functions for which keep() is true (those a model describes) stay calls. */
	bool (*keep)(void *ctx, const struct frontend_name *name);
	void *keep_ctx;
	/* Is that the type of a token? Functions that take one are told of although nobody calls them. NULL: no type is. */
	bool (*token)(void *keep_ctx, const char *ctype);
	bool texts;  /* tell what the project's files say */
	bool wishes; /* tell what the unit could share with others */
	const char *const *spelled;  /* macros that other options define otherwise: tell which of them matter */
	uint32_t nspelled;
	const struct shared *shared; /* headers to read precompiled, if that is the same; NULL: none */
};

struct frontend_result {
	struct ir_unit *unit; /* NULL: the unit did not compile */
	char *diagnostics;    /* clang's errors, plain text, at most a few KiB; "" if none. Freed by frontend_result_release. */
	double parse_seconds, lower_seconds;
	struct arena *arena; /* of what follows */
	/* Those in which the unit has places or comments, if that was asked for. NULL: the text at these places is not known. */
	const struct frontend_text *texts;
	uint32_t ntexts;
	const char *const *spelled; /* those of the job's that the unit, or a header of it, spells or asks for */
	uint32_t nspelled;
	struct shared_wish wish; /* empty unless it was asked for */
	const char *unshared;    /* why the shared headers were not used; NULL: they were, or there are none */
};

/* Returns false when the unit cannot be analysed: diagnostics then says why. */
bool frontend_run(const struct frontend_job *job, struct frontend_result *result);
/* What clang and LLVM do once in a process, so that the first unit does not wait for it: some hundredths of a second. */
void frontend_warm(void);
/* The same as frontend_run() for a unit that is parsed already and has a module, which is changed by it. Of the job only `keep` and `token` count. `result` is
 * to be zeroed; the times in it are not set. */
struct shim_unit;
bool frontend_lower(struct shim_unit *parsed, const struct frontend_job *job, struct frontend_result *result);
/* The unit's text as one file, without what its macros and headers need: for a report about a unit that cannot be analysed. To be freed
 * with mem_release(); "" when there is none. */
char *frontend_preprocess(const struct frontend_job *job);
void frontend_result_release(struct frontend_result *r); /* frees the unit too */

#endif
