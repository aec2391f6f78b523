/*
 * begun.c - work that a function finds begun: a handler of signals, or the callback of an operation, has its
 * tokens from the object that it is given, and they may be there for other work.
 */
#include "place.h"
#include "propagate.h"
#include "scan.h"

/* The function is given no token, but objects with tokens in them. */
static bool all_in_data(const struct sim *m)
{
	for (uint32_t k = 0; k < m->nscope_tokens; k++) {
		ir_val v = m->scope_tokens[k].val;
		if (v ? m->f->vals[v].kind == IR_VAL_PARAM : !m->scope_tokens[k].param)
			return false;
	}
	return !scan_is_lambda(m->f);
}

/* A call attaches a handler to what the token was stored to: `r->token = c; x_connect(r->token, ...)`. */
static bool connects_stored(const struct sim *m, ir_val token)
{
	const struct ir_func *f = m->f;
	const struct use_index *x = scan_uses(m->sol, m->func);
	for (uint32_t k = x->first[token]; k < x->first[token + 1]; k++) {
		const struct ir_instruction *st = &f->instrs[x->uses[k].by];
		if (st->op != IR_STORE || x->uses[k].operand)
			continue;
		struct handle_place kept = place_of(m->sol, m->func, ir_operand(f, st, 1));
		for (ir_instr i = 1; kept.kind && i < f->ninstrs; i++) {
			const struct api_role *r =
			        api_role_of(scan_model(m->sol, f, &f->instrs[i]), API_ROLE_CONNECT);
			ir_val from = r ? scan_path(f, &f->instrs[i], &r->from) : 0;
			if (from && same_place(place_of_value(m->sol, m->func, from), kept))
				return true;
		}
	}
	return false;
}

bool propagate_has_handler(const struct sim *m, const struct token_info *t)
{
	unsigned uses = t->val ? scan_token_uses(m->sol, m->func, t->val) : 0;
	return (uses & TOKEN_WAITED) || ((uses & TOKEN_STORED) && connects_stored(m, t->val));
}

/* The function handles a signal for an object, and has no token but in that: which may be there for other
 * work. */
bool propagate_of_handler(const struct sim *m)
{
	const struct program *p = m->p;
	bool handles = false;
	if (!all_in_data(m))
		return false;
	for (uint32_t k = p->in_edges_of[m->func]; k < p->in_edges_of[m->func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *f = &p->unit->funcs[e->caller];
		handles |= e->kind == CALL_CALLBACK &&
		           api_role_of(scan_model(m->sol, f, &f->instrs[e->site]), API_ROLE_CONNECT);
	}
	return handles;
}

/* It is started, and nobody is told how it ends: `x_call(proxy, token, NULL, NULL)`. */
bool propagate_nobody_waits(const struct sim *m, const struct call *c)
{
	if (!all_in_data(m))
		return false;
	const struct api_func *d = m->p->described[c->callee];
	const struct api_role *start = api_role_of(d, API_ROLE_SPAWN);
	return start && start->entry.base == API_PATH_ARG && start->entry.arg < ir_nargs(c->in) &&
	       scan_null(m->f, ir_arg(m->f, c->in, start->entry.arg));
}

/* The token that a call gets, by its model or by the types of its parameters. */
static ir_val token_given(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_SPAWN);
	const struct ir_func *g = &s->program->unit->funcs[ir_is_call(in) ? ir_callee(f, in) : 0];
	if (r)
		return r->token.base == API_PATH_ARG && !r->token.deref ? scan_path(f, in, &r->token) : 0;
	for (uint32_t k = 0; k < g->nparams && k < ir_nargs(in); k++)
		if (program_is_token(s->program, g->params[k].ctype))
			return ir_arg(f, in, k);
	return 0;
}

static bool is_given(const struct ir_func *f, const struct ir_instruction *in, uint32_t func)
{
	for (uint32_t n = 0; n < ir_nargs(in); n++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, n))];
		if (v->kind == IR_VAL_FUNC && v->aux == func)
			return true;
	}
	return false;
}

/* Whoever starts the operations that the function is the callback of gives none of them a token: what it goes
 * on with has been begun without. */
bool propagate_begun_without(const struct sim *m)
{
	const struct program *p = m->p;
	bool any = false;
	if (!all_in_data(m))
		return false;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			if (!ir_is_call(in) || !is_given(f, in, m->func))
				continue;
			ir_val token = token_given(m->sol, f, in);
			if (!token || !scan_null(f, token))
				return false;
			any = true;
		}
	}
	return any;
}
