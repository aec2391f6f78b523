#include "pass.h"

#include "arena.h"

#include <string.h>

static const char *noun(const struct incident *in)
{
	return in->family && in->family->noun ? in->family->noun : "timer";
}

static const char *release_hint(const struct incident *in)
{
	return in->family->release && *in->family->release ? in->family->release : "its release";
}

static const char *subject(const struct pass *p, const struct incident *in)
{
	return *in->name ? arena_printf(p->arena, "the %s `%s`", noun(in), in->name)
	                 : arena_printf(p->arena, "the %s", noun(in));
}

static enum confidence confidence_of(const struct incident *in, enum confidence best)
{
	if (in->widened && in->inferred)
		return CONFIDENCE_LOW;
	return in->widened || in->inferred ? CONFIDENCE_MEDIUM : best;
}

static void tell(struct pass *p, struct report *r, const struct incident *in)
{
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "%s is made here", subject(p, in));
	report_trail(r, in->func, in->trail, in->site, subject(p, in));
}

/* ---- alive when the function is left ---- */

static void report_left(struct pass *p, const struct incident *in, enum confidence best)
{
	bool turn = in->kind == INCIDENT_OWED_AFTER_TURN;
	struct report *r =
	        pass_report(p, in->func, in->armed ? in->armed : in->site, confidence_of(in, best),
	                    "%s made by %s is not stopped %s: %s is missing before %s", subject(p, in),
	                    in->callee, in->elsewhere ? "on every path" : "on this path", release_hint(in),
	                    turn ? "the turn of the loop is over"
	                         : arena_printf(p->arena, "%s returns", p->unit->funcs[in->func].display));
	tell(p, r, in);
	if (in->elsewhere)
		report_step(r, in->func, in->elsewhere, STEP_NOTE, "", "another path stops it here");
}

/* An id in a local variable: some path stops what it names, this one does not. Unless it asks the callback.
 */
static bool weak_left(const struct pass *p, const struct incident *in)
{
	struct callback_facts c = solve_callback(p->solution, in->func, in->site);
	bool uses = c.life == DATA_LOCAL || c.life == DATA_OBJECT;
	if (in->kind == INCIDENT_OWED_AFTER_TURN)
		return true;
	if (!in->elsewhere || (!c.may_repeat && !uses) || c.life == DATA_OWNED)
		return false;
	return !solve_asks_callback(p->solution, in->func, in->elsewhere, &c);
}

static uint32_t wait_loop(const struct pass *p, const struct incident *in)
{
	const struct func_facts *facts = &p->solution->funcs[in->func];
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct cfg *cfg = p->program->cfgs[in->func];
	for (uint32_t l = cfg->loop_of[f->instrs[in->site].block]; l; l = cfg->loops[l].parent)
		for (uint32_t i = 0; i < facts->nblocks; i++)
			if (cfg_in_loop(cfg, l, f->instrs[facts->blocks[i].call].block))
				return l;
	return 0;
}

/* The same timer is told of where the function is left. */
static bool told_at_exit(const struct pass *p, const struct incident *in)
{
	const struct solution *s = p->solution;
	for (const struct incident *k = s->incidents; k < s->incidents + s->nincidents; k++)
		if (k->kind == INCIDENT_OWED_AT_EXIT && k->func == in->func && k->site == in->site &&
		    (!k->family->weak || weak_left(p, k)))
			return true;
	return false;
}

static void look_at_left(struct pass *p, const struct incident *in)
{
	bool turn = in->kind == INCIDENT_OWED_AFTER_TURN,
	     too = turn && solve_incident_too(p->solution, in, INCIDENT_OWED_AT_EXIT);
	if (too && (told_at_exit(p, in) || !wait_loop(p, in)))
		return;
	if (!in->family->weak)
		report_left(p, in, CONFIDENCE_HIGH);
	else if (weak_left(p, in))
		report_left(p, in, CONFIDENCE_MEDIUM);
}

