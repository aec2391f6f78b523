#include "pass.h"

/* It goes through something of any length, itself or in a function of the unit that it calls. */
static bool goes_through(const struct pass *p, const struct block_site *b)
{
	if (b->role)
		return b->role->lasting;
	const struct func_facts *inner = &p->solution->funcs[b->via];
	for (uint32_t i = 0; b->via && i < inner->nblocks; i++)
		if (inner->blocks[i].role && inner->blocks[i].role->lasting)
			return true;
	return false;
}

/* Locks and local files are waited for briefly, and nobody passes a token for them; clean-up is to be done to
 * its end, also when all of a function is that. */
static bool counts(const struct pass *p, const struct block_site *b)
{
	bool brief = b->waits == API_WAITS_LOCK || (b->waits == API_WAITS_DISK && !goes_through(p, b));
	return !b->has_token && !b->waits_on_done && !brief &&
	       !(b->model && api_role_of(b->model, API_ROLE_CLEANUP));
}

static const struct block_site *first_block(const struct pass *p, const struct func_facts *facts)
{
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (counts(p, &facts->blocks[i]))
			return &facts->blocks[i];
	return NULL;
}

#define HONOURED (TOKEN_CHECKED | TOKEN_FORWARDED | TOKEN_STORED | TOKEN_WAITED | TOKEN_DERIVED | TOKEN_ENDED)

static const char *name_of(const struct token_info *t)
{
	return *t->name ? t->name : "(unnamed)";
}

static void report_block(struct pass *p, uint32_t func, const struct token_info *t,
                         const struct block_site *b)
{
	const char *why = t->last_check_only_after  ? "looks at it only when all is done"
	                  : t->uses & TOKEN_DROPPED ? "throws away the answer of its check"
	                                            : "never looks at it";
	struct report *r = pass_report(p, func, b->call, CONFIDENCE_MEDIUM,
	                               "%s is given the token `%s` but %s: %s cannot be cancelled",
	                               p->unit->funcs[func].display, name_of(t), why, b->callee);
	report_step(r, func, 0, STEP_EVENT, "", "`%s` is given to %s here", name_of(t),
	            p->unit->funcs[func].display);
	if (t->last_check_only_after)
		report_step(r, func, t->last_check_only_after, STEP_NOTE, "",
		            "the only check comes behind every wait");
	report_step(r, func, b->call, STEP_CALL, pass_basis(p, b->model, b->callee), "%s may block here%s",
	            b->callee, b->unbounded ? ", without a limit" : "");
	if (b->via && p->solution->funcs[b->via].summary.blocks)
		report_step(r, b->via, p->solution->funcs[b->via].summary.blocks, STEP_ENTER, "",
		            "it blocks in here");
}

static void report_loop(struct pass *p, uint32_t func, const struct token_info *t, uint32_t loop)
{
	struct report *r = pass_report(
	        p, func, pass_loop(p, func, loop), CONFIDENCE_MEDIUM,
	        "%s is given the token `%s` but never looks at it: its endless loop cannot be cancelled",
	        p->unit->funcs[func].display, t->name);
	report_step(r, func, 0, STEP_EVENT, "", "`%s` is given to %s here", name_of(t),
	            p->unit->funcs[func].display);
}

static uint32_t endless_loop(const struct pass *p, uint32_t func)
{
	const struct cfg *cfg = p->program->cfgs[func];
	for (uint32_t l = 1; l < cfg->nloops; l++)
		if (solve_loop_end(p->solution, func, l) == LOOP_ENDLESS)
			return l;
	return 0;
}

static bool is_param(const struct pass *p, uint32_t func, const struct token_info *t)
{
	return t->val && p->unit->funcs[func].vals[t->val].kind == IR_VAL_PARAM;
}

/* One token that is looked at is enough: the others may be there for the signature's sake. */
static const struct token_info *neglected(const struct pass *p, uint32_t func)
{
	uint32_t n;
	const struct token_info *t = solve_tokens(p->solution, func, &n), *found = NULL;
	for (uint32_t i = 0; i < n; i++) {
		bool late = (t[i].uses & HONOURED) == TOKEN_CHECKED && t[i].last_check_only_after;
		if ((t[i].uses & HONOURED) && !late)
			return NULL;
		if (!found)
			found = &t[i];
	}
	/* A token in its data may be there for other work, when its own stop is a flag. */
	if (found && !is_param(p, func, found) && solve_has_own_stop(p->solution, func))
		return NULL;
	return found;
}

/* `if (token) return refused; block();`: there is none where the call is. */
static bool is_none_at(const struct pass *p, uint32_t func, const struct token_info *t, ir_instr at)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct cfg *cfg = p->program->cfgs[func];
	for (ir_block b = 1; t->val && b < f->nblocks; b++) {
		const struct ir_instruction *term = ir_terminator(f, b);
		const struct ir_instruction *test =
		        term->op == IR_CONDBR ? ir_def(f, ir_operand(f, term, 0)) : NULL;
		if (!test || test->op != IR_ICMP || (test->sub != IR_EQ && test->sub != IR_NE) ||
		    ir_strip_casts(f, ir_operand(f, test, 0)) != t->val ||
		    f->vals[ir_operand(f, test, 1)].kind != IR_VAL_NULL)
			continue;
		ir_block none = ir_succ(f, term, test->sub == IR_EQ ? 0 : 1),
		         other = ir_succ(f, term, test->sub == IR_EQ ? 1 : 0);
		if (none != other && cfg->npreds[none] == 1 && cfg_dominates(cfg, none, f->instrs[at].block))
			return true;
	}
	return false;
}

/* The callbacks of a transfer could ask the token in their data. */
static void report_transfer(void *ctx, const struct blind_transfer *t)
{
	struct pass *p = ctx;
	const struct ir_func *f = &p->unit->funcs[t->func];
	uint32_t callee = ir_callee(f, &f->instrs[t->call]);
	const char *name = p->unit->funcs[callee].display, *callback = p->unit->funcs[t->callback].display;
	struct report *r = pass_report(p, t->func, t->call, CONFIDENCE_MEDIUM,
	                               "%s cannot be cancelled: no callback of it looks at `%s`, %s neither",
	                               name, t->token, callback);
	report_step(r, t->callback, 0, STEP_NOTE, "", "%s gets the token in its data", callback);
	report_step(r, t->func, t->call, STEP_CALL, pass_basis(p, p->program->described[callee], name),
	            "%s waits here until all is transferred", name);
}

static void run(struct pass *p)
{
	solve_blind_transfers(p->solution, report_transfer, p);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		if (!p->program->cfgs[f] || pass_is_main(p, f) || solve_is_cleanup(p->solution, f))
			continue;
		const struct token_info *t = neglected(p, f);
		const struct block_site *b = t ? first_block(p, &p->solution->funcs[f]) : NULL;
		if (b && b->via && neglected(p, b->via))
			continue; /* one defect: it stands in the function that blocks */
		if (b && is_none_at(p, f, t, b->call))
			continue;
		uint32_t loop = t && !b ? endless_loop(p, f) : 0;
		if (b)
			report_block(p, f, t, b);
		else if (loop)
			report_loop(p, f, t, loop);
	}
}

const struct rule cancelint_rule = {
        .id = "unchecked-done",
        .summary = "a function takes a token, blocks or loops, and never looks at it",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 772,
        .since = "0.1",
        .run = run,
};
