/*
 * unsafe.c - ways to cancel that no care of the caller makes safe.
 */
#include "access.h"
#include "far.h"
#include "notes.h"
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

/* Of an address in static storage also where in it. */
static struct handle_place value_place(const struct solution *s, uint32_t func, ir_val at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_value *v = &f->vals[ir_strip_casts(f, at)];
	struct handle_place p = place_of(s, func, at);
	if (p.kind == PLACE_GLOBAL && v->kind == IR_VAL_GLOBAL)
		p.offset = v->imm;
	return p;
}

/* Some store puts that constant into the same static storage, or into that field of such an object. */
static bool place_gets(const struct solution *s, struct handle_place at, int64_t constant)
{
	const struct program *p = s->program;
	int64_t c;
	for (uint32_t g = 1; (at.kind == PLACE_GLOBAL || at.kind == PLACE_FIELD) && g < p->unit->nfuncs;
	     g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			if (in->op == IR_STORE && scan_int(f, ir_operand(f, in, 0), &c) && c == constant &&
			    same_place(value_place(s, g, ir_operand(f, in, 1)), at))
				return true;
		}
	}
	return false;
}

/* Some return of the function gives that constant. */
static bool may_return(const struct solution *s, uint32_t func, int64_t constant, unsigned depth);

/* The value is that constant, on some way. */
static bool may_be(const struct solution *s, uint32_t func, ir_val v, int64_t constant, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	int64_t c;
	if (scan_int(f, v, &c))
		return c == constant;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (!in || depth > 4)
		return false;
	if (in->op == IR_LOAD)
		return place_gets(s, value_place(s, func, ir_operand(f, in, 0)), constant);
	if (ir_is_call(in))
		return may_return(s, ir_callee(f, in), constant, depth + 1);
	for (uint32_t k = in->op == IR_SELECT; (in->op == IR_PHI || in->op == IR_SELECT) && k < in->noperands;
	     k++)
		if (may_be(s, func, ir_operand(f, in, k), constant, depth + 1))
			return true;
	return false;
}

static bool may_return(const struct solution *s, uint32_t func, int64_t constant, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_RET && f->instrs[i].noperands &&
		    may_be(s, func, ir_operand(f, &f->instrs[i], 0), constant, depth))
			return true;
	return false;
}

/* Is the value that constant? What a table, a field or an unknown caller gives may be anything. */
static enum tri is_constant(const struct solution *s, uint32_t func, ir_val v, int64_t constant,
                            unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_value *q = &f->vals[ir_strip_casts(f, v)];
	enum tri most = TRI_UNKNOWN;
	int64_t c;
	if (scan_int(f, v, &c))
		return c == constant ? TRI_TRUE : TRI_FALSE;
	if (q->kind != IR_VAL_PARAM || !depth || p->described[func]) /* which others know by its model */
		return may_be(s, func, v, constant, 0) ? TRI_TRUE : TRI_UNKNOWN;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind != CALL_DIRECT)
			continue;
		const struct ir_func *g = &p->unit->funcs[e->caller];
		enum tri t = is_constant(s, e->caller, ir_arg(g, &g->instrs[e->site], q->aux), constant,
		                         depth - 1);
		if (t == TRI_TRUE)
			return t;
		most = k == p->in_edges_of[func] || t == TRI_UNKNOWN ? t : most;
	}
	return most;
}

/* A function of another unit has some signal taken: the one it is given, or one that is not known here. */
static enum tri taken_elsewhere(const struct solution *s, const struct call_edge *e, int64_t signal)
{
	const struct ir_func *f = &s->program->unit->funcs[e->caller];
	struct far_calls far;
	enum tri taken = TRI_FALSE;
	if (e->kind != CALL_DIRECT || s->program->cfgs[e->callee] || !far_imported(s, e->callee, &far))
		return TRI_FALSE;
	for (uint32_t k = 0; k < far.n && taken != TRI_TRUE; k++) {
		const struct far_call *c = &far.all[k];
		const struct api_role *r = api_role_of(c->model, API_ROLE_CONNECT);
		bool takes = (r && r->runs == API_RUNS_SIGNAL) || api_role_of(c->model, API_ROLE_CATCHES);
		bool given = c->place.param >= 0 && !c->place.depth &&
		             (uint32_t)c->place.param < ir_nargs(&f->instrs[e->site]);
		enum tri t = !takes   ? TRI_FALSE
		             : !given ? TRI_UNKNOWN
		                      : is_constant(s, e->caller,
		                                    ir_arg(f, &f->instrs[e->site], (uint32_t)c->place.param),
		                                    signal, MAX_CALLERS);
		taken = t == TRI_FALSE ? taken : t;
	}
	return taken;
}

