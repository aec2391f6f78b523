/*
 * propagate.c - does the token that a function has at hand reach what can block?
 *
 * A call is judged on each path to it: the token may be known to be done or to be none there, and then a
 * fresh one or none is right. Clean-up is never judged. What a function without a token does goes into its
 * summary.
 */
#include "access.h"
#include "maybe_null.h"
#include "must_use.h"
#include "place.h"
#include "propagate.h"
#include "put_back.h"
#include "scan.h"

#include "arena.h"
#include "str.h"

#include <string.h>

/* ---- which argument is a token ---- */

struct slot {
	uint32_t arg;
	const struct api_role *role; /* NULL: by its type alone */
	bool forbidden;              /* NULL is */
	bool reads;                  /* values, or whether it is done: no call that it should end */
	uint32_t flag;               /* of an object that may hold one: where it says whether it does */
};
struct slots {
	struct slot all[8];
	uint32_t n;
};

static void add_slot(struct slots *l, uint32_t arg, const struct api_role *r)
{
	uint32_t k = 0;
	while (k < l->n && l->all[k].arg != arg)
		k++;
	if (k == sizeof l->all / sizeof *l->all)
		return;
	if (k == l->n)
		l->all[l->n++] = (struct slot){.arg = arg, .role = r};
	if (r && (r->kind == API_ROLE_BLOCK ||
	          (r->kind == API_ROLE_SPAWN && l->all[k].role && l->all[k].role->kind == API_ROLE_TOKEN)))
		l->all[k].role = r;
	l->all[k].forbidden |= r && r->null_forbidden;
	l->all[k].reads = r && r->values_only;
}

static bool takes(const struct api_role *r)
{
	return r->kind == API_ROLE_BLOCK || r->kind == API_ROLE_SPAWN || r->kind == API_ROLE_TOKEN;
}

/* Most functions take no token, nor what may hold one. */
static bool has_slots(const struct program *p, uint32_t callee)
{
	const struct api_func *d = p->described[callee];
	return d ? api_role_of(d, API_ROLE_BLOCK) || api_role_of(d, API_ROLE_SPAWN) ||
	                       api_role_of(d, API_ROLE_TOKEN)
	         : p->token_param[callee] || p->unit->funcs[callee].flags & IR_FUNC_CPLUSPLUS;
}

/* A project's function that does nothing with its token is not asked for one. */
static struct slots slots_of(const struct solution *s, uint32_t callee)
{
	const struct program *p = s->program;
	const struct api_func *d = p->described[callee];
	const struct ir_func *g = &p->unit->funcs[callee];
	struct slots l = {0};
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if (takes(r) && r->token.base == API_PATH_ARG && !r->token.deref &&
		    (!r->values_only || r->null_forbidden))
			add_slot(&l, r->token.arg, r);
	}
	for (uint32_t k = 0; !d && k < g->nparams; k++) {
		uint32_t flag = scan_token_flag(s, callee, k);
		if (!flag && !program_is_token(p, g->params[k].ctype))
			continue;
		if ((solve_has_body(s, callee) && !scan_honours(s, callee, k)) ||
		    put_back_only_puts(s, callee, k))
			continue;
		add_slot(&l, k, NULL);
		if (!l.n || l.all[l.n - 1].arg != k)
			continue;
		l.all[l.n - 1].flag = flag;
		l.all[l.n - 1].forbidden |= must_use_far(s, callee, k);
	}
	return l;
}

bool propagate_forbids_null(const struct solution *s, uint32_t callee, uint32_t arg)
{
	struct slots l = s->program->described[callee] ? slots_of(s, callee) : (struct slots){0};
	for (uint32_t k = 0; k < l.n; k++)
		if (l.all[k].arg == arg)
			return l.all[k].forbidden;
	return false;
}

static const struct api_role *variant_of(const struct solution *s, uint32_t callee)
{
	return api_role_of(s->program->described[callee], API_ROLE_VARIANT);
}

