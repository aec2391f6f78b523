/*
 * pass.h - what a rule sees of a unit, and how it reports.
 *
 *     struct report *r = pass_report(p, func, instr, CONFIDENCE_HIGH, "%s is not released", name);
 *     report_step(r, func, instr, STEP_EVENT, "model ctx", "made here");
 *
 * A report is copied into the findings when the rule's run() returns. Places in system headers are never reported: the
 * report is then dropped, and pass_report() still returns an object to write to.
 */
#ifndef CANCELINT_PASS_H
#define CANCELINT_PASS_H

#include "rule.h"

#include "apimodel.h"
#include "ir.h"
#include "program.h"
#include "solve.h"

struct arena;
struct report;

struct pass {
	const struct rule *rule;
	const struct ir_unit *unit;
	const struct program *program;
	const struct solution *solution;
	const struct apimodel *api;
	struct arena *arena; /* lives as long as the unit; for a rule's own tables */
	const char *root;    /* of the project; "" unknown */
	struct reports *reports; /* private */
	struct source_cache *sources; /* private */
};

struct report *pass_report(struct pass *p, uint32_t func, ir_instr at, enum confidence c, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Moves a finding at a function's definition to the line of one of its parameters. */
void report_at_parameter(struct report *r, uint32_t func, uint32_t param);
/* Moves a finding to another unit, where the last function of a chain, "stop -> drop", does what it is about. */
void report_elsewhere(struct report *r, const struct import_place *at, const char *chain);
void report_step(struct report *r, uint32_t func, ir_instr at, enum step_kind kind, const char *basis, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
void report_also(struct report *r, const char *rule);
/* The steps of a simulated path from `site` on: branches with their conditions, calls that got what was made there, the
 * exit. `subject` is how the steps call it. */
void report_trail(struct report *r, uint32_t func, const struct trail *t, ir_instr site, const char *subject);
/* The same from the release at `end` on. */
void report_trail_after(struct report *r, uint32_t func, const struct trail *t, ir_instr end, const char *subject);

/* A way to mend it. Edits that the text does not allow (the call comes out of a macro, it does not say what the code does)
 * make the whole fix vanish. `safe`: it is one place, and nothing else can be meant. */
struct draft *report_fix(struct report *r, bool safe, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void draft_argument(struct draft *d, uint32_t func, ir_instr call, uint32_t arg, const char *text); /* replaces it */
void draft_wrap(struct draft *d, uint32_t func, ir_instr call, uint32_t arg, const char *before, const char *after);
void draft_insert_argument(struct draft *d, uint32_t func, ir_instr call, uint32_t arg, const char *text); /* before `arg` */
void draft_callee(struct draft *d, uint32_t func, ir_instr call, const char *name); /* another function instead */
/* A statement in a line of its own behind that of the call, which has to be a statement itself. */
void draft_behind(struct draft *d, uint32_t func, ir_instr call, const char *statement);
/* The value as an expression that has no effects: "c", "job->c"; "" if there is none. */
const char *pass_expression(const struct pass *p, uint32_t func, ir_val v);
/* Passes a token for argument `arg`; nothing where it is no such expression. */
void report_pass_token(struct report *r, bool safe, uint32_t func, ir_instr call, uint32_t arg, ir_val token);
/* The text of an argument; "" if it cannot be said. */
const char *pass_argument(const struct pass *p, uint32_t func, ir_instr call, uint32_t arg);

/* How the source spells a value: `rc`, `job->c`, `load(...)`, `-1`; "" if nothing short fits. */
const char *pass_value(const struct pass *p, uint32_t func, ir_val v);
/* An instruction at the loop's keyword: the jump back to its head, which carries the statement's place. */
ir_instr pass_loop(const struct pass *p, uint32_t func, uint32_t loop);
/* "model gio: g_cancellable_new", "summary of make_child", or, of a function of another unit, "summary of make_child
 * (lib/child.c:12)"; for report_step(). */
const char *pass_basis(const struct pass *p, const struct api_func *model, const char *callee);
bool pass_is_main(const struct pass *p, uint32_t func); /* the program's entry */
bool pass_is_memory(const struct pass *p, const struct incident *in); /* what was made is memory, and no handle */
bool pass_is_test(const struct pass *p, uint32_t func); /* stands in `test-x.c`, `x_test.c` or the like */
bool pass_in_test(const struct pass *p, uint32_t func); /* or is called `test_x` */
/* Only called, as far as the unit shows, by the program's entry or by functions that are: start-up code. */
bool pass_is_startup(const struct pass *p, uint32_t func);
bool pass_can_return(const struct pass *p, uint32_t func, ir_instr from); /* some way leads from there to a return */

/* ---- running rules: for the worker ---- */

struct pass_options {
	const struct rule *const *rules;
	uint32_t nrules;
	enum confidence least; /* findings below are dropped */
	const char *root;      /* of the project, for paths in texts; NULL: unknown */
	struct source_cache *sources; /* what files are read through */
};
/* Runs the rules over one unit and returns the findings as JSON (finding_to_json). */
json_t *pass_run(const struct pass_options *o, const struct program *p, const struct solution *s);

#endif
