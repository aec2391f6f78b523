/*
 * made_up.c - names of files that the system makes up: reading one fails for other reasons than a disk or a
 * peer, and nobody leaves half of one behind.
 */
#include "scan.h"

#include "str.h"

#define MAX_CALLERS 2 /* how far a name is followed to who gives it */

static bool is_made_up(const char *name)
{
	return str_starts(name, "/dev/") || str_starts(name, "/proc/") || str_starts(name, "/sys/");
}

/* Every call of the function is in sight, and gives such a name. */
static bool given_by_all(const struct solution *s, uint32_t func, uint32_t param, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	if (!(f->flags & IR_FUNC_STATIC) || (f->flags & IR_FUNC_ADDRESS_TAKEN) || depth == MAX_CALLERS)
		return false;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *g = &p->unit->funcs[e->caller];
		if (e->kind != CALL_DIRECT || param >= ir_nargs(&g->instrs[e->site]) ||
		    !scan_made_up_file(s, e->caller, ir_arg(g, &g->instrs[e->site], param), depth + 1))
			return false;
	}
	return p->in_edges_of[func] < p->in_edges_of[func + 1];
}

bool scan_made_up_file(const struct solution *s, uint32_t func, ir_val name, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_value *v = &f->vals[ir_strip_casts(f, name)];
	if (v->kind == IR_VAL_STRING)
		return is_made_up(v->str);
	for (uint32_t k = 0; v->kind == IR_VAL_PARAM && k < f->nparams; k++)
		if (&f->vals[f->params[k].val] == v)
			return given_by_all(s, func, k, depth);
	return false;
}
