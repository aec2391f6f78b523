#include "pass.h"

#include "arena.h"

static const char *noun(const struct incident *in)
{
	return in->family && in->family->noun ? in->family->noun : "operation";
}

/* What is completed on no path at all may be left to whoever waits for the function itself. */
static enum confidence confidence_of(const struct incident *in)
{
	bool nowhere = in->is_param && !in->elsewhere;
	return in->widened || in->unseen || nowhere ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

static const char *spelling(struct pass *p, const struct incident *in)
{
	return *in->name ? arena_printf(p->arena, "the %s `%s`", noun(in), in->name)
	                 : arena_printf(p->arena, "the %s", noun(in));
}

/* In the function that began it, at the beginning; in one that was handed it, at the exit. */
static void report(struct pass *p, const struct incident *in)
{
	const char *name = spelling(p, in), *function = p->unit->funcs[in->func].display;
	struct report *r = pass_report(p, in->func, in->is_param ? in->at : in->site, confidence_of(in),
	                               in->is_param ? "%s was handed to %s, which ends here without "
	                                              "completing it: whoever waits for it waits for ever"
	                                            : "%s is neither completed nor handed on before %s "
	                                              "returns: whoever waits for it waits for ever",
	                               name, function);
	if (in->is_param)
		report_step(r, in->func, 0, STEP_EVENT, "", "%s gets %s", function, name);
	else
		report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
		            "%s begins here", name);
	report_trail(r, in->func, in->trail, in->is_param ? 0 : in->site, name);
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_NEVER_COMPLETED)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "never-completed",
        .summary = "an operation can end on a path without being completed",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
