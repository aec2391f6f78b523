#include "pass.h"

#include "arena.h"

static const char *named(const struct pass *p, uint32_t func, ir_val v, const char *other)
{
	const char *text = pass_value(p, func, v);
	return *text ? arena_printf(p->arena, "`%s`", text) : other;
}

static void report_chain(struct pass *p, const struct growth *g)
{
	const struct ir_func *f = &p->unit->funcs[g->func];
	uint32_t callee = ir_callee(f, &f->instrs[g->call]);
	const char *what = named(p, g->func, g->from, "a token that outlives the loop");
	const char *by = p->unit->funcs[callee].display;
	struct report *r = pass_report(
	        p, g->func, g->call, CONFIDENCE_MEDIUM,
	        "%s grows by one more level in each turn: %s derives it from that of the turn before", what,
	        by);
	report_step(r, g->func, g->call, STEP_EVENT, pass_basis(p, p->program->described[callee], by),
	            "a child of %s is made here, and takes its place", what);
	report_step(r, g->func, pass_loop(p, g->func, g->loop), STEP_NOTE, "",
	            "the loop goes on with the child; nothing puts the parent back");
}

/* ---- handlers ---- */

static bool is_load(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	return in && in->op == IR_LOAD;
}

/* A token that this function makes is what the handler gets: one for each request. */
static bool serves_a_new_token(const struct pass *p, const struct ir_func *f, ir_val data)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, data));
	const struct api_func *d = in && ir_is_call(in) ? p->program->described[ir_callee(f, in)] : NULL;
	const struct api_role *ref = api_role_of(d, API_ROLE_REF), *made = api_role_of(d, API_ROLE_CREATE);
	if (ref && ref->handle.base == API_PATH_ARG && !ref->handle.deref)
		return serves_a_new_token(p, f, ir_arg(f, in, ref->handle.arg));
	return made && made->token.base == API_PATH_RETURN;
}

static bool grows(const struct pass *p, const struct incident *in, const struct callback_facts *c,
                  uint32_t *loop)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	*loop = solve_attaches_in_loop(p->solution, in->func, in->site, c->from);
	if (*loop)
		return !c->owner_goes_first || is_load(f, c->from);
	return in->kind != INCIDENT_OWED_AFTER_TURN && is_load(f, c->from) && !c->owner_goes_first &&
	       serves_a_new_token(p, f, c->data);
}

static void report_handler(struct pass *p, const struct incident *in, const struct callback_facts *c,
                           uint32_t loop)
{
	const char *to = named(p, in->func, c->from, "an object");
	struct report *r = pass_report(p, in->func, in->site, CONFIDENCE_MEDIUM,
	                               "%s gains one more handler %s, by %s, and none is ever taken off", to,
	                               loop ? "in each turn of the loop" : "with each call", in->callee);
	report_step(r, in->func, in->site, STEP_EVENT, pass_basis(p, in->model, in->callee),
	            "it is attached to %s here", to);
	if (loop)
		report_step(r, in->func, pass_loop(p, in->func, loop), STEP_NOTE, "", "%s outlives the loop",
		            to);
	else
		report_step(r, in->func, in->site, STEP_NOTE, "",
		            "it serves %s, which is made here, and stays when that is gone",
		            named(p, in->func, c->data, "a token"));
}

static void look_at(struct pass *p, const struct incident *in)
{
	bool lost = in->kind == INCIDENT_DISCARDED || in->kind == INCIDENT_OVERWRITTEN ||
	            in->kind == INCIDENT_OWED_AFTER_TURN || in->kind == INCIDENT_OWED_AT_EXIT;
	struct callback_facts c = {0};
	uint32_t loop = 0;
	if (!lost || !in->model)
		return;
	c = solve_callback(p->solution, in->func, in->site);
	if (c.role && c.role->kind == API_ROLE_CONNECT && c.from && grows(p, in, &c, &loop))
		report_handler(p, in, &c, loop);
}

/* ---- handlers that owe nothing ---- */

