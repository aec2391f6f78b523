#include "pass.h"

#include "arena.h"

#define MAX_LEVELS 4 /* of calls down to the one that takes the lock */

static const char *name_of(const struct pass *p, uint32_t func)
{
	return p->unit->funcs[func].display;
}

static uint32_t callee_of(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return ir_callee(f, &f->instrs[i]);
}

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr i)
{
	uint32_t callee = callee_of(p, func, i);
	bool of_class = p->unit->funcs[func].instrs[i].scale != 0; /* see ir_vtable */
	return callee ? name_of(p, callee) : of_class ? "a virtual function" : "a callback";
}

/* How the source spells the lock that a call takes; "" if it takes it in a callee. */
static const char *lock_at(const struct pass *p, uint32_t func, ir_instr i)
{
	ir_val lock = solve_lock_value(p->solution, func, i);
	const char *name = lock ? pass_value(p, func, lock) : "";
	return *name == '&' ? name + 1 : name;
}

static const char *quoted_lock(const struct pass *p, uint32_t func, ir_instr i)
{
	const char *name = lock_at(p, func, i);
	return *name ? arena_printf(p->arena, "`%s`", name) : "a lock";
}

static void report_other_side(struct pass *p, struct report *r, uint32_t func, ir_instr at)
{
	for (unsigned n = 0; n < MAX_LEVELS; n++) {
		uint32_t via = solve_taken_via(p->solution, func, at);
		if (!via || !p->program->cfgs[via])
			break;
		report_step(r, func, at, STEP_ENTER, "", "other side: %s calls %s", name_of(p, func),
		            name_of(p, via));
		at = solve_takes(p->solution, via, func, at);
		func = via;
	}
	report_step(r, func, at, STEP_EVENT, "", "other side: %s takes the lock here", name_of(p, func));
}

static const char *what_happens(const struct pass *p, const struct under_lock *u)
{
	const char *call = callee_at(p, u->wait_func, u->wait),
	           *other = u->far_other ? u->far_other : name_of(p, u->other);
	switch (u->kind) {
	case LOCK_JOIN:
		return arena_printf(p->arena, "%s waits for %s, which takes it", call, other);
	case LOCK_CANCEL:
		return arena_printf(p->arena, "%s runs %s, which takes it", call, other);
	case LOCK_DISCONNECT:
		return arena_printf(p->arena, "%s waits for %s, if it runs, which takes it", call, other);
	case LOCK_CALLBACK:
		return arena_printf(p->arena, "the callback %s takes it", other);
	case LOCK_LEFT:
		return arena_printf(p->arena, "%s may be cancelled in %s, and nothing gives it back", other,
		                    call);
	default:
		return arena_printf(p->arena, "%s waits for %s, which needs it", call, other);
	}
}

static const char *started_how(enum lock_hazard kind)
{
	return kind == LOCK_JOIN ? "started" : kind == LOCK_LEFT ? "cancelled" : "connected";
}

static void report(void *ctx, const struct under_lock *u)
{
	struct pass *p = ctx;
	const char *lock = quoted_lock(p, u->func, u->locked);
	struct report *r = pass_report(p, u->func, u->at, u->unsure ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
	                               "%s is called with %s held: %s", callee_at(p, u->func, u->at), lock,
	                               what_happens(p, u));
	report_step(r, u->func, u->locked, STEP_EVENT, "", "%s is taken here", lock);
	if (u->starter)
		report_step(r, u->starter, u->started, STEP_EVENT, "", "other side: %s is %s here",
		            name_of(p, u->other), started_how(u->kind));
	if (u->wait_func != u->func)
		report_step(r, u->wait_func, u->wait, STEP_ENTER, "", "%s is called here",
		            callee_at(p, u->wait_func, u->wait));
	if (u->far_other)
		report_step(r, callee_of(p, u->wait_func, u->wait), 0, STEP_EVENT,
		            pass_basis(p, NULL, callee_at(p, u->wait_func, u->wait)),
		            "other side: %s takes the lock", u->far_other);
	else if (u->other_takes)
		report_other_side(p, r, u->other, u->other_takes);
	else if (u->other && !p->program->cfgs[u->other]) /* of another unit */
		report_step(r, u->other, 0, STEP_EVENT, pass_basis(p, NULL, name_of(p, u->other)),
		            "other side: %s takes the lock", name_of(p, u->other));
}

static void run(struct pass *p)
{
	solve_under_lock(p->solution, report, p);
}

const struct rule cancelint_rule = {
        .id = "cancel-under-lock",
        .summary = "cancel, join or emit while holding a lock the other side needs",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 833,
        .since = "0.3",
        .run = run,
};
