/*
 * lower_handlers.c - where exception handlers stand. The compiler gives the call that begins one whatever
 * place it came by last; here it gets that of its `catch`.
 */
#include "lower.h"
#include "arena.h"
#include "intern.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LOOKED 64 /* instructions until one has a place of its own */

static int by_start(const void *a, const void *b)
{
	const struct ir_handler *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->col < y->col ? -1 : x->col > y->col;
}

void lower_handlers(struct lower *l)
{
	const struct shim_handler *from;
	struct ir_unit *u = l->unit;
	u->nhandlers = shim_handlers(l->shim, &from);
	u->handlers = ARENA_ARRAY(u->arena, struct ir_handler, u->nhandlers + 1);
	for (uint32_t i = 0; i < u->nhandlers; i++)
		u->handlers[i] = (struct ir_handler){.file = lower_file(l, from[i].path),
		                                     .line = from[i].line,
		                                     .col = from[i].col,
		                                     .end_line = from[i].end_line,
		                                     .end_col = from[i].end_col,
		                                     .type = intern(u->strings, from[i].type),
		                                     .below = intern(u->strings, from[i].below),
		                                     .named = from[i].named};
	qsort(u->handlers, u->nhandlers, sizeof *u->handlers, by_start);
}

static bool before(uint32_t line, uint32_t col, uint32_t other_line, uint32_t other_col)
{
	return line < other_line || (line == other_line && col < other_col);
}

/* The innermost handler around a place: of those that begin before it, the last one that does not end before
 * it. */
static const struct ir_handler *handler_around(const struct ir_unit *u, const struct ir_place *p)
{
	uint32_t low = 0, high = u->nhandlers;
	while (low < high) { /* behind the last one that begins at or before the place */
		uint32_t middle = low + (high - low) / 2;
		const struct ir_handler *h = &u->handlers[middle];
		bool later =
		        h->file != p->file ? h->file > p->file : before(p->line, p->col, h->line, h->col);
		if (later)
			high = middle;
		else
			low = middle + 1;
	}
	for (uint32_t i = low; i-- > 0 && u->handlers[i].file == p->file;)
		if (!before(u->handlers[i].end_line, u->handlers[i].end_col, p->line, p->col))
			return &u->handlers[i];
	return NULL;
}

static bool begins_handler(const struct body *b, const struct ir_instruction *in)
{
	if (in->op != IR_CALL || !in->noperands)
		return false;
	const struct ir_value *callee = &b->vals.data[b->operands.data[in->first_operand]];
	return callee->kind == IR_VAL_FUNC &&
	       strcmp(b->l->funcs.data[callee->aux].name, "__cxa_begin_catch") == 0;
}

/* The first instruction of the handler that has a place inside of one. What follows in the block is its own,
 * and so is what its end goes on with, up to a merge. */
static const struct ir_handler *handler_of(const struct body *b, ir_instr i)
{
	for (uint32_t n = 0; n < MAX_LOOKED; n++) {
		const struct ir_instruction *in = &b->instrs.data[i];
		const struct ir_handler *h = NULL;
		bool last = in->nsuccs || in->op == IR_RET || in->op == IR_UNREACHABLE;
		if (in->loc && n && in->op != IR_CAST)
			h = handler_around(b->l->unit, &b->l->locs.data[in->loc]);
		if (h)
			return h;
		if (last && in->nsuccs == 0)
			return NULL;
		i = last ? b->blocks.data[b->succs.data[in->first_succ]].first : i + 1;
	}
	return NULL;
}

void place_handlers(struct body *b)
{
	struct lower *l = b->l;
	for (ir_instr i = 1; l->unit->nhandlers && i < b->instrs.len; i++) {
		if (!begins_handler(b, &b->instrs.data[i]))
			continue;
		const struct ir_handler *h = handler_of(b, i);
		if (!h)
			continue;
		struct ir_place at = {.file = h->file, .line = h->line, .col = h->col, .end_col = h->col + 5};
		vec_push(&l->locs, at);
		b->instrs.data[i].loc = l->locs.len - 1;
	}
}
