/*
 * turn.c - does a value that a loop computes stand for another thing at a later instruction? What is loaded
 * in each turn goes by one name as long as nothing in sight changes it, and a list is walked by taking its
 * first element again and again.
 */
#include "scan.h"
#include "sim.h"

#include "arena.h"

/* Every path from `first` to `second` enters the block `at`. */
static bool passes(const struct sim *m, ir_instr first, ir_instr second, ir_block at)
{
	const struct ir_func *f = m->f;
	ir_block from = f->instrs[first].block, to = f->instrs[second].block;
	if (from == to && first < second)
		return false;
	bool *met = ARENA_ARRAY(m->scratch, bool, f->nblocks);
	ir_block *todo = ARENA_ARRAY(m->scratch, ir_block, f->nblocks);
	uint32_t n = 0;
	todo[n++] = from;
	while (n) {
		const struct ir_instruction *term = ir_terminator(f, todo[--n]);
		for (uint32_t k = 0; k < term->nsuccs; k++) {
			ir_block b = ir_succ(f, term, k);
			if (b == at || met[b])
				continue;
			if (b == to)
				return false;
			met[b] = true;
			todo[n++] = b;
		}
	}
	return true;
}

/* A local variable that the loop reads, and neither sets nor hands to anybody. */
static bool unchanged_in(const struct sim *m, const struct ir_instruction *load, uint32_t loop)
{
	ir_val at = ir_strip_casts(m->f, ir_operand(m->f, load, 0));
	const struct use_index *x = scan_uses(m->sol, m->func);
	if (scan_local_around(m->f, at) != at)
		return false;
	for (uint32_t k = x->first[at]; k < x->first[at + 1]; k++) {
		const struct ir_instruction *use = &m->f->instrs[x->uses[k].by];
		if (use->op != IR_LOAD && cfg_in_loop(m->cfg, loop, use->block))
			return false;
	}
	return true;
}

bool turn_anew(const struct sim *m, ir_val v, ir_instr first, ir_instr second)
{
	const struct ir_instruction *def = v ? ir_def(m->f, ir_strip_casts(m->f, v)) : NULL;
	while (def && def->op == IR_ADDR) /* a field of it */
		def = ir_def(m->f, ir_strip_casts(m->f, ir_operand(m->f, def, 0)));
	uint32_t loop = def ? m->cfg->loop_of[def->block] : 0;
	if (!loop || !first || (def->op != IR_LOAD && def->op != IR_PHI && !ir_is_call(def)))
		return false;
	if (def->op == IR_LOAD && unchanged_in(m, def, loop))
		return false;
	return passes(m, first, second, m->cfg->loops[loop].head);
}
