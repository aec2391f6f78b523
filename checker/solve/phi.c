/* phi.c - which operand of a phi belongs to an edge: phis of generated code have thousands. */
#include "sim.h"

#include "arena.h"

#include <stdlib.h>

#define SMALL 8 /* operands that are looked through one by one */

struct entry {
	ir_block from;
	uint32_t operand;
};

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->operand < y->operand ? -1 : x->operand > y->operand;
}

static void sort_phi(struct sim *m, const struct ir_instruction *in)
{
	struct entry *all = mem_alloc(in->noperands * sizeof *all);
	for (uint32_t k = 0; k < in->noperands; k++)
		all[k] = (struct entry){m->f->phi_blocks[in->first_operand + k], in->first_operand + k};
	qsort(all, in->noperands, sizeof *all, entry_compare);
	for (uint32_t k = 0; k < in->noperands; k++)
		m->phi_order[in->first_operand + k] = all[k].operand;
	mem_release(all);
}

void phi_order_build(struct sim *m)
{
	for (ir_instr i = 1; i < m->f->ninstrs; i++) {
		const struct ir_instruction *in = &m->f->instrs[i];
		if (in->op != IR_PHI || in->noperands <= SMALL)
			continue;
		if (!m->phi_order)
			m->phi_order = ARENA_ARRAY(m->scratch, uint32_t, m->f->noperands);
		sort_phi(m, in);
	}
}

ir_val phi_operand(const struct sim *m, ir_instr phi, ir_block from)
{
	const struct ir_func *f = m->f;
	const struct ir_instruction *in = &f->instrs[phi];
	uint32_t lo = in->first_operand, end = lo + in->noperands, hi = end;
	if (in->noperands <= SMALL) {
		while (lo < end && f->phi_blocks[lo] != from)
			lo++;
		return lo < end ? f->operands[lo] : 0;
	}
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (f->phi_blocks[m->phi_order[mid]] < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < end && f->phi_blocks[m->phi_order[lo]] == from ? f->operands[m->phi_order[lo]] : 0;
}
