#include "pass.h"

static enum confidence confidence_of(const struct stale_use *u)
{
	if (u->kind == STALE_RESULT)
		return CONFIDENCE_MEDIUM;
	return u->end && u->cancels.func ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

static const char *data_name(const struct pass *p, const struct stale_use *u)
{
	const struct ir_func *f = &p->unit->funcs[u->entry];
	const char *record = p->unit->records[u->record].name;
	(void)f;
	return *record ? record : "object";
}

static void report_given(struct pass *p, const struct stale_use *u)
{
	struct report *r = pass_report(
	        p, u->entry, u->use, confidence_of(u),
	        "%s uses the result it is given although there is none when %s failed or was cancelled",
	        p->unit->funcs[u->entry].display, u->callee);
	report_step(r, u->start.func, u->start.at, STEP_EVENT, pass_basis(p, u->model, u->callee),
	            "%s starts it", u->callee);
	report_step(r, u->entry, 0, STEP_CALL, "", "the callback is told of the failure, and gets no result");
	report_step(r, u->entry, u->use, STEP_EVENT, "", "which is used here");
}

static void report_result(struct pass *p, const struct stale_use *u)
{
	const struct ir_func *f = &p->unit->funcs[u->entry];
	if (!u->fetch) {
		report_given(p, u);
		return;
	}
	const char *name = p->unit->funcs[ir_callee(f, &f->instrs[u->fetch])].display;
	struct report *r = pass_report(p, u->entry, u->use, confidence_of(u),
	                               "the result of %s is used although it failed or was cancelled", name);
	report_step(r, u->start.func, u->start.at, STEP_EVENT, pass_basis(p, u->model, u->callee),
	            "%s starts it", u->callee);
	report_step(r, u->entry, u->fetch, STEP_CALL, "", "%s gives NULL when it was cancelled", name);
	report_step(r, u->entry, u->use, STEP_EVENT, "", "which is used here");
}

static void report_lost(struct pass *p, const struct stale_use *u)
{
	struct report *r = pass_report(
	        p, u->entry, u->use, CONFIDENCE_MEDIUM,
	        "the result that %s is given is lost when the task was cancelled: nothing frees it",
	        u->callee);
	report_step(r, u->entry, u->fetch, STEP_EVENT, "", "made here");
	report_step(r, u->entry, u->use, STEP_CALL, pass_basis(p, u->model, u->callee),
	            "a cancelled task gives its caller an error instead");
}

static void report_owner(struct pass *p, const struct stale_use *u)
{
	const struct ir_func *f = &p->unit->funcs[u->entry];
	const char *what = data_name(p, u);
	const char *when = u->kind == STALE_AFTER ? "although the operation was cancelled"
	                   : u->fetch || u->asked ? "before it is known whether the operation was cancelled"
	                                          : "and nothing asks whether the operation was cancelled";
	struct report *r = pass_report(p, u->entry, u->use, confidence_of(u),
	                               "%s uses the %s %s: it may be gone by then", f->display, what, when);
	report_step(r, u->start.func, u->start.at, STEP_EVENT, pass_basis(p, u->model, u->callee),
	            "%s gets the %s without a reference", u->callee, what);
	if (u->cancels.func)
		report_step(r, u->cancels.func, u->cancels.at, STEP_EVENT, "",
		            "its end cancels the operation, whose callback runs later");
	else if (u->end)
		report_step(r, u->end, 0, STEP_NOTE, "", "this ends it");
	if (u->fetch)
		report_step(r, u->entry, u->fetch, STEP_CALL, "", "the outcome is fetched here");
	report_step(r, u->entry, u->use, STEP_EVENT, "", "the use");
}

struct restarts_told {
	struct pass *p;
	uint32_t func;
	ir_instr start;
};

/* The object was told to end, and goes on. */
static void report_restart(void *ctx, const struct restart *x)
{
	struct restarts_told *told = ctx;
	struct pass *p = told->p;
	const struct ir_func *f = &p->unit->funcs[x->func];
	uint32_t callee = ir_callee(f, &f->instrs[x->start]);
	const char *name = p->unit->funcs[callee].display, *by = p->unit->funcs[x->by].display;
	if ((told->func == x->func && told->start == x->start) || pass_is_test(p, x->func))
		return;
	told->func = x->func;
	told->start = x->start;
	struct report *r =
	        pass_report(p, x->func, x->start, CONFIDENCE_LOW,
	                    "%s starts `%s` again without asking `%s`: where %s has ended it, nothing ends "
	                    "it any more",
	                    name, x->kept, x->flag, by);
	report_step(r, x->by, x->said, STEP_EVENT, "", "`%s` says here that the object ends", x->flag);
	report_step(r, x->by, x->ended, STEP_EVENT, "", "and `%s` is ended", x->kept);
	report_step(r, x->func, x->start, STEP_EVENT, pass_basis(p, p->program->described[callee], name),
	            "it is started here, whatever was said");
}

static void run(struct pass *p)
{
	struct restarts_told told = {.p = p};
	solve_restarts(p->solution, report_restart, &told);
	const struct field_faults *fields = solve_fields(p->solution);
	for (uint32_t i = 0; i < fields->nstale_uses; i++) {
		const struct stale_use *u = &fields->stale_uses[i];
		if (pass_is_test(p, u->entry))
			continue;
		if (u->kind == STALE_LOST)
			report_lost(p, u);
		else if (u->kind == STALE_RESULT)
			report_result(p, u);
		else
			report_owner(p, u);
	}
}

const struct rule cancelint_rule = {
        .id = "stale-owner-after-cancel",
        .summary = "the callback of a cancelled operation touches a dead owner or trusts its result",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 416,
        .since = "0.3",
        .run = run,
};
