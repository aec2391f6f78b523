#include "pass.h"

static const char *maker(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	return in->before && ir_is_call(&f->instrs[in->before])
	               ? p->unit->funcs[ir_callee(f, &f->instrs[in->before])].display
	               : "";
}

static bool is_test(const struct pass *p, const struct incident *in)
{
	return pass_is_test(p, in->func);
}

static enum confidence confidence_of(const struct pass *p, const struct incident *in)
{
	return in->widened || is_test(p, in) ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

static void report(struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct api_func *model = p->program->described[ir_callee(f, &f->instrs[in->before])];
	struct report *r = pass_report(
	        p, in->func, in->at, confidence_of(p, in),
	        "%s gets a token that %s made afresh although %s is at hand: the end of %s does not reach it",
	        in->callee, maker(p, in), in->chain, in->chain);
	report_step(r, in->func, 0, STEP_EVENT, "", "%s has %s here", f->display, in->chain);
	report_step(r, in->func, in->before, STEP_EVENT, pass_basis(p, model, maker(p, in)),
	            "a token that is nobody's child is made here");
	report_trail(r, in->func, in->trail, 0, in->chain);
	report_step(r, in->func, in->at, STEP_CALL, pass_basis(p, in->model, in->callee), "%s gets it here",
	            in->callee);
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_DETACHED)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "detached-context",
        .summary = "a fresh root is made and used although a live token is at hand",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 400,
        .since = "0.3",
        .run = run,
};
