/*
 * finding.h - what a rule reports: one defect, its place, the steps that lead to it, and what identifies it
 * across runs.
 *
 * Findings are made in a worker, travel as JSON to the parent, and are then suppressed, sorted and shown.
 * Paths are absolute until finding_set_finish() makes them relative to the project root.
 */
#ifndef CANCELINT_FINDING_H
#define CANCELINT_FINDING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum severity { SEVERITY_NOTE = 1, SEVERITY_WARNING, SEVERITY_ERROR };
enum confidence { CONFIDENCE_LOW = 1, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };
const char *severity_name(enum severity s);     /* "warning" */
const char *confidence_name(enum confidence c); /* "medium" */
bool confidence_parse(const char *text, enum confidence *c);
bool finding_is_rule_id(const char *text); /* it could be one: lower-case letters, digits and '-' */

struct place {
	const char *file;
	uint32_t line, col; /* 1-based; col in bytes, 0 unknown */
	uint32_t end_col;   /* one past the last byte, on the same line; 0 unknown */
};

enum step_kind { STEP_EVENT, STEP_BRANCH, STEP_CALL, STEP_ENTER, STEP_EXIT, STEP_NOTE };
const char *step_kind_name(enum step_kind k);

struct step {
	enum step_kind kind;
	struct place at;
	const char *text;  /* "`c` is made here", "the condition `rc < 0` is true" */
	const char *basis; /* what it rests on: "model gio: g_cancellable_new creates", "summary of load()";
	                      "" if the code itself */
	uint32_t depth;    /* 0 in the function of the finding, 1 in a callee ... */
	char text_hash[17]; /* of its source line, as source_line_hash() makes it; set by finish */
};

/* Replaces the text from `at` up to end_line:end_col (exclusive) by `text`; an insertion where both are one place. */
struct edit {
	struct place at; /* its end_col is not used */
	uint32_t end_line, end_col;
	const char *text;
};
/* A way to mend it. Several fixes of one finding are alternatives. */
struct fix {
	const char *text; /* what it does: "pass `cancellable`" */
	bool safe;        /* one place, and nothing else can be meant: `check --fix` takes it */
	struct edit *edits;
	uint32_t nedits;
};

struct finding {
	const char *rule;
	enum severity severity;
	enum confidence confidence;
	const char *message; /* one line: the variable, the API, the consequence */
	struct place at;
	struct step *steps;
	uint32_t nsteps;
	const char **also; /* rules this finding stands for as well (P21) */
	uint32_t nalso;
	struct fix *fixes;
	uint32_t nfixes;

	/* identity: components, never message, column or line */
	const char *function; /* display name of the enclosing function, "" at file scope */
	uint32_t function_line; /* of its name, in the file of `at`; 0: unknown. No part of the identity */
	const char *usr;
	const char *anchor; /* the anchor statement, identifiers kept; finish drops white space that separates
	                       nothing */
	uint32_t ordinal;   /* among findings with equal other components, in source order; set by finish */
	char id[33];        /* hash of the components; set by finish */
	char line_hash[40]; /* GitHub's primaryLocationLineHash: "hex:occurrence"; set by finish */
	char text_hash[17]; /* of the source line at `at`, like a step's; set by finish */

	const char *suppressed;       /* the reason given in the source, "" if none; NULL: not suppressed */
	const char *suppression_kind; /* "cancelint-allow" | "NOLINT" | "config" | "review"; NULL */

	/* what earlier runs and people know of it */
	const char *review;        /* "false-positive" | "intended" | "confirmed"; NULL: nobody said anything */
	const char *review_reason; /* NULL without review */
	int64_t defect;            /* its number in the database; 0: none */
	bool known;                /* not new */
};

/* One directive of a suppression comment, with the lines it covers. */
struct suppression {
	struct place at;                /* of the directive */
	uint32_t first_line, last_line; /* the lines it covers */
	const char **rules; /* cancelint-allow: ids, or "*"; NOLINT: check names with '*' as in clang-tidy */
	uint32_t nrules;
	const char *reason;  /* "" if missing */
	const char *problem; /* why it can have no effect ("it names no rule"); "" if it can */
	bool nolint;         /* clang-tidy's form: needs no reason, never reported as unused */
	bool used;
};

