#include "pass.h"

/* The first blocking call in the loop but not in a loop inside it that is reported by itself. */
static const struct block_site *site_in(const struct pass *p, uint32_t func, uint32_t loop)
{
	const struct func_facts *facts = &p->solution->funcs[func];
	const struct cfg *cfg = p->program->cfgs[func];
	const struct block_site *found = NULL;
	for (uint32_t i = 0; i < facts->nblocks; i++) {
		const struct block_site *b = &facts->blocks[i];
		ir_block at = p->unit->funcs[func].instrs[b->call].block;
		if (!cfg_in_loop(cfg, loop, at))
			continue;
		if (b->waits_on_done)
			return NULL;
		if (b->has_token || b->waits == API_WAITS_LOCK || b->waits == API_WAITS_DISK)
			continue;
		bool inner = cfg->loop_of[at] != loop &&
		             solve_loop_end(p->solution, func, cfg->loop_of[at]) == LOOP_ENDLESS;
		if (!inner && !found)
			found = b;
	}
	return found;
}

struct scope { /* why somebody would want to end the loop */
	const struct token_info *token;
	ir_instr join;
	uint32_t joiner;
};

/* Tokens nobody mentions are another rule's business. */
static bool scope_of(const struct pass *p, uint32_t func, struct scope *out)
{
	uint32_t n;
	const struct token_info *t = solve_tokens(p->solution, func, &n);
	*out = (struct scope){0};
	for (uint32_t i = 0; i < n; i++)
		if (t[i].uses)
			out->token = &t[i];
	if (n && !out->token)
		return false;
	if (!out->token)
		out->join = solve_joined(p->solution, func, &out->joiner);
	return true;
}

static void report(struct pass *p, uint32_t func, uint32_t loop, const struct block_site *b,
                   enum loop_end end, const struct scope *s)
{
	ir_instr top = pass_loop(p, func, loop);
	bool wanted = (s->token || s->join) && end != LOOP_ENDS_WITH_PEER;
	enum confidence c = wanted ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	struct report *r = pass_report(
	        p, func, b->call, c, "%s blocks in a loop that %s: cancellation cannot end it", b->callee,
	        end == LOOP_ENDLESS          ? "has no exit"
	        : end == LOOP_ENDS_WITH_PEER ? "ends only when the peer closes or fails"
	                                     : "only success leaves");
	report_step(r, func, top, STEP_EVENT, "", "the loop starts here");
	if (s->token)
		report_step(r, func, 0, STEP_NOTE, "", "the token `%s` is at hand", s->token->name);
	if (s->join)
		report_step(r, s->joiner, s->join, STEP_NOTE, "",
		            "the thread that runs %s is waited for here", p->unit->funcs[func].display);
	if (solve_cancel_held_back(p->solution, func, loop))
		report_step(r, func, b->call, STEP_NOTE, "",
		            "cancellation of the thread is disabled in the whole loop");
	report_step(r, func, b->call, STEP_CALL, pass_basis(p, b->model, b->callee), "%s may block here%s",
	            b->callee, b->unbounded ? ", without a limit" : "");
	if (b->via && p->solution->funcs[b->via].summary.blocks)
		report_step(r, b->via, p->solution->funcs[b->via].summary.blocks, STEP_ENTER, "",
		            "it blocks in here");
}

static bool is_of_header(const struct pass *p, const struct ir_instruction *in)
{
	const struct ir_place *at = &p->unit->locs[in->loc];
	return at->inlined_at && p->unit->files[at->file].system;
}

/* A loop of a system header, merged into the function: it goes through elements, as destructors do. */
static bool is_of_library(const struct pass *p, uint32_t func, uint32_t loop, const struct block_site *b)
{
	const struct ir_func *f = &p->unit->funcs[func];
	return is_of_header(p, &f->instrs[b->call]) &&
	       is_of_header(p, ir_terminator(f, p->program->cfgs[func]->loops[loop].head));
}

static void check(struct pass *p, uint32_t func)
{
	const struct cfg *cfg = p->program->cfgs[func];
	struct scope scope;
	bool asked = false;
	for (uint32_t l = 1; l < cfg->nloops; l++) {
		enum loop_end end = solve_loop_end(p->solution, func, l);
		const struct block_site *b = end == LOOP_ENDS ? NULL : site_in(p, func, l);
		if (!b || is_of_library(p, func, l, b) || solve_loop_checks(p->solution, func, l))
			continue;
		if (!asked && !scope_of(p, func, &scope))
			return;
		asked = true;
		if (solve_cancelled(p->solution, func) && !solve_cancel_held_back(p->solution, func, l))
			continue;
		if (end == LOOP_ENDS_WITH_PEER && !scope.token)
			continue;
		report(p, func, l, b, end, &scope);
	}
}

static void run(struct pass *p)
{
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->program->cfgs[f] && p->solution->funcs[f].nblocks && !pass_is_main(p, f))
			check(p, f);
}

const struct rule cancelint_rule = {
        .id = "blocking-select-no-exit",
        .summary = "a loop blocks without a bound and cancellation cannot end it",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_MEDIUM,
        .cwe = 835,
        .since = "0.1",
        .run = run,
};
