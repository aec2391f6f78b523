/*
 * edits.h - edits of files as the client takes them.
 */
#ifndef CANCELINT_LSP_EDITS_H
#define CANCELINT_LSP_EDITS_H

#include "server.h"

struct edits {
	struct lsp *lsp;
	struct view *view;
	struct source_cache *sources;
	struct source_text *texts;
	json_t *by_uri; /* URI -> list of edits */
};
/* The document must not be behind. */
void edits_open(struct edits *e, struct lsp *l, struct doc *d);
void edits_close(struct edits *e);
void edits_add_fix(struct edits *e, const struct fix *f);
void edits_insert_line(struct edits *e, const char *file, uint32_t line,
                       const char *text); /* above that line */
json_t *edits_take(struct edits *e);      /* a WorkspaceEdit; forgets what was added */

#endif
