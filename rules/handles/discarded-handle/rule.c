#include "pass.h"

#include "arena.h"

#include <string.h>

static const char *noun(const struct incident *in)
{
	return in->family && in->family->noun ? in->family->noun : "handle";
}

static const char *release_hint(const struct incident *in)
{
	return in->family && in->family->release && *in->family->release ? in->family->release
	                                                                 : "its release";
}

static bool runs_a_loop_later(const struct pass *p, const struct incident *in)
{
	const struct func_facts *facts = &p->solution->funcs[in->func];
	const struct ir_func *f = &p->unit->funcs[in->func];
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (f->instrs[facts->blocks[i].call].block == f->instrs[in->site].block
		            ? facts->blocks[i].call > in->site
		            : cfg_can_reach(p->program->cfgs[in->func], f->instrs[in->site].block,
		                            f->instrs[facts->blocks[i].call].block))
			return true;
	return false;
}

/* The function goes to other code and waits for the callback to come back here. */
static bool is_resumed(const struct pass *p, const struct incident *in)
{
	return solve_switches_later(p->solution, in->func, in->site) &&
	       solve_callback(p->solution, in->func, in->site).life == DATA_LOCAL;
}

/* The call of a wrapper that makes what the wrapper returns, and what that one's callback does. */
static struct callback_facts of_wrapper(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	uint32_t callee = ir_is_call(&f->instrs[in->site]) ? ir_callee(f, &f->instrs[in->site]) : 0;
	const struct ir_func *g = &p->unit->funcs[callee];
	struct callback_facts found = {0};
	for (ir_instr i = 1; callee && p->program->cfgs[callee] && i < g->ninstrs; i++) {
		const struct api_func *d =
		        ir_is_call(&g->instrs[i]) ? p->program->described[ir_callee(g, &g->instrs[i])] : NULL;
		const struct api_role *made = api_role_of(d, API_ROLE_CREATE);
		if (!made || !made->family || strcmp(made->family, in->family->name) != 0)
			continue;
		if (found.role)
			return (struct callback_facts){0};
		found = solve_callback(p->solution, callee, i);
	}
	return found;
}

/* What ends by itself some day is let go everywhere, and rightly so; whether its data lives that long is
 * often not to be seen here. */
static enum confidence weak_confidence(const struct pass *p, const struct incident *in,
                                       const struct callback_facts *c)
{
	if (c->life == DATA_LOCAL)
		return runs_a_loop_later(p, in) ? CONFIDENCE_LOW : CONFIDENCE_HIGH;
	struct callback_facts inner = in->inferred ? of_wrapper(p, in) : *c;
	bool goes_on = inner.repeats || (inner.role && inner.role->kind == API_ROLE_CONNECT);
	return goes_on && inner.life == DATA_OBJECT ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

static enum confidence confidence_of(const struct pass *p, const struct incident *in,
                                     const struct callback_facts *c)
{
	if (in->family && in->family->weak)
		return weak_confidence(p, in, c);
	return in->inferred || in->widened ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static void tell_data(struct report *r, const struct pass *p, const struct incident *in,
                      const struct callback_facts *c)
{
	const char *what = pass_value(p, in->func, c->data);
	if (c->life == DATA_LOCAL)
		report_step(
		        r, in->func, in->site, STEP_NOTE, "",
		        "its callback gets the address of a local variable%s, which is gone when %s returns",
		        *what ? arena_printf(p->arena, ", `%s`", what) : "",
		        p->unit->funcs[in->func].display);
	else if (c->life == DATA_OBJECT)
		report_step(
		        r, in->func, in->site, STEP_NOTE, "",
		        "its callback gets %s without a reference of its own, and may run after that is gone",
		        *what ? arena_printf(p->arena, "`%s`", what) : "an object");
}

static void report(struct pass *p, const struct incident *in)
{
	struct callback_facts c = solve_callback(p->solution, in->func, in->site);
	enum confidence sure = confidence_of(p, in, &c);
	struct report *r =
	        *in->name ? pass_report(
	                            p, in->func, in->site, sure,
	                            "the %s that %s made is put into `%s`, which nothing reads: nothing can "
	                            "end it any more",
	                            noun(in), in->callee, in->name)
	                  : pass_report(p, in->func, in->site, sure,
	                                "the %s that %s returns is thrown away: nothing can end it any more",
	                                noun(in), in->callee);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "the %s is made here; %s needs the value that is lost", noun(in), release_hint(in));
	tell_data(r, p, in, &c);
}

static bool concerns(const struct pass *p, const struct incident *in)
{
	bool weak = in->family && in->family->weak;
	if (*in->name && pass_is_main(p, in->func)) /* meant to last as long as the program */
		return false;
	/* What a function that never returns keeps going on is meant to go on. */
	if (weak && !pass_can_return(p, in->func, in->site))
		return false;
	return in->kind == INCIDENT_DISCARDED && !solve_may_be_let_go(p->solution, in) &&
	       !solve_set_up_for_loop(p->solution, in->func, in->site) &&
	       !(weak && (pass_is_startup(p, in->func) || is_resumed(p, in)));
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (concerns(p, &p->solution->incidents[i]))
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "discarded-handle",
        .summary = "the only handle to a cancellable thing is thrown away",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
