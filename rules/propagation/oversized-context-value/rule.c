#include "pass.h"

#include "arena.h"

#include <string.h>

static const char *named(struct pass *p, const struct carried *c)
{
	const char *name = pass_value(p, c->func, c->value);
	return *name ? arena_printf(p->arena, "`%s`", name) : "the value";
}

static const char *message(struct pass *p, const struct carried *c)
{
	const char *value = named(p, c);
	if (c->fault == CARRIED_LARGE)
		return arena_printf(p->arena, "%s, %llu bytes large, travels as the value of a token", value,
		                    (unsigned long long)c->bytes);
	if (c->fault == CARRIED_MUTABLE)
		return arena_printf(
		        p->arena,
		        "%s, which changes while others may read it (`%s`), travels as the value of a token",
		        value, c->type);
	return arena_printf(p->arena, "%s is heap memory, and nothing frees it when the token ends", value);
}

static void report(struct pass *p, const struct carried *c)
{
	struct report *r = pass_report(p, c->func, c->call,
	                               pass_is_test(p, c->func) ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM, "%s",
	                               message(p, c));
	uint32_t callee = ir_callee(&p->unit->funcs[c->func], &p->unit->funcs[c->func].instrs[c->call]);
	if (c->made)
		report_step(r, c->func, c->made, STEP_EVENT, "", "it is allocated here");
	report_step(r, c->func, c->call, STEP_EVENT, pass_basis(p, c->model, p->unit->funcs[callee].display),
	            "the new token, and every child of it, keeps it");
}

static void run(struct pass *p)
{
	struct carried c = {0};
	while (solve_next_carried(p->solution, &c))
		report(p, &c);
}

const struct rule cancelint_rule = {
        .id = "oversized-context-value",
        .summary = "a large or mutable object travels as a context value",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .since = "0.3",
        .run = run,
};
