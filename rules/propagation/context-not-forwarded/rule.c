#include "pass.h"

#include "arena.h"

#include <string.h>

static bool takes_none(const struct incident *in)
{
	return in->role && in->role->kind == API_ROLE_VARIANT;
}

static const struct api_role *wait_of(const struct incident *in)
{
	return takes_none(in) ? api_role_of(in->model, API_ROLE_BLOCK) : in->role;
}

/* Its other form is a sequence of calls, with a wait in between that can look at the token. */
static bool is_sequence(const struct incident *in)
{
	return takes_none(in) && !in->role->token.base;
}

#define HONOURED (TOKEN_CHECKED | TOKEN_FORWARDED | TOKEN_STORED | TOKEN_WAITED | TOKEN_DERIVED | TOKEN_ENDED)

/* Of what a function that does nothing at all with its token does later, unchecked-done tells. */
static bool neglects(const struct pass *p, uint32_t func)
{
	uint32_t n;
	const struct token_info *t = solve_tokens(p->solution, func, &n);
	unsigned uses = 0;
	for (uint32_t i = 0; i < n; i++)
		uses |= t[i].uses;
	return n && !(uses & HONOURED);
}

/* Nothing that can be cancelled is waited for before: unchecked-done tells of the same call, and the two are
 * one finding. */
static bool is_first_wait(const struct pass *p, const struct incident *in)
{
	const struct func_facts *facts = &p->solution->funcs[in->func];
	for (uint32_t i = 0; i < facts->nblocks; i++) {
		const struct block_site *b = &facts->blocks[i];
		if (!b->has_token && !b->waits_on_done && b->waits != API_WAITS_LOCK &&
		    b->waits != API_WAITS_DISK)
			return b->call == in->at;
	}
	return true;
}

/* Of a wait in a loop that nothing ends, blocking-select-no-exit tells. */
static bool is_in_endless_loop(const struct pass *p, const struct incident *in)
{
	const struct cfg *cfg = p->program->cfgs[in->func];
	for (uint32_t l = cfg->loop_of[p->unit->funcs[in->func].instrs[in->at].block]; l;
	     l = cfg->loops[l].parent)
		if (solve_loop_end(p->solution, in->func, l) != LOOP_ENDS &&
		    !solve_loop_checks(p->solution, in->func, l))
			return true;
	return false;
}

/* A test's callback that never reads the token in its data goes on without it, as a rule. */
static bool idle_in_test(const struct pass *p, const struct incident *in)
{
	return !in->token && pass_in_test(p, in->func);
}

/* A function of the program's own that works on files with its token, and does nothing else with it; what
 * goes through their content is at least another function away. */
static bool works_on_files(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	uint32_t callee = ir_callee(f, &f->instrs[in->at]);
	const struct summary *sum = callee ? &p->solution->funcs[callee].summary : NULL;
	return sum && !in->model && in->slot < 64 && solve_has_body(p->solution, callee) &&
	       (sum->honours >> in->slot & 1) && !((sum->waits_out | sum->goes_through) >> in->slot & 1);
}

/* Elsewhere the same function gives the callee a token: here it was forgotten. */
static bool given_elsewhere(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	uint32_t callee = ir_callee(f, &f->instrs[in->at]);
	for (ir_instr i = 1; callee && i < f->ninstrs; i++) {
		const struct ir_instruction *other = &f->instrs[i];
		if (!ir_is_call(other) || ir_callee(f, other) != callee || in->slot >= ir_nargs(other))
			continue;
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, other, in->slot))];
		if (v->kind != IR_VAL_NULL)
			return true;
	}
	return false;
}

/* A file on a local disk is looked at in no time; what is in it may be much, or far away. A directory is gone
 * through entry by entry. */
static enum confidence confidence_of(const struct pass *p, const struct incident *in)
{
	const struct api_role *wait = wait_of(in);
	const struct ir_func *f = &p->unit->funcs[in->func];
	bool repeats = p->program->cfgs[in->func]->loop_of[f->instrs[in->at].block] != 0;
	if (is_sequence(in) && (api_role_of(in->model, API_ROLE_DEADLINE) || (wait && wait->timeout.base)))
		return CONFIDENCE_LOW; /* it is told when to end, and the other form is another program */
	if (idle_in_test(p, in) || in->obscure || in->begun_without ||
	    (works_on_files(p, in) && !repeats && !given_elsewhere(p, in)))
		return CONFIDENCE_LOW;
	if (wait && wait->kind == API_ROLE_BLOCK && wait->waits == API_WAITS_DISK)
		return repeats || wait->lasting ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	if (in->widened || in->owner_token || is_sequence(in) || !in->model || !wait ||
	    wait->kind != API_ROLE_BLOCK)
		return CONFIDENCE_MEDIUM;
	return CONFIDENCE_HIGH;
}