static bool takes_token(const struct solution *s, uint32_t callee)
{
	const struct ir_func *g = &s->program->unit->funcs[callee];
	struct func_facts *known = &s->funcs[callee];
	for (uint32_t k = 0; !known->token_asked && !known->takes_token && k < g->nparams; k++)
		known->takes_token =
		        program_is_token(s->program, g->params[k].ctype) || scan_reads_token(s, callee, k);
	known->token_asked = true;
	return known->takes_token;
}

/* It is given an object that carries a token, and does not look at that. */
static bool carries_unread(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t k = 0; k < f->nparams; k++)
		if (scan_carries_token(s, f->params[k].pointee))
			return !takes_token(s, func);
	return false;
}

/* ---- what a function without a token does ---- */

/* A wait that somebody would want to cut short. */
static bool long_wait(const struct api_role *r)
{
	return r && r->kind == API_ROLE_BLOCK && !r->bounded && (r->waits != API_WAITS_DISK || r->lasting) &&
	       r->waits != API_WAITS_LOCK;
}

/* The call is given a token that never ends, for a wait: one that is described, or, as it asks for a token,
 * whatever it does. That a function of the program gets NULL says less. */
static bool gives_none(const struct solution *s, const struct ir_func *f, const struct slot *slot, ir_val v)
{
	bool starts = slot->role && slot->role->kind == API_ROLE_SPAWN;
	return (slot->role ? long_wait(slot->role) && scan_null(f, v) : false) ||
	       ((!slot->role || starts || long_wait(slot->role)) && scan_is_root(s, f, v));
}

/* A local variable, given by reference, that only ever holds a root: that root. */
static ir_val root_in(const struct solution *s, const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *local = ir_def(f, v);
	const struct use_index *x = scan_uses(s, (uint32_t)(f - s->program->unit->funcs));
	ir_val held = 0;
	for (uint32_t k = x->first[v]; local && local->op == IR_ALLOCA && k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (by->op != IR_STORE || x->uses[k].operand != 1)
			continue;
		if (held || !scan_is_root(s, f, ir_operand(f, by, 0)))
			return 0;
		held = ir_operand(f, by, 0);
	}
	return held;
}

/* `job(ctx_background())`: what runs is not known; it is given a token that never ends. */
static ir_val root_argument(const struct solution *s, const struct ir_func *f,
                            const struct ir_instruction *in)
{
	ir_val root = 0;
	for (uint32_t k = 0; !root && k < ir_nargs(in); k++) {
		ir_val v = ir_strip_casts(f, ir_arg(f, in, k));
		root = scan_is_root(s, f, v) ? v : root_in(s, f, v);
	}
	return root;
}

static const char *root_text(const struct solution *s, const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, v));
	if (!def || !ir_is_call(def))
		return "NULL";
	return arena_printf(s->arena, "%s()", s->program->unit->funcs[ir_callee(f, def)].display);
}

/* `rpc_call(ctx_background())`, when the call may wait long and is given no token that ends; else NULL. */
static const char *uncancellable(const struct solution *s, uint32_t func, ir_instr i, enum api_waits *waits)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_callee(f, in);
	struct slots l;
	l.n = 0;
	if (callee && has_slots(s->program, callee))
		l = slots_of(s, callee);
	for (uint32_t k = 0; k < l.n; k++) {
		ir_val v = ir_arg(f, in, l.all[k].arg);
		if (!v || !gives_none(s, f, &l.all[k], v))
			continue;
		*waits = l.all[k].role ? l.all[k].role->waits : API_WAITS_UNSET;
		return arena_printf(s->arena, "%s(%s)", s->program->unit->funcs[callee].display,
		                    root_text(s, f, v));
	}
	ir_val v = callee ? 0 : root_argument(s, f, in);
	return v ? arena_printf(s->arena, "what it is given(%s)", root_text(s, f, v)) : NULL;
}

/* The same for the form of a call that takes no token, where there is one that does. */
static const char *plain_form(const struct solution *s, uint32_t callee, enum api_waits *waits)
{
	const struct api_role *b = api_role_of(s->program->described[callee], API_ROLE_BLOCK);
	if (!variant_of(s, callee) || !long_wait(b))
		return NULL;
	*waits = b->waits;
	return s->program->unit->funcs[callee].display;
}

