/*
 * counts.c - states that nothing but counts of a loop's turns tells apart: of a variable, or of a place in
 * memory.
 */
#include "sim.h"

#include "arena.h"

#define MOST_PLACES 16           /* that a function counts in */
#define MOST_COMPARED (1u << 14) /* values with facts: two large states are not compared so closely */

static bool is_step(const struct ir_instruction *in)
{
	return in && in->op == IR_BINOP && (in->sub == IR_ADD || in->sub == IR_SUB);
}

/* A value that a loop's head merges with itself and a step: a count of turns. */
static bool is_counted(const struct sim *m, ir_val v)
{
	const struct ir_instruction *def = ir_def(m->f, v);
	uint32_t loop = def ? m->cfg->loop_of[def->block] : 0;
	if (!loop || def->op != IR_PHI || m->cfg->loops[loop].head != def->block ||
	    m->f->vals[v].type != IR_TYPE_INT)
		return false;
	for (uint32_t k = 0; k < def->noperands; k++) {
		const struct ir_instruction *step =
		        ir_def(m->f, ir_strip_casts(m->f, ir_operand(m->f, def, k)));
		if (is_step(step) && ir_strip_casts(m->f, ir_operand(m->f, step, 0)) == v)
			return true;
	}
	return false;
}

static bool same_address(const struct ir_func *f, ir_val a, ir_val b)
{
	const struct ir_instruction *x = ir_def(f, a), *y = ir_def(f, b);
	return a == b ||
	       (x && y && x->op == IR_ADDR && y->op == IR_ADDR && x->imm == y->imm &&
	        !((x->flags | y->flags) & IR_F_VARIABLE) && ir_operand(f, x, 0) == ir_operand(f, y, 0));
}

/* `p->n++` in a loop. */
static bool steps_in_place(const struct sim *m, ir_instr store)
{
	const struct ir_func *f = m->f;
	const struct ir_instruction *in = &f->instrs[store];
	if (in->op != IR_STORE || !m->cfg->loop_of[in->block])
		return false;
	const struct ir_instruction *step = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	const struct ir_instruction *load =
	        is_step(step) ? ir_def(f, ir_strip_casts(f, ir_operand(f, step, 0))) : NULL;
	return load && load->op == IR_LOAD && same_address(f, ir_operand(f, load, 0), ir_operand(f, in, 1));
}

static void find_steps(struct sim *m)
{
	m->steps_found = true;
	m->steps_in_place = ARENA_ARRAY(m->scratch, ir_instr, MOST_PLACES);
	for (ir_instr i = 1; i < m->f->ninstrs && m->nsteps_in_place < MOST_PLACES; i++)
		if (steps_in_place(m, i))
			m->steps_in_place[m->nsteps_in_place++] = i;
}

/* It is loaded from a place that the loop counts in. */
static bool is_loaded_count(struct sim *m, ir_val v)
{
	const struct ir_instruction *load = ir_def(m->f, v);
	if (!load || load->op != IR_LOAD)
		return false;
	if (!m->steps_found)
		find_steps(m);
	for (uint32_t i = 0; i < m->nsteps_in_place; i++)
		if (same_address(m->f, ir_operand(m->f, load, 0),
		                 ir_operand(m->f, &m->f->instrs[m->steps_in_place[i]], 1)))
			return true;
	return false;
}

/* The count of turns, or what it is in the next one. */
static bool is_count(struct sim *m, ir_val v)
{
	const struct ir_instruction *def = ir_def(m->f, v);
	ir_val from = is_step(def) ? ir_strip_casts(m->f, ir_operand(m->f, def, 0)) : v;
	return is_counted(m, v) || is_counted(m, from) || is_loaded_count(m, from);
}

/* 0: zero, 1: another number, -1: not known. */
static int truth(struct fact f)
{
	return f.nonzero || f.lo > 0 || f.hi < 0 ? 1 : f.lo == 0 && f.hi == 0 ? 0 : -1;
}

static int truth_of(const struct state *s, struct sval v)
{
	if (v.kind == SV_CONST)
		return v.off != 0;
	struct fact f =
	        v.kind == SV_SYM ? state_fact(s, v.id) : (struct fact){.lo = INT64_MIN, .hi = INT64_MAX};
	if (v.off > 0 && f.lo >= 0) /* a turn further on */
		return 1;
	return v.off ? -1 : truth(f);
}

/* What a count is on this path. */
static bool is_count_now(struct sim *m, const struct state *s, sym id)
{
	for (uint32_t i = 0; i < s->env.len; i++)
		if (s->env.data[i].v.kind == SV_SYM && s->env.data[i].v.id == id &&
		    is_count(m, s->env.data[i].val))
			return true;
	for (uint32_t i = 0; i < s->mem.len; i++)
		if (s->mem.data[i].v.kind == SV_SYM && s->mem.data[i].v.id == id &&
		    steps_in_place(m, s->mem.data[i].store))
			return true;
	return false;
}

/* A number, or a count on one of the paths. */
static bool is_number(struct sim *m, const struct state *a, const struct state *b, struct sval v)
{
	return v.kind == SV_CONST ||
	       (v.kind == SV_SYM && (is_count_now(m, a, v.id) || is_count_now(m, b, v.id)));
}

/* Whatever `a` knows to be zero, or not, `b` knows, too. What compares something with a number is a fact
 * about that. */
static bool knows_as_much(struct sim *m, const struct state *a, const struct state *b)
{
	for (uint32_t i = 0; i < a->facts.len; i++) {
		const struct fact *f = &a->facts.data[i];
		const struct symbol *q = &m->t.items.data[f->s];
		if (truth(*f) == truth(state_fact(b, f->s)))
			continue;
		if (!is_number(m, a, b, sv_sym(f->s)) &&
		    !(q->kind == SYM_CMP && (is_number(m, a, b, q->x) || is_number(m, a, b, q->y))))
			return false;
	}
	return true;
}

/* The place holds a count on both paths, or one of them has not counted in it. */
static bool same_but_counts(struct sim *m, const struct state *a, const struct state *b)
{
	uint32_t i = 0, k = 0;
	while (i < a->mem.len || k < b->mem.len) {
		const struct cell *x = i < a->mem.len ? &a->mem.data[i] : NULL,
		                  *y = k < b->mem.len ? &b->mem.data[k] : NULL;
		int order = !x ? 1 : !y ? -1 : sv_order(x->at, y->at);
		if (order <= 0)
			i++;
		if (order >= 0)
			k++;
		if (!order && sv_eq(x->v, y->v))
			continue;
		bool counts = (order > 0 || steps_in_place(m, x->store)) &&
		              (order < 0 || steps_in_place(m, y->store));
		if (!counts)
			return false;
	}
	return true;
}

/* Only counts of turns tell the two apart: that they are not told apart any more loses nothing that code
 * asks. */
bool counts_only(struct sim *m, const struct state *a, const struct state *b)
{
	if (a->env.len != b->env.len || (uint64_t)a->env.len * (a->facts.len + b->facts.len) > MOST_COMPARED)
		return false;
	for (uint32_t i = 0; i < a->env.len; i++) {
		const struct binding *x = &a->env.data[i], *y = &b->env.data[i];
		bool same = x->val == y->val && sv_eq(x->v, y->v);
		if (!same &&
		    (x->val != y->val || !is_count(m, x->val) || truth_of(a, x->v) != truth_of(b, y->v)))
			return false;
	}
	return same_but_counts(m, a, b) && knows_as_much(m, a, b) && knows_as_much(m, b, a);
}
