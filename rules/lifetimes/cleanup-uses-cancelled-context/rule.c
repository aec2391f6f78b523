#include "pass.h"

#include "arena.h"

static enum confidence confidence_of(const struct incident *in)
{
	return in->widened ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

static const char *token_of(const struct pass *p, const struct incident *in)
{
	const char *name = in->value ? pass_value(p, in->func, in->value) : "";
	return *name ? arena_printf(p->arena, "`%s`", name) : "the token";
}

static void report(struct pass *p, const struct incident *in)
{
	const char *token = token_of(p, in);
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct api_func *model = p->program->described[ir_callee(f, &f->instrs[in->at])];
	struct report *r =
	        pass_report(p, in->func, in->at, confidence_of(in),
	                    in->derived_token ? "%s gets %s, a child of a token that is done on this path: "
	                                        "it is done, too, and the call fails at once"
	                                      : "clean-up by %s gets %s, which is done on this path: the "
	                                        "call fails at once and cleans nothing up",
	                    in->callee, token);
	if (in->before)
		report_step(r, in->func, in->before, STEP_EVENT, "", "that it is done is seen here");
	else
		report_step(r, in->func, 0, STEP_NOTE, "", "%s only runs when it is done", f->display);
	report_trail_after(r, in->func, in->trail, in->before, token);
	report_step(r, in->func, in->at, STEP_EVENT, pass_basis(p, model, in->callee), "and %s gets it here",
	            in->callee);
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_CLEANUP_CANCELLED)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "cleanup-uses-cancelled-context",
        .summary = "clean-up after cancellation runs with the cancelled token",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 459,
        .since = "0.2",
        .run = run,
};