static void summarise_call(struct solution *s, uint32_t func, ir_instr i)
{
	const struct program *p = s->program;
	if (scan_in_memory(s, func, i) != TRI_FALSE)
		return;
	const struct ir_func *f = &p->unit->funcs[func];
	struct summary *sum = &s->funcs[func].summary;
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	enum api_waits waits = API_WAITS_UNSET;
	const char *text = uncancellable(s, func, i, &waits);
	const char *plain = text || !callee ? NULL : plain_form(s, callee, &waits);
	const struct summary *inner = callee && callee != func && !p->described[callee] &&
	                                              solve_has_body(s, callee) && !takes_token(s, callee)
	                                      ? &s->funcs[callee].summary
	                                      : NULL;
	bool null = text && str_ends(text, "(NULL)"); /* that says less than a root does */
	bool weak =
	        (!text && (plain || (inner && inner->detaches_weakly))) || (null && carries_unread(s, func));
	if ((!text && !plain && !(inner && inner->detaches)) ||
	    (sum->detaches && (weak || !sum->detaches_weakly)) || propagate_cleans_up(s, func, i, callee))
		return;
	sum->detaches = true;
	sum->detaches_at = i;
	sum->detaches_weakly = weak;
	sum->detaches_waits = text || plain ? waits : inner->detaches_waits;
	sum->detaches_via = text || plain ? 0 : callee;
	sum->detaches_chain = text || plain
	                              ? arena_printf(s->arena, "%s: %s", f->display, text ? text : plain)
	                              : arena_printf(s->arena, "%s -> %s", f->display, inner->detaches_chain);
}

void propagate_summarise(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t n;
	scan_scope_tokens(s, func, &n);
	if (n || propagate_is_cleanup(s, func))
		return;
	for (uint32_t k = 0; k < cfg->nrpo; k++) {
		const struct ir_basic_block *b = &f->blocks[cfg->rpo[k]];
		for (ir_instr i = b->first; i < b->first + b->count; i++)
			if (ir_is_call(&f->instrs[i]))
				summarise_call(s, func, i);
	}
}

/* Functions that call each other in a circle: what the first of them does not know of the others yet. */
void propagate_summarise_cycle(struct solution *s, const uint32_t *funcs, uint32_t n)
{
	bool more = n > 1;
	for (uint32_t round = 0; more && round < n; round++) {
		more = false;
		for (uint32_t k = 0; k < n; k++) {
			bool before = s->funcs[funcs[k]].summary.detaches;
			propagate_summarise(s, funcs[k]);
			more |= s->funcs[funcs[k]].summary.detaches != before;
		}
	}
}

/* ---- is the function worth it? ---- */

/* NULL, on some way. */
static bool gets_null(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, v));
	for (uint32_t k = 0; def && (def->op == IR_PHI || def->op == IR_SELECT) && k < def->noperands; k++)
		if (scan_null(f, ir_operand(f, def, k)))
			return true;
	return scan_null(f, v);
}

/* The argument may be NULL, and the callee uses it as a token of the program's own. */
static bool is_own_token(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                         uint32_t callee, uint32_t arg)
{
	return !program_is_token(s->program, s->program->unit->funcs[callee].params[arg].ctype) &&
	       gets_null(f, ir_arg(f, in, arg)) && must_use_flag(s, callee, arg);
}

static bool needs_own_token(const struct solution *s, const struct ir_func *f,
                            const struct ir_instruction *in, uint32_t callee)
{
	const struct ir_func *g = &s->program->unit->funcs[callee];
	for (uint32_t k = 0; callee && s->program->cfgs[callee] && k < g->nparams && k < ir_nargs(in); k++)
		if (g->params[k].pointee && is_own_token(s, f, in, callee, k))
			return true;
	return false;
}

