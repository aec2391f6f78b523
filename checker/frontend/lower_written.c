/*
 * lower_written.c - names of arguments that are numbers in the code: a constant of the program's own has lost
 * the one it has in the source.
 */
#include "lower.h"

#include "arena.h"
#include "intern.h"

#include <stdlib.h>
#include <string.h>

static int by_call(const void *a, const void *b)
{
	const struct ir_written *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	return x->arg != y->arg ? (x->arg < y->arg ? -1 : 1) : 0;
}

struct candidates {
	struct ir_written *all;
	bool *needed;
	uint32_t n;
};

static void mark_needed(const struct ir_unit *u, const struct ir_func *f, const struct ir_instruction *in,
                        struct candidates *c)
{
	struct ir_place at = ir_place_outer(u, in->loc);
	for (uint32_t k = 0; at.line && k < ir_nargs(in) && k < UINT8_MAX; k++) {
		struct ir_written key = {at.file, at.line, at.col, (uint8_t)k, ""};
		if (f->vals[ir_arg(f, in, k)].kind != IR_VAL_INT)
			continue;
		struct ir_written *found = c->n ? bsearch(&key, c->all, c->n, sizeof key, by_call) : NULL;
		if (found)
			c->needed[found - c->all] = true;
	}
}

/* Two names for one argument: instances of a template, or calls that a macro makes. */
static bool is_ambiguous(const struct candidates *c, uint32_t i)
{
	return (i && !by_call(&c->all[i - 1], &c->all[i]) && c->all[i - 1].name != c->all[i].name) ||
	       (i + 1 < c->n && !by_call(&c->all[i + 1], &c->all[i]) && c->all[i + 1].name != c->all[i].name);
}

void lower_written(struct lower *l)
{
	const struct shim_written *from;
	struct ir_unit *u = l->unit;
	struct candidates c = {.n = shim_written_names(l->shim, &from)};
	c.all = mem_alloc((c.n + 1) * sizeof *c.all);
	c.needed = mem_alloc(c.n + 1);
	for (uint32_t i = 0; i < c.n; i++)
		c.all[i] = (struct ir_written){lower_file(l, from[i].path), from[i].line, from[i].col,
		                               (uint8_t)from[i].arg, intern(u->strings, from[i].name)};
	qsort(c.all, c.n, sizeof *c.all, by_call);
	lower_finish(l);
	for (uint32_t g = 1; g < u->nfuncs; g++)
		for (ir_instr i = 1; i < u->funcs[g].ninstrs; i++)
			if (ir_is_call(&u->funcs[g].instrs[i]))
				mark_needed(u, &u->funcs[g], &u->funcs[g].instrs[i], &c);
	u->written = ARENA_ARRAY(u->arena, struct ir_written, c.n + 1);
	for (uint32_t i = 0; i < c.n; i++)
		if (c.needed[i] && !is_ambiguous(&c, i))
			u->written[u->nwritten++] = c.all[i];
	mem_release(c.all);
	mem_release(c.needed);
}