/* The other form has the same name. */
static bool is_overload(const struct incident *in)
{
	return in->callee && strcmp(in->role->name, in->callee) == 0;
}

/* Its object is no argument in the text. */
static bool is_member(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func],
	                     *callee = &p->unit->funcs[ir_callee(f, &f->instrs[in->at])];
	return callee->nparams && strcmp(callee->params[0].name, "this") == 0;
}

static void propose(struct pass *p, struct report *r, const struct incident *in)
{
	const char *token = pass_expression(p, in->func, in->token);
	if (!*token || is_sequence(in))
		return;
	if (!takes_none(in)) {
		report_pass_token(r, true, in->func, in->at, in->slot, in->token);
		return;
	}
	struct draft *d = report_fix(r, true, "call %s with `%s`", in->role->name, token);
	if (!is_overload(in))
		draft_callee(d, in->func, in->at, in->role->name);
	draft_insert_argument(d, in->func, in->at, in->role->token.arg - is_member(p, in), token);
}

static void report(struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	struct report *r =
	        takes_none(in)
	                ? pass_report(p, in->func, in->at, confidence_of(p, in),
	                              is_sequence(in) ? "%s cannot be cancelled, and %s is at hand: with %s "
	                                                "the wait can look at it"
	                              : is_overload(in)
	                                      ? "%s cannot be cancelled in this form, and %s is at hand: "
	                                        "there is a form of %s that takes it"
	                                      : "%s cannot be cancelled, and %s is at hand: there is "
	                                        "%s, which takes it",
	                              in->callee, in->chain, in->role->name)
	                : pass_report(p, in->func, in->at, confidence_of(p, in),
	                              "%s gets no token although %s is at hand: it cannot be cancelled",
	                              in->callee, in->chain);
	report_step(r, in->func, 0, STEP_EVENT, "", "%s has %s here", f->display, in->chain);
	report_trail(r, in->func, in->trail, 0, in->chain);
	report_step(r, in->func, in->at, STEP_CALL, pass_basis(p, in->model, in->callee),
	            takes_none(in) ? "this form of the call takes no token"
	                           : "the call gets NULL for its token");
	propose(p, r, in);
}

/* A bounded wait for the same object came first, and its answer decides: `if (f.wait_for(...) == ready)
 * f.get();` */
static bool asked_before(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct ir_instruction *call = &f->instrs[in->at];
	for (ir_instr i = 1; i < f->ninstrs && ir_nargs(call); i++) {
		const struct ir_instruction *other = &f->instrs[i];
		bool may = ir_is_call(other) && other->result && ir_nargs(other) &&
		           other->block != call->block && ir_callee(f, other);
		const struct api_role *r =
		        may ? api_role_of(p->program->described[ir_callee(f, other)], API_ROLE_BLOCK) : NULL;
		if (r && r->bounded && r->timeout.base &&
		    ir_strip_casts(f, ir_arg(f, other, 0)) == ir_strip_casts(f, ir_arg(f, call, 0)) &&
		    cfg_can_reach(p->program->cfgs[in->func], other->block, call->block))
			return true;
	}
	return false;
}

/* The same call has given the same object a token before: now it is taken back. What returns something does
 * more. */
static bool is_taken_back(const struct pass *p, const struct incident *in)
{
	const struct ir_func *f = &p->unit->funcs[in->func];
	const struct cfg *cfg = p->program->cfgs[in->func];
	const struct ir_instruction *call = &f->instrs[in->at];
	uint32_t callee = ir_callee(f, call);
	if (!callee || strcmp(p->unit->funcs[callee].ret_ctype, "void") != 0)
		return false;
	for (ir_instr i = 1; !in->model && in->slot && in->slot < ir_nargs(call) && i < f->ninstrs; i++) {
		const struct ir_instruction *other = &f->instrs[i];
		if (!ir_is_call(other) || i == in->at || ir_callee(f, other) != callee ||
		    ir_strip_casts(f, ir_arg(f, other, 0)) != ir_strip_casts(f, ir_arg(f, call, 0)))
			continue;
		bool before = other->block == call->block ? i < in->at
		                                          : cfg_dominates(cfg, other->block, call->block);
		if (before && f->vals[ir_strip_casts(f, ir_arg(f, other, in->slot))].kind != IR_VAL_NULL)
			return true;
	}
	return false;
}

