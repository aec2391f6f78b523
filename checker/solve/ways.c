/*
 * ways.c - is one place of a function reached from another without a third one in between?
 */
#include "ways.h"

#include "mem.h"

struct search {
	const struct ir_func *f;
	ir_instr to;
	const ir_instr *barred;
	uint32_t nbarred;
	bool *seen;
	ir_block *todo;
	uint32_t n;
};

static ir_instr end_of(const struct ir_func *f, ir_block b)
{
	return f->blocks[b].first + f->blocks[b].count;
}

/* The first place in the block, from `at` on, that is barred; its end: none is. */
static ir_instr first_barred(const struct search *q, ir_block b, ir_instr at)
{
	ir_instr first = end_of(q->f, b);
	for (uint32_t k = 0; k < q->nbarred; k++)
		if (q->barred[k] >= at && q->barred[k] < first)
			first = q->barred[k];
	return first;
}

/* Goes through a block; true: `to` is met. */
static bool enter(struct search *q, ir_block b, ir_instr at)
{
	ir_instr stop = first_barred(q, b, at);
	if (q->to >= at && q->to < end_of(q->f, b) && q->to <= stop)
		return true;
	const struct ir_instruction *t = ir_terminator(q->f, b);
	for (uint32_t k = 0; stop == end_of(q->f, b) && k < t->nsuccs; k++) {
		ir_block next = ir_succ(q->f, t, k);
		if (q->seen[next])
			continue;
		q->seen[next] = true;
		q->todo[q->n++] = next;
	}
	return false;
}

bool ways_around(const struct solution *s, uint32_t func, ir_instr from, ir_instr to, const ir_instr *barred,
                 uint32_t n)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct search q = {.f = f, .to = to, .barred = barred, .nbarred = n};
	q.seen = mem_alloc(f->nblocks * sizeof *q.seen);
	q.todo = mem_alloc(f->nblocks * sizeof *q.todo);
	bool met = enter(&q, from ? f->instrs[from].block : 1, from ? from + 1 : f->blocks[1].first);
	while (!met && q.n) {
		ir_block b = q.todo[--q.n];
		met = enter(&q, b, f->blocks[b].first);
	}
	mem_release(q.seen);
	mem_release(q.todo);
	return met;
}