/* ---- armed again and again while something else is waited for ---- */

static void look_at_discarded(struct pass *p, const struct incident *in)
{
	uint32_t loop = wait_loop(p, in);
	if (!loop)
		return;
	struct report *r = pass_report(
	        p, in->func, in->site, CONFIDENCE_MEDIUM,
	        "each turn of this loop arms another %s with %s, and nothing stops those of earlier turns",
	        noun(in), in->callee);
	tell(p, r, in);
	report_step(r, in->func, pass_loop(p, in->func, loop), STEP_NOTE, "",
	            "the loop waits for something else, and arms it again in each turn");
}

/* ---- what it fires into ---- */

/* It is stopped, unless the callback says that it has fired. */
static bool stopped_unless_fired(const struct pass *p, const struct incident *in,
                                 const struct callback_facts *c)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct cfg *cfg = p->program->cfgs[in->func];
	for (ir_instr i = 1; !c->may_repeat && i < f->ninstrs; i++) {
		const struct api_func *d =
		        ir_is_call(&f->instrs[i]) ? p->program->described[ir_callee(f, &f->instrs[i])] : NULL;
		if (api_role_of(d, API_ROLE_RELEASE) && strcmp(d->name, release_hint(in)) == 0 &&
		    cfg_dominates(cfg, cfg_idom(cfg, f->instrs[i].block), f->instrs[in->at].block) &&
		    solve_asks_callback(p->solution, in->func, i, c))
			return true;
	}
	return false;
}

static void report_freed(struct pass *p, const struct incident *in)
{
	struct callback_facts c = solve_callback(p->solution, in->func, in->site);
	const char *data = pass_value(p, in->func, c.data);
	if (stopped_unless_fired(p, in, &c))
		return;
	data = *data ? arena_printf(p->arena, "`%s`", data) : "what its callback gets";
	struct report *r = pass_report(p, in->func, in->site, confidence_of(in, CONFIDENCE_HIGH),
	                               "%s made by %s can fire after %s is freed: %s is missing",
	                               subject(p, in), in->callee, data, release_hint(in));
	tell(p, r, in);
	report_step(r, in->func, in->at, STEP_EVENT, "",
	            "%s is freed here; the next firing gets it all the same", data);
}

/* A call that makes a timer, whatever the incident is about. */
static const struct api_family *timer_of(const struct pass *p, const struct incident *in)
{
	const struct api_role *r = api_role_of(in->model, API_ROLE_CREATE);
	const struct api_family *f = r ? apimodel_family(p->program->api, r->family) : NULL;
	return f && f->timer ? f : NULL;
}

static bool is_in_use(const struct incident *in)
{
	if (!in->raced && !in->at_once)
		return false;
	return in->kind == INCIDENT_FRAME_IN_USE || in->kind == INCIDENT_ENDED_IN_USE;
}

/* One timer, one finding: what else it finds gone are further steps. */
static bool told_in_use(const struct pass *p, const struct incident *in)
{
	const struct solution *s = p->solution;
	for (const struct incident *k = s->incidents; k < s->incidents + s->nincidents; k++) {
		if (k == in || k->func != in->func || k->site != in->site)
			continue;
		bool better = in->kind == INCIDENT_ENDED_IN_USE && k->kind == INCIDENT_FRAME_IN_USE;
		if (k->kind == INCIDENT_DATA_FREED ||
		    (is_in_use(k) && !k->let_go && (better || (k->kind == in->kind && k < in))))
			return true;
	}
	return false;
}

