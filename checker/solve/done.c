/*
 * done.c - tokens that are known to be done on a path, and clean-up that is given one.
 *
 * A question whose answer says that a token is done is remembered as a witness when it is asked; the branch
 * that decides the answer makes the token done on that side, and so does a cancel by the function itself.
 * Only functions that ask, and clean up or wait again, are looked at.
 */
#include "after_stop.h"
#include "scan.h"
#include "sim.h"

#include "arena.h"
#include "str.h"

#include <string.h>

#define DONE_SLOT 253
#define CODE_CANCELLED 125 /* ECANCELED, as POSIX numbers it here; libraries return it negated */

static bool asks(const struct api_func *d)
{
	if (api_role_of(d, API_ROLE_POLL) || api_role_of(d, API_ROLE_CANCEL))
		return true;
	for (const struct api_role *r = api_role_of(d, API_ROLE_RESULT); r;
	     r = api_role_next(d, API_ROLE_RESULT, r))
		if (strcmp(r->means, "cancelled") == 0)
			return true;
	for (const struct api_role *r = api_role_of(d, API_ROLE_BLOCK); r;
	     r = api_role_next(d, API_ROLE_BLOCK, r))
		if (r->token.base)
			return true;
	return false;
}

/* 1 + the parameter of a function of the program that is a token, if a code comes back from it; 0: none. */
static uint32_t gets_token(const struct program *p, uint32_t callee)
{
	return p->token_param[callee];
}

static bool call_asks(const struct program *p, uint32_t callee)
{
	const struct api_func *d = p->described[callee];
	return d ? asks(d) : gets_token(p, callee) != 0;
}

static bool asks_anything(const struct program *p, uint32_t func)
{
	for (PROGRAM_EACH_CALL(p, func, c))
		if (c->callee && call_asks(p, c->callee))
			return true;
	return false;
}

/* A wait for something that the end cuts short, and not for the end itself. */
static bool waits_for_work(const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_BLOCK);
	return r && r->token.base && r->waits != API_WAITS_TIME && !api_role_of(d, API_ROLE_POLL);
}

bool done_may_matter(const struct solution *s, uint32_t func, bool gives_others)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	bool cleans = gives_others, works = false;
	uint32_t asked = 0;
	if (!done_carrier_ends(f) && !done_handler_token(s, func) && !asks_anything(p, func))
		return false;
	for (PROGRAM_EACH_CALL(p, func, c)) {
		const struct ir_instruction *in = &f->instrs[c->at];
		if (cleans)
			return true;
		if (!c->callee)
			continue;
		const struct api_func *d = p->described[c->callee];
		asked += call_asks(p, c->callee);
		works |= waits_for_work(d);
		cleans = api_role_of(d, API_ROLE_DERIVE) || api_role_of(d, API_ROLE_VALUE) ||
		         (works && asked > 1) ||
		         (ir_nargs(in) && (done_is_cleanup(s, f, in, c->callee) || done_asks_to_undo(f, in)));
	}
	return cleans;
}

/* ---- which tokens are done ---- */

static const struct obj *done_token(const struct state *s, struct sval token)
{
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (s->objs.data[i].status == OBJ_DONE && sv_eq(s->objs.data[i].key, token))
			return &s->objs.data[i];
	return NULL;
}

bool done_any(const struct state *s)
{
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (s->objs.data[i].status == OBJ_DONE)
			return true;
	return false;
}

bool done_known(const struct state *s, struct sval token)
{
	return done_token(s, token) != NULL;
}

static void mark(struct state *s, struct sval token, struct sval error, ir_instr seen, bool derived)
{
	if ((token.kind != SV_SYM && token.kind != SV_LOCAL) || done_token(s, token))
		return;
	uint8_t slot = DONE_SLOT;
	while (slot > DONE_SLOT - 8 && state_obj(s, seen, slot, false, false))
		slot--;
	state_add_obj(s, (struct obj){.site = seen,
	                              .slot = slot,
	                              .status = OBJ_DONE,
	                              .claim = true,
	                              .key = token,
	                              .result = error,
	                              .changed = seen,
	                              .shared = derived});
}

