#include "pass.h"

#include "arena.h"

static const char *noun(const struct incident *in)
{
	return in->family && in->family->noun ? in->family->noun : "handle";
}

static enum confidence confidence_of(const struct incident *in)
{
	if (in->widened)
		return in->inferred ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
	return in->inferred ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static const char *display(const struct pass *p, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_is_call(&f->instrs[call]) ? ir_callee(f, &f->instrs[call]) : 0;
	return callee ? p->unit->funcs[callee].display : "a call";
}

static void report(struct pass *p, const struct incident *in)
{
	const char *name = *in->name ? arena_printf(p->arena, "`%s`", in->name)
	                             : arena_printf(p->arena, "the %s", noun(in));
	const char *subject = *in->name ? arena_printf(p->arena, "the %s in `%s`", noun(in), in->name) : name;
	const char *by = display(p, in->func, in->by);
	bool again = in->by == in->site;
	struct report *r =
	        pass_report(p, in->func, in->site, confidence_of(in),
	                    "%s made by %s is overwritten %s before it is released", subject, in->callee,
	                    again ? "in the next turn" : arena_printf(p->arena, "by that of %s", by));
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "%s is made here", again ? name : arena_printf(p->arena, "the first handle in %s", name));
	report_trail(r, in->func, in->trail, in->site, name);
	report_step(r, in->func, in->at, STEP_EXIT, "",
	            "here %s gets another handle, and nothing else names the first one", name);
	if (in->by_released)
		report_step(r, in->func, in->by_released, STEP_NOTE, "", "this releases the last one alone");
}

/* A field gets a new handle in a function that may run again. */
static void report_field(struct pass *p, const struct field_overwrite *o)
{
	static const enum confidence confidence[] = {[FIELD_WEAK] = CONFIDENCE_LOW,
	                                             [FIELD_LIKELY] = CONFIDENCE_MEDIUM,
	                                             [FIELD_SURE] = CONFIDENCE_HIGH};
	const char *function = p->unit->funcs[o->store.func].display;
	struct report *r = pass_report(
	        p, o->store.func, o->store.at, confidence[o->certainty],
	        "`%s` gets a new %s from %s, and the one from an earlier call of %s is "
	        "neither released nor known to be none",
	        o->field, o->family && o->family->noun ? o->family->noun : "handle", o->callee, function);
	report_step(r, o->store.func, o->store.at, STEP_EVENT, pass_basis(p, o->model, o->callee),
	            "an earlier call stores a handle here, and a later one stores the next over it");
	if (o->release.func)
		report_step(r, o->release.func, o->release.at, STEP_NOTE, "",
		            "this releases the last one alone");
}

/* What a call makes may be two things by its model; the store is told once. */
static bool told_better(const struct field_faults *fields, uint32_t i)
{
	const struct field_overwrite *o = &fields->overwrites[i];
	for (uint32_t k = 0; k < fields->noverwrites; k++) {
		const struct field_overwrite *other = &fields->overwrites[k];
		if (k != i && other->store.func == o->store.func && other->store.at == o->store.at &&
		    (other->certainty > o->certainty || (other->certainty == o->certainty && k < i)))
			return true;
	}
	return false;
}

/* The program's entry has started something for as long as the program runs. */
static bool lasts(const struct pass *p, const struct incident *in)
{
	return pass_is_main(p, in->func) && solve_left_to_loop(p->solution, in->func, in->site);
}

static void run(struct pass *p)
{
	const struct field_faults *fields = solve_fields(p->solution);
	for (uint32_t i = 0; i < fields->noverwrites; i++)
		if (!told_better(fields, i))
			report_field(p, &fields->overwrites[i]);
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_OVERWRITTEN &&
		    !lasts(p, &p->solution->incidents[i]) && !pass_is_memory(p, &p->solution->incidents[i]))
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "overwritten-handle",
        .summary = "a live handle is overwritten before it is released",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
