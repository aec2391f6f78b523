/*
 * vacant.c - releases on paths where the creator failed, so that there is nothing to release.
 */
#include "scan.h"
#include "sim.h"

#include <string.h>

/* The call that would have made the value, in this turn; 0: none. */
static ir_instr maker_of(const struct sim *m, struct sval v, uint8_t *slot)
{
	const struct symbol *q = v.kind == SV_SYM && !v.off ? &m->t.items.data[v.id] : NULL;
	if (!q || (q->kind != SYM_RESULT && q->kind != SYM_OUT) || (q->b & 1) ||
	    !ir_is_call(&m->f->instrs[q->a]))
		return 0;
	*slot = q->kind == SYM_OUT ? (uint8_t)(q->b / 2) : 0;
	return q->a;
}

static const struct api_role *creation(const struct api_func *d, bool put)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_CREATE, r));)
		if (put ? r->handle.deref : r->handle.base == API_PATH_RETURN)
			return r;
	for (const struct api_role *r = NULL; put && d && (r = api_role_next(d, API_ROLE_SPAWN, r));)
		if (r->handle.deref) /* what stands for a thread that was not started */
			return r;
	return NULL;
}

static enum ir_pred inverse(enum ir_pred p)
{
	static const uint8_t table[] = {[IR_EQ] = IR_NE,   [IR_NE] = IR_EQ,   [IR_SLT] = IR_SGE,
	                                [IR_SLE] = IR_SGT, [IR_SGT] = IR_SLE, [IR_SGE] = IR_SLT};
	return p <= IR_SGE ? table[p] : p;
}

/* Does `v p c` say that a creator which succeeds `when` has failed? */
static bool says_failed(enum api_cond when, enum ir_pred p, int64_t c)
{
	bool negative = (p == IR_SLT && c <= 0) || (p == IR_SLE && c < 0) || (p == IR_EQ && c < 0);
	bool positive = (p == IR_SGT && c >= 0) || (p == IR_SGE && c > 0) || (p == IR_EQ && c > 0);
	switch (when) {
	case API_NONNEGATIVE:
		return negative;
	case API_NONZERO:
	case API_NONNULL:
		return p == IR_EQ && c == 0;
	case API_ZERO:
		return negative || positive || (p == IR_NE && c == 0);
	case API_POSITIVE:
		return negative || (p == IR_EQ && c == 0) || (p == IR_SLE && c == 0);
	default:
		return false;
	}
}

/* The call is only reached by a branch that says so of the value. */
static bool behind_failure(const struct sim *m, ir_val v, enum api_cond when, ir_instr i)
{
	const struct cfg *cfg = m->cfg;
	ir_block there = m->f->instrs[i].block;
	for (ir_block b = cfg_idom(cfg, there), last = there; b && b != last;
	     last = b, b = cfg_idom(cfg, b)) {
		const struct ir_instruction *end = ir_terminator(m->f, b);
		const struct ir_instruction *test =
		        end->op == IR_CONDBR ? ir_def(m->f, ir_strip_casts(m->f, ir_operand(m->f, end, 0)))
		                             : NULL;
		int64_t c = 0;
		if (!test || test->op != IR_ICMP ||
		    ir_strip_casts(m->f, ir_operand(m->f, test, 0)) != ir_strip_casts(m->f, v) ||
		    (!scan_null(m->f, ir_operand(m->f, test, 1)) &&
		     !scan_int(m->f, ir_operand(m->f, test, 1), &c)))
			continue;
		bool yes = cfg_dominates(cfg, ir_succ(m->f, end, 0), there),
		     no = cfg_dominates(cfg, ir_succ(m->f, end, 1), there);
		if (yes != no && says_failed(when, yes ? test->sub : inverse(test->sub), c))
			return true;
	}
	return false;
}

/* The way that a creator which is told where to make it has gone, for the thing that is released; API_NEVER:
 * none did. */
static const struct api_role *told_where(struct sim *m, struct state *s, struct sval v,
                                         const struct api_role *r, ir_instr j)
{
	const struct ir_instruction *in = &m->f->instrs[j];
	const struct api_func *d = ir_is_call(in) ? m->p->described[ir_callee(m->f, in)] : NULL;
	for (const struct api_role *c = NULL; d && (c = api_role_next(d, API_ROLE_CREATE, c));)
		if (c->handle.base == API_PATH_ARG && !c->handle.deref && !c->handle.field && c->family &&
		    r->family && strcmp(c->family, r->family) == 0 &&
		    sv_eq(sim_eval(m, s, ir_arg(m->f, in, c->handle.arg)), v))
			return c;
	return NULL;
}

/* The call that was to make it at that place, or to claim it, and failed; 0: none, or another one may not
 * have. */
static ir_instr failed_there(struct sim *m, struct state *s, struct sval v, const struct api_role *r,
                             ir_instr i)
{
	ir_instr failed = 0;
	for (ir_instr j = 1; v.kind && v.kind != SV_CONST && j < m->f->ninstrs; j++) {
		const struct api_role *c = j == i ? NULL : told_where(m, s, v, r, j);
		ir_block b = m->f->instrs[j].block;
		if (!c)
			continue;
		bool before = cfg_dominates(m->cfg, b, m->f->instrs[i].block);
		if (failed || !before || !behind_failure(m, m->f->instrs[j].result, c->when, i))
			return 0;
		failed = j;
	}
	return failed;
}

static void tell(struct sim *m, struct state *s, struct obj none, ir_instr i)
{
	none.changed = none.site;
	incident_of(m, s, INCIDENT_NEVER_MADE, &none, i);
}

/* A handle is forgotten on the edge where it is known that it was never made; its value is not. */
void vacant_release(struct sim *m, struct state *s, struct sval v, const struct api_role *r, ir_instr i)
{
	uint8_t slot = 0;
	ir_instr site = maker_of(m, v, &slot);
	const struct obj *o = state_obj_by_key(s, v);
	if (!(o && (o->status == OBJ_OWNED || o->status == OBJ_RELEASED)) && !state_claim(s, v, r->family)) {
		ir_instr failed = failed_there(m, s, v, r, i);
		const struct api_func *d =
		        failed ? m->p->described[ir_callee(m->f, &m->f->instrs[failed])] : NULL;
		if (failed)
			tell(m, s, (struct obj){.site = failed, .key = v, .family = r->family, .model = d},
			     i);
	}
	if (!site || r->null_ok || o)
		return;
	const struct api_func *d = m->p->described[sim_callee(m, s, &m->f->instrs[site])];
	const struct symbol *q = &m->t.items.data[v.id];
	const struct api_role *made = creation(d, q->kind == SYM_OUT);
	if (!made || made->when == API_ALWAYS)
		return;
	/* A number that is no handle is often given back all the same where several ways out meet. */
	bool number = q->kind == SYM_RESULT && !q->pointer;
	if (number && !behind_failure(m, ir_arg(m->f, &m->f->instrs[i], r->handle.arg), made->when, i))
		return;
	tell(m, s, (struct obj){.site = site, .slot = slot, .key = v, .family = made->family, .model = d}, i);
}
