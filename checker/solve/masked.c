/*
 * masked.c - loops of a thread in which its cancellation has no effect, because it is held back all the way
 * round.
 */
#include "locks.h"
#include "scan.h"
#include "who.h"

struct turn {
	const struct solution *s;
	uint32_t func, loop;
	bool exposed; /* a call in the loop is made, or may be, without holding cancellation back */
	bool held;    /* one that waits is made while it is held back */
};

static bool waits(const struct turn *t, ir_instr call)
{
	const struct func_facts *facts = &t->s->funcs[t->func];
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (facts->blocks[i].call == call)
			return true;
	return false;
}

/* It may let cancellation through, or put back a state that does. */
static bool may_let_through(const struct turn *t, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(f, in);
	const struct api_role *leave = api_role_of(t->s->program->described[callee], API_ROLE_LEAVE);
	if (leave)
		return !leave->unless.given || scan_test(f, in, &leave->unless) != TRI_TRUE;
	if (!callee || !t->s->program->cfgs[callee])
		return false;
	struct reach r = who_reaches(t->s, callee);
	return who_reach_has(t->s, &r, API_ROLE_LEAVE);
}

static void look(void *ctx, ir_instr i, const struct lock_flow *at)
{
	struct turn *t = ctx;
	const struct ir_func *f = &t->s->program->unit->funcs[t->func];
	if (!cfg_in_loop(t->s->program->cfgs[t->func], t->loop, f->instrs[i].block))
		return;
	bool waiting = waits(t, i);
	t->exposed |= (waiting && !at->masked) || may_let_through(t, f, &f->instrs[i]);
	t->held |= waiting && at->masked;
}

bool solve_cancel_held_back(const struct solution *s, uint32_t func, uint32_t loop)
{
	struct turn t = {.s = s, .func = func, .loop = loop};
	if (s->locks && s->locks[func])
		locks_walk(s, func, look, &t);
	return t.held && !t.exposed;
}