static bool is_used(const struct ir_func *f, ir_val v)
{
	for (ir_instr i = 1; v && i < f->ninstrs; i++)
		for (uint32_t k = 0; k < f->instrs[i].noperands; k++)
			if (ir_operand(f, &f->instrs[i], k) == v)
				return true;
	return false;
}

static bool detaches_in(const struct pass *p, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		if (cfg_in_loop(p->program->cfgs[func], loop, f->instrs[i].block) &&
		    (api_role_of(p->program->described[callee], API_ROLE_DISCONNECT) ||
		     (callee && p->program->cfgs[callee])))
			return true;
	}
	return false;
}

/* The same one each turn: what it is for, what it calls, and either what it gets or a loop that goes on and
 * on. */
static bool same_each_turn(const struct pass *p, uint32_t func, ir_instr i, const struct api_role *r,
                           uint32_t loop)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	if (r->value.base != API_PATH_ARG || r->data.base != API_PATH_ARG || r->entry.base != API_PATH_ARG)
		return false;
	uint8_t name = f->vals[ir_strip_casts(f, ir_arg(f, in, r->value.arg))].kind,
	        entry = f->vals[ir_strip_casts(f, ir_arg(f, in, r->entry.arg))].kind;
	enum loop_end end = solve_loop_end(p->solution, func, loop);
	return name == IR_VAL_STRING && entry == IR_VAL_FUNC &&
	       (solve_attaches_in_loop(p->solution, func, i, ir_arg(f, in, r->data.arg)) == loop ||
	        end == LOOP_ENDLESS || end == LOOP_ENDS_WITH_PEER);
}

static void look_at_connect(struct pass *p, uint32_t func, ir_instr i, const struct api_func *d)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_role *r = api_role_of(d, API_ROLE_CONNECT);
	if (!r || r->bound || r->from.base != API_PATH_ARG || r->from.deref ||
	    api_role_of(d, API_ROLE_CREATE) || is_used(f, in->result))
		return;
	ir_val from = ir_arg(f, in, r->from.arg);
	uint32_t loop = solve_attaches_in_loop(p->solution, func, i, from);
	if (!loop || detaches_in(p, func, loop) || !same_each_turn(p, func, i, r, loop))
		return;
	const char *to = named(p, func, from, "an object");
	struct report *report = pass_report(
	        p, func, i, CONFIDENCE_MEDIUM,
	        "%s gains one more handler in each turn of the loop, by %s, and none is ever taken off", to,
	        d->name);
	report_step(report, func, i, STEP_EVENT, pass_basis(p, d, d->name), "it is attached to %s here", to);
	report_step(report, func, pass_loop(p, func, loop), STEP_NOTE, "", "%s outlives the loop", to);
}

static void look_at_connects(struct pass *p, uint32_t func)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg *cfg = p->program->cfgs[func];
	if (!cfg || cfg->nloops == 1)
		return;
	for (PROGRAM_EACH_CALL(p->program, func, c))
		if (c->callee && p->program->described[c->callee] && cfg->loop_of[f->instrs[c->at].block])
			look_at_connect(p, func, c->at, p->program->described[c->callee]);
}

static bool told_already(const struct solution *s, uint32_t i)
{
	const struct incident *a = &s->incidents[i];
	for (uint32_t k = 0; k < i; k++)
		if (s->incidents[k].func == a->func && s->incidents[k].site == a->site)
			return true;
	return false;
}

static void run(struct pass *p)
{
	struct growth g = {0};
	while (solve_next_growth(p->solution, &g))
		report_chain(p, &g);
	for (uint32_t i = 0; i < p->solution->nincidents; i++)
		if (!told_already(p->solution, i))
			look_at(p, &p->solution->incidents[i]);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		look_at_connects(p, f);
}

const struct rule cancelint_rule = {
        .id = "handle-growth-in-loop",
        .summary = "something that outlives the loop gains one more handler, child or wrapper each turn",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 401,
        .since = "0.2",
        .run = run,
};
