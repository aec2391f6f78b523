/*
 * engine.h - what cancelint finds in a unit that clang-tidy has parsed: models, configuration, judgement. In
 * C, behind the plugin.
 */
#ifndef CANCELINT_TIDY_ENGINE_H
#define CANCELINT_TIDY_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shim_unit;

/* Ids of all rules, sorted. */
uint32_t tidy_rules(const char *const **ids);

/* Names of options: of all checks, "cancelint.NAME", and of one, "cancelint-RULE.NAME". Both end with NULL.
 */
extern const char *const tidy_options_of_all[], *const tidy_options_of_one[];
struct tidy_option {
	const char *name, *value; /* whole; "": not given */
};
struct tidy_settings {
	const struct tidy_option *options; /* all that begin with "cancelint", known or not */
	uint32_t noptions;
	const char *rules; /* ids that run, separated by commas */
};

struct tidy_edit {
	const char *file;
	uint32_t line, col, end_line, end_col;
	const char *text;
};
struct tidy_fix {
	const char *text;
	bool safe;
	const struct tidy_edit *edits;
	uint32_t nedits;
};
struct tidy_note {
	const char *file, *text;
	uint32_t line, col;
};
struct tidy_finding {
	const char *rule, *message;
	struct tidy_note at; /* its text is not used */
	const struct tidy_note *steps;
	const struct tidy_fix *fixes;
	uint32_t nsteps, nfixes;
};

/* Never NULL. tidy_problems() is "" when the settings can be used, else what is wrong with them, in lines. */
struct tidy_engine *tidy_new(const struct tidy_settings *s, const char *file);
const char *tidy_problems(const struct tidy_engine *t);
void tidy_free(struct tidy_engine *t);
/* Judges a unit that has a module. False when that cannot be done: tidy_problems() says why. Findings are
 * absolute in their paths, in order, and live as long as `t`; those that a comment of cancelint's own
 * silences are left out. */
bool tidy_run(struct tidy_engine *t, struct shim_unit *u, const char *file);
uint32_t tidy_findings(const struct tidy_engine *t, const struct tidy_finding **out);

#ifdef __cplusplus
}
#endif
#endif
