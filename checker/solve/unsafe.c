/*
 * unsafe.c - ways to cancel that no care of the caller makes safe.
 */
#include "scan.h"
#include "who.h"

#include <string.h>

#define MAX_CALLERS 3
#define MAX_PLACES 4

struct looker {
	const struct solution *s;
	void (*each)(void *ctx, const struct unsafe_use *u);
	void *ctx;
};

static const struct api_func *model_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return scan_model(s, f, &f->instrs[i]);
}

/* ---- values that must not be given ---- */

/* Some store puts that constant into the same static storage. */
static bool global_gets(const struct solution *s, uint32_t global, int64_t offset, int64_t constant)
{
	const struct program *p = s->program;
	int64_t c;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct ir_value *at =
			        in->op == IR_STORE ? &f->vals[ir_strip_casts(f, ir_operand(f, in, 1))] : NULL;
			if (at && at->kind == IR_VAL_GLOBAL && at->aux == global && at->imm == offset &&
			    scan_int(f, ir_operand(f, in, 0), &c) && c == constant)
				return true;
		}
	}
	return false;
}

/* The value is that constant, on some way. */
static bool may_be(const struct solution *s, const struct ir_func *f, ir_val v, int64_t constant,
                   unsigned depth)
{
	int64_t c;
	if (scan_int(f, v, &c))
		return c == constant;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (!in || depth > 4)
		return false;
	if (in->op == IR_LOAD) {
		const struct ir_value *at = &f->vals[ir_strip_casts(f, ir_operand(f, in, 0))];
		return at->kind == IR_VAL_GLOBAL && global_gets(s, at->aux, at->imm, constant);
	}
	for (uint32_t k = in->op == IR_SELECT; (in->op == IR_PHI || in->op == IR_SELECT) && k < in->noperands;
	     k++)
		if (may_be(s, f, ir_operand(f, in, k), constant, depth + 1))
			return true;
	return false;
}

/* A handler for that signal is installed somewhere. */
static bool is_handled(const struct solution *s, int64_t signal)
{
	const struct program *p = s->program;
	int64_t c;
	for (uint32_t e = 0; e < p->nedges; e++) {
		const struct ir_func *f = &p->unit->funcs[p->edges[e].caller];
		const struct ir_instruction *in = &f->instrs[p->edges[e].site];
		const struct api_func *d = p->described[p->edges[e].callee];
		const struct api_role *by = api_role_of(d, API_ROLE_CATCHES),
		                      *r = api_role_of(d, API_ROLE_CONNECT);
		r = r && r->runs == API_RUNS_SIGNAL ? r : by;
		ir_val v = r ? scan_path(f, in, &r->value) : 0;
		if (v && p->edges[e].kind == CALL_DIRECT && scan_int(f, v, &c) && c == signal)
			return true;
	}
	return false;
}

static void judge_value(const struct looker *l, struct unsafe_use u, uint32_t arg, int64_t constant,
                        unsigned depth)
{
	const struct program *p = l->s->program;
	const struct ir_func *f = &p->unit->funcs[u.func];
	u.value = ir_arg(f, &f->instrs[u.at], arg);
	const struct ir_value *v = &f->vals[ir_strip_casts(f, u.value)];
	if (v->kind != IR_VAL_PARAM) {
		if (may_be(l->s, f, u.value, constant, 0))
			l->each(l->ctx, &u);
		return;
	}
	if (!u.used_func) {
		u.used_func = u.func;
		u.used_at = u.at;
	}
	for (uint32_t k = p->in_edges_of[u.func]; depth && k < p->in_edges_of[u.func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		struct unsafe_use up = u;
		up.func = e->caller;
		up.at = e->site;
		if (e->kind == CALL_DIRECT)
			judge_value(l, up, v->aux, constant, depth - 1);
	}
}

static void judge_constant(const struct looker *l, uint32_t func, ir_instr i, const struct api_func *d)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_UNSAFE, r));) {
		struct unsafe_use u = {.func = func, .at = i, .model = d};
		u.kind = strcmp(r->hazard, "signal") == 0 ? UNSAFE_SIGNAL : UNSAFE_ASYNCHRONOUS;
		if (u.kind == UNSAFE_SIGNAL && is_handled(l->s, r->only.bits))
			continue;
		if (r->only.given)
			judge_value(l, u, r->only.arg, r->only.bits, MAX_CALLERS);
		else
			l->each(l->ctx, &u);
	}
}

/* ---- tokens that are used again ---- */

