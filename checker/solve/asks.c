/*
 * asks.c - is a callback asked, by way of what it writes, whether it has run?
 */
#include "scan.h"

#include "sim.h"

#define MAX_CALLS 3 /* that a callback's clearing of the id is followed through */

/* A field of any object of a record, or static storage. */
struct place {
	uint32_t record, global;
	int64_t offset;
};

static bool place_of(const struct ir_func *f, ir_val address, struct place *p)
{
	ir_val v = ir_strip_casts(f, address);
	const struct ir_instruction *in = ir_def(f, v);
	*p = (struct place){0};
	if (f->vals[v].kind == IR_VAL_GLOBAL)
		*p = (struct place){.global = f->vals[v].aux, .offset = f->vals[v].imm};
	else if (in && in->op == IR_ADDR && in->record && !(in->flags & IR_F_VARIABLE))
		*p = (struct place){.record = in->record, .offset = in->imm};
	return p->record || p->global;
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->record == b->record && a->global == b->global && a->offset == b->offset;
}

/* Does a function, or what it calls, write the place or hand out its address? */
static bool writes(const struct solution *s, uint32_t func, const struct place *p, unsigned depth)
{
	const struct program *g = s->program;
	const struct ir_func *f = &g->unit->funcs[func];
	for (ir_instr i = 1; g->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		struct place at;
		for (uint32_t k = 0; k < in->noperands; k++)
			if ((in->op == IR_STORE ? k == 1 : ir_is_call(in)) &&
			    place_of(f, ir_operand(f, in, k), &at) && same_place(&at, p))
				return true;
		if (ir_is_call(in) && depth < MAX_CALLS && ir_callee(f, in) &&
		    writes(s, ir_callee(f, in), p, depth + 1))
			return true;
	}
	return false;
}

static ir_val behind(const struct ir_func *f, ir_val address)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, address));
	return in && in->op == IR_ADDR ? behind(f, ir_operand(f, in, 0)) : ir_strip_casts(f, address);
}

/* Is the value read from where the callback writes: a field that it sets, or the local variable that it gets?
 */
static bool told_by(const struct solution *s, const struct ir_func *f, ir_val v,
                    const struct callback_facts *c)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	struct place tested;
	if (!in || in->op != IR_LOAD)
		return false;
	if (c->entry && place_of(f, ir_operand(f, in, 0), &tested))
		return writes(s, c->entry, &tested, 0);
	return c->life == DATA_LOCAL && behind(f, ir_operand(f, in, 0)) == behind(f, c->data);
}

bool solve_asks_callback(const struct solution *s, uint32_t func, ir_instr at, const struct callback_facts *c)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_block b = f->instrs[at].block; b; b = cfg->idom[b]) {
		const struct ir_instruction *t = ir_terminator(f, b);
		const struct ir_instruction *cond =
		        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
		for (uint32_t k = 0; cond && k < cond->noperands; k++)
			if (told_by(s, f, ir_operand(f, cond, k), c))
				return true;
	}
	return false;
}
