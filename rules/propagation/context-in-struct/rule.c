#include "pass.h"

static void report(struct pass *p, const struct kept_token *k)
{
	const struct ir_func *method = &p->unit->funcs[k->per_call];
	const char *type = p->unit->records[k->owner].name;
	struct report *r = pass_report(
	        p, k->func, k->store, CONFIDENCE_LOW,
	        "`%s` of `%s` keeps the token of one call, and %s is given another one with each call",
	        k->field, *type ? type : "a struct", method->display);
	if (method->loc)
		report_step(r, k->per_call, 0, STEP_NOTE, "", "%s takes a token of its own", method->display);
}

static void run(struct pass *p)
{
	struct kept_token k = {0};
	while (solve_next_kept_token(p->solution, &k))
		if (!pass_is_test(p, k.func))
			report(p, &k);
}

const struct rule cancelint_rule = {
        .id = "context-in-struct",
        .summary = "a token is kept in a long-lived struct whose functions also take one per call",
        .severity = SEVERITY_NOTE,
        .usual_confidence = CONFIDENCE_LOW,
        .opt_in = true,
        .since = "0.3",
        .run = run,
};