/* Does somebody take that signal? */
static enum tri is_handled(const struct solution *s, int64_t signal)
{
	const struct program *p = s->program;
	enum tri handled = TRI_FALSE;
	for (uint32_t e = 0; e < p->nedges && handled != TRI_TRUE; e++) {
		const struct ir_func *f = &p->unit->funcs[p->edges[e].caller];
		const struct api_func *d = p->described[p->edges[e].callee];
		ir_val v = p->edges[e].kind == CALL_DIRECT && d
		                   ? notes_signal_taken(f, &f->instrs[p->edges[e].site], d)
		                   : 0;
		enum tri t = v ? is_constant(s, p->edges[e].caller, v, signal, MAX_CALLERS)
		               : taken_elsewhere(s, &p->edges[e], signal);
		handled = t == TRI_FALSE ? handled : t;
	}
	return handled == TRI_FALSE && notes_takes_signal(s, signal) ? TRI_TRUE : handled;
}

static void judge_value(const struct looker *l, struct unsafe_use u, uint32_t arg, int64_t constant,
                        unsigned depth)
{
	const struct program *p = l->s->program;
	const struct ir_func *f = &p->unit->funcs[u.func];
	u.value = ir_arg(f, &f->instrs[u.at], arg);
	const struct ir_value *v = &f->vals[ir_strip_casts(f, u.value)];
	if (v->kind != IR_VAL_PARAM) {
		if (may_be(l->s, u.func, u.value, constant, 0))
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

static enum unsafe_kind kind_of(const char *hazard)
{
	static const struct {
		const char *name;
		enum unsafe_kind kind;
	} kinds[] = {{"kill", UNSAFE_KILL}, {"signal", UNSAFE_SIGNAL}, {"interrupt", UNSAFE_INTERRUPT}};
	for (uint32_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (strcmp(hazard, kinds[k].name) == 0)
			return kinds[k].kind;
	return UNSAFE_ASYNCHRONOUS;
}

/* `arg`: of the call, what decides. */
static void judge_hazard(const struct looker *l, struct unsafe_use u, const struct api_role *r, uint32_t arg)
{
	u.kind = kind_of(r->hazard);
	enum tri handled = u.kind == UNSAFE_SIGNAL || u.kind == UNSAFE_INTERRUPT
	                           ? is_handled(l->s, r->only.bits)
	                           : TRI_FALSE;
	if (handled == TRI_TRUE)
		return;
	u.unsure = handled == TRI_UNKNOWN;
	if (r->only.given)
		judge_value(l, u, arg, r->only.bits, MAX_CALLERS);
	else
		l->each(l->ctx, &u);
}

static void judge_constant(const struct looker *l, uint32_t func, ir_instr i, const struct api_func *d)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_UNSAFE, r));)
		judge_hazard(l, (struct unsafe_use){.func = func, .at = i, .model = d}, r, r->only.arg);
}

