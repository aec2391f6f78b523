#include "pass.h"

static const char *name_of(const struct pass *p, uint32_t func)
{
	return p->unit->funcs[func].display;
}

static void report(void *ctx, const struct loop_block *b)
{
	struct pass *p = ctx;
	bool nested = b->site->waits == API_WAITS_LOOP;
	struct report *r = pass_report(
	        p, b->func, b->at, CONFIDENCE_MEDIUM,
	        nested ? "%s runs a loop inside %s, which runs on a loop itself"
	               : "%s waits inside %s, which runs on an event loop: nothing else runs meanwhile",
	        b->site->callee, name_of(p, b->entry));
	report_step(r, b->starter, b->started, STEP_EVENT, "", "%s is registered here", name_of(p, b->entry));
	if (b->chain)
		report_step(r, b->func, b->at, STEP_CALL, "", "it leads here: %s", b->chain);
	report_step(r, b->func, b->at, STEP_EVENT, pass_basis(p, b->site->model, b->site->callee), "%s waits",
	            b->site->callee);
}

static void report_far(struct pass *p, const struct loop_block *b)
{
	const char *entry = name_of(p, b->entry);
	struct report *r =
	        pass_report(p, b->func, b->at, CONFIDENCE_MEDIUM,
	                    "%s waits inside %s, which runs on an event loop: nothing else runs meanwhile",
	                    b->model->name, entry);
	report_step(r, b->starter, b->started, STEP_EVENT, "", "%s is registered here", entry);
	report_step(r, b->func, b->at, STEP_ENTER, "", "it leads there: %s", b->chain);
	report_elsewhere(r, &b->far, b->chain);
}

static void tell(void *ctx, const struct loop_block *b)
{
	if (b->model)
		report_far(ctx, b);
	else
		report(ctx, b);
}

static void run(struct pass *p)
{
	solve_loop_blocks(p->solution, tell, p);
}

const struct rule cancelint_rule = {
        .id = "blocking-in-callback",
        .summary = "a blocking call is reachable from an event-loop callback",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .opt_in = true,
        .cwe = 400,
        .since = "0.3",
        .run = run,
};
