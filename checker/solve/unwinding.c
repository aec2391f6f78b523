/*
 * unwinding.c - ways out of a loop that nobody wrote: exceptions that pass through it.
 */
#include "scan.h"

#include "mem.h"

struct search {
	const struct solution *s;
	const struct ir_func *f;
	bool *seen;
	VEC(ir_block) work;
};

static void go(struct search *w, ir_block b)
{
	if (w->seen[b])
		return;
	w->seen[b] = true;
	vec_push(&w->work, b);
}

/* A check inside a header of the system, or what the compiler made: nobody counts on it to leave a loop. */
static bool from_library(const struct search *w, const struct ir_instruction *call)
{
	const struct ir_unit *u = w->s->program->unit;
	return u->files[u->locs[call->loc].file].system ||
	       (u->funcs[ir_callee(w->f, call)].flags & IR_FUNC_GENERATED);
}

static const struct ir_instruction *last_call(const struct ir_func *f, ir_block b)
{
	const struct ir_basic_block *bb = &f->blocks[b];
	for (ir_instr i = bb->first + bb->count; i-- > bb->first;)
		if (ir_is_call(&f->instrs[i]))
			return &f->instrs[i];
	return NULL;
}

/* False: a way out that somebody wrote. */
static bool visit(struct search *w, ir_block b)
{
	const struct ir_instruction *term = ir_terminator(w->f, b), *call = last_call(w->f, b);
	if (term->op == IR_RET || term->op == IR_INDIRECTBR)
		return false;
	if (term->op == IR_UNREACHABLE)
		return call && from_library(w, call);
	bool thrown = term->op == IR_INVOKE && (term->flags & IR_F_NORETURN);
	if (thrown && !from_library(w, term))
		return false;
	for (uint32_t n = thrown; n < term->nsuccs; n++)
		go(w, ir_succ(w->f, term, n));
	return true;
}

/* Does an edge into this block lead to nothing but the end of the function by an exception that it did not
 * throw? */
bool scan_only_unwinds(const struct solution *s, uint32_t func, ir_block to)
{
	struct search w = {.s = s, .f = &s->program->unit->funcs[func]};
	bool only = s->program->unit->cplusplus;
	w.seen = mem_alloc(w.f->nblocks);
	go(&w, to);
	while (only && w.work.len)
		only = visit(&w, w.work.data[--w.work.len]);
	mem_release(w.seen);
	vec_release(&w.work);
	return only;
}
