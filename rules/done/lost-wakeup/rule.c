#include "pass.h"

static const char *callee_at(const struct pass *p, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_is_call(&f->instrs[at]) ? ir_callee(f, &f->instrs[at]) : 0;
	return callee ? p->unit->funcs[callee].display : "the call";
}

static struct report *headline(struct pass *p, const struct gap *g)
{
	const char *name = callee_at(p, g->func, g->at);
	const char *handler = g->handler ? p->unit->funcs[g->handler].display : "";
	switch (g->kind) {
	case GAP_SIGNAL:
		return pass_report(p, g->func, g->at, CONFIDENCE_MEDIUM,
		                   "%s sets the flag when a signal comes; one between the test and %s is not "
		                   "seen until that returns%s",
		                   handler, name, g->restarts ? ", and one during it does not end it" : "");
	case GAP_NOT_WAITED:
		return pass_report(p, g->func, g->at, CONFIDENCE_MEDIUM,
		                   "%s does not wait for the done handle, although that is at hand", name);
	case GAP_ELSEWHERE:
		return pass_report(
		        p, g->func, g->at, CONFIDENCE_MEDIUM,
		        "%s does not wait for the descriptor that ends the loop: who writes to it wakes "
		        "nobody",
		        name);
	case GAP_ONE_SHOT:
		return pass_report(p, g->func, g->at, CONFIDENCE_MEDIUM,
		                   "the done handle is watched for one event only, and not watched again");
	case GAP_UNASKED:
		return pass_report(p, g->func, g->at, CONFIDENCE_MEDIUM,
		                   "%s waits without asking, under the lock, for what it waits: what was "
		                   "signalled before is lost",
		                   name);
	case GAP_UNLOCKED:
		return pass_report(
		        p, g->func, g->at, CONFIDENCE_MEDIUM,
		        "`%s` is set without the lock: the waiter may have looked and not wait yet, "
		        "and misses the signal",
		        g->flag);
	case GAP_UNTOLD:
		return pass_report(p, g->func, g->at, CONFIDENCE_MEDIUM,
		                   "`%s` is set, and nothing wakes the one who waits for it", g->flag);
	case GAP_ONE_WOKEN:
		return pass_report(
		        p, g->func, g->at, CONFIDENCE_MEDIUM,
		        "%s wakes one of several threads, which all wait for this and are all joined", name);
	case GAP_DROPPED:
		return pass_report(p, g->func, g->at, CONFIDENCE_MEDIUM,
		                   "%s drops it when nobody is receiving, and its answer is not looked at",
		                   name);
	case GAP_PIPE_FULL:
		return pass_report(p, g->func, g->at, CONFIDENCE_MEDIUM,
		                   "%s blocks in a signal's handler when the pipe is full", name);
	default:
		return pass_report(p, g->func, g->at, CONFIDENCE_HIGH,
		                   "%s cannot set a handler for this signal", name);
	}
}

static const char *what_other(const struct gap *g)
{
	switch (g->kind) {
	case GAP_NOT_WAITED:
		return "the done handle is made here";
	case GAP_ELSEWHERE:
		return "it is written to here";
	case GAP_ONE_SHOT:
	case GAP_UNLOCKED:
	case GAP_UNTOLD:
	case GAP_ONE_WOKEN:
		return "the wait";
	case GAP_UNASKED:
		return "the lock is taken here";
	case GAP_DROPPED:
		return "the queue holds nothing";
	default:
		return "the pipe is made here";
	}
}

static const char *what_here(const struct gap *g)
{
	switch (g->kind) {
	case GAP_SIGNAL:
		return "the signal may come just before this";
	case GAP_NOT_WAITED:
	case GAP_ELSEWHERE:
		return "this waits for other things";
	case GAP_ONE_SHOT:
		return "it is watched here";
	case GAP_UNASKED:
		return "the wait";
	case GAP_UNLOCKED:
	case GAP_UNTOLD:
		return "what it waits for is set here";
	case GAP_ONE_WOKEN:
		return "one thread is woken";
	case GAP_DROPPED:
		return "this does not wait for who receives";
	case GAP_PIPE_FULL:
		return "this waits until the pipe has room";
	default:
		return "the handler is set here";
	}
}

static void report(struct pass *p, const struct gap *g)
{
	struct report *r = headline(p, g);
	if (g->kind == GAP_NOT_WAITED || g->kind == GAP_ELSEWHERE)
		report_also(r, "blocking-select-no-exit");
	if (g->handler)
		report_step(r, g->handler, 0, STEP_NOTE, "", "the handler");
	if (g->other.func)
		report_step(r, g->other.func, g->other.at, STEP_EVENT, "", "%s", what_other(g));
	report_step(r, g->func, g->at, STEP_EVENT, "", "%s", what_here(g));
}

static void run(struct pass *p)
{
	struct gap g = {0};
	while (solve_next_gap(p->solution, &g))
		if (!pass_is_test(p, g.func))
			report(p, &g);
}

const struct rule cancelint_rule = {
        .id = "lost-wakeup",
        .summary = "the stop signal can be missed between check and wait, or never arrives",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 362,
        .since = "0.3",
        .run = run,
};
