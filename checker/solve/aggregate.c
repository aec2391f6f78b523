/*
 * aggregate.c - structures that are values: what a function returns in registers lies in memory of its own,
 * behind the symbol of the value.
 */
#include "sim.h"

bool sim_is_aggregate(const struct sim *m, struct sval v)
{
	if (v.kind != SV_SYM || m->t.items.data[v.id].kind != SYM_RESULT)
		return false;
	ir_val result = m->f->instrs[m->t.items.data[v.id].a].result;
	return result && m->f->vals[result].type == IR_TYPE_AGGREGATE;
}

struct sval aggregate_load(struct sim *m, struct state *s, struct sval at, int64_t size, ir_instr i)
{
	struct sval v = sim_result(m, s, i);
	sim_copy_region(m, s, v, at, size, i);
	return v;
}

/* Where a model says that a call returns one of its arguments in a structure, it is the first member. */
static bool is_first_member(const struct sim *m, struct sval whole, const struct ir_instruction *in)
{
	const struct ir_instruction *def = ir_def(m->f, ir_operand(m->f, in, 0));
	bool made_here = whole.kind == SV_SYM && m->t.items.data[whole.id].kind == SYM_RESULT &&
	                 (!def || m->t.items.data[whole.id].a == (uint32_t)(def - m->f->instrs));
	return !in->imm && !made_here && whole.kind != SV_CONST;
}

struct sval aggregate_extract(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval v = sim_eval(m, s, ir_operand(m->f, in, 0));
	if (!sim_is_aggregate(m, v))
		return is_first_member(m, v, in) ? v : sim_result(m, s, i);
	v.off += in->scale;
	const struct cell *c = state_cell(s, v);
	if (c && c->v.kind)
		return c->v;
	return sim_load(m, s, v, 0, m->f->vals[in->result].type == IR_TYPE_PTR, i);
}

struct sval aggregate_insert(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval whole = sim_eval(m, s, ir_operand(m->f, in, 0)),
	            part = sim_eval(m, s, ir_operand(m->f, in, 1));
	struct sval v = sim_result(m, s, i);
	if (sim_is_aggregate(m, whole))
		sim_copy_region(m, s, v, whole, 0, i);
	struct sval at = v;
	at.off += in->scale;
	if (part.kind)
		state_write(s, at, part, 0, i);
	return v;
}

/* All that lies in a returned structure is handed to the caller by this instruction. */
void aggregate_return(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	for (uint32_t k = 0; k < s->mem.len; k++) {
		const struct cell *c = &s->mem.data[k];
		if (c->at.kind != SV_SYM || c->at.id != v.id)
			continue;
		state_own_mem(s, s->mem.len)[k].store = i;
		own_publish(m, s, s->mem.data[k].v, i);
	}
}