static void forget(struct state *s, struct sval token)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (s->objs.data[i].status != OBJ_DONE || !sv_eq(s->objs.data[i].key, token))
			s->objs.data[kept++] = s->objs.data[i];
	s->objs.len = kept;
}

static void witness(struct sim *m, struct sval answer, struct sval token, enum api_cond when, ir_instr i)
{
	if (answer.kind != SV_SYM || answer.off || !token.kind || token.kind == SV_CONST)
		return;
	for (uint32_t k = 0; k < m->witnesses.len; k++)
		if (m->witnesses.data[k].answer == answer.id && sv_eq(m->witnesses.data[k].token, token))
			return;
	vec_push(&m->witnesses, (struct witness){.answer = answer.id, .token = token, .when = when, .at = i});
}

static bool says_done(struct sim *m, struct state *s, const struct witness *w)
{
	struct sval answer = sv_sym(w->answer);
	if (w->when != API_NEVER)
		return state_cond(s, &m->t, answer, w->when) == TRI_TRUE;
	return state_compare(s, &m->t, IR_EQ, answer, sv_const(CODE_CANCELLED)) == TRI_TRUE ||
	       state_compare(s, &m->t, IR_EQ, answer, sv_const(-CODE_CANCELLED)) == TRI_TRUE;
}

void done_branch(struct sim *m, struct state *s, struct sval cond)
{
	for (uint32_t k = 0; k < m->witnesses.len; k++) {
		const struct witness *w = &m->witnesses.data[k];
		if (sv_mentions(&m->t, cond, w->answer) && says_done(m, s, w))
			mark(s, w->token, w->error, w->at, false);
	}
}

/* ---- calls ---- */

static struct sval arg_at(struct sim *m, struct state *s, const struct ir_instruction *in,
                          const struct api_path *p)
{
	if (p->base != API_PATH_ARG || p->deref || p->arg >= ir_nargs(in))
		return (struct sval){0};
	return sim_eval(m, s, ir_arg(m->f, in, p->arg));
}

static bool holds(struct sim *m, struct state *s, const struct ir_instruction *in, const struct api_test *t)
{
	if (!t->given)
		return true;
	struct sval v = t->arg < ir_nargs(in) ? sim_eval(m, s, ir_arg(m->f, in, t->arg)) : (struct sval){0};
	return v.kind == SV_CONST && (t->equals ? v.off == t->bits : (v.off & t->bits) == t->bits);
}

static struct sval first_argument(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	return ir_nargs(in) ? sim_eval(m, s, ir_arg(m->f, in, 0)) : (struct sval){0};
}

/* What an error that means "cancelled" is about: the tokens that calls before it were given. */
static void witness_given(struct sim *m, struct state *s, struct sval answer, enum api_cond when, ir_instr i)
{
	uint32_t n = m->given_tokens.len, first = m->witnesses.len;
	for (uint32_t k = 0; k < n; k++)
		witness(m, answer, m->given_tokens.data[k], when, i);
	bool given = n;
	for (uint32_t k = 0; !n && k < m->f->nparams; k++)
		if (program_is_token(m->p, m->f->params[k].ctype)) {
			witness(m, answer, sim_eval(m, s, m->f->params[k].val), when, i);
			given = true;
		}
	uint32_t data = given ? 0 : scan_entry_data(m->sol, m->func);
	if (data && data <= m->f->nparams) /* the one in its data */
		witness(m, answer, sim_eval(m, s, m->f->params[data - 1].val), when, i);
	for (uint32_t k = first; k < m->witnesses.len; k++)
		m->witnesses.data[k].error = first_argument(m, s, &m->f->instrs[i]);
}

static void give(struct sim *m, struct sval token)
{
	for (uint32_t k = 0; k < m->given_tokens.len; k++)
		if (sv_eq(m->given_tokens.data[k], token))
			return;
	if (token.kind == SV_SYM)
		vec_push(&m->given_tokens, token);
}

/* This very error was asked about before, and the answer was that it means "cancelled". */
static bool means_cancelled(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	struct sval error = first_argument(m, s, in);
	for (uint32_t i = 0; error.kind && i < s->objs.len; i++)
		if (s->objs.data[i].status == OBJ_DONE && sv_eq(s->objs.data[i].result, error))
			return true;
	return false;
}

