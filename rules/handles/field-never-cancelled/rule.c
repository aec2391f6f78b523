#include "pass.h"

#include "arena.h"

static const char *noun(const struct field_leak *l)
{
	return l->family && l->family->noun ? l->family->noun : l->runs ? "id" : "handle";
}

static const char *what_it_holds(struct pass *p, const struct field_leak *l)
{
	return l->runs ? arena_printf(p->arena, "what %s started", l->callee)
	               : arena_printf(p->arena, "a %s from %s", noun(l), l->callee);
}

static const char *what_is_missing(struct pass *p, const struct field_leak *l)
{
	if (l->fault == FIELD_STARTED_AGAIN)
		return "may start it anew after it has ended it: it runs on and gets an object that is gone";
	if (l->fault == FIELD_NOT_CANCELLED)
		return "releases it without cancelling it: what was started with it still gets the object";
	if (l->runs && l->started.func)
		return "does not end it: it runs on and gets an object that is gone";
	if (l->family && l->family->release && *l->family->release)
		return arena_printf(p->arena, "does not release it: %s is missing", l->family->release);
	return "does not release it";
}

static void steps(struct pass *p, struct report *r, const struct field_leak *l)
{
	report_step(r, l->store.func, l->store.at, STEP_EVENT, pass_basis(p, l->model, l->callee),
	            "`%s` gets %s here", l->field, what_it_holds(p, l));
	if (l->fault == FIELD_STARTED_AGAIN)
		report_step(r, l->started.func, l->started.at, STEP_EVENT, "",
		            "this may start it anew, and nothing ends it before the object is freed");
	else if (l->started.func && l->started.at != l->store.at)
		report_step(r, l->started.func, l->started.at, STEP_EVENT, "",
		            "this gets the object without a reference of its own");
	if (l->end)
		report_step(r, l->end, 0, STEP_EVENT, "", "an object ends here");
	if (l->cancelled.func)
		report_step(r, l->cancelled.func, l->cancelled.at, STEP_NOTE, "",
		            "it is cancelled here, and still owed a release");
	if (l->mistaken.func)
		report_step(r, l->mistaken.func, l->mistaken.at, STEP_NOTE, "",
		            "this call does not end what %s started", l->callee);
	if (l->released.func)
		report_step(r, l->released.func, l->released.at, STEP_NOTE, "",
		            l->fault == FIELD_STARTED_AGAIN ? "`%s` is ended here"
		                                            : "`%s` is only released here",
		            l->field);
	if (l->sibling.func && l->fault == FIELD_NOT_RELEASED)
		report_step(r, l->sibling.func, l->sibling.at, STEP_NOTE, "",
		            "its neighbour `%s` is ended here", l->sibling_field);
	if (l->elsewhere.func && l->cancelled.func)
		report_step(r, l->elsewhere.func, l->elsewhere.at, STEP_NOTE, "",
		            "another end of the object releases it here");
	else if (l->elsewhere.func)
		report_step(r, l->elsewhere.func, l->elsewhere.at, STEP_NOTE, "",
		            "`%s` is released here, which need not have happened by then", l->field);
}

static void report(struct pass *p, const struct field_leak *l)
{
	static const enum confidence confidence[] = {[FIELD_WEAK] = CONFIDENCE_LOW,
	                                             [FIELD_LIKELY] = CONFIDENCE_MEDIUM,
	                                             [FIELD_SURE] = CONFIDENCE_HIGH};
	const char *type = p->unit->records[l->record].name;
	const char *fault = l->end ? arena_printf(p->arena, "%s %s", p->unit->funcs[l->end].display,
	                                          what_is_missing(p, l))
	                           : "there is no teardown that ends it";
	struct report *r = pass_report(p, l->end ? l->end : l->store.func, l->end ? 0 : l->store.at,
	                               confidence[l->certainty], "`%s` of %s holds %s, and %s", l->field,
	                               *type ? type : "an object", what_it_holds(p, l), fault);
	steps(p, r, l);
}

/* Threads in a container: each of them is owed a join. */
static void report_contained(void *ctx, const struct contained_member *m)
{
	struct pass *p = ctx;
	const struct ir_unit *u = p->unit;
	const struct ir_func *f = &u->funcs[m->func];
	const char *starter = u->funcs[ir_callee(f, &f->instrs[m->start])].display;
	const char *by = m->end ? u->funcs[m->end].display : "the end of the object";
	struct report *r = pass_report(
	        p, m->end ? m->end : m->func, m->end ? 0 : m->start, CONFIDENCE_MEDIUM,
	        "`%s` of %s holds threads from %s, and %s does not join them: a thread that was not "
	        "joined ends the program then",
	        m->field, u->records[m->record].name, starter, by);
	report_step(r, m->func, m->start, STEP_EVENT, "", "`%s` gets a thread here", m->field);
	if (m->end)
		report_step(r, m->end, 0, STEP_EVENT, "", "an object ends here");
}

static void run(struct pass *p)
{
	const struct field_faults *f = solve_fields(p->solution);
	for (uint32_t i = 0; i < f->nleaks; i++)
		report(p, &f->leaks[i]);
	solve_members_lost(p->solution, report_contained, p);
}

const struct rule cancelint_rule = {
        .id = "field-never-cancelled",
        .summary = "an object holds a handle in a field and its teardown does not end it",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
