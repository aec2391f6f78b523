#include "pass.h"

#include "arena.h"

static const char *callee_of(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
	return callee ? p->unit->funcs[callee].display : "a callee";
}

static const struct api_func *model_at(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return ir_is_call(&f->instrs[i]) ? p->program->described[ir_callee(f, &f->instrs[i])] : NULL;
}

static enum confidence confidence_of(const struct pass *p, const struct incident *in)
{
	bool inferred = !model_at(p, in->func, in->before) || !model_at(p, in->func, in->at);
	if (in->widened)
		return inferred ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
	return inferred ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static const char *spelling(const struct pass *p, const struct incident *in)
{
	const char *given = in->value ? pass_value(p, in->func, in->value) : "";
	given = *given ? given : in->name;
	return *given ? arena_printf(p->arena, "`%s`", given) : "the operation";
}

static void report(struct pass *p, const struct incident *in)
{
	const char *name = spelling(p, in);
	const char *first = callee_of(p, in->func, in->before), *second = callee_of(p, in->func, in->at);
	struct report *r = pass_report(
	        p, in->func, in->at, confidence_of(p, in),
	        "%s is completed a second time by %s: %s has completed it on this path", name, second, first);
	if (!in->is_param)
		report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
		            "%s begins here", name);
	report_step(r, in->func, in->before, STEP_EVENT,
	            pass_basis(p, model_at(p, in->func, in->before), first), "%s is completed here", name);
	report_trail_after(r, in->func, in->trail, in->before, name);
	report_step(r, in->func, in->at, STEP_EVENT, pass_basis(p, model_at(p, in->func, in->at), second),
	            "no return or test keeps the path from completing it again here");
}

/* The variable that a call was given first. */
static const char *given_to(const struct pass *p, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	const char *given = ir_nargs(in) ? pass_value(p, func, ir_arg(f, in, 0)) : "";
	return *given ? arena_printf(p->arena, "`%s`", given) : "the operation";
}

static void report_rivals(void *ctx, const struct rivals *r)
{
	struct pass *p = ctx;
	const char *other = p->unit->funcs[r->other].display;
	struct report *report;
	if (r->claimed)
		report = pass_report(
		        p, r->func, r->at, CONFIDENCE_MEDIUM,
		        "%s is completed here by %s whether or not it was still there to be taken "
		        "out: %s completes what it finds there, too",
		        given_to(p, r->func, r->at), callee_of(p, r->func, r->at), other);
	else if (r->member)
		report = pass_report(p, r->func, r->at, CONFIDENCE_MEDIUM,
		                     "%s is completed here by %s and also by %s, which runs when the token "
		                     "is done: nothing "
		                     "keeps the two from completing it both",
		                     given_to(p, r->func, r->at), callee_of(p, r->func, r->at), other);
	else if (r->completes)
		report = pass_report(
		        p, r->func, r->at, CONFIDENCE_MEDIUM,
		        "%s is completed here by %s and also by %s: nothing keeps the two callbacks "
		        "from completing it both",
		        given_to(p, r->func, r->at), callee_of(p, r->func, r->at), other);
	else
		report = pass_report(
		        p, r->func, r->at, CONFIDENCE_MEDIUM,
		        "`%s` is ended here by %s and also by the thread %s: whoever comes second ends "
		        "what may be somebody else's by then",
		        r->field, callee_of(p, r->func, r->at), other);
	report_step(report, r->starter, r->started, STEP_EVENT, "",
	            r->claimed     ? "it is taken out here, and nothing asks whether it was there"
	            : r->member    ? "it is registered here"
	            : r->completes ? "both callbacks are registered with the same data"
	                           : "the thread is waited for here");
	report_step(report, r->other, r->other_at, STEP_EVENT,
	            pass_basis(p, model_at(p, r->other, r->other_at), callee_of(p, r->other, r->other_at)),
	            "%s does so here", other);
}

/* The same two calls were met before, with what the first turn of a loop has for the operation. */
static bool is_told(const struct pass *p, uint32_t i)
{
	const struct incident *in = &p->solution->incidents[i];
	for (uint32_t k = 0; k < i; k++) {
		const struct incident *other = &p->solution->incidents[k];
		if (other->kind == in->kind && other->func == in->func && other->at == in->at &&
		    other->before == in->before)
			return true;
	}
	return false;
}

static void run(struct pass *p)
{
	solve_rivals(p->solution, report_rivals, p);
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_COMPLETED_TWICE && !is_told(p, i))
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "double-completion",
        .summary = "one operation is completed twice",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 675,
        .since = "0.2",
        .run = run,
};
