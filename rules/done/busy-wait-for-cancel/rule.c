#include "pass.h"

static void report(struct pass *p, uint32_t func, uint32_t loop, const struct busy_wait *b)
{
	const struct ir_func *f = &p->unit->funcs[func];
	ir_instr top = pass_loop(p, func, loop);
	uint32_t callee = b->pause ? ir_callee(f, &f->instrs[b->pause]) : 0;
	struct report *r =
	        callee ? pass_report(p, func, b->pause, CONFIDENCE_MEDIUM,
	                             "%s pauses in a loop that only looks at a state, which could be "
	                             "waited for",
	                             p->unit->funcs[callee].display)
	               : pass_report(p, func, top, CONFIDENCE_MEDIUM,
	                             "the loop spins to look at a state, which could be waited for");
	report_step(r, func, top, STEP_EVENT, "", "the loop starts here");
	if (b->form_func)
		report_step(r, b->form_func, b->form_at, STEP_NOTE, "", "%s is at hand", b->form);
	else
		report_step(r, func, top, STEP_NOTE, "", "%s gives what can be waited for", b->form);
}

static void run(struct pass *p)
{
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct cfg *cfg = p->program->cfgs[func];
		for (uint32_t loop = 1; cfg && loop < cfg->nloops; loop++) {
			struct busy_wait b;
			if (solve_busy_wait(p->solution, func, loop, &b))
				report(p, func, loop, &b);
		}
	}
}

const struct rule cancelint_rule = {
        .id = "busy-wait-for-cancel",
        .summary = "a loop spins or sleeps to poll for cancellation where it could wait",
        .severity = SEVERITY_NOTE,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 400,
        .since = "0.3",
        .run = run,
};