/* What a call is given as a token that it goes on using. */
static bool gets_token(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                       const struct handle_place *at, uint32_t n)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, in);
	const struct ir_func *g = &s->program->unit->funcs[callee];
	const struct api_func *d = s->program->described[callee];
	if (api_role_of(d, API_ROLE_DONE_FD) || api_role_of(d, API_ROLE_RENEW) ||
	    api_role_of(d, API_ROLE_CANCEL) || api_role_of(d, API_ROLE_POLL) ||
	    api_role_of(d, API_ROLE_RELEASE) || api_role_of(d, API_ROLE_REF) ||
	    api_role_of(d, API_ROLE_ALIAS))
		return false;
	for (uint32_t k = 0; callee && k < ir_nargs(in) && k < g->nparams; k++) {
		struct handle_place of[MAX_PLACES];
		if (!apimodel_is_token_type(s->program->api, g->params[k].ctype))
			continue;
		uint32_t m = who_places(s, func, ir_arg(f, in, k), of, MAX_PLACES);
		for (uint32_t a = 0; a < m; a++)
			for (uint32_t b = 0; b < n; b++)
				if (same_place(of[a], at[b]))
					return true;
	}
	return false;
}

static void find_user(const struct solution *s, struct unsafe_use *u)
{
	const struct program *p = s->program;
	struct handle_place at[MAX_PLACES];
	uint32_t n = who_places(s, u->func, u->value, at, MAX_PLACES);
	for (uint32_t e = 0; n && e < p->nedges; e++) {
		const struct ir_instruction *in =
		        &p->unit->funcs[p->edges[e].caller].instrs[p->edges[e].site];
		if (p->edges[e].kind == CALL_DIRECT && gets_token(s, p->edges[e].caller, in, at, n)) {
			u->used_func = p->edges[e].caller;
			u->used_at = p->edges[e].site;
			return;
		}
	}
}

static bool comes_before(const struct cfg *cfg, const struct ir_instruction *a,
                         const struct ir_instruction *b)
{
	return a->block == b->block ? a < b : cfg_can_reach(cfg, a->block, b->block);
}

/* Was made here, and nothing that outlives a call has been given it before: it is not in use. */
static bool is_own_and_idle(const struct solution *s, const struct unsafe_use *u)
{
	const struct ir_func *f = &s->program->unit->funcs[u->func];
	const struct cfg *cfg = s->program->cfgs[u->func];
	const struct use_index *x = scan_uses(s, u->func);
	const struct ir_instruction *at = &f->instrs[u->at];
	ir_val v = ir_strip_casts(f, u->value);
	const struct ir_instruction *made = ir_def(f, v);
	if (!made || !ir_is_call(made) ||
	    !api_role_of(s->program->described[ir_callee(f, made)], API_ROLE_CREATE))
		return false;
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
		if (in == at || in->op == IR_ICMP || !comes_before(cfg, in, at))
			continue;
		if (!d || api_role_of(d, API_ROLE_CANCEL) || api_role_of(d, API_ROLE_SPAWN) ||
		    api_role_of(d, API_ROLE_CONNECT))
			return false;
	}
	return true;
}

static void judge_reuse(const struct looker *l, uint32_t func, ir_instr i, const struct api_func *d)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(d, API_ROLE_RENEW);
	struct unsafe_use u = {.kind = UNSAFE_REUSE, .func = func, .at = i, .model = d};
	u.value = r->token.base ? scan_path(f, &f->instrs[i], &r->token) : 0;
	if (!u.value || is_own_and_idle(l->s, &u))
		return;
	struct handle_place kept = place_of_value(l->s, func, u.value);
	find_user(l->s, &u);
	u.unsure = !u.used_func &&
	           kept.kind >= PLACE_GLOBAL; /* then it may be no more than an event of its owner */
	l->each(l->ctx, &u);
}

/* ---- */

static void look_at(const struct looker *l, uint32_t func, ir_instr i)
{
	const struct api_func *d = model_at(l->s, func, i);
	const struct api_role *c = api_role_of(d, API_ROLE_CANCEL);
	const struct api_family *family =
	        c && c->family ? apimodel_family(l->s->program->api, c->family) : NULL;
	if (api_role_of(d, API_ROLE_UNSAFE))
		judge_constant(l, func, i, d);
	if (api_role_of(d, API_ROLE_RENEW))
		judge_reuse(l, func, i, d);
	if (family && family->task && c->handle.base && l->s->program->unit->cplusplus)
		l->each(l->ctx, &(struct unsafe_use){UNSAFE_UNWINDING, func, i, d, 0, 0, 0, false});
}

void solve_unsafe(const struct solution *s, void (*each)(void *ctx, const struct unsafe_use *u), void *ctx)
{
	struct looker l = {s, each, ctx};
	for (uint32_t func = 1; func < s->program->unit->nfuncs; func++) {
		const struct ir_func *f = &s->program->unit->funcs[func];
		const struct cfg *cfg = s->program->cfgs[func];
		for (ir_instr i = 1; cfg && i < f->ninstrs; i++)
			if (ir_is_call(&f->instrs[i]) && cfg_reachable(cfg, f->instrs[i].block))
				look_at(&l, func, i);
	}
}
