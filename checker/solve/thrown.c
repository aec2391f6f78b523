/*
 * thrown.c - ends of paths by `throw`: what a function still owes when an exception of its own leaves it.
 * Exceptions that come out of calls may come out of nearly all of them, and are no reason to tell anything.
 */
#include "sim.h"

#include "arena.h"

#include <string.h>

static const char *called(const struct sim *m, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(m->f, in) : 0;
	return callee ? m->u->funcs[callee].name : "";
}

bool thrown_by(const struct sim *m, ir_instr i)
{
	const char *name = called(m, i);
	return strcmp(name, "__cxa_throw") == 0 || strcmp(name, "__cxa_rethrow") == 0;
}

static bool begins_catch(const struct sim *m, ir_block b)
{
	const struct ir_basic_block *bb = &m->f->blocks[b];
	for (ir_instr i = bb->first; i < bb->first + bb->count; i++)
		if (strcmp(called(m, i), "__cxa_begin_catch") == 0)
			return true;
	return false;
}

/* From which blocks a handler of this function can be reached: it may get what is thrown there. Which handler
 * gets what is not looked at. */
static void find_catching(struct sim *m)
{
	m->catching = ARENA_ARRAY(m->scratch, bool, m->f->nblocks + 1);
	ir_block *work = ARENA_ARRAY(m->scratch, ir_block, m->f->nblocks + 1);
	uint32_t n = 0;
	for (uint32_t k = 0; k < m->cfg->nrpo; k++)
		if (begins_catch(m, m->cfg->rpo[k])) {
			m->catching[m->cfg->rpo[k]] = true;
			work[n++] = m->cfg->rpo[k];
		}
	while (n) {
		ir_block b = work[--n];
		for (uint32_t k = 0; k < m->cfg->npreds[b]; k++) {
			ir_block from = m->cfg->preds[b][k];
			if (!m->catching[from])
				work[n++] = from;
			m->catching[from] = true;
		}
	}
}

void thrown_here(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	if (!m->catching)
		find_catching(m);
	s->thrown = thrown_by(m, i) ? i : THROWN_BY_CALL;
	if (in->op == IR_INVOKE && m->catching[ir_succ(m->f, in, 1)])
		s->thrown = 0;
}

void thrown_leaves(struct sim *m, struct state *s, ir_instr i)
{
	if (!s->thrown || s->thrown == THROWN_BY_CALL)
		return;
	s->left = s->thrown;
	exit_handles(m, s, (struct sval){0}, i);
}
