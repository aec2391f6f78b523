#include "pass.h"

#include "arena.h"

#include <string.h>

static enum confidence confidence_of(const struct incident *in, bool inferred)
{
	if (in->widened)
		return inferred ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
	return inferred ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
}

static const char *callee_of(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
	return callee ? p->unit->funcs[callee].display : "";
}

static const struct api_func *model_at(const struct pass *p, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return ir_is_call(&f->instrs[i]) ? p->program->described[ir_callee(f, &f->instrs[i])] : NULL;
}

static const char *spelling(const struct pass *p, const struct incident *in)
{
	bool accessed = !ir_is_call(&p->unit->funcs[in->func].instrs[in->at]);
	const char *given = in->value ? pass_value(p, in->func, in->value) : "";
	if (*given && !(accessed && *in->name))
		return arena_printf(p->arena, "`%s`", given);
	if (*in->name)
		return arena_printf(p->arena, "`%s`", in->name);
	return arena_printf(p->arena, "the %s", in->family ? in->family->noun : "handle");
}

static bool within_calls(const struct pass *p, const struct incident *in)
{
	return !model_at(p, in->func, in->before) ||
	       (in->kind == INCIDENT_ENDED_TWICE && !model_at(p, in->func, in->at));
}

/* What is called through a pointer has no name; a smart pointer calls it so when its scope ends. */
static const char *ended_by(const struct pass *p, const struct incident *in, const char *callee)
{
	bool scope = p->unit->funcs[in->func].instrs[in->at].flags & IR_F_CLEANUP;
	return *callee ? callee : scope ? "the end of its scope" : "this call";
}

static const char *message(struct pass *p, const struct incident *in, const char *name)
{
	const char *first = callee_of(p, in->func, in->before), *second = callee_of(p, in->func, in->at);
	const char *noun = in->family ? in->family->noun : "handle";
	if (in->kind == INCIDENT_USED_AFTER_END)
		return arena_printf(p->arena, "%s is used by %s after %s has ended it: the %s is gone", name,
		                    *second ? second : "this access", *first ? first : "an earlier call",
		                    noun);
	if (first == second)
		return arena_printf(p->arena, "%s is ended a second time by %s: the %s is already gone", name,
		                    ended_by(p, in, second), noun);
	return arena_printf(p->arena, "%s is ended a second time by %s, after %s: the %s is already gone",
	                    name, ended_by(p, in, second), *first ? first : "an earlier call", noun);
}

/* The argument that a call ends by its model; -1: it ends none that may be NULL. */
static int ended_argument(const struct api_func *model)
{
	for (const struct api_role *r = api_role_of(model, API_ROLE_RELEASE); r;
	     r = api_role_next(model, API_ROLE_RELEASE, r))
		if (r->handle.base == API_PATH_ARG && !r->handle.deref)
			return r->null_ok ? r->handle.arg : -1;
	return -1;
}

/* What is ended is forgotten: the second end then gets NULL. */
static void propose(struct pass *p, struct report *r, const struct incident *in)
{
	int first = ended_argument(model_at(p, in->func, in->before)),
	    second = ended_argument(model_at(p, in->func, in->at));
	if (in->kind != INCIDENT_ENDED_TWICE || first < 0 || second < 0 || in->before == in->at)
		return;
	const char *text = pass_argument(p, in->func, in->before, (uint32_t)first);
	if (*text &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_->.") ==
	            strlen(text) &&
	    strcmp(text, pass_argument(p, in->func, in->at, (uint32_t)second)) == 0)
		draft_behind(report_fix(r, true, "forget `%s` where it is ended", text), in->func, in->before,
		             arena_printf(p->arena, "%s = NULL;", text));
}

static bool is_ours(const struct incident *in)
{
	return in->kind == INCIDENT_ENDED_TWICE || in->kind == INCIDENT_USED_AFTER_END;
}

static bool comes_before(const struct pass *p, uint32_t func, ir_instr a, ir_instr b)
{
	const struct ir_func *f = &p->unit->funcs[func];
	ir_block from = f->instrs[a].block, to = f->instrs[b].block;
	return from == to ? a < b : cfg_can_reach(p->program->cfgs[func], from, to);
}

/* The same handle after the same end: what the code does with it later follows from the first mistake. */
static bool follows(const struct pass *p, const struct incident *in, const struct incident *first)
{
	return first != in && is_ours(first) && first->func == in->func && first->site == in->site &&
	       first->slot == in->slot && (first->before == in->before || first->at == in->before) &&
	       first->at != in->at && comes_before(p, in->func, first->at, in->at) &&
	       (first < in || !comes_before(p, in->func, in->at, first->at));
}

