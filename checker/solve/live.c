/*
 * live.c - which values other blocks need, and which of them at the start of each block: from each use
 * backwards to the definition. The effort is that of the result, which is small where values do not live
 * long.
 */
#include "sim.h"

#include "arena.h"

#define ENTRIES_MAX ((size_t)4 << 20) /* of all blocks; values beyond count as needed everywhere */

struct walk {
	struct sim *m;
	uint32_t *first;  /* per value: its uses in other blocks are blocks[first[v] .. first[v + 1]) */
	ir_block *blocks; /* where they are; of a phi: the block that is left */
	ir_val *met;      /* per block: the value that last came here */
	VEC(ir_block) stack;
	size_t entries;
};

/* The block whose start, if it is not the defining one, needs the operand. */
static ir_block use_block(const struct ir_func *f, const struct ir_instruction *in, uint32_t k)
{
	return in->op == IR_PHI ? f->phi_blocks[in->first_operand + k] : in->block;
}

static ir_block def_block(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *def = ir_def(f, v);
	return def ? def->block : 0;
}

static bool crosses(const struct ir_func *f, const struct ir_instruction *in, uint32_t k)
{
	const struct ir_instruction *def = ir_def(f, f->operands[in->first_operand + k]);
	return def && (def->block != in->block || in->op == IR_PHI);
}

static void count_uses(struct walk *w)
{
	const struct ir_func *f = w->m->f;
	w->first = ARENA_ARRAY(w->m->scratch, uint32_t, f->nvals + 2);
	for (ir_instr i = 1; i < f->ninstrs; i++)
		for (uint32_t k = 0; k < f->instrs[i].noperands; k++)
			if (crosses(f, &f->instrs[i], k))
				w->first[f->operands[f->instrs[i].first_operand + k] + 2]++;
	for (uint32_t v = 1; v < f->nvals + 2; v++)
		w->first[v] += w->first[v - 1];
}

static void collect_uses(struct walk *w)
{
	const struct ir_func *f = w->m->f;
	count_uses(w);
	w->blocks = ARENA_ARRAY(w->m->scratch, ir_block, w->first[f->nvals + 1] + 1);
	for (ir_instr i = 1; i < f->ninstrs; i++)
		for (uint32_t k = 0; k < f->instrs[i].noperands; k++)
			if (crosses(f, &f->instrs[i], k)) {
				ir_val v = f->operands[f->instrs[i].first_operand + k];
				w->blocks[w->first[v + 1]++] = use_block(f, &f->instrs[i], k);
			}
}

static void reach(struct walk *w, ir_val v, ir_block b, ir_block def)
{
	if (b == def || w->met[b] == v)
		return;
	w->met[b] = v;
	w->entries++;
	vec_push(&w->m->live[b], v);
	vec_push(&w->stack, b);
}

static void walk_value(struct walk *w, ir_val v)
{
	const struct cfg *c = w->m->cfg;
	ir_block def = def_block(w->m->f, v);
	for (uint32_t k = w->first[v]; k < w->first[v + 1]; k++)
		reach(w, v, w->blocks[k], def);
	while (w->stack.len) {
		ir_block b = w->stack.data[--w->stack.len];
		for (uint32_t k = 0; k < c->npreds[b]; k++)
			reach(w, v, c->preds[b][k], def);
	}
}

void live_find(struct sim *m)
{
	struct walk w = {.m = m};
	m->live = ARENA_ARRAY(m->scratch, struct live_list, m->f->nblocks);
	m->live_kind = ARENA_ARRAY(m->scratch, uint8_t, m->f->nvals);
	w.met = ARENA_ARRAY(m->scratch, ir_val, m->f->nblocks);
	collect_uses(&w);
	for (ir_val v = 1; v < m->f->nvals; v++) {
		if (w.first[v] == w.first[v + 1])
			continue;
		m->live_kind[v] = w.entries < ENTRIES_MAX ? LIVE_SOMEWHERE : LIVE_EVERYWHERE;
		if (m->live_kind[v] == LIVE_SOMEWHERE)
			walk_value(&w, v);
	}
	vec_release(&w.stack);
}

void live_release(struct sim *m)
{
	for (ir_block b = 0; b < m->f->nblocks; b++)
		vec_release(&m->live[b]);
}

bool live_at(const struct sim *m, ir_block b, ir_val v)
{
	uint32_t from = 0;
	return live_next(m, b, v, &from);
}

bool live_next(const struct sim *m, ir_block b, ir_val v, uint32_t *from)
{
	if (m->live_kind[v] != LIVE_SOMEWHERE)
		return m->live_kind[v] == LIVE_EVERYWHERE;
	const struct live_list *l = &m->live[b];
	uint32_t lo = *from, hi = lo < l->len && l->data[lo] >= v ? lo : l->len;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (l->data[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	*from = lo;
	return lo < l->len && l->data[lo] == v;
}
