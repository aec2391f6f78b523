#include "pass.h"

#include "arena.h"

static const char *name_of(const struct pass *p, uint32_t func)
{
	return p->unit->funcs[func].display;
}

static const char *callee_of(const struct pass *p, const struct wrong_thread *w)
{
	const struct ir_func *f = &p->unit->funcs[w->func];
	if (w->far.line)
		return w->model->name;
	return p->program->described[w->entry] ? name_of(p, w->entry)
	                                       : name_of(p, ir_callee(f, &f->instrs[w->at]));
}

static const char *owner(const struct pass *p, const struct wrong_thread *w)
{
	const char *name = w->object ? pass_value(p, w->func, w->object) : "";
	if (!w->bound)
		return "the thread that the program starts with";
	return *name ? arena_printf(p->arena, "the thread of `%s`", name) : "the thread of its object";
}

static void report(void *ctx, const struct wrong_thread *w)
{
	struct pass *p = ctx;
	const char *callee = callee_of(p, w);
	bool direct = p->program->described[w->entry] != NULL;
	struct report *r =
	        direct ? pass_report(p, w->func, w->at, CONFIDENCE_MEDIUM,
	                             "%s is started as a thread of its own, and may run on %s only", callee,
	                             owner(p, w))
	               : pass_report(p, w->func, w->at, CONFIDENCE_MEDIUM,
	                             "%s is called on the thread of %s, and may be called on %s only", callee,
	                             name_of(p, w->entry), owner(p, w));
	if (!direct)
		report_step(r, w->starter, w->started, STEP_EVENT, "", "%s is started here",
		            name_of(p, w->entry));
	if (w->chain)
		report_step(r, w->func, w->at, w->far.line ? STEP_ENTER : STEP_CALL, "", "it leads %s: %s",
		            w->far.line ? "there" : "here", w->chain);
	if (w->far.line)
		report_elsewhere(r, &w->far, w->chain);
	else
		report_step(r, w->func, w->at, STEP_EVENT, pass_basis(p, w->model, callee),
		            "%s is bound to a thread", callee);
	if (w->owner)
		report_step(r, w->owner, w->owner_at, STEP_NOTE, "", "other side: %s uses the same object",
		            name_of(p, w->owner));
}

static void run(struct pass *p)
{
	solve_wrong_thread(p->solution, report, p);
}

const struct rule cancelint_rule = {
        .id = "cancel-from-wrong-thread",
        .summary = "a cancel or end call is made from a thread the API forbids",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 366,
        .since = "0.3",
        .run = run,
};