static void report_rest(struct pass *p, struct report *r, const struct incident *first)
{
	for (uint32_t k = 0; k < p->solution->nincidents; k++) {
		const struct incident *in = &p->solution->incidents[k];
		if (follows(p, in, first))
			report_step(r, in->func, in->at, STEP_NOTE, "", "%s later on",
			            in->kind == INCIDENT_ENDED_TWICE ? "ended once more" : "used");
	}
}

static void report(struct pass *p, const struct incident *in)
{
	const char *name = spelling(p, in);
	const char *first = callee_of(p, in->func, in->before), *second = callee_of(p, in->func, in->at);
	struct report *r = pass_report(p, in->func, in->at, confidence_of(in, within_calls(p, in)), "%s",
	                               message(p, in, name));
	if (!in->is_param && !in->unseen)
		report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
		            "%s is made here", name);
	report_step(r, in->func, in->before, STEP_EVENT,
	            pass_basis(p, model_at(p, in->func, in->before), first), "%s is ended here", name);
	report_trail_after(r, in->func, in->trail, in->before, name);
	report_step(r, in->func, in->at, STEP_EVENT, pass_basis(p, model_at(p, in->func, in->at), second),
	            in->kind == INCIDENT_ENDED_TWICE ? "and ended again here" : "and used here");
	report_rest(p, r, in);
	propose(p, r, in);
}

/* A helper completed the operation and gave it back, and the code goes on: that it is completed once more is
 * told, and where that comes from. */
static bool follows_completion(const struct pass *p, const struct incident *in)
{
	for (uint32_t k = 0; k < p->solution->nincidents; k++) {
		const struct incident *first = &p->solution->incidents[k];
		if (first->kind == INCIDENT_COMPLETED_TWICE && first->func == in->func &&
		    first->site == in->site && first->before == in->before &&
		    comes_before(p, in->func, first->at, in->at))
			return true;
	}
	return false;
}

/* One pair of calls that ends several things twice is one defect. */
static bool told_already(const struct pass *p, uint32_t i)
{
	const struct incident *all = p->solution->incidents, *in = &all[i];
	for (uint32_t k = 0; k < p->solution->nincidents; k++) {
		bool same = k < i && all[k].kind == in->kind && all[k].func == in->func &&
		            all[k].at == in->at && all[k].before == in->before;
		if (same || follows(p, in, &all[k]))
			return true;
	}
	return false;
}

/* A callback gave up the reference that its starter took for it. */
static void report_late(void *ctx, const struct late_use *u)
{
	struct pass *p = ctx;
	const char *name = pass_value(p, u->func, u->object), *drop = callee_of(p, u->func, u->drop);
	if (u->unlock)
		return;
	struct report *r =
	        pass_report(p, u->func, u->use, CONFIDENCE_MEDIUM,
	                    "`%s` is used after %s gave up the reference that %s got with it: it may be gone",
	                    name, drop, p->unit->funcs[u->func].display);
	report_step(r, u->func, u->drop, STEP_EVENT, pass_basis(p, NULL, drop),
	            "the reference is given up here");
	report_step(r, u->func, u->use, STEP_EVENT, "", "and used here");
}

/* The thread may end within the call that ends the handle. */
static void report_inside(void *ctx, const struct ended_inside *e)
{
	struct pass *p = ctx;
	const struct ir_func *f = &p->unit->funcs[e->func];
	const struct api_func *model = model_at(p, e->func, e->at);
	const char *handle = pass_value(p, e->func, ir_arg(f, &f->instrs[e->at], 0));
	const char *name = *handle ? arena_printf(p->arena, "`%s`", handle) : "the handle";
	const char *other = p->unit->funcs[e->other].display, *callee = callee_of(p, e->func, e->at);
	struct report *r = pass_report(
	        p, e->func, e->at, CONFIDENCE_MEDIUM,
	        "%s is forgotten only behind %s, in which the thread may be cancelled: %s ends it "
	        "a second time then",
	        name, callee, other);
	report_step(r, e->where, e->opened, STEP_EVENT, "", "%s runs when the thread is cancelled", other);
	report_step(r, e->func, e->at, STEP_EVENT, pass_basis(p, model, callee),
	            "cancelled here, it leaves %s as it was", name);
}

static void run(struct pass *p)
{
	solve_ended_inside(p->solution, report_inside, p);
	solve_late_uses(p->solution, report_late, p);
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		if (is_ours(in) && !told_already(p, i) && !follows_completion(p, in) &&
		    !solve_runs_bound_early(p->solution, in->func, in->at))
			report(p, in);
	}
}

const struct rule cancelint_rule = {
        .id = "double-cancel",
        .summary = "a handle is ended twice, or used after its end, where the API forbids it",
        .severity = SEVERITY_ERROR,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 675,
        .since = "0.2",
        .run = run,
};