static bool call_may_matter(const struct solution *s, const struct ir_func *f,
                            const struct ir_instruction *in, bool has_token)
{
	const struct program *p = s->program;
	uint32_t callee = ir_callee(f, in);
	struct slots l;
	l.n = 0;
	if (callee && has_slots(s->program, callee))
		l = slots_of(s, callee);
	for (uint32_t k = 0; k < l.n; k++) {
		ir_val v = ir_arg(f, in, l.all[k].arg);
		if (v && ((l.all[k].forbidden && maybe_null(s, f, v)) ||
		          (has_token && (l.all[k].flag || maybe_null(s, f, v)))))
			return true;
		if (v && maybe_null(s, f, v) && must_use(s, callee, l.all[k].arg))
			return true;
	}
	if (needs_own_token(s, f, in, callee))
		return true;
	if (!has_token || !callee)
		return false;
	return variant_of(s, callee) || api_role_of(p->described[callee], API_ROLE_BACKGROUND) ||
	       (api_role_of(p->described[callee], API_ROLE_GET) && in->imm && !in->result) ||
	       scan_makes_token(p->described[callee]) ||
	       (!p->described[callee] && solve_has_body(s, callee) && s->funcs[callee].summary.detaches);
}

bool propagate_may_matter(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t n = 0, owned = 0;
	scan_scope_tokens(s, func, &n);
	if (!n)
		scan_owner_tokens(s, func, &owned);
	for (PROGRAM_EACH_CALL(s->program, func, c))
		if (call_may_matter(s, f, &f->instrs[c->at], n + owned > 0))
			return true;
	return false;
}

static const struct token_info *tokens_at_hand(struct sim *m)
{
	uint32_t n;
	const struct token_info *all = scan_scope_tokens(m->sol, m->func, &n);
	m->owner_tokens = !n;
	if (m->owner_tokens)
		all = scan_owner_tokens(m->sol, m->func, &n);
	struct token_info *kept = ARENA_ARRAY(m->scratch, struct token_info, n + 1);
	for (uint32_t k = 0; k < n; k++)
		if (!propagate_has_handler(m, &all[k]))
			kept[m->nscope_tokens++] = all[k];
	return kept;
}

void propagate_start(struct sim *m)
{
	m->propagates = propagate_may_matter(m->sol, m->func);
	if (m->propagates && !propagate_is_cleanup(m->sol, m->func))
		m->scope_tokens = tokens_at_hand(m);
}

/* ---- on a path ---- */

/* It is not known to be none or to be done here. */
static bool is_live(struct sim *m, struct state *s, const struct token_info *t)
{
	struct sval v = {0};
	bool param = t->val && m->f->vals[t->val].kind == IR_VAL_PARAM;
	if (param)
		v = sim_eval(m, s, t->val);
	else if (t->val)
		state_lookup(s, t->val, &v);
	return !v.kind || (v.kind != SV_CONST && !done_known(s, v) && state_test(s, &m->t, v) != TRI_FALSE);
}

static bool any_live(struct sim *m, struct state *s)
{
	for (uint32_t k = 0; k < m->nscope_tokens; k++)
		if (is_live(m, s, &m->scope_tokens[k]))
			return true;
	return false;
}

static bool named_before(struct sim *m, struct state *s, uint32_t token)
{
	for (uint32_t k = 0; k < token; k++)
		if (strcmp(m->scope_tokens[k].name, m->scope_tokens[token].name) == 0 &&
		    is_live(m, s, &m->scope_tokens[k]))
			return true;
	return false;
}

/* "`c`, `job->c`" */
static const char *live_names(struct sim *m, struct state *s)
{
	const char *names = "";
	for (uint32_t k = 0; k < m->nscope_tokens; k++)
		if (is_live(m, s, &m->scope_tokens[k]) && !named_before(m, s, k))
			names = arena_printf(m->sol->arena, "%s%s`%s`", names, *names ? ", " : "",
			                     m->scope_tokens[k].name);
	return names;
}

/* 0 as well where the function has not read it. */
static ir_val only_live(struct sim *m, struct state *s)
{
	ir_val only = 0;
	for (uint32_t k = 0; k < m->nscope_tokens; k++)
		if (is_live(m, s, &m->scope_tokens[k])) {
			if (only)
				return 0;
			only = m->scope_tokens[k].val;
			if (!only)
				return 0;
		}
	return only;
}

