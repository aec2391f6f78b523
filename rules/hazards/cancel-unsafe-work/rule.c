#include "pass.h"

#include "arena.h"

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return p->unit->funcs[ir_callee(f, &f->instrs[i])].display;
}

static const char *basis(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	const struct api_func *model = p->program->described[callee];
	return model ? pass_basis(p, model, callee_at(p, func, i)) : "";
}

/* "when it is cancelled in ctx_read", "when it gives up after ctx_is_done" */
static const char *where(const struct pass *p, const struct half_done *h)
{
	return arena_printf(p->arena, "%s %s",
	                    h->polls ? "when it gives up after" : "when it is cancelled in",
	                    callee_at(p, h->func, h->at));
}

static const char *what(const struct pass *p, const struct half_done *h)
{
	const char *first = callee_at(p, h->func, h->first), *at = where(p, h);
	const char *self = p->unit->funcs[h->func].display;
	if (h->kind == HALF_FILE)
		return arena_printf(p->arena, "%s leaves the file that %s made half written %s", self, first,
		                    at);
	if (h->kind == HALF_THREAD)
		return arena_printf(p->arena, "the thread may end in %s, and what %s did before is lost",
		                    callee_at(p, h->func, h->at), first);
	return arena_printf(p->arena, "%s forgets how far it got %s: whoever goes on starts in the middle",
	                    self, at);
}

static void report_exit(struct report *r, const struct pass *p, const struct half_done *h)
{
	if (h->kind == HALF_THREAD)
		report_step(r, h->cancel.func, h->cancel.at, STEP_EVENT,
		            basis(p, h->cancel.func, h->cancel.at), "%s cancels the thread here",
		            p->unit->funcs[h->cancel.func].display);
	if (h->leaves)
		report_step(r, h->func, h->leaves, STEP_EXIT, "", "then the function is left here");
	if (h->again.func)
		report_step(r, h->again.func, h->again.at, STEP_EVENT, "", "and the work begins anew here");
	else if (h->kind == HALF_FILE)
		report_step(r, h->func, h->next, STEP_NOTE, "",
		            "what this would write is missing in the file");
	else if (h->next != h->first)
		report_step(r, h->func, h->next, STEP_NOTE, "", "this step is not made then");
}

static void report(void *ctx, const struct half_done *h)
{
	struct pass *p = ctx;
	struct report *r = pass_report(p, h->func, h->at, CONFIDENCE_LOW, "%s", what(p, h));
	const char *first = callee_at(p, h->func, h->first);
	report_step(r, h->func, h->first, STEP_EVENT, basis(p, h->func, h->first),
	            h->kind == HALF_FILE ? "%s makes or empties the file"
	                                 : "first effect: %s moves on in the stream",
	            first);
	report_step(r, h->func, h->at, STEP_EVENT, basis(p, h->func, h->at),
	            h->polls ? "%s says that the work is cancelled" : "%s may be cancelled",
	            callee_at(p, h->func, h->at));
	report_exit(r, p, h);
}

static void run(struct pass *p)
{
	solve_half_done(p->solution, report, p);
}

const struct rule cancelint_rule = {
        .id = "cancel-unsafe-work",
        .summary = "partial work is lost when cancellation strikes between two steps",
        .severity = SEVERITY_NOTE,
        .usual_confidence = CONFIDENCE_LOW,
        .opt_in = true,
        .cwe = 459,
        .since = "0.3",
        .run = run,
};