struct finding_set {
	struct arena *arena;   /* owns every string */
	struct finding *items; /* borrowed until the next finding_set_add() */
	uint32_t len, cap;
	struct suppression *suppressions;
	uint32_t nsuppressions, suppressions_cap;
	const char *root;
};

/* `root` NULL or "": paths stay as they are. */
void finding_set_init(struct finding_set *s, const char *root);
void finding_set_release(struct finding_set *s);
/* Deep-copies into the set. */
void finding_set_add(struct finding_set *s, const struct finding *f);
/* Says what somebody thinks of a finding of the set. All but "confirmed" suppress it. */
void finding_review(struct finding_set *s, struct finding *f, const char *status, const char *reason);
void finding_set_suppress(struct finding_set *s, const struct suppression *sup); /* deep-copies too */

/* The wire form, and the body of `--format json` (docs/formats/json.md). Bytes that are not UTF-8 become
 * `\xNN`. from_json allocates in `a` and returns false on a malformed object; `out` is then undefined. */
json_t *finding_to_json(const struct finding *f);
bool finding_from_json(struct arena *a, const json_t *j, struct finding *out);
/* What a finding's identity and message do not say: the end of its place, steps, the rules it stands for.
 * from_json fills those members of `out` alone. */
json_t *finding_trace_to_json(const struct finding *f);
bool finding_trace_from_json(struct arena *a, const json_t *j, struct finding *out);
json_t *suppression_to_json(const struct suppression *s);
bool suppression_from_json(struct arena *a, const json_t *j, struct suppression *out);

/* A comment as the frontend found it; its first line is `line`. */
struct source_comment {
	const char *file; /* absolute */
	uint32_t line, col, end_line;
	const char *text; /* with its delimiters */
	bool alone;       /* nothing but white space before it on its line */
};
/* A function definition, or a declaration whose callers may be silenced by a comment above it. */
struct source_function {
	const char *file;  /* absolute */
	uint32_t line;     /* of its name */
	uint32_t end_line; /* 0: unknown, then found in the source text */
};

/*
 * Turns comments into suppressions and joins begin with end. The result is in source order, by file; it lives
 * in `a`.
 *
 *   // cancelint-allow(rule, rule): reason     behind code: that line
 *                                              alone: the next line with code; if a function of `functions`
 * starts there, all of its lines
 *   // cancelint-allow-begin(rule): reason ... // cancelint-allow-end(rule)
 *   // NOLINT, NOLINT(glob, ...), NOLINTNEXTLINE, NOLINTBEGIN ... NOLINTEND, as clang-tidy reads them; rule
 * `x` goes by the check name `cancelint-x`
 *
 * "*" stands for every rule. A reason may go on over the following lines of its comment. A comment may hold
 * several directives. Reads the named files through `sources`, to see where the next line with code is.
 */
struct source_cache;
struct suppression *suppressions_from_comments(struct arena *a, struct source_cache *sources,
                                               const struct source_comment *comments, uint32_t n,
                                               const struct source_function *functions, uint32_t nfunctions,
                                               uint32_t *count);

/* Findings that no rule makes but finding_set_finish(): their ids are not in the table of rules. */
struct finding_builtin {
	const char *id, *summary, *help; /* help: Markdown */
	enum severity severity;
};
extern const struct finding_builtin finding_builtins[];             /* ends with id NULL */
const struct finding_builtin *finding_builtin_find(const char *id); /* NULL: none of these */

/*
 * Turns what the workers sent into a report: drops duplicates (a header's finding is reported once), applies
 * P21 between findings at one place (precedence.def), applies suppressions, adds findings for suppressions
 * without a reason
 * ("suppression-without-reason") and for those that silence nothing ("unused-suppression"), makes paths
 * relative (what is not below the root stays absolute), numbers ordinals, computes id and line_hash, and
 * sorts by file, line, column, rule. The result does not depend on the order of arrival.
 *
 * `all_rules_ran`: every rule ran in every unit, none failed, and nothing was left out for its confidence.
 * Only then does a suppression that matched nothing count as unused. Reads the source files, for line_hash.
 */
void finding_set_finish(struct finding_set *s, bool all_rules_ran);

#endif