static void tell(struct sim *m, struct state *s, enum incident_kind kind, const struct call *c,
                 struct slot at, ir_instr before)
{
	bool none = kind == INCIDENT_NOT_FORWARDED;
	if (kind != INCIDENT_NULL_TOKEN && propagate_cleans_up(m->sol, m->func, c->i, c->callee))
		return;
	bool of_handler = kind != INCIDENT_NULL_TOKEN && propagate_of_handler(m);
	bool unasked = propagate_nobody_waits(m, c);
	if (none && (scan_in_memory(m->sol, m->func, c->i) == TRI_TRUE || unasked))
		return;
	struct incident *in = incident_new(m, kind, c->i, (uint8_t)at.arg);
	if (!in)
		return;
	in->at = c->i;
	in->before = before;
	in->value = at.arg < ir_nargs(c->in) ? ir_arg(m->f, c->in, at.arg) : 0;
	in->role = at.role;
	in->model = m->p->described[c->callee];
	in->callee = incident_callee(m, s, c->i);
	in->chain = live_names(m, s);
	in->token = only_live(m, s);
	in->inferred = !in->model;
	in->owner_token = m->owner_tokens;
	in->of_handler = of_handler;
	in->begun_without = none && propagate_begun_without(m);
	in->widened = s->widened || m->budget;
	in->obscure = none && scan_in_memory(m->sol, m->func, c->i) == TRI_UNKNOWN;
	in->trail = incident_trail(m, s, 0);
}

static const struct root *find_root(const struct sim *m, struct sval v)
{
	for (uint32_t k = 0; k < m->roots.len; k++)
		if (v.kind && sv_eq(m->roots.data[k].v, v))
			return &m->roots.data[k];
	return NULL;
}

/* Of an object: unless it was given another token since. */
static const struct root *root_now(const struct sim *m, struct state *s, struct sval v)
{
	const struct cell *cell = v.kind == SV_LOCAL ? state_cell(s, v) : NULL;
	return cell && cell->v.kind == SV_SYM ? NULL : find_root(m, v);
}

static ir_instr root_of(const struct sim *m, struct sval v)
{
	const struct root *r = find_root(m, v);
	return r ? r->at : 0;
}

ir_instr propagate_root(const struct sim *m, struct sval v)
{
	return root_of(m, v);
}

void propagate_tell_queued(struct sim *m, struct state *s, const struct call *c, ir_instr root)
{
	struct incident *in = propagate_cleans_up(m->sol, m->func, c->i, c->callee)
	                              ? NULL
	                              : incident_new(m, INCIDENT_DETACHED, root, UINT8_MAX);
	if (!in)
		return;
	in->at = in->before = root;
	in->callee = "what is queued";
	in->chain = live_names(m, s);
	in->widened = s->widened || m->budget;
	in->trail = incident_trail(m, s, 0);
}

static void add_root(struct sim *m, struct sval v, ir_instr at, bool none)
{
	if ((v.kind == SV_SYM || v.kind == SV_LOCAL) && !root_of(m, v))
		vec_push(&m->roots, (struct root){v, at, none});
}

/* A token made here that nobody but the calls it is given to, and its own release, ever sees. */
static bool stays_alone(struct sim *m, ir_val v)
{
	unsigned uses = scan_token_uses(m->sol, m->func, v);
	return !(uses & ~(unsigned)(TOKEN_FORWARDED | TOKEN_ENDED));
}

/* An object of the function's own that makes tokens, and that nobody else ever sees: whatever asks it for a
 * token and the code of its class aside. */
