#include "pass.h"

#include <string.h>

static const char *value_of(const struct pass *p, const struct incident *in)
{
	const char *name = pass_value(p, in->func, in->value);
	return *name ? name : "NULL";
}

static void report(struct pass *p, const struct incident *in)
{
	const char *value = value_of(p, in);
	enum confidence c = in->widened ? CONFIDENCE_LOW : in->inferred ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
	struct report *r =
	        strcmp(value, "NULL") == 0
	                ? pass_report(p, in->func, in->at, c, "%s gets NULL, and must get a token",
	                              in->callee)
	                : pass_report(p, in->func, in->at, c, "`%s` is NULL here, and %s must get a token",
	                              value, in->callee);
	report_trail(r, in->func, in->trail, 0, value);
	report_step(r, in->func, in->at, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "%s does not take NULL", in->callee);
	report_pass_token(r, false, in->func, in->at, in->slot, in->token);
	if (in->before)
		report_step(r, ir_callee(&p->unit->funcs[in->func], &p->unit->funcs[in->func].instrs[in->at]),
		            in->before, STEP_ENTER, "", "it is used here, whatever it is");
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_NULL_TOKEN)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "null-context",
        .summary = "NULL is passed for a token that must not be NULL",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 476,
        .since = "0.3",
        .run = run,
};
