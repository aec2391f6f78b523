#include "pass.h"

#include "arena.h"

static const char *display(const struct pass *p, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_is_call(&f->instrs[call]) ? ir_callee(f, &f->instrs[call]) : 0;
	return callee ? p->unit->funcs[callee].display : "the call";
}

static const struct api_func *model(const struct pass *p, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return p->program->described[ir_callee(f, &f->instrs[call])];
}

static void report_pile(struct pass *p, const struct pile *w)
{
	const struct ir_func *f = &p->unit->funcs[w->func];
	const char *name = pass_value(p, w->func, w->container), *made = display(p, w->func, w->made);
	bool given = f->vals[w->container].kind == IR_VAL_PARAM;
	name = *name ? arena_printf(p->arena, "`%s`", name) : "a container";
	struct report *r = pass_report(
	        p, w->func, w->call, given ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
	        "each turn puts what %s made into %s, which is emptied behind the loop: they pile up, for %s",
	        made, name,
	        w->endless ? "nothing leaves the loop" : "the loop ends only when its source does");
	report_step(r, w->func, w->made, STEP_EVENT, pass_basis(p, model(p, w->func, w->made), made),
	            "it is made here, in each turn");
	report_step(r, w->func, w->call, STEP_EVENT, pass_basis(p, model(p, w->func, w->call), ""),
	            "its release is left to %s", name);
	report_step(r, w->func, pass_loop(p, w->func, w->loop), STEP_NOTE, "",
	            w->endless ? "nothing leaves this loop"
	                       : "the loop goes on until there is nothing more to read");
}

static void report_early(struct pass *p, const struct pile *w)
{
	const char *handler = display(p, w->func, w->call), *made = display(p, w->func, w->made);
	struct report *r =
	        pass_report(p, w->func, w->call, CONFIDENCE_MEDIUM,
	                    "%s is registered before %s makes the handle: it keeps the old value, and "
	                    "releases nothing",
	                    handler, made);
	report_step(r, w->func, w->call, STEP_EVENT, "", "what %s will get is settled here", handler);
	report_step(r, w->func, w->made, STEP_EVENT, pass_basis(p, model(p, w->func, w->made), made),
	            "the handle is made here, too late for %s", handler);
}

static void report_vacant(struct pass *p, const struct incident *in)
{
	const char *name = *in->name ? arena_printf(p->arena, "`%s`", in->name) : "a handle";
	const char *release = display(p, in->func, in->at);
	struct report *r = pass_report(p, in->func, in->at, in->widened ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
	                               "%s gets %s on a path where %s failed: there is nothing to release",
	                               release, name, in->callee);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "%s would have been made here", name);
	report_trail(r, in->func, in->trail, in->site, name);
	report_step(r, in->func, in->at, STEP_EVENT, "", "%s is called all the same", release);
}

static void run(struct pass *p)
{
	struct pile w = {0};
	while (solve_next_pile(p->solution, &w))
		(w.bound_early ? report_early : report_pile)(p, &w);
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_NEVER_MADE)
			report_vacant(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "misplaced-cleanup",
        .summary = "clean-up runs too late, piles up, or runs on something that does not exist",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 459,
        .since = "0.2",
        .run = run,
};