static bool is_token_param(const struct sim *m, uint32_t callee, uint32_t arg)
{
	const struct ir_func *f = &m->u->funcs[callee];
	return arg < f->nparams && program_is_token(m->p, f->params[arg].ctype);
}

/* The token that is cancelled; by a handle, the one that was made with it. */
static struct sval token_cancelled(struct sim *m, struct state *s, const struct ir_instruction *in,
                                   const struct api_role *r)
{
	struct sval handle = arg_at(m, s, in, &r->handle);
	if (r->token.base)
		return arg_at(m, s, in, &r->token);
	const struct obj *o = handle.kind ? state_obj_by_key(s, handle) : NULL;
	const struct ir_instruction *made = o && o->site ? &m->f->instrs[o->site] : NULL;
	if (!made || !made->result || !ir_is_call(made) ||
	    !api_role_of(m->p->described[ir_callee(m->f, made)], API_ROLE_DERIVE))
		return (struct sval){0};
	return sim_eval(m, s, made->result);
}

static void learn(struct sim *m, struct state *s, const struct ir_instruction *in, const struct api_role *r,
                  struct sval result, ir_instr i)
{
	struct sval token = arg_at(m, s, in, &r->token);
	switch (r->kind) {
	case API_ROLE_POLL:
		if (done_token(s, token)) /* and stays so */
			state_assume_cond(s, &m->t, result, r->when);
		witness(m, result, token, r->when, i);
		break;
	case API_ROLE_CANCEL:
		mark(s, token_cancelled(m, s, in, r), (struct sval){0}, i, false);
		break;
	case API_ROLE_BLOCK:
		give(m, token);
		/* nothing but the token's end can cut a pause short */
		witness(m, result, token, r->waits == API_WAITS_TIME ? API_NONZERO : API_NEVER, i);
		break;
	case API_ROLE_RESULT:
		if (strcmp(r->means, "cancelled") != 0)
			break;
		if (holds(m, s, in, &r->only))
			witness_given(m, s, result, r->when, i);
		else if (r->when == API_NONZERO && means_cancelled(m, s, in)) /* and nothing else */
			state_assume_cond(s, &m->t, result, API_ZERO);
		break;
	case API_ROLE_DERIVE:
	case API_ROLE_VALUE:
		if (done_token(s, arg_at(m, s, in, &r->from)))
			mark(s, result, (struct sval){0}, done_token(s, arg_at(m, s, in, &r->from))->changed,
			     true);
		break;
	default:
		break;
	}
}

static bool takes_token(const struct api_func *d, uint32_t arg)
{
	for (uint32_t k = 0; k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		bool works =
		        r->kind == API_ROLE_BLOCK || r->kind == API_ROLE_SPAWN || r->kind == API_ROLE_TOKEN;
		if (works && r->token.base == API_PATH_ARG && r->token.arg == arg && !r->values_only)
			return true;
	}
	return false;
}

static void tell(struct sim *m, struct state *s, const struct obj *done, ir_instr i, uint32_t arg)
{
	struct incident *in = incident_new(m, INCIDENT_CLEANUP_CANCELLED, i, (uint8_t)arg);
	if (!in)
		return;
	in->at = i;
	in->before = done->changed;
	in->value = ir_arg(m->f, &m->f->instrs[i], arg);
	in->callee = incident_callee(m, s, i);
	in->derived_token = done->shared;
	in->unseen = !done->changed && done_carrier_ends(m->f);
	in->inferred = !m->p->described[sim_callee(m, s, &m->f->instrs[i])];
	in->widened = s->widened || m->budget;
	in->trail = incident_trail(m, s, 0);
}

/* The done token that an argument is: itself, or as the token in what a callback or destructor is about. */
static const struct obj *done_argument(struct sim *m, struct state *s, ir_val arg)
{
	struct sval v = sim_eval(m, s, arg);
	const struct obj *done = done_token(s, v);
	uint32_t param = done ? 0 : done_carrier(m->sol, m->func, arg);
	return param ? done_token(s, sim_eval(m, s, m->f->params[param - 1].val)) : done;
}

