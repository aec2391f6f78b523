#include "pass.h"

/* A case that does something may be about another stop than that of this loop. */
static enum confidence confidence_of(const struct stay *s)
{
	if (s->others_leave || s->of_thing)
		return CONFIDENCE_LOW;
	return s->acts ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static void report_macro(struct pass *p, uint32_t func, ir_instr at, const struct stay *s)
{
	const char *word = s->end->value ? "continue" : "break";
	struct report *r = pass_report(
	        p, func, at, CONFIDENCE_HIGH,
	        "the `%s` in %s ends the macro's own `do`, not the loop around it: the loop goes on", word,
	        s->end->label);
	report_step(r, func, at, STEP_BRANCH, "", "that it shall stop is seen here");
	report_step(r, func, pass_loop(p, func, s->loop), STEP_EVENT, "",
	            "and all the same the turn of this loop goes on");
}

static void report(struct pass *p, uint32_t func, ir_instr at, const struct stay *s)
{
	struct report *r = pass_report(p, func, at, confidence_of(s),
	                               "this `break` ends the case `%s` and leaves the switch, not the loop "
	                               "around it: the loop goes on",
	                               s->end->label);
	report_step(r, func, s->dispatch, STEP_BRANCH, "", "%s is told apart here",
	            s->modelled ? "that the token is done" : "the event");
	report_step(r, func, at, STEP_EVENT, "", "the `break` goes behind the switch");
	report_step(r, func, s->behind, STEP_EVENT, "", "on it goes here");
	report_step(r, func, pass_loop(p, func, s->loop), STEP_EVENT, "", "back to the start of the loop");
}

static void run(struct pass *p)
{
	for (uint32_t func = 1; p->unit->nbreaks && func < p->unit->nfuncs; func++) {
		const struct cfg *cfg = p->program->cfgs[func];
		for (uint32_t n = 0; cfg && cfg->nloops > 1 && n < cfg->nrpo; n++) {
			const struct ir_basic_block *b = &cfg->func->blocks[cfg->rpo[n]];
			struct stay s;
			if (solve_break_stays(p->solution, func, b->first + b->count - 1, &s))
				(s.end->kind == IR_BREAK_IN_MACRO ? report_macro : report)(
				        p, func, b->first + b->count - 1, &s);
		}
	}
}

const struct rule cancelint_rule = {
        .id = "break-stays-in-loop",
        .summary = "the break taken on stop leaves a switch, not the loop",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 670,
        .since = "0.3",
        .run = run,
};
