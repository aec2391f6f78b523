#include "pass.h"

static enum confidence confidence_of(const struct incident *in)
{
	if (in->reset_elsewhere)
		return CONFIDENCE_LOW;
	return in->field_token || in->inferred ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static void report(struct pass *p, const struct incident *in)
{
	const char *where = *in->name ? in->name : in->callee;
	const struct ir_global *g = &p->unit->globals[in->global];
	const char *kind = g->thread_local_ ? "the thread-local" : g->owner ? "the static" : "the global";
	struct report *r = pass_report(
	        p, in->func, in->site, confidence_of(in),
	        "a token that belongs to one request is kept in %s `%s`%s%s and outlives the request", kind,
	        where, in->inferred ? " by " : "", in->inferred ? in->callee : "");
	report_step(r, in->func, 0, STEP_EVENT, "", "the token comes with the call of %s",
	            p->unit->funcs[in->func].display);
	report_step(r, in->func, in->site, STEP_EVENT,
	            *in->callee
	                    ? pass_basis(p,
	                                 in->inferred ? NULL
	                                              : p->program->described[ir_callee(
	                                                        &p->unit->funcs[in->func],
	                                                        &p->unit->funcs[in->func].instrs[in->site])],
	                                 in->callee)
	                    : "",
	            "it is stored here: %s", in->chain);
	report_trail(r, in->func, in->trail, in->site, "the token");
	report_step(r, in->func, in->at, STEP_EXIT, "", "it is still there when %s returns",
	            p->unit->funcs[in->func].display);
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		if (in->kind == INCIDENT_TOKEN_OUTLIVES && !in->removed_later &&
		    !pass_is_startup(p, in->func))
			report(p, in);
	}
}

const struct rule cancelint_rule = {
        .id = "context-in-global",
        .summary = "a request-scoped token is stored where it outlives its request",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 664,
        .since = "0.1",
        .run = run,
};