/* It makes a child of a token and does nothing that the end could stop, whatever it is told to carry. */
static bool only_derives(const struct api_func *d)
{
	return (api_role_of(d, API_ROLE_DERIVE) || api_role_of(d, API_ROLE_VALUE)) &&
	       !api_role_of(d, API_ROLE_BLOCK) && !api_role_of(d, API_ROLE_CLEANUP);
}

/* A child made after the end is meant for what is still to do: whatever gets it is clean-up, as is all that
 * is only done after it. */
static void judge(struct sim *m, struct state *s, ir_instr i, uint32_t callee)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	const struct api_func *d = m->p->described[callee];
	bool cleans = done_is_cleanup(m->sol, m->f, in, callee) || done_asks_to_undo(m->f, in) ||
	              (waits_for_work(d) && after_stop(m->sol, m->func, i));
	if (only_derives(d) || m->f->flags & IR_FUNC_GENERATED) /* what a lambda is called by */
		return;
	for (uint32_t k = 0; done_any(s) && k < ir_nargs(in); k++) {
		const struct obj *done = done_argument(m, s, ir_arg(m->f, in, k));
		if (!done || !(d ? takes_token(d, k) : is_token_param(m, callee, k)))
			continue;
		if (cleans || (done->shared && d))
			tell(m, s, done, i, k);
	}
}

static bool renews(const struct api_func *d, uint32_t arg)
{
	const struct api_role *r = api_role_of(d, API_ROLE_RENEW);
	return r && r->token.base == API_PATH_ARG && r->token.arg == arg;
}

void done_call(struct sim *m, struct state *s, ir_instr i, uint32_t callee, struct sval result)
{
	if (!m->watches_done)
		return;
	const struct ir_instruction *in = &m->f->instrs[i];
	const struct api_func *d = m->p->described[callee];
	judge(m, s, i, callee);
	uint32_t token = d || !callee ? 0 : gets_token(m->p, callee);
	if (token && token <= ir_nargs(in)) /* what it returns may be the code for "cancelled" */
		witness(m, result, sim_eval(m, s, ir_arg(m->f, in, token - 1)), API_NEVER, i);
	for (uint32_t k = 0; k < ir_nargs(in); k++) { /* it may make the token usable again */
		struct sval v = sim_eval(m, s, ir_arg(m->f, in, k));
		if (done_token(s, v) &&
		    (d ? renews(d, k) || ended_ignores(d, k) : !solve_has_body(m->sol, callee)))
			forget(s, v);
	}
	for (uint32_t k = 0; d && k < d->nroles; k++)
		learn(m, s, in, &d->roles[k], result, i);
}

/* ---- handlers of cancelled ---- */

static bool attached_to_token(const struct api_func *d, const struct api_role *r)
{
	const struct api_role *t = api_role_of(d, API_ROLE_TOKEN);
	return t && r->from.arg == t->token.arg && r->from.base == API_PATH_ARG;
}

/* What sends a signal comes first: a token sends one only, when it is done. */
static bool first_is_token(const struct program *p, const struct ir_func *f)
{
	return f->nparams && program_is_token(p, f->params[0].ctype);
}

/* 1 + the parameter of a handler that is only ever called because that token is done; 0: none. */
uint32_t done_handler_token(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *caller = &p->unit->funcs[e->caller];
		const struct api_func *d = p->described[ir_callee(caller, &caller->instrs[e->site])];
		const struct api_role *r = e->kind == CALL_CALLBACK ? api_role_of(d, API_ROLE_CONNECT) : NULL;
		if (!r || !(attached_to_token(d, r) || first_is_token(p, f)))
			return 0;
	}
	if (p->in_edges_of[func] == p->in_edges_of[func + 1])
		return 0;
	return p->token_param[func];
}

void done_start(struct sim *m, struct state *s)
{
	m->watches_done = done_may_matter(m->sol, m->func, m->propagates || m->times);
	uint32_t token = m->watches_done ? done_handler_token(m->sol, m->func) : 0;
	if (m->watches_done && !token && done_carrier_ends(m->f))
		token = 1;
	if (token)
		mark(s, sim_eval(m, s, m->f->params[token - 1].val), (struct sval){0}, 0, false);
}
