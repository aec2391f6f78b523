#include "pass.h"

#include "arena.h"

static const char *amount(struct pass *p, int64_t ms)
{
	return ms ? arena_printf(p->arena, " of %lld ms", (long long)ms) : "";
}

static const char *message(struct pass *p, const struct incident *in)
{
	const char *inner = amount(p, in->number);
	if (*in->name)
		return arena_printf(p->arena,
		                    "the limit%s that %s gets can never fire: %s sets one%s around each call",
		                    inner, in->callee, in->name, amount(p, in->outer_ms));
	return arena_printf(p->arena,
	                    "the limit%s that %s gets can never fire: the token's limit%s is earlier", inner,
	                    in->callee, amount(p, in->outer_ms));
}

static void report(struct pass *p, const struct incident *in)
{
	bool sure = in->model && api_role_of(in->model, API_ROLE_DERIVE) && !*in->name && !in->widened;
	struct report *r = pass_report(p, in->func, in->at, sure ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM, "%s",
	                               message(p, in));
	report_step(r, in->func, in->before, STEP_EVENT, "", "the earlier limit%s is set here",
	            amount(p, in->outer_ms));
	report_trail(r, in->func, in->trail, 0, "it");
	report_step(r, in->func, in->at, STEP_CALL, pass_basis(p, in->model, in->callee),
	            "%s sets the later one%s here", in->callee, amount(p, in->number));
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_LATE_LIMIT)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "deadline-exceeds-parent",
        .summary = "an inner limit is provably later than the one around it",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 670,
        .since = "0.3",
        .run = run,
};