static bool is_lone_source(struct sim *m, ir_val source)
{
	const struct ir_func *f = m->f;
	const struct ir_instruction *local = ir_def(f, source);
	const struct use_index *x = scan_uses(m->sol, m->func);
	if (!local || local->op != IR_ALLOCA)
		return false;
	for (uint32_t k = x->first[source]; k < x->first[source + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		const struct api_func *d = scan_model(m->sol, f, in);
		bool own = in->op == IR_LOAD || in->op == IR_FILL ||
		           (in->op == IR_STORE && x->uses[k].operand == 1);
		bool ends = ir_is_call(in) && done_carrier_ends(&m->u->funcs[ir_callee(f, in)]);
		if (!own && !ends && !(d && api_role_of(d, API_ROLE_GET)))
			return false;
	}
	return true;
}

/* The token that a lone source gives, and copies of roots. */
static bool gives_root(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	if (r->kind == API_ROLE_ALIAS && r->to.base)
		return root_now(m, s, call_base(m, s, c, &r->from)) != NULL;
	if (r->kind != API_ROLE_GET || r->from.base != API_PATH_ARG || r->from.deref || !c->in->imm ||
	    c->in->result)
		return false;
	const struct ir_value *to = &m->f->vals[ir_strip_casts(m->f, ir_returned(m->f, c->in))];
	bool token =
	        program_is_token(m->p, m->u->funcs[c->callee].ret_ctype) || program_is_token(m->p, to->ctype);
	return token && is_lone_source(m, ir_strip_casts(m->f, ir_arg(m->f, c->in, r->from.arg)));
}

static void learn(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	for (uint32_t k = 0; k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if (gives_root(m, s, c, r)) {
			const struct root *from = find_root(m, call_base(m, s, c, &r->from));
			add_root(m, call_base(m, s, c, &r->to), from ? from->at : c->i, from && from->none);
		}
		bool derives = r->kind == API_ROLE_DERIVE || r->kind == API_ROLE_VALUE;
		/* On another path the same call may have made it of the token at hand, which is none on this
		 * one. */
		bool made = r->kind == API_ROLE_BACKGROUND ||
		            (derives && root_of(m, call_value(m, s, c, &r->from)) && any_live(m, s));
		if (made)
			add_root(m, call_value(m, s, c, &r->to), c->i, r->none);
	}
	if (scan_makes_token(d) && c->in->result && stays_alone(m, c->in->result))
		add_root(m, c->result, c->i, false);
}

static bool makes_child(const struct api_func *d)
{
	return api_role_of(d, API_ROLE_DERIVE) || api_role_of(d, API_ROLE_VALUE);
}

/* Arguments of a call that are a token at hand, or made from one: `g_cancellable_source_new(cancellable)`. */
static bool is_given_token(const struct sim *m, const struct ir_instruction *in, unsigned depth)
{
	for (uint32_t n = 0; n < ir_nargs(in); n++) {
		ir_val v = ir_strip_casts(m->f, ir_arg(m->f, in, n));
		for (uint32_t k = 0; k < m->nscope_tokens; k++)
			if (m->scope_tokens[k].val && ir_strip_casts(m->f, m->scope_tokens[k].val) == v)
				return true;
		const struct ir_instruction *def = ir_def(m->f, v);
		if (depth && def && ir_is_call(def) && is_given_token(m, def, depth - 1))
			return true;
	}
	return false;
}

/* What was made without a token is put together with one: a source with a child source, say. */
static bool meets_token(const struct sim *m, ir_val v, unsigned depth)
{
	const struct use_index *x = scan_uses(m->sol, m->func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &m->f->instrs[x->uses[k].by];
		bool copy = in->op == IR_PHI || in->op == IR_CAST || in->op == IR_SELECT;
		if ((ir_is_call(in) && is_given_token(m, in, 1)) ||
		    (copy && depth && meets_token(m, in->result, depth - 1)))
			return true;
	}
	return false;
}

/* The call waits for nothing itself. */
static bool only_makes(const struct sim *m, const struct call *c, struct slot at)
{
	return c->in->result && !(at.role && at.role->kind == API_ROLE_BLOCK) &&
	       meets_token(m, c->in->result, 3);
}

static bool is_none(struct sim *m, struct state *s, struct sval v)
{
	return (v.kind == SV_CONST && !v.off) || (v.kind == SV_SYM && state_test(s, &m->t, v) == TRI_FALSE);
}

/* The object that may hold a token is known to hold none. */
static bool is_empty(struct state *s, struct sval object, uint32_t flag)
{
	object.off += flag;
	const struct cell *c = object.kind == SV_LOCAL ? state_cell(s, object) : NULL;
	return c && c->v.kind == SV_CONST && !c->v.off;
}

static void judge_own_tokens(struct sim *m, struct state *s, const struct call *c)
{
	const struct ir_func *g = &m->u->funcs[c->callee];
	for (uint32_t k = 0; k < g->nparams && k < ir_nargs(c->in); k++)
		if (g->params[k].pointee && is_own_token(m->sol, m->f, c->in, c->callee, k) &&
		    is_none(m, s, sim_eval(m, s, ir_arg(m->f, c->in, k))))
			tell(m, s, INCIDENT_NULL_TOKEN, c, (struct slot){.arg = k},
			     must_use_flag(m->sol, c->callee, k));
}

static void judge_slot(struct sim *m, struct state *s, const struct call *c, struct slot at, bool live)
{
	ir_val arg = ir_arg(m->f, c->in, at.arg);
	struct sval v = sim_eval(m, s, arg);
	bool none = is_none(m, s, v), empty = at.flag && is_empty(s, v, at.flag);
	const struct root *root = root_now(m, s, v);
	ir_instr used = none && !at.forbidden ? must_use(m->sol, c->callee, at.arg) : 0;
	if (none && (at.forbidden || used))
		tell(m, s, INCIDENT_NULL_TOKEN, c, at, used);
	else if (at.reads)
		return;
	else if (live && (empty || scan_null(m->f, arg)) && !only_makes(m, c, at) &&
	         (!m->owner_tokens || long_wait(at.role)))
		tell(m, s, INCIDENT_NOT_FORWARDED, c, at, 0);
	else if (live && root && (root->none || !m->owner_tokens) && !makes_child(m->p->described[c->callee]))
		tell(m, s, root->none ? INCIDENT_NOT_FORWARDED : INCIDENT_DETACHED, c, at,
		     root->none ? 0 : root->at);
}

/* The call that made the token in a variable of this function, which nobody here can end. */
static ir_instr fresh_for_thread(struct sim *m, struct sval data, struct sval token)
{
	const struct symbol *q = token.kind == SV_SYM && !token.off ? &m->t.items.data[token.id] : NULL;
	bool made =
	        q && q->kind == SYM_RESULT && scan_makes_token(scan_model(m->sol, m->f, &m->f->instrs[q->a]));
	return made && data.kind == SV_LOCAL && !scan_may_end_tokens(m->sol, m->func) ? q->a : 0;
}

/* An object of the function's own, with a root in it. */
static void judge_object(struct sim *m, struct state *s, const struct call *c, const struct api_role *r,
                         const struct api_path *path)
{
	struct sval data = call_value(m, s, c, path);
	struct span span = state_cells(s, data);
	bool own =
	        data.kind == SV_LOCAL || (data.kind == SV_SYM && m->t.items.data[data.id].kind == SYM_RESULT);
	bool thread = r->kind == API_ROLE_SPAWN;
	for (uint32_t k = span.from; data.kind && (thread || own) && k < span.to; k++) {
		struct sval token = s->mem.data[k].v;
		ir_instr at = root_of(m, token);
		if (!at && thread && r->runs == API_RUNS_THREAD)
			at = fresh_for_thread(m, data, token);
		if (at)
			tell(m, s, INCIDENT_DETACHED, c, (struct slot){.arg = path->arg, .role = r}, at);
	}
}

/* What a thread is started with, or gets through a queue. */
static void judge_data(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if (r->kind == API_ROLE_SPAWN)
			judge_object(m, s, c, r, &r->data);
		else if (r->kind == API_ROLE_SEND && r->value.base == API_PATH_ARG)
			judge_object(m, s, c, r, &r->value);
	}
}

