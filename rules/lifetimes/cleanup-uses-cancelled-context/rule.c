#include "pass.h"

#include "arena.h"

#include <string.h>

static enum confidence confidence_of(const struct incident *in)
{
	return in->widened ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

static const char *token_of(const struct pass *p, const struct incident *in)
{
	const char *name = in->value ? pass_value(p, in->func, in->value) : "";
	return *name ? arena_printf(p->arena, "`%s`", name) : "the token";
}

/* Does a function of the library say that NULL is a token that is never done, and this one nothing else? */
static bool takes_null(const struct pass *p, const struct api_func *model)
{
	bool said = false;
	for (const struct api_role *r = api_role_of(model, API_ROLE_TOKEN); r;
	     r = api_role_next(model, API_ROLE_TOKEN, r))
		if (r->null_forbidden)
			return false;
	for (uint32_t i = 0; i < p->api->nfuncs && !said; i++) {
		const struct api_func *d = &p->api->funcs[i];
		const struct api_role *r =
		        strcmp(d->library, model->library) == 0 ? api_role_of(d, API_ROLE_TOKEN) : NULL;
		said = r && !r->null_forbidden && (r->given & (uint64_t)1 << API_NULL_IS);
	}
	return said;
}

static void propose(struct pass *p, struct report *r, const struct incident *in, const struct api_func *model)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct ir_instruction *call = &f->instrs[in->at];
	for (uint32_t k = 0; model && in->value && k < ir_nargs(call); k++)
		if (ir_strip_casts(f, ir_arg(f, call, k)) == ir_strip_casts(f, in->value) &&
		    takes_null(p, model))
			draft_argument(report_fix(r, true, "pass NULL: clean-up is not to be cancelled"),
			               in->func, in->at, k, "NULL");
}

static void report(struct pass *p, const struct incident *in)
{
	const char *token = token_of(p, in);
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct api_func *model = p->program->described[ir_callee(f, &f->instrs[in->at])];
	struct report *r =
	        pass_report(p, in->func, in->at, confidence_of(in),
	                    in->derived_token ? "%s gets %s, a child of a token that is done on this path: "
	                                        "it is done, too, and the call fails at once"
	                    : in->unseen ? "clean-up by %s gets %s, the token of the operation: when that "
	                                   "was cancelled, the call fails at once and cleans nothing up"
	                                 : "clean-up by %s gets %s, which is done on this path: the "
	                                   "call fails at once and cleans nothing up",
	                    in->callee, token);
	if (in->before)
		report_step(r, in->func, in->before, STEP_EVENT, "", "that it is done is seen here");
	else if (in->unseen)
		report_step(r, in->func, 0, STEP_NOTE, "",
		            "%s runs when the operation is left, however that was", f->display);
	else
		report_step(r, in->func, 0, STEP_NOTE, "", "%s only runs when it is done", f->display);
	report_trail_after(r, in->func, in->trail, in->before, token);
	report_step(r, in->func, in->at, STEP_EVENT, pass_basis(p, model, in->callee), "and %s gets it here",
	            in->callee);
	propose(p, r, in, model);
}

static bool told_already(const struct pass *p, const struct asked_late *a)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		if (in->kind == INCIDENT_CLEANUP_CANCELLED && in->func == a->func && in->at == a->cleanup)
			return true;
	}
	return false;
}

static const char *name_of_callee(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return p->unit->funcs[ir_callee(f, &f->instrs[i])].display;
}

/* The operation failed, perhaps because the token is done. */
static void report_asked_late(void *ctx, const struct asked_late *a)
{
	struct pass *p = ctx;
	const char *token = pass_value(p, a->func, a->token);
	const char *cleanup = name_of_callee(p, a->func, a->cleanup);
	const char *operation = name_of_callee(p, a->func, a->operation);
	if (told_already(p, a))
		return;
	struct report *r = pass_report(p, a->func, a->cleanup, CONFIDENCE_MEDIUM,
	                               "clean-up by %s gets `%s`, which may be what made %s fail: when it is "
	                               "done, the call fails at once and cleans nothing up",
	                               cleanup, token, operation);
	report_step(r, a->func, a->operation, STEP_EVENT, "", "%s gets `%s` here", operation, token);
	report_step(r, a->func, a->cleanup, STEP_EVENT, "", "%s gets it, too", cleanup);
	report_step(r, a->func, a->question, STEP_EVENT, "",
	            "whether the failure was that it is done is only asked here");
}

static void run(struct pass *p)
{
	solve_asked_late(p->solution, report_asked_late, p);
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_CLEANUP_CANCELLED)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "cleanup-uses-cancelled-context",
        .summary = "clean-up after cancellation runs with the cancelled token",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 459,
        .since = "0.2",
        .run = run,
};
