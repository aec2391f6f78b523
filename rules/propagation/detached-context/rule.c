#include "pass.h"

#include "arena.h"

#include <string.h>

static const char *maker(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	return in->before && ir_is_call(&f->instrs[in->before])
	               ? p->unit->funcs[ir_callee(f, &f->instrs[in->before])].display
	               : "";
}

static bool is_test(const struct pass *p, const struct incident *in)
{
	return pass_in_test(p, in->func);
}

static enum confidence confidence_of(const struct pass *p, const struct incident *in)
{
	return in->widened || is_test(p, in) ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
}

/* The function of that library that derives a token and drops cancellation on purpose; NULL: none. */
static const struct api_func *detaching(const struct pass *p, const char *library)
{
	for (uint32_t i = 0; i < p->api->nfuncs; i++) {
		const struct api_func *d = &p->api->funcs[i];
		const struct api_role *r = api_role_of(d, API_ROLE_DETACH);
		if (r && d->nparams == 1 && strcmp(d->library, library) == 0)
			return d;
	}
	return NULL;
}

/* Whether the work is to go on after the end is for its author to say. */
static void propose(struct pass *p, struct report *r, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func],
	                     *callee = &p->unit->funcs[ir_callee(f, &f->instrs[in->at])];
	const char *token = pass_expression(p, in->func, in->token);
	if (!*token || in->slot >= callee->nparams ||
	    !program_is_token(p->program, callee->params[in->slot].ctype))
		return;
	const struct api_func *detach = in->model ? detaching(p, in->model->library) : NULL;
	report_pass_token(r, false, in->func, in->at, in->slot, in->token);
	if (detach)
		draft_argument(report_fix(r, false, "say that it goes on: %s", detach->name), in->func,
		               in->at, in->slot, arena_printf(p->arena, "%s(%s)", detach->name, token));
}

static void report(struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct api_func *model = p->program->described[ir_callee(f, &f->instrs[in->before])];
	struct report *r = pass_report(
	        p, in->func, in->at, confidence_of(p, in),
	        "%s gets a token that %s made afresh although %s is at hand: the end of %s does not reach it",
	        in->callee, maker(p, in), in->chain, in->chain);
	report_step(r, in->func, 0, STEP_EVENT, "", "%s has %s here", f->display, in->chain);
	report_step(r, in->func, in->before, STEP_EVENT, pass_basis(p, model, maker(p, in)),
	            "a token that is nobody's child is made here");
	report_trail(r, in->func, in->trail, 0, in->chain);
	report_step(r, in->func, in->at, STEP_CALL, pass_basis(p, in->model, in->callee), "%s gets it here",
	            in->callee);
	propose(p, r, in);
}

/* `req->c = root; next(req);` */
static void report_overwritten(struct pass *p, const struct overwritten_token *o)
{
	const struct ir_func *f = &p->unit->funcs[o->func];
	uint32_t maker = ir_callee(f, &f->instrs[o->root]), user = ir_callee(f, &f->instrs[o->used]);
	const char *object = f->params[o->param].name;
	struct report *r = pass_report(p, o->func, o->store,
	                               pass_in_test(p, o->func) ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM,
	                               "the token in `%s->%s` is replaced by one that %s made afresh: the "
	                               "end of the request does not reach what follows",
	                               object, o->field, p->unit->funcs[maker].display);
	report_step(r, o->func, 0, STEP_EVENT, "", "%s has `%s->%s` here", f->display, object, o->field);
	report_step(r, o->func, o->root, STEP_EVENT,
	            pass_basis(p, p->program->described[maker], p->unit->funcs[maker].display),
	            "a token that is nobody's child is made here");
	report_step(r, o->func, o->used, STEP_CALL, "", "%s works with it",
	            user ? p->unit->funcs[user].display : "a call");
}

static void run(struct pass *p)
{
	struct overwritten_token o = {0};
	while (solve_next_overwritten_token(p->solution, &o))
		report_overwritten(p, &o);
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (p->solution->incidents[i].kind == INCIDENT_DETACHED)
			report(p, &p->solution->incidents[i]);
}

const struct rule cancelint_rule = {
        .id = "detached-context",
        .summary = "a fresh root is made and used although a live token is at hand",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 400,
        .since = "0.3",
        .run = run,
};
