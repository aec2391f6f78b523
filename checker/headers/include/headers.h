/*
 * headers.h - do the models agree with the libraries' real headers?
 *
 * A loadable module of its own, cancelint-headers.so, because it links libclang: only `models test` pays for that, and
 * libclang never meets libclang-cpp in one process. headers_open() loads it.
 */
#ifndef CANCELINT_HEADERS_H
#define CANCELINT_HEADERS_H

#include "apimodel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct problem_list;

struct headers_options {
	const char *library;      /* only this one; NULL: all */
	const char *const *flags; /* the user's own compiler flags (-I, -D), for all models; they are trusted */
	size_t nflags;
	FILE *progress; /* one line per model file; NULL: none */
};
struct headers_counts {
	uint32_t files, unchecked; /* unchecked: their headers are not installed */
	uint32_t functions;        /* compared with a declaration */
};

/*
 * For each model file: includes its headers, with what pkg-config says of its packages (asked for shipped models only: a
 * project's model starts no program) and its defines, and compares. Errors: a function the headers do not declare (a
 * warning when the entry says `since`), another number of parameters, an argument or result whose type cannot be what a
 * role says, a token type that does not exist, headers that do not compile. A warning: headers that are not installed.
 * False when there was an error.
 */
bool headers_check(const struct apimodel *m, const struct headers_options *o, struct headers_counts *counts,
		   struct problem_list *problems);

typedef bool headers_check_fn(const struct apimodel *m, const struct headers_options *o, struct headers_counts *counts,
			      struct problem_list *problems);

/* The module's headers_check, from the file `path`, or, if NULL, from beside the running program or its ../lib/cancelint.
 * NULL, with a problem, when there is none or it was built for another version. It stays loaded. */
headers_check_fn *headers_open(const char *path, struct problem_list *problems);

/* What program and module must agree on. */
#define HEADERS_ABI ((unsigned)(sizeof(struct api_role) << 20 ^ sizeof(struct api_func) << 10 ^ sizeof(struct apimodel)))
extern const unsigned headers_abi;

#endif
