#include "pass.h"

#include "arena.h"

static const char *message(struct pass *p, const struct incident *in)
{
	const struct unlimited *u = in->unlimited;
	const char *call = *u->chain ? u->chain : in->callee;
	if (!*u->offer)
		return arena_printf(p->arena, "nothing limits %s(%s): the token has no deadline", call,
		                    u->what);
	if (u->role && !*u->role->name && !*u->chain)
		return arena_printf(p->arena, "%s is told to wait for ever: %s would limit it", call,
		                    u->offer);
	if (u->role && u->role->handle.base == API_PATH_NONE)
		return arena_printf(p->arena, "%s has no limit, as %s would have", call, u->offer);
	return arena_printf(p->arena, "nothing limits %s%s%s%s: %s is not set%s", call,
	                    *u->what ? " on `" : "", u->what, *u->what ? "`" : "", u->offer,
	                    u->connect_only ? ", and the limit that is covers connecting only" : "");
}

/* What a program does in its own entry, whoever started it can end; a test has the other side in hand. */
static enum confidence confidence_of(const struct pass *p, const struct incident *in)
{
	const struct unlimited *u = in->unlimited;
	bool told = u->role && !*u->role->name; /* somebody has decided so */
	if (u->may_end)
		return CONFIDENCE_LOW;
	bool sure = !u->later && !*u->chain && !u->in_field && *u->offer && !in->widened && !told && !u->ends;
	if (pass_is_main(p, in->func) || (u->ends && pass_is_test(p, in->func)))
		return CONFIDENCE_LOW;
	return sure ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM;
}

static void report(struct pass *p, const struct incident *in)
{
	const struct unlimited *u = in->unlimited;
	struct report *r = pass_report(p, in->func, in->at, confidence_of(p, in), "%s", message(p, in));
	if (u->made && u->made != in->at)
		report_step(r, in->func, u->made, STEP_EVENT, "", "the handle is made here, without a limit");
	report_trail(r, in->func, in->trail, 0, "it");
	report_step(r, in->func, in->at, STEP_CALL, pass_basis(p, in->model, in->callee),
	            u->later ? "the answer to %s may never come" : "%s may wait here for ever", in->callee);
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_NO_LIMIT)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "no-deadline",
        .summary = "blocking I/O is set up without a limit where the API offers one",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 1088,
        .since = "0.3",
        .run = run,
};