/* Another member of the class gives the other form of the function the token in their object. */
static void report_sibling(void *ctx, const struct sibling_token *t)
{
	struct pass *p = ctx;
	const struct ir_func *f = &p->unit->funcs[t->func];
	const char *callee = p->unit->funcs[ir_callee(f, &f->instrs[t->call])].display;
	const char *other = p->unit->funcs[t->other].display;
	struct report *r =
	        pass_report(p, t->func, t->call, CONFIDENCE_MEDIUM,
	                    "%s cannot be cancelled in this form, and `%s` of the object is at hand: %s "
	                    "gives it to the form that takes it",
	                    callee, t->field, other);
	report_step(r, t->other, t->other_call, STEP_NOTE, "", "%s passes `%s` here", other, t->field);
	report_step(r, t->func, t->call, STEP_CALL, "", "this form of the call takes no token");
}

/* The token is only looked at on a branch that no path takes. */
static void report_never_kept(void *ctx, const struct never_kept *n)
{
	struct pass *p = ctx;
	const struct ir_func *f = &p->unit->funcs[n->func];
	const char *token = f->params[n->param].name,
	           *field = pass_value(p, n->func, f->instrs[n->asked].result);
	const char *name = *field ? arena_printf(p->arena, "`%s`", field) : "a field";
	struct report *r =
	        pass_report(p, n->func, n->use, CONFIDENCE_HIGH,
	                    "`%s` goes nowhere: it is only looked at where %s is not NULL, and that lies "
	                    "in an object that was made just before, all zero",
	                    token, name);
	report_step(r, n->func, 0, STEP_EVENT, "", "%s has `%s` here", f->display, token);
	report_step(r, n->func, n->asked, STEP_BRANCH, "", "%s is NULL here", name);
	report_step(r, n->func, n->use, STEP_EVENT, "", "so `%s` never gets here", token);
}

struct continued_told {
	struct pass *p;
	uint32_t func;
	ir_instr call;
};

/* Work that was started with a token goes on without, while its starter waits. */
static void report_continued(void *ctx, const struct continued *c)
{
	struct continued_told *told = ctx;
	struct pass *p = told->p;
	const struct ir_func *f = &p->unit->funcs[c->func];
	uint32_t callee = ir_callee(f, &f->instrs[c->call]);
	const char *name = p->unit->funcs[callee].display, *starter = p->unit->funcs[c->starter].display;
	if (told->func == c->func && told->call == c->call)
		return;
	told->func = c->func;
	told->call = c->call;
	struct report *r =
	        pass_report(p, c->func, c->call, CONFIDENCE_MEDIUM,
	                    "%s gets no token: %s started this work with `%s`, and waits for it to end", name,
	                    starter, c->token);
	report_step(r, c->starter, c->start, STEP_EVENT, "",
	            "it is started here, with `%s` and with data of %s", c->token, starter);
	report_step(r, c->func, c->call, STEP_CALL, pass_basis(p, p->program->described[callee], name),
	            "it goes on here, and the call gets NULL for its token");
}

static void run(struct pass *p)
{
	struct continued_told told = {.p = p};
	solve_continued(p->solution, report_continued, &told);
	solve_never_kept(p->solution, report_never_kept, p);
	solve_sibling_tokens(p->solution, report_sibling, p);
	for (uint32_t i = 0; i < p->solution->nincidents; i++) {
		const struct incident *in = &p->solution->incidents[i];
		bool neglected = is_sequence(in) && neglects(p, in->func) && !is_first_wait(p, in);
		bool other = neglected || (is_sequence(in) && asked_before(p, in)) ||
		             (is_sequence(in) && is_in_endless_loop(p, in));
		if (in->kind == INCIDENT_NOT_FORWARDED && !other && !is_taken_back(p, in))
			report(p, in);
	}
}

const struct rule cancelint_rule = {
        .id = "context-not-forwarded",
        .summary = "a token is at hand and the call gets none, or its uncancellable form is called",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .cwe = 400,
        .since = "0.3",
        .run = run,
};
