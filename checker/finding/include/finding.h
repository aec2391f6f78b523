/*
 * finding.h - what a rule reports: one defect, its place, the steps that lead to it, and what identifies it across runs.
 *
 * Findings are made in a worker, travel as JSON to the parent, and are then suppressed, sorted and shown. Paths are
 * absolute until finding_set_finish() makes them relative to the project root.
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
	const char *basis; /* what it rests on: "model gio: g_cancellable_new creates", "summary of load()"; "" if the code itself */
	uint32_t depth;    /* 0 in the function of the finding, 1 in a callee ... */
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

	/* identity: components, never message, column or line */
	const char *function; /* display name of the enclosing function, "" at file scope */
	const char *usr;
	const char *anchor;   /* the anchor statement, identifiers kept, white space folded */
	uint32_t ordinal;     /* among findings with equal other components, in source order; set by finish */
	char id[33];          /* hash of the components; set by finish */
	char line_hash[40];   /* GitHub's primaryLocationLineHash: "hex:occurrence"; set by finish */

	const char *suppressed;        /* the reason given in the source; NULL: not suppressed */
	const char *suppression_kind;  /* "cancelint-allow" | "NOLINT" | "config"; NULL */
};

/* A suppression comment found in the source. */
struct suppression {
	struct place at;
	uint32_t first_line, last_line; /* the lines it covers */
	const char **rules;             /* ids, or "*" */
	uint32_t nrules;
	const char *reason;             /* "" if missing */
	bool nolint;                    /* clang-tidy's form: needs no reason, never reported as unused */
	bool used;
};

struct finding_set {
	struct arena *arena; /* owns every string */
	struct finding *items;
	uint32_t len, cap;
	struct suppression *suppressions;
	uint32_t nsuppressions, suppressions_cap;
	const char *root;
};

void finding_set_init(struct finding_set *s, const char *root);
void finding_set_release(struct finding_set *s);
/* Deep-copies into the set. */
void finding_set_add(struct finding_set *s, const struct finding *f);
void finding_set_suppress(struct finding_set *s, const struct suppression *sup);

/* The wire form, and the body of `--format json`. from_json allocates in `a` and returns false on a malformed object. */
json_t *finding_to_json(const struct finding *f);
bool finding_from_json(struct arena *a, const json_t *j, struct finding *out);
json_t *suppression_to_json(const struct suppression *s);
bool suppression_from_json(struct arena *a, const json_t *j, struct suppression *out);

/* Reads one comment (`cancelint-allow(rule, rule): reason`, `cancelint-allow-begin(...)`/`-end`, `NOLINT(cancelint-...)`,
 * NOLINTNEXTLINE, NOLINTBEGIN/END). Returns false when the comment is none of these. `declaration_end` is the last line
 * of the declaration that starts on the comment's next line (0: none). begin/end pairs are joined by the caller's set. */
bool suppression_parse(struct arena *a, const char *text, struct place at, uint32_t end_line, bool alone,
		       struct suppression *out, bool *is_begin, bool *is_end);

/*
 * Turns what the workers sent into a report: drops duplicates (a header's finding is reported once), applies P21 between
 * findings at one place, applies suppressions, adds findings for suppressions without a reason ("suppression-without-reason")
 * and unused ones ("unused-suppression", only for files of units in which every rule ran), makes paths relative,
 * numbers ordinals, computes id and line_hash, and sorts by file, line, column, rule. The result does not depend on the
 * order of arrival.
 */
void finding_set_finish(struct finding_set *s, bool all_rules_ran);

#endif
