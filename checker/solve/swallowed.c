/*
 * swallowed.c - results and errors that may mean "cancelled", and get lost. Exceptions are in caught.c.
 */
#include "caught.h"
#include "fate.h"
#include "sim.h"

#include "str.h"

#include <string.h>

/* A function of the project's own that hands on what such a call returned. */
static bool returns_status(const struct solution *s, uint32_t callee)
{
	const struct program *p = s->program;
	const struct ir_func *g = &p->unit->funcs[callee];
	for (ir_instr i = 1; p->cfgs[callee] && i < g->ninstrs; i++) {
		const struct ir_instruction *in = &g->instrs[i];
		ir_val v = in->op == IR_RET ? ir_strip_casts(g, ir_operand(g, in, 0)) : 0;
		const struct ir_instruction *def = v ? ir_def(g, v) : NULL;
		for (uint32_t k = 0; def && k < (def->op == IR_PHI ? def->noperands : 1); k++) {
			const struct ir_instruction *from =
			        def->op == IR_PHI ? ir_def(g, ir_strip_casts(g, ir_operand(g, def, k))) : def;
			if (from && ir_is_call(from) && fate_gives_token(s, callee, from))
				return true;
		}
	}
	return false;
}

/* A status: negative when the call failed or was cancelled. */
static bool is_status(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(f, in);
	const struct ir_value *r = &f->vals[in->result];
	const char *type = s->program->unit->funcs[callee].ret_ctype;
	if (!in->result || r->type != IR_TYPE_INT || r->bits < 32 || fate_is_boolean(s, f, in->result, type))
		return false;
	if (api_role_of(s->program->described[callee], API_ROLE_BLOCK))
		return true;
	const struct summary *sum = &s->funcs[callee].summary;
	bool never_fails =
	        sum->known && sum->returns.lo >= 0; /* it is left in another way then: by an exception */
	return !never_fails && returns_status(s, callee);
}

static bool reported(const struct fate *w)
{
	if (w->ignored)
		return w->end != FATE_HANDLED;
	return w->end >= FATE_GOES_ON;
}

static void fill(const struct fate *w, struct swallowed *out)
{
	static const enum swallow_end ends[] = {SWALLOW_UNSURE,  SWALLOW_UNSURE,  SWALLOW_RETURNS,
	                                        SWALLOW_GOES_ON, SWALLOW_RETRIES, SWALLOW_CONVERTED,
	                                        SWALLOW_SUCCESS};
	out->end = ends[w->end];
	out->shows = w->at;
	out->some_ways = w->handled;
}

/* Judges one call; `err`: its out-parameter for the error, counted from 1. */
static bool judge(struct fate *w, ir_instr i, uint32_t err, struct swallowed *out)
{
	ir_val at = err ? ir_arg(w->f, w->call, err - 1) : 0;
	bool none = err && scan_null(w->f, at);
	if (err && !none && !fate_is_local(w->f, at))
		return false;
	if (!err && !is_status(w->s, w->f, w->call))
		return false;
	fate_fetch(w);
	fate_carrier(w);
	w->ignored = (none || !err) && !(w->call->result && scan_matters(w->f, w->x, w->call->result));
	if (w->ignored && done_is_cleanup(w->s, w->f, w->call, ir_callee(w->f, w->call)))
		return false;
	fate_walk(w, i);
	if (!reported(w))
		return false;
	out->weak |= none && !w->ignored && w->end != FATE_CONVERTED;
	out->weak &= !(w->ignored && w->end == FATE_SUCCESS);
	out->unasked = none && w->ignored;
	out->how = w->ignored ? SWALLOW_IGNORED : SWALLOW_DROPPED;
	out->at = w->clears ? w->clears : w->end == FATE_CONVERTED ? w->at : i;
	fill(w, out);
	return true;
}

static bool judge_call(const struct solution *s, struct swallowed *out)
{
	const struct ir_func *f = &s->program->unit->funcs[out->func];
	const struct ir_instruction *in = &f->instrs[out->call];
	if (!ir_is_call(in) || !cfg_reachable(s->program->cfgs[out->func], in->block) ||
	    !fate_gives_token(s, out->func, in))
		return false;
	uint32_t err = fate_error_arg(s, f, in);
	const struct api_role *block = api_role_of(s->program->described[ir_callee(f, in)], API_ROLE_BLOCK);
	out->weak = block && block->waits == API_WAITS_TIME;
	struct fate w;
	fate_init(&w, s, out->func);
	w.call = in;
	bool found = judge(&w, out->call, err, out);
	fate_release(&w);
	return found;
}

static bool judged(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	return p->cfgs[func] && p->relevant[func] && !done_named_cleanup(s, func);
}

bool solve_next_swallowed(const struct solution *s, struct swallowed *w)
{
	const struct program *p = s->program;
	ir_instr next = w->call + 1;
	bool caught = w->handler != NULL;
	for (uint32_t func = w->func ? w->func : 1; func < p->unit->nfuncs;
	     func++, next = 1, caught = false) {
		bool calls = !caught && judged(s, func);
		for (PROGRAM_EACH_CALL(p, func, c)) {
			if (!calls || c->at < next)
				continue;
			*w = (struct swallowed){.func = func, .call = c->at};
			if (judge_call(s, w))
				return true;
		}
		*w = (struct swallowed){.func = func, .at = caught ? w->at : 0};
		if (p->cfgs[func] && caught_next(s, w))
			return true;
	}
	return false;
}
