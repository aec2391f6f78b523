#include "pass.h"

#include "arena.h"

#include <string.h>

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

static const char *release_hint(const struct incident *in)
{
	return in->family && in->family->release && *in->family->release ? in->family->release
	                                                                 : "its release";
}

static void report(struct pass *p, const struct incident *in)
{
	const char *name = *in->name ? arena_printf(p->arena, "`%s`", in->name)
	                             : arena_printf(p->arena, "the %s", noun(in));
	const char *subject = *in->name ? arena_printf(p->arena, "the %s `%s`", noun(in), in->name) : name;
	const char *end = in->kind == INCIDENT_OWED_AFTER_TURN
	                          ? "the turn of the loop is over"
	                          : arena_printf(p->arena, "%s returns", p->unit->funcs[in->func].display);
	struct report *r =
	        pass_report(p, in->func, in->site, confidence_of(in),
	                    "%s made by %s is not released %s: %s is missing before %s", subject, in->callee,
	                    in->elsewhere ? "on every path" : "on this path", release_hint(in), end);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "%s is made here", name);
	report_trail(r, in->func, in->trail, in->site, name);
	if (in->holder_freed)
		report_step(r, in->func, in->holder_freed, STEP_NOTE, "",
		            "the object that holds %s is freed here", name);
	if (in->elsewhere)
		report_step(r, in->func, in->elsewhere, STEP_NOTE, "", "another path releases %s here", name);
}

/* What does not end by itself: who takes it off on one path is to do so on all. */
static bool is_left_handler(const struct incident *in)
{
	bool ends = api_role_of(in->model, API_ROLE_SPAWN) && !api_role_of(in->model, API_ROLE_CONNECT);
	return in->kind == INCIDENT_OWED_AT_EXIT && in->elsewhere && !in->family->timer && in->model && !ends;
}

/* A handle whose last name is gone is not released either; rules that say how it was lost come first. */
static bool concerns(const struct pass *p, const struct incident *in)
{
	if (in->family && in->family->weak)
		return is_left_handler(in);
	if (in->kind == INCIDENT_OWED_AT_EXIT)
		return true;
	if (in->kind == INCIDENT_OWED_AFTER_TURN)
		return !solve_incident_too(p->solution, in, INCIDENT_OWED_AT_EXIT) &&
		       !solve_incident_too(p->solution, in, INCIDENT_TASK_LOST);
	bool lost = in->kind == INCIDENT_OVERWRITTEN ||
	            (in->kind == INCIDENT_DISCARDED && !solve_may_be_let_go(p->solution, in));
	return lost && !pass_is_memory(p, in) && pass_can_return(p, in->func, in->site) &&
	       !solve_incident_too(p->solution, in, INCIDENT_OWED_AT_EXIT);
}

static bool is_defect(const struct pass *p, const struct incident *in)
{
	return concerns(p, in) && !pass_is_main(p, in->func) && !solve_left_by_end(p->solution, in) &&
	       !solve_bound_early(p->solution, in->func, in->site) &&
	       !solve_set_up_for_loop(p->solution, in->func, in->site) &&
	       !solve_walks_elements(p->solution, in->func, in->site, in->at);
}

/* One call has made both ends of a pipe: to tell of one is enough. */
static bool told_already(const struct pass *p, uint32_t i)
{
	const struct incident *all = p->solution->incidents;
	for (uint32_t k = i; k-- > 0 && all[k].func == all[i].func;)
		if (all[k].site == all[i].site && all[k].kind == all[i].kind &&
		    strcmp(all[k].name, all[i].name) == 0 && is_defect(p, &all[k]))
			return true;
	return false;
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (is_defect(p, &p->solution->incidents[i]) && !told_already(p, i))
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "missing-cancel",
        .summary = "an owned handle is not released or handed over on some path to an exit",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 772,
        .since = "0.1",
        .run = run,
};
