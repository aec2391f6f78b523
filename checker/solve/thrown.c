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

/* A handler of this function may get what is thrown: which ones do is not looked at. */
static bool may_be_caught(const struct sim *m, ir_block landing)
{
	bool *seen = ARENA_ARRAY(m->scratch, bool, m->f->nblocks + 1);
	ir_block *work = ARENA_ARRAY(m->scratch, ir_block, m->f->nblocks + 1);
	uint32_t n = 0;
	work[n++] = landing;
	seen[landing] = true;
	while (n) {
		ir_block b = work[--n];
		const struct ir_instruction *term = ir_terminator(m->f, b);
		if (begins_catch(m, b))
			return true;
		for (uint32_t k = 0; k < term->nsuccs; k++) {
			ir_block to = ir_succ(m->f, term, k);
			if (!seen[to])
				work[n++] = to;
			seen[to] = true;
		}
	}
	return false;
}

void thrown_here(const struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	if (!thrown_by(m, i))
		return;
	s->thrown = in->op == IR_INVOKE && may_be_caught(m, ir_succ(m->f, in, 1)) ? 0 : i;
}

void thrown_leaves(struct sim *m, struct state *s, ir_instr i)
{
	if (!s->thrown)
		return;
	s->left = s->thrown;
	exit_handles(m, s, (struct sval){0}, i);
}
