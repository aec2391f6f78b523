/*
 * polled.c - functions that ask a token for their callers, and callers that ask it after a call.
 */
#include "scan.h"

#define MAX_DEPTH 3        /* wrappers around the call that asks */
#define MAX_LOOKED_AT 2000 /* instructions, for one call */

static bool asks_itself(const struct api_func *d)
{
	return api_role_of(d, API_ROLE_POLL) != NULL;
}

static bool answers(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (uint32_t n = 0; cfg && n < cfg->nrpo; n++) {
		const struct ir_instruction *t = ir_terminator(f, cfg->rpo[n]);
		if (t->op == IR_RET && t->noperands)
			return !s->funcs[func].nblocks;
	}
	return false;
}

static bool asks(const struct solution *s, uint32_t func, const struct ir_instruction *in, unsigned depth,
                 unsigned *budget)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	if (!callee || !in->result || !scan_matters(f, scan_uses(s, func), in->result))
		return false;
	if (asks_itself(s->program->described[callee]) || !depth || !answers(s, callee))
		return asks_itself(s->program->described[callee]);
	const struct ir_func *c = &s->program->unit->funcs[callee];
	for (ir_instr i = 1; i < c->ninstrs && *budget; i++) {
		--*budget;
		if (asks(s, callee, &c->instrs[i], depth - 1, budget))
			return true;
	}
	return false;
}

bool scan_asks_token(const struct solution *s, uint32_t func, ir_instr call)
{
	unsigned budget = MAX_LOOKED_AT;
	return asks(s, func, &s->program->unit->funcs[func].instrs[call], MAX_DEPTH, &budget);
}

/* On some way on from the call. */
static bool asks_behind(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		ir_block at = f->instrs[call].block, b = f->instrs[i].block;
		bool behind = (b == at && i > call) || cfg_can_reach(cfg, at, b);
		if (behind && scan_asks_token(s, func, i))
			return true;
	}
	return false;
}

bool scan_callers_ask_token(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->caller != func && (e->kind != CALL_DIRECT || !asks_behind(s, e->caller, e->site)))
			return false;
	}
	return p->in_edges_of[func] < p->in_edges_of[func + 1] && p->unit->funcs[func].flags & IR_FUNC_STATIC;
}

bool scan_may_end_tokens(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		const struct api_func *d = callee ? s->program->described[callee] : NULL;
		const struct ir_func *g = &s->program->unit->funcs[callee];
		if (api_role_of(d, API_ROLE_CANCEL) || api_role_of(d, API_ROLE_CONNECT))
			return true;
		for (uint32_t k = 0; callee && !d && k < g->nparams; k++)
			if (program_is_token(s->program, g->params[k].ctype))
				return true;
	}
	return false;
}
