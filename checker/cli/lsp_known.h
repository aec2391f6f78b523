/*
 * lsp_known.h - what runs of `cancelint check` have left in the cache, for the language server.
 */
#ifndef CANCELINT_CLI_LSP_KNOWN_H
#define CANCELINT_CLI_LSP_KNOWN_H

#include "check.h"
#include "lsp.h"

struct known_source {
	struct check_options options; /* those that decide what a worker is asked */
	const char *cache;            /* the directory; NULL: the project's */
};
struct lsp_known known_from_cache(struct known_source *s);

#endif
