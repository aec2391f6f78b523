#include "pass.h"

#include "arena.h"

#include <string.h>

static const char *name_of(const struct pass *p, uint32_t func)
{
	return p->unit->funcs[func].display;
}

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return name_of(p, ir_callee(f, &f->instrs[i]));
}

static const char *token_name(const struct pass *p, const struct unsafe_use *u)
{
	const char *name = u->value ? pass_value(p, u->func, u->value) : "";
	return *name ? arena_printf(p->arena, "`%s`", name) : "a token";
}

static const char *what_for(const struct pass *p, const struct unsafe_use *u)
{
	const char *callee = callee_at(p, u->func, u->at);
	switch (u->kind) {
	case UNSAFE_ASYNCHRONOUS:
		return arena_printf(
		        p->arena,
		        "%s: asynchronous cancellation ends the thread at any instruction, with locks held "
		        "and data half written",
		        callee);
	case UNSAFE_KILL:
		return arena_printf(p->arena,
		                    "%s: the signal ends the whole process, not the thread, and nothing can "
		                    "catch it",
		                    callee);
	case UNSAFE_SIGNAL:
	case UNSAFE_INTERRUPT:
		return arena_printf(
		        p->arena,
		        "%s: the signal ends the whole process, not the thread, as no handler is installed",
		        callee);
	case UNSAFE_REUSE:
		return arena_printf(
		        p->arena,
		        "%s makes %s usable again, which may be in use: who has not looked yet never learns "
		        "that it was cancelled",
		        callee, token_name(p, u));
	default:
		return arena_printf(
		        p->arena,
		        "%s in C++: the thread is unwound from wherever it is, and one that catches it or "
		        "is in a noexcept function ends the process",
		        callee);
	}
}

/* Another file may install a handler, unless the program is this one: of a signal that is sent to end
 * something that is less to be expected than of one that interrupts a call. */
static bool whole_program(const struct pass *p)
{
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->program->cfgs[f] && pass_is_main(p, f))
			return true;
	return false;
}

static enum confidence confidence_of(const struct pass *p, const struct unsafe_use *u)
{
	if (u->unsure || (u->kind == UNSAFE_INTERRUPT && !whole_program(p)))
		return CONFIDENCE_LOW;
	if (u->kind == UNSAFE_SIGNAL && !whole_program(p))
		return CONFIDENCE_MEDIUM;
	return u->kind == UNSAFE_REUSE && !u->used_func ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static void report(void *ctx, const struct unsafe_use *u)
{
	struct pass *p = ctx;
	if (u->kind == UNSAFE_REUSE && pass_in_test(p, u->func))
		return;
	struct report *r = pass_report(p, u->func, u->at, confidence_of(p, u), "%s", what_for(p, u));
	report_step(r, u->func, u->at, STEP_EVENT, pass_basis(p, u->model, callee_at(p, u->func, u->at)),
	            "%s is called", callee_at(p, u->func, u->at));
	if (u->used_func && u->kind == UNSAFE_REUSE)
		report_step(r, u->used_func, u->used_at, STEP_NOTE, "", "%s is given the token here",
		            callee_at(p, u->used_func, u->used_at));
	else if (u->used_func)
		report_step(r, u->used_func, u->used_at, STEP_ENTER, "", "the value goes to %s here",
		            callee_at(p, u->used_func, u->used_at));
}

/* The thread that is cancelled may hold a lock then. Where in the thread that is so, another rule tells. */
static void report_holder(void *ctx, const struct under_lock *u)
{
	struct pass *p = ctx;
	if (u->kind != LOCK_LEFT || p->unit->cplusplus)
		return;
	struct report *r =
	        pass_report(p, u->starter, u->started, u->unsure ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
	                    "%s cancels %s, which may hold a lock then that nobody gives back",
	                    callee_at(p, u->starter, u->started), name_of(p, u->other));
	report_step(r, u->func, u->locked, STEP_EVENT, "", "other side: the lock is taken here");
	report_step(r, u->func, u->at, STEP_EVENT, "", "other side: the thread may end in this call");
}

static void run(struct pass *p)
{
	solve_unsafe(p->solution, report, p);
	solve_under_lock(p->solution, report_holder, p);
}

const struct rule cancelint_rule = {
        .id = "unsafe-cancel-mechanism",
        .summary = "threads are killed, or tokens reused, in a way that cannot be made safe",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 364,
        .since = "0.3",
        .run = run,
};