/* A function of another unit hands the value on. */
static void judge_far(const struct looker *l, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	struct far_calls far;
	if (!callee || l->s->program->cfgs[callee] || !far_imported(l->s, callee, &far))
		return;
	for (uint32_t k = 0; k < far.n; k++) {
		const struct far_call *c = &far.all[k];
		struct unsafe_use u = {.func = func, .at = i, .model = c->model};
		bool value = c->place.param >= 0 && !c->place.depth &&
		             (uint32_t)c->place.param < ir_nargs(&f->instrs[i]);
		for (const struct api_role *r = NULL; (r = api_role_next(c->model, API_ROLE_UNSAFE, r));)
			if (value && r->only.given && r->only.arg == c->arg)
				judge_hazard(l, u, r, (uint32_t)c->place.param);
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
		if (!program_is_token(s->program, g->params[k].ctype))
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

static bool makes(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	if (!callee || s->program->described[callee])
		return callee && api_role_of(s->program->described[callee], API_ROLE_CREATE);
	const struct summary *sum = &s->funcs[callee].summary;
	for (uint32_t k = 0; k < sum->neffects; k++)
		if (sum->effects[k].kind == EFFECT_FRESH && sum->effects[k].place.param == -1 &&
		    !sum->effects[k].place.depth)
			return true;
	return false;
}

/* The call may leave something behind that uses the token, or ends it. */
static bool outlives_call(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                          uint32_t arg)
{
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	if (d)
		return api_role_of(d, API_ROLE_CANCEL) || api_role_of(d, API_ROLE_SPAWN) ||
		       api_role_of(d, API_ROLE_CONNECT);
	if (!callee || !solve_has_body(s, callee) || !s->funcs[callee].summary.known)
		return true;
	const struct summary *sum = &s->funcs[callee].summary;
	for (uint32_t k = 0; k < sum->neffects; k++)
		if (sum->effects[k].place.param == (int)arg || sum->effects[k].value.param == (int)arg)
			return true;
	struct reach r = who_reaches(s, callee);
	return who_reach_has(s, &r, API_ROLE_CANCEL);
}

/* The store that the loaded value comes from: the only one into its place, which each way leads through.
 * NULL: it is another value. */
static const struct ir_instruction *stored_before(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	const struct ir_instruction *load = ir_def(f, v), *found = NULL;
	if (!load || load->op != IR_LOAD)
		return NULL;
	struct access from = access_of(s, func, ir_operand(f, load, 0));
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE)
			continue;
		struct access to = access_of(s, func, ir_operand(f, in, 1));
		enum access_match m = access_match(&from, &to, true);
		if (m == ACCESS_SAME_FIELD || (m && found))
			return NULL;
		found = m ? in : found;
	}
	bool first = found && (found->block == load->block ? found < load
	                                                   : cfg_dominates(cfg, found->block, load->block));
	return first ? found : NULL;
}

/* Nothing that comes before `at` and gets this value goes on using it; `store`: but for that. */
static bool is_idle(const struct solution *s, uint32_t func, ir_val v, const struct ir_instruction *store,
                    const struct ir_instruction *at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in == at || in == store || in->op == IR_ICMP ||
		    !comes_before(s->program->cfgs[func], in, at))
			continue;
		if (!ir_is_call(in) || !x->uses[k].operand || outlives_call(s, f, in, x->uses[k].operand - 1))
			return false;
	}
	return true;
}

/* Code that gets the object which the token was put into may use it there. */
static bool object_is_idle(const struct solution *s, uint32_t func, const struct ir_instruction *store,
                           const struct ir_instruction *at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	struct access to = access_of(s, func, ir_operand(f, store, 1));
	if (to.root == ACCESS_GLOBAL || to.root == ACCESS_NOWHERE)
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct access from =
		        in->op == IR_LOAD ? access_of(s, func, ir_operand(f, in, 0)) : (struct access){0};
		if (in->op == IR_LOAD && access_match(&from, &to, true) == ACCESS_SAME &&
		    !is_idle(s, func, in->result, NULL, at))
			return false;
		if (!ir_is_call(in) || scan_model(s, f, in) || !comes_before(cfg, store, in) ||
		    !comes_before(cfg, in, at))
			continue;
		for (uint32_t k = 0; k < ir_nargs(in); k++) {
			struct access a = access_of(s, func, ir_arg(f, in, k));
			if (access_same_root(&a, &to))
				return false;
		}
	}
	return true;
}

/* Was made here, and nothing that outlives a call has been given it before: it is not in use. */
static bool is_own_and_idle(const struct solution *s, const struct unsafe_use *u)
{
	const struct ir_func *f = &s->program->unit->funcs[u->func];
	const struct ir_instruction *at = &f->instrs[u->at];
	ir_val v = ir_strip_casts(f, u->value);
	const struct ir_instruction *store = stored_before(s, u->func, v);
	if (store)
		v = ir_strip_casts(f, ir_operand(f, store, 0));
	const struct ir_instruction *made = ir_def(f, v);
	return made && makes(s, f, made) && is_idle(s, u->func, v, store, at) &&
	       (!store || object_is_idle(s, u->func, store, at));
}

static void judge_reuse(const struct looker *l, uint32_t func, ir_instr i, const struct api_func *d)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(d, API_ROLE_RENEW);
	struct unsafe_use u = {.kind = UNSAFE_REUSE, .func = func, .at = i, .model = d};
	u.value = r->token.base ? scan_path(f, &f->instrs[i], &r->token) : 0;
	if (!u.value || scan_null(f, u.value) || is_own_and_idle(l->s, &u))
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
	judge_far(l, func, i);
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
		for (PROGRAM_EACH_CALL(s->program, func, c))
			if (cfg && cfg_reachable(cfg, f->instrs[c->at].block))
				look_at(&l, func, c->at);
	}
}
