#include "pass.h"

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[at]);
	return callee ? p->unit->funcs[callee].display : "the call";
}

static const char *noun_of(const struct pass *p, const struct ineffective *e)
{
	const struct api_family *f = e->role ? apimodel_family(p->api, e->role->family) : NULL;
	return f ? f->noun : "request";
}

static struct report *headline(struct pass *p, const struct ineffective *e)
{
	const char *name = callee_at(p, e->func, e->at);
	const char *subject = e->subject ? pass_value(p, e->func, e->subject) : "";
	switch (e->kind) {
	case INEFFECTIVE_UNSEEN:
		return pass_report(
		        p, e->func, e->at, e->ends_early ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM,
		        "nothing looks at `%s`, the token that %s makes: that it is cancelled has no effect",
		        *subject ? subject : "it", callee_at(p, e->func, e->made));
	case INEFFECTIVE_UNASKED:
		return pass_report(p, e->func, e->at, CONFIDENCE_HIGH,
		                   "nobody has a token of `%s`: that it is cancelled has no effect",
		                   *subject ? subject : "it");
	case INEFFECTIVE_EMPTY:
		return pass_report(p, e->func, e->at, CONFIDENCE_HIGH,
		                   "nothing is started in the group `%s` that is waited for",
		                   *subject ? subject : "it");
	case INEFFECTIVE_OFF:
		return pass_report(p, e->func, e->at, CONFIDENCE_MEDIUM,
		                   "the %s that %s sets has no effect: it is never enabled", noun_of(p, e),
		                   name);
	case INEFFECTIVE_DISABLED:
		return pass_report(p, e->func, e->at, CONFIDENCE_HIGH,
		                   "the %s that %s sets has no effect: it was disabled", noun_of(p, e), name);
	case INEFFECTIVE_MASKED:
		return pass_report(p, e->func, e->at, CONFIDENCE_HIGH,
		                   "%s has no effect on %s, which disables cancellation for all of its body",
		                   name, p->unit->funcs[e->entry].display);
	case INEFFECTIVE_NO_POINT:
		return pass_report(p, e->func, e->at, CONFIDENCE_MEDIUM,
		                   "%s has no effect on %s, which has no cancellation point", name,
		                   p->unit->funcs[e->entry].display);
	default:
		return pass_report(p, e->func, e->at, CONFIDENCE_MEDIUM,
		                   "%s attaches its handler after the call that it could interrupt, and it "
		                   "is removed at once",
		                   name);
	}
}

static const char *what_other(const struct ineffective *e)
{
	switch (e->kind) {
	case INEFFECTIVE_UNSEEN:
		return "%s is not given it";
	case INEFFECTIVE_EMPTY:
		return "%s has nothing to wait for";
	case INEFFECTIVE_LATE:
		return "%s has returned by then";
	default:
		return "%s disables it";
	}
}

static void report(struct pass *p, const struct ineffective *e)
{
	const char *name = callee_at(p, e->func, e->at);
	struct report *r = headline(p, e);
	report_step(r, e->func, e->made ? e->made : e->at, STEP_EVENT,
	            pass_basis(p, e->model, e->made ? callee_at(p, e->func, e->made) : name),
	            e->made == e->at || !e->made ? "set up here" : "the token is made here");
	if (e->made && e->made != e->at)
		report_step(r, e->func, e->at, STEP_EVENT, "", "%s is to end it, or does", name);
	if (e->other.func)
		report_step(r, e->other.func, e->other.at, STEP_EVENT, "", what_other(e),
		            callee_at(p, e->other.func, e->other.at));
	else if (e->entry)
		report_step(r, e->entry, 0, STEP_NOTE, "", "the body of the thread");
}

static void run(struct pass *p)
{
	struct ineffective e = {0};
	while (solve_next_ineffective(p->solution, &e))
		if (!pass_is_test(p, e.func))
			report(p, &e);
}

const struct rule cancelint_rule = {
        .id = "ineffective-cancel",
        .summary = "a cancel or timeout is set up that can have no effect",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 561,
        .since = "0.3",
        .run = run,
};
