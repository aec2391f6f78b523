#include "pass.h"

#include "arena.h"

static const char *name_of(const struct pass *p, uint32_t func)
{
	return p->unit->funcs[func].display;
}

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return name_of(p, ir_callee(f, &f->instrs[i]));
}

static const char *how(const struct pass *p, const struct reentrant *r)
{
	const char *entry = name_of(p, r->entry);
	if (r->model)
		return arena_printf(p->arena,
		                    "must not be called from a handler like %s, which waits for itself then",
		                    entry);
	if (r->waits_for_itself)
		return arena_printf(p->arena, "waits for %s, which it is called from", entry);
	return arena_printf(p->arena, "waits for %s, which may be waiting for %s here", name_of(p, r->other),
	                    entry);
}

static void report(void *ctx, const struct reentrant *r)
{
	struct pass *p = ctx;
	const char *callee = r->far.line ? r->model->name : callee_at(p, r->func, r->at);
	enum confidence c = r->unsure                  ? CONFIDENCE_LOW
	                    : r->model && !r->far.line ? CONFIDENCE_HIGH
	                                               : CONFIDENCE_MEDIUM;
	struct report *out = pass_report(p, r->func, r->at, c, "%s %s", callee, how(p, r));
	report_step(out, r->starter, r->started, STEP_EVENT, "", "%s is registered here",
	            name_of(p, r->entry));
	if (r->chain)
		report_step(out, r->func, r->at, r->far.line ? STEP_ENTER : STEP_CALL, "", "it leads %s: %s",
		            r->far.line ? "there" : "here", r->chain);
	if (r->far.line)
		report_elsewhere(out, &r->far, r->chain);
	else if (r->model)
		report_step(out, r->func, r->at, STEP_EVENT, pass_basis(p, r->model, callee),
		            "%s is forbidden in such a handler", callee);
	if (r->other)
		report_step(out, r->other_func, r->other_at, STEP_EVENT, "",
		            "other side: %s waits for %s here", name_of(p, r->other), name_of(p, r->entry));
}

static void run(struct pass *p)
{
	solve_reentrant(p->solution, report, p);
}

const struct rule cancelint_rule = {
        .id = "reentrant-cancel",
        .summary = "a call that deadlocks inside a cancelled handler is reachable from one",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 833,
        .since = "0.3",
        .run = run,
};
