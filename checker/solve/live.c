/* live.c - which values other blocks need, and which of them at the start of each block. */
#include "sim.h"

#include "arena.h"

#include <string.h>

#define WORDS_MAX ((size_t)8 << 20) /* 64 MiB */

static void find_live_values(struct sim *m)
{
	const struct ir_func *f = m->f;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		for (uint32_t k = 0; k < in->noperands; k++) {
			ir_val v = f->operands[in->first_operand + k];
			const struct ir_instruction *def = ir_def(f, v);
			if (def && (def->block != in->block || in->op == IR_PHI) && !m->live_index[v])
				m->live_index[v] = ++m->nlive;
		}
	}
	m->nlive_words = m->nlive / 64 + 1;
}

static void set_bit(uint64_t *row, uint32_t bit)
{
	row[bit / 64] |= 1ull << (bit % 64);
}

/* What block b needs from outside: read before it is defined here, or needed behind and not defined here. */
static bool live_step(struct sim *m, ir_block b, uint64_t *row)
{
	const struct ir_func *f = m->f;
	const struct ir_basic_block *bb = &f->blocks[b];
	const struct ir_instruction *term = ir_terminator(f, b);
	memset(row, 0, m->nlive_words * sizeof *row);
	for (uint32_t n = 0; n < term->nsuccs; n++) {
		ir_block to = ir_succ(f, term, n);
		const uint64_t *in = m->live_in + (size_t)to * m->nlive_words;
		for (uint32_t w = 0; w < m->nlive_words; w++)
			row[w] |= in[w];
		for (ir_instr i = f->blocks[to].first; f->instrs[i].op == IR_PHI; i++) {
			ir_val v = phi_operand(m, i, b);
			if (v && m->live_index[v])
				set_bit(row, m->live_index[v]);
		}
	}
	for (ir_instr i = bb->first + bb->count; i-- > bb->first;) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t bit = in->result ? m->live_index[in->result] : 0;
		if (bit)
			row[bit / 64] &= ~(1ull << (bit % 64));
		for (uint32_t k = 0; in->op != IR_PHI && k < in->noperands; k++)
			if (m->live_index[f->operands[in->first_operand + k]])
				set_bit(row, m->live_index[f->operands[in->first_operand + k]]);
	}
	uint64_t *in = m->live_in + (size_t)b * m->nlive_words;
	bool changed = memcmp(in, row, m->nlive_words * sizeof *row) != 0;
	memcpy(in, row, m->nlive_words * sizeof *row);
	return changed;
}

void live_find(struct sim *m)
{
	m->live_index = ARENA_ARRAY(m->scratch, uint32_t, m->f->nvals);
	find_live_values(m);
	if ((size_t)m->f->nblocks * m->nlive_words > WORDS_MAX)
		return;
	m->live_in = ARENA_ARRAY(m->scratch, uint64_t, (size_t)m->f->nblocks * m->nlive_words);
	uint64_t *row = ARENA_ARRAY(m->scratch, uint64_t, m->nlive_words);
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t n = m->cfg->nrpo; n-- > 0;)
			changed |= live_step(m, m->cfg->rpo[n], row);
	}
}

bool live_at(const struct sim *m, ir_block b, ir_val v)
{
	uint32_t bit = m->live_index[v];
	if (!bit || !m->live_in)
		return bit != 0;
	return m->live_in[(size_t)b * m->nlive_words + bit / 64] >> (bit % 64) & 1;
}
