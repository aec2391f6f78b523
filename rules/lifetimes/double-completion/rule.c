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
	const char *given = in->value ? pass_value(p, in->func, in->value) : in->name;
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

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_COMPLETED_TWICE)
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
