/*
 * answers.c - what a function returns depends on one of its parameters: `if (!how) return 0; ... return 1;`,
 * `return fd >= 0;`.
 */
#include "call.h"

enum { ASKED = 8 }; /* parameters that are looked at */

static enum tri holds(struct sim *m, const struct state *s, struct sval v, enum api_cond when)
{
	return state_compare(s, &m->t, when == API_ZERO ? IR_EQ : IR_SLT, v, sv_const(0));
}

static enum api_cond opposite(enum api_cond when)
{
	return when == API_ZERO ? API_NONZERO : API_NONNEGATIVE;
}

static bool never(struct ret_range r)
{
	return r.lo > r.hi;
}

static bool narrower(struct ret_range a, struct ret_range all)
{
	return a.lo > all.lo || a.hi < all.hi;
}

/* What is returned at the exit where the parameter is so. */
static void widen_where(struct sim *m, const struct exit_record *x, struct sval param, enum api_cond when,
                        struct ret_range *r)
{
	enum tri known = state_cond(x->state, &m->t, param, when);
	if (known == TRI_TRUE)
		sim_widen(m, x, r);
	if (known != TRI_UNKNOWN)
		return;
	struct exit_record where = {state_copy(x->state), x->result};
	if (state_assume_cond(where.state, &m->t, param, when))
		sim_widen(m, &where, r);
	state_free(where.state);
}

/* How much the parameter says of what is returned. */
enum says { SAYS_NOTHING, SAYS_SOMETHING, SAYS_ALL };
static enum says asks(struct sim *m, struct summary *sum, uint32_t param, enum api_cond when)
{
	struct ret_range yes = SUMMARY_NO_EXIT, no = SUMMARY_NO_EXIT;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		const struct exit_record *x = &m->exits.data[i];
		struct sval v = sim_eval(m, x->state, m->f->params[param].val);
		widen_where(m, x, v, when, &yes);
		widen_where(m, x, v, opposite(when), &no);
	}
	sum->answers = param + 1;
	sum->answers_if = when;
	sum->returns_if = yes;
	sum->returns_else = no;
	if (yes.hi < no.lo || no.hi < yes.lo)
		return SAYS_ALL;
	return narrower(yes, sum->returns) || narrower(no, sum->returns) ? SAYS_SOMETHING : SAYS_NOTHING;
}

/* The first parameter that says the most. */
void answers_summarise(struct sim *m, struct summary *sum)
{
	static const enum api_cond conds[] = {API_ZERO, API_NEGATIVE};
	struct summary best = *sum;
	enum says most = SAYS_NOTHING;
	best.answers = 0;
	best.returns_if = best.returns_else = sum->returns;
	for (uint32_t k = 0; !m->budget && !never(sum->returns) && k < m->f->nparams && k < ASKED; k++)
		for (unsigned c = 0; m->f->params[k].val && c < sizeof conds / sizeof *conds; c++) {
			enum says says = asks(m, sum, k, conds[c]);
			if (says > most) {
				best = *sum;
				most = says;
			}
		}
	*sum = best;
}

/* It comes back: so the argument is not what it does not come back from. */
static bool assume_answer(struct sim *m, struct state *s, struct sval v, const struct summary *sum)
{
	if (never(sum->returns_if))
		return state_assume_cond(s, &m->t, v, opposite(sum->answers_if));
	return !never(sum->returns_else) || state_assume_cond(s, &m->t, v, sum->answers_if);
}

static struct ret_range range_for(struct sim *m, const struct state *s, struct sval v,
                                  const struct summary *sum)
{
	enum tri is = holds(m, s, v, sum->answers_if);
	return is == TRI_TRUE ? sum->returns_if : is == TRI_FALSE ? sum->returns_else : sum->returns;
}

static bool is_only(struct ret_range r, int64_t value)
{
	return r.lo == value && r.hi == value;
}

/* `return fd >= 0;` returns what the caller could have asked itself. */
static void answer(struct sim *m, struct call *c, struct sval v, const struct summary *sum)
{
	bool yes = is_only(sum->returns_if, 1) && is_only(sum->returns_else, 0),
	     no = is_only(sum->returns_if, 0) && is_only(sum->returns_else, 1);
	enum ir_pred asks = sum->answers_if == API_ZERO ? (yes ? IR_EQ : IR_NE) : yes ? IR_SLT : IR_SGE;
	if ((yes || no) && v.kind == SV_SYM && !sv_is_deep(&m->t, v))
		c->result = sv_sym(sym_get(
		        &m->t, (struct symbol){.kind = SYM_CMP, .a = asks, .x = v, .y = sv_const(0)}));
}

/* Which values it may have here: a bit for each from 0 on, and one for all others. */
static uint64_t values_of(struct sim *m, const struct state *s, struct sval v)
{
	enum { OTHERS = 63 };
	uint64_t bits = 0;
	if (v.kind == SV_CONST)
		return 1ull << (v.off >= 0 && v.off < OTHERS ? v.off : OTHERS);
	for (int n = 0; n < OTHERS; n++)
		if (state_compare(s, &m->t, IR_EQ, v, sv_const(n)) != TRI_FALSE)
			bits |= 1ull << n;
	bool within = state_compare(s, &m->t, IR_SGE, v, sv_const(0)) == TRI_TRUE &&
	              state_compare(s, &m->t, IR_SLT, v, sv_const(OTHERS)) == TRI_TRUE;
	return within ? bits : bits | 1ull << OTHERS;
}

bool answers_which(struct sim *m, const bool *shown, const bool *missed, struct effect *e)
{
	for (uint32_t k = 0; !m->budget && k < m->f->nparams && k < ASKED; k++) {
		uint64_t with = 0, without = 0;
		for (uint32_t i = 0; m->f->params[k].val && i < m->exits.len; i++) {
			struct state *s = m->exits.data[i].state;
			uint64_t bits = values_of(m, s, sim_eval(m, s, m->f->params[k].val));
			with |= shown[i] ? bits : 0;
			without |= missed[i] ? bits : 0;
		}
		if (!with || !without || (with & without))
			continue;
		e->asks = k + 1;
		e->asked = with;
		return true;
	}
	return false;
}

enum tri answers_done(struct sim *m, struct state *s, const struct call *c, const struct effect *e)
{
	if (!e->asks || e->asks > ir_nargs(c->in))
		return TRI_UNKNOWN;
	uint64_t bits = values_of(m, s, sim_eval(m, s, ir_arg(m->f, c->in, e->asks - 1)));
	return !(bits & ~e->asked) ? TRI_TRUE : bits & e->asked ? TRI_UNKNOWN : TRI_FALSE;
}

bool answers_assume(struct sim *m, struct state *s, struct call *c, const struct summary *sum)
{
	struct ret_range r = sum->returns;
	if (sum->answers && sum->answers <= ir_nargs(c->in)) {
		struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, sum->answers - 1));
		if (!assume_answer(m, s, v, sum))
			return false;
		r = range_for(m, s, v, sum);
		if (c->result.kind == SV_SYM && !c->result.off && r.lo != r.hi)
			answer(m, c, v, sum);
	}
	return c->result.kind != SV_SYM || c->result.off || never(r) ||
	       state_assume_range(s, c->result.id, r.lo, r.hi, false);
}