static bool gets_token(struct sim *m, struct state *s, const struct call *c)
{
	for (uint32_t k = 0; k < m->nscope_tokens; k++)
		for (uint32_t n = 0; n < ir_nargs(c->in); n++) {
			const struct token_info *t = &m->scope_tokens[k];
			if (t->val && sv_eq(sim_eval(m, s, ir_arg(m->f, c->in, n)), sim_eval(m, s, t->val)))
				return true;
		}
	return false;
}

static struct handle_place place_waited_at(const struct solution *s, uint32_t func, ir_val v)
{
	struct handle_place p = place_of(s, func, v);
	return p.kind == PLACE_NONE ? place_of_value(s, func, v) : p;
}

static bool cancels_something(const struct solution *s, const struct ir_func *f)
{
	return program_calls(s->program, (uint32_t)(f - s->program->unit->funcs), API_ROLE_CANCEL);
}

/* Who cancels also wakes what waits there: the token is looked at then, if it is looked at. */
static bool woken_by_canceller(const struct solution *s, uint32_t func, const struct ir_instruction *in)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	struct handle_place at = place_waited_at(s, func, ir_arg(f, in, 0));
	for (uint32_t e = 0; at.kind >= PLACE_GLOBAL && e < p->nedges; e++) {
		const struct ir_func *g = &p->unit->funcs[p->edges[e].caller];
		const struct api_role *r = api_role_of(p->described[p->edges[e].callee], API_ROLE_WAKE);
		ir_val v = r && p->edges[e].kind == CALL_DIRECT
		                   ? scan_path(g, &g->instrs[p->edges[e].site], &r->handle)
		                   : 0;
		if (v && same_place(place_waited_at(s, p->edges[e].caller, v), at) && cancels_something(s, g))
			return true;
	}
	return false;
}

