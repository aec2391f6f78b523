/* internal.h - between the files of this folder. */
#ifndef CANCELINT_FINDING_INTERNAL_H
#define CANCELINT_FINDING_INTERNAL_H

#include "finding.h"
#include "source.h"

struct strmap;

/* ---- directive.c: what one comment says ---- */

enum directive_form { DIRECTIVE_HERE, DIRECTIVE_NEXT_LINE, DIRECTIVE_BEGIN, DIRECTIVE_END };
struct directive {
	enum directive_form form;
	bool nolint;
	struct place at;
	const char **rules;
	uint32_t nrules;
	bool all; /* an end that names no rule: of whatever was begun last */
	const char *reason;
	const char *problem;
};
/* Calls `each` for every directive in the comment, in order. Strings live in `a`. */
void directives_each(struct arena *a, const struct source_comment *c,
                     void (*each)(void *ctx, const struct directive *d), void *ctx);

/* ---- scan.c: enough of C's lexical structure to find code ---- */

/* Offset behind the comment that starts at `at`, or `at` itself; behind the literal that does. */
size_t scan_comment(const char *text, size_t len, size_t at);
size_t scan_literal(const char *text, size_t len, size_t at);
/* Offset of the first byte at or behind `at` that is neither white space nor in a comment; `len` if there is
 * none. */
size_t scan_code(const char *text, size_t len, size_t at);
/* Offset behind the brace that closes the body of the function whose name is at `at`; 0 if it has none or
 * never closes. */
size_t scan_body_end(const char *text, size_t len, size_t at);
/* Nothing between the two offsets ends a declaration or is a preprocessor line. */
bool scan_one_declaration(const char *text, size_t from, size_t to);

/* ---- path.c ---- */

/* The path without "//", "." and "..", and relative when it is below `root` (normalised by
 * place_path_normalise).
 */
const char *place_path_normalise(struct arena *a, const char *path);
const char *place_path(struct arena *a, const char *root, const char *path);

/* ---- identity.c ---- */

const char *anchor_fold(struct arena *a, const char *anchor);
/* Items are sorted: sets anchor, ordinal, id and line_hash of each. */
void findings_identify(struct finding_set *s);

/* ---- line_hash.c ---- */

/* Sets out[i] for the lines wanted[0..n), ascending; lines behind the end of the text get "". */
void line_hashes(const char *text, size_t len, const uint32_t *wanted, uint32_t n, char (*out)[40]);

/* ---- precedence.c ---- */

/* Drops the findings that another one at the same place stands for. Items are sorted; the order stays. */
void findings_settle(struct finding_set *s);

/* ---- apply.c ---- */

void suppressions_merge(struct finding_set *s);
void suppressions_apply(struct finding_set *s);
/* Appends the findings about suppressions themselves. */
void suppressions_judge(struct finding_set *s, bool all_rules_ran);

/* ---- order.c ---- */

/* Total orders over everything that was sent: equal means interchangeable. */
int place_compare(const struct place *a, const struct place *b);
int finding_compare(const void *a, const void *b);
int suppression_compare(const void *a, const void *b);

#endif
