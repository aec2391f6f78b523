#include "pass.h"

/* The callback ended its own source and left the id behind; then the id is removed. */
static void report_stale(struct pass *p, const struct field_stale *s)
{
	const char *callback = p->unit->funcs[s->returns.func].display;
	struct report *r =
	        pass_report(p, s->removal.func, s->removal.at, CONFIDENCE_MEDIUM,
	                    "%s gets `%s` although %s may have ended that source: the id is stale, or "
	                    "another source's by now",
	                    s->remover, s->field, callback);
	report_step(r, s->store.func, s->store.at, STEP_EVENT, pass_basis(p, s->model, s->starter),
	            "`%s` gets the id of a source that runs %s", s->field, callback);
	report_step(r, s->returns.func, s->returns.at, STEP_EVENT, "",
	            "here %s ends the source by what it returns, and `%s` keeps the id", callback, s->field);
	report_step(r, s->removal.func, s->removal.at, STEP_EVENT, "", "this removes the id once more");
}

static void run(struct pass *p)
{
	const struct field_faults *f = solve_fields(p->solution);
	for (uint32_t i = 0; i < f->nstale; i++)
		report_stale(p, &f->stale[i]);
}

const struct rule cancelint_rule = {
        .id = "leaked-timer",
        .summary = "a timer is not stopped, is stopped twice, or fires after its owner is gone",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