/* It is left running, and what its callback gets ends with the function, or is ended there. */
static void report_in_use(struct pass *p, const struct incident *in, const struct api_family *timer)
{
	const struct solution *s = p->solution;
	bool frame = in->kind == INCIDENT_FRAME_IN_USE;
	struct callback_facts c = solve_callback(s, in->func, in->site);
	const char *data = frame && *in->name ? in->name : pass_value(p, in->func, c.data);
	data = *data ? arena_printf(p->arena, "`%s`", data) : "what its callback gets";
	struct report *r = pass_report(
	        p, in->func, in->site, in->widened ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
	        "the %s made by %s can fire when %s is gone: %s", timer->noun ? timer->noun : "timer",
	        in->callee, data,
	        in->raced ? "the loop may have been left before that" : "nothing stops it before");
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is made here");
	report_trail(r, in->func, in->trail, in->site, "it");
	for (const struct incident *k = s->incidents; k < s->incidents + s->nincidents; k++)
		if (k->kind == INCIDENT_ENDED_IN_USE && k->func == in->func && k->site == in->site)
			report_step(r, k->func, k->at, STEP_EVENT, "", "what it may use is ended here");
	if (frame)
		report_step(r, in->func, in->at, STEP_EXIT, "", "%s is left here",
		            p->unit->funcs[in->func].display);
}

/* The callback ended its own source and left the id behind; then the id is removed. */
static void report_stale(struct pass *p, const struct field_stale *s)
{
	const char *callback = p->unit->funcs[s->returns.func].display;
	struct report *r =
	        pass_report(p, s->removal.func, s->removal.at, CONFIDENCE_MEDIUM,
	                    "%s gets `%s` although %s may have ended that source: the id is stale, or "
	                    "another source's by now",
	                    s->remover, s->field, callback);
	report_step(r, s->store.func, s->store.at, STEP_EVENT, pass_basis(p, s->model, s->starter),
	            "`%s` gets the id of a source that runs %s", s->field, callback);
	report_step(r, s->returns.func, s->returns.at, STEP_EVENT, "",
	            "here %s ends the source by what it returns, and `%s` keeps the id", callback, s->field);
	report_step(r, s->removal.func, s->removal.at, STEP_EVENT, "", "this removes the id once more");
}

/* A function that stops it on one way ends the object on another. */
static void report_left_running(struct pass *p, const struct field_left *l)
{
	const char *function = p->unit->funcs[l->end.func].display;
	struct report *r =
	        pass_report(p, l->store.func, l->store.at, CONFIDENCE_MEDIUM,
	                    "`%s` made by %s can fire after its object is gone: %s ends that on a way on "
	                    "which it does not stop it",
	                    l->field, l->starter, function);
	report_step(r, l->store.func, l->store.at, STEP_EVENT, pass_basis(p, l->model, l->starter),
	            "it is armed here");
	report_step(r, l->end.func, l->end.at, STEP_EVENT, "", "the object is ended here");
	report_step(r, l->release.func, l->release.at, STEP_NOTE, "", "another way stops it here");
}

/* ---- all ---- */

static void look_at(struct pass *p, const struct incident *in)
{
	if (in->kind == INCIDENT_DATA_FREED && (in->family->timer || in->family->weak))
		report_freed(p, in);
	if ((!in->family->timer && !in->armed) || pass_is_main(p, in->func))
		return;
	if (in->kind == INCIDENT_OWED_AT_EXIT || in->kind == INCIDENT_OWED_AFTER_TURN)
		look_at_left(p, in);
	else if (in->kind == INCIDENT_DISCARDED)
		look_at_discarded(p, in);
}

static void run(struct pass *p)
{
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		const struct api_family *timer = is_in_use(in) ? timer_of(p, in) : NULL;
		if (timer && !in->let_go && !pass_is_main(p, in->func) && !told_in_use(p, in))
			report_in_use(p, in, timer);
		else if (in->family)
			look_at(p, in);
	}
	const struct field_faults *f = solve_fields(p->solution);
	for (uint32_t i = 0; i < f->nstale; i++)
		report_stale(p, &f->stale[i]);
	for (uint32_t i = 0; i < f->nleft; i++)
		report_left_running(p, &f->left[i]);
}

const struct rule cancelint_rule = {
        .id = "leaked-timer",
        .summary = "a timer is not stopped, is stopped twice, or fires after its owner is gone",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 772,
        .since = "0.2",
        .run = run,
};