static void judge_callee(struct sim *m, struct state *s, const struct call *c)
{
	const struct summary *sum = &m->sol->funcs[c->callee].summary;
	struct slot none = {.arg = UINT8_MAX};
	if (m->p->described[c->callee]) {
		none.role = variant_of(m->sol, c->callee);
		const struct api_role *block = api_role_of(m->p->described[c->callee], API_ROLE_BLOCK);
		bool waits = !block || call_excused(m, s, c, block) != TRI_TRUE;
		if (none.role && !none.role->token.base && woken_by_canceller(m->sol, m->func, c->in))
			waits = false;
		if (m->owner_tokens && none.role)
			waits &= none.role->token.base && long_wait(block);
		if (none.role && waits && strcmp(none.role->name, m->f->display) != 0)
			tell(m, s, INCIDENT_NOT_FORWARDED, c, none, 0);
	} else if (!m->owner_tokens && sum->detaches && c->callee != m->func &&
	           solve_has_body(m->sol, c->callee) && !takes_token(m->sol, c->callee) &&
	           !gets_token(m, s, c)) {
		tell(m, s, INCIDENT_BROKEN_CHAIN, c, none, 0);
	}
}

/* `next(ctx_background(), request)`: what runs is not known; it is given a token that never ends. */
static void judge_unknown(struct sim *m, struct state *s, const struct call *c)
{
	bool live = !m->owner_tokens && any_live(m, s);
	for (uint32_t k = 0; live && k < ir_nargs(c->in); k++) {
		const struct root *root = root_now(m, s, sim_eval(m, s, ir_arg(m->f, c->in, k)));
		if (root && !root->none)
			tell(m, s, INCIDENT_DETACHED, c, (struct slot){.arg = k}, root->at);
	}
}

void propagate_call(struct sim *m, struct state *s, const struct call *c)
{
	const struct api_func *d = m->p->described[c->callee];
	if (!m->propagates)
		return;
	if (!c->callee) {
		judge_unknown(m, s, c);
		return;
	}
	if (d)
		learn(m, s, c, d);
	bool live = any_live(m, s);
	struct slots l = slots_of(m->sol, c->callee);
	for (uint32_t k = 0; k < l.n; k++)
		if (l.all[k].arg < ir_nargs(c->in))
			judge_slot(m, s, c, l.all[k], live);
	if (!d && m->p->cfgs[c->callee])
		judge_own_tokens(m, s, c);
	if (!live)
		return;
	if (!m->owner_tokens) {
		judge_data(m, s, c, d);
		queued_root(m, s, c);
	}
	judge_callee(m, s, c);
}
