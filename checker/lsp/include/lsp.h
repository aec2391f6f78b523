/*
 * lsp.h - a language server on standard input and output, for editors: what the analysis finds in the files
 * that are open, as they are on the screen. One thread, one loop; the analysis runs in a worker process that
 * is killed when its result is no longer wanted.
 */
#ifndef CANCELINT_LSP_H
#define CANCELINT_LSP_H

#include <stdbool.h>
#include <stdint.h>

struct project;

/* What earlier runs know of the project. Both may be NULL. */
struct lsp_known {
	void *ctx;
	/* The index of a unit that read this header; UINT32_MAX: none is known. */
	uint32_t (*unit_of)(void *ctx, const struct project *p, const char *header);
	/* Called in a process of its own, which may be killed: writes what other units say about the
	 * functions that this one calls (the "imports" of a request to a worker, a list that may be empty) to
	 * `to`. `facts` is what is kept of the unit as it is now, and `exports` what it says of itself, JSON.
	 */
	void (*imports)(void *ctx, const struct project *p, uint32_t unit, const char *facts,
	                const char *exports, int to);
};

struct lsp_options {
	const char *build_dir, *config, *rules,
	        *confidence;       /* as of `check`; NULL: not given. Paths begin in the client's folder */
	const char *const *models; /* given by option */
	uint32_t nmodels;
	const char *shipped; /* the models that come with the program */
	const char *version;
	unsigned timeout_s, memory_mb; /* 0: the configuration's */
	int log;                       /* a descriptor; -1: none */
	const volatile int *stop;      /* nonzero: end */
	const struct lsp_known *known; /* NULL: nothing */
};

/* Serves until the client says exit, is gone, or `stop`. False: it ended without having been told to shut
 * down. */
bool lsp_serve(const struct lsp_options *o);

#endif
