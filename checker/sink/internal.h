/* internal.h - between the files of this folder. */
#ifndef CANCELINT_SINK_INTERNAL_H
#define CANCELINT_SINK_INTERNAL_H

#include "sink.h"

#include "finding.h"
#include "map.h"
#include "source.h"

#include <jansson.h>

struct str;

extern const struct sink sink_text, sink_json, sink_sarif, sink_gitlab, sink_junit, sink_github;

/* ---- escape.c: text from the analysed source, made harmless ---- */

/* Appends text for a terminal: control bytes, bytes that are not UTF-8, and characters that reorder or hide
 * what stands around them, become visible escapes. A tab becomes a space. */
void escape_terminal(struct str *to, const char *text);
/* Columns that the code point takes on a terminal, 0 to 2. */
uint32_t escape_width(int32_t cp);
/* A URI path: everything but unreserved characters and '/' percent-encoded. */
void escape_uri(struct str *to, const char *path);
/* A SARIF plain text message: '[', ']', '\' and braces have a meaning there. */
void escape_sarif_text(struct str *to, const char *text);
/* A SARIF Markdown message; `code spans` of the text stay such. */
void escape_sarif_markdown(struct str *to, const char *text);

/* A JSON string of any bytes. */
json_t *sink_string(const char *text);
/* Writes the object and a line end. */
bool sink_write_json(json_t *j, FILE *to);

/* Does a format that only tells what to do have this finding? Neither what is silenced nor, with a gate, what
 * is known. */
static inline bool sink_tells(const struct report *r, const struct finding *f)
{
	return !f->suppressed && !(r->gated && f->known);
}

/* ---- review.c ---- */

/* The message, not escaped, and behind it what somebody found out about the finding. */
void sink_add_message(struct str *to, const struct finding *f);

/* ---- snippet.c ---- */

/* The source line of the place with a caret line below, each behind a gutter; nothing if the line cannot be
 * read. */
void snippet_add(struct str *to, struct source_cache *sources, const struct place *at, const char *indent,
                 bool colour);

/* A line without a mark; nothing if it cannot be read. */
void snippet_add_line(struct str *to, struct source_cache *sources, const char *file, uint32_t number,
                      const char *indent);

/* ---- standing.c ---- */

enum standing { SAME, MOVED, CHANGED, GONE };
/* How the line of a place stands now, by the hash of what it said ("": unknown). MOVED changes `at->line`. */
enum standing standing_find(struct source_cache *sources, struct place *at, const char *hash);

/* ---- read_sarif.c ---- */

struct arena;
/* A cancelint result as a finding; false for what is none. `sources` turns columns back into bytes. */
bool sarif_read_result(struct arena *a, struct source_cache *sources, const json_t *result,
                       struct finding *out);
/* The root that a run names; "" if none. */
const char *sarif_read_root(struct arena *a, const json_t *run);

/* ---- sarif_*.c ---- */

struct sarif {
	const struct report *report;
	struct source_cache *sources;
	json_t *rules; /* of the driver */
	json_t *artifacts;
	json_t *results;
	json_t *notifications;
	struct strmap rule_index, file_index;
};

/* sarif_parts.c */
json_t *sarif_message(const char *text); /* as plain text and as Markdown */
json_t *sarif_plain(const char *text);
json_t *sarif_artifact_location(struct sarif *s, const char *file, const char *role);
json_t *sarif_physical_location(struct sarif *s, const struct place *at);
void sarif_notify(struct sarif *s, const char *id, const char *level, const char *file, const char *text);

/* sarif_rules.c */
const char *sarif_level(enum severity s);
uint32_t sarif_rule_index(struct sarif *s, const char *id); /* adds its descriptor when it is new */

/* sarif_fixes.c */
json_t *sarif_fixes(struct sarif *s, const struct finding *f); /* NULL: it has none */

/* sarif_results.c */
void sarif_add_results(struct sarif *s);

#endif
