#include "pass.h"

static const char *callee_of(const struct pass *p, const struct swallowed *w)
{
	const struct ir_func *f = &p->unit->funcs[w->func];
	uint32_t callee = ir_callee(f, &f->instrs[w->call]);
	return callee ? p->unit->funcs[callee].display : "the call";
}

static enum confidence confidence_of(const struct swallowed *w)
{
	if (w->how == SWALLOW_UNWINDING)
		return w->known ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	if (w->how == SWALLOW_CAUGHT)
		return w->known && w->end != SWALLOW_UNSURE ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	bool unsure = w->end <= SWALLOW_RETURNS && !w->unasked;
	return w->weak || unsure || (w->end == SWALLOW_CONVERTED && w->some_ways) ? CONFIDENCE_LOW
	                                                                          : CONFIDENCE_MEDIUM;
}

static const char *consequence(const struct swallowed *w)
{
	if (w->how == SWALLOW_UNWINDING)
		return "when the thread is cancelled there, the process aborts";
	switch (w->end) {
	case SWALLOW_SUCCESS:
		return "a success is reported although it was cancelled";
	case SWALLOW_CONVERTED:
		return "callers get another failure, and cannot tell that it was cancelled";
	case SWALLOW_RETRIES:
		return "it is tried again and again after it was cancelled";
	case SWALLOW_GOES_ON:
		return "the work goes on after it was cancelled";
	default:
		return "nobody learns that it was cancelled";
	}
}

static struct report *headline(struct pass *p, const struct swallowed *w)
{
	const char *name = callee_of(p, w);
	enum confidence c = confidence_of(w);
	switch (w->how) {
	case SWALLOW_IGNORED:
		return pass_report(p, w->func, w->at, c,
		                   "neither the result nor the error of %s is asked for: %s", name,
		                   consequence(w));
	case SWALLOW_DROPPED:
		return pass_report(p, w->func, w->at, c, "the error of %s is not passed on: %s", name,
		                   consequence(w));
	default:
		return pass_report(p, w->func, w->at, c, "`catch (%s)` around %s keeps what it caught: %s",
		                   *w->handler->type ? w->handler->type : "...", name, consequence(w));
	}
}

static void report(struct pass *p, const struct swallowed *w)
{
	const struct ir_func *f = &p->unit->funcs[w->func];
	const struct api_func *d = p->program->described[ir_callee(f, &f->instrs[w->call])];
	const char *name = callee_of(p, w);
	struct report *r = headline(p, w);
	report_step(r, w->func, w->call, STEP_CALL, pass_basis(p, d, name), "%s may be cancelled", name);
	if (w->at != w->call)
		report_step(r, w->func, w->at, STEP_EVENT, "", "%s",
		            w->handler ? "the handler begins" : "the outcome is lost here");
	if (w->some_ways)
		report_step(r, w->func, w->at, STEP_NOTE, "", "on some ways only it is passed on");
	if (w->shows && w->shows != w->at)
		report_step(r, w->func, w->shows, STEP_EVENT, "", "%s",
		            w->end == SWALLOW_RETRIES ? "back to the next try" : "and this follows");
}

static void report_resumed(void *ctx, const struct resumed *x)
{
	struct pass *p = ctx;
	const struct ir_func *f = &p->unit->funcs[x->func], *by = &p->unit->funcs[x->ender];
	uint32_t callee = ir_callee(f, &f->instrs[x->at]), end = ir_callee(by, &by->instrs[x->ends]);
	const char *name = callee ? p->unit->funcs[callee].display : "the call";
	if (pass_is_main(p, x->func) || pass_is_test(p, x->func))
		return;
	struct report *r =
	        pass_report(p, x->func, x->at, CONFIDENCE_MEDIUM,
	                    "%s begins the operation again after it was cancelled: %s asks %s", name,
	                    f->display, x->asked ? "only whether it failed" : "for no outcome");
	report_step(r, x->ender, x->ends, STEP_EVENT,
	            pass_basis(p, p->program->described[end], p->unit->funcs[end].display),
	            "%s ends it here: whoever waits for it is told that it was cancelled", by->display);
	if (x->starter != x->func || x->starts != x->at)
		report_step(r, x->starter, x->starts, STEP_EVENT, "", "and here it is started");
}

static void run(struct pass *p)
{
	struct swallowed w = {0};
	solve_resumed(p->solution, report_resumed, p);
	while (solve_next_swallowed(p->solution, &w))
		if (!pass_is_main(p, w.func) && !pass_is_test(p, w.func))
			report(p, &w);
}

const struct rule cancelint_rule = {
        .id = "swallowed-cancel",
        .summary = "the cancelled outcome is caught and not passed on",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 390,
        .since = "0.3",
        .run = run,
};
