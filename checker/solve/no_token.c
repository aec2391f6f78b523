/*
 * no_token.c - callbacks whose parameter for a token never gets one, because what runs them was made without.
 */
#include "scan.h"

/* The call whose result a value is, directly or through a variable that is written once; NULL: not known. */
static const struct ir_instruction *made_by(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, v));
	const struct ir_instruction *found = NULL;
	if (!def || def->op != IR_LOAD)
		return def && ir_is_call(def) ? def : NULL;
	const struct use_index *x = scan_uses(s, func);
	ir_val variable = ir_operand(f, def, 0);
	const struct ir_instruction *place = ir_def(f, variable);
	for (uint32_t k = x->first[variable]; place && place->op == IR_ALLOCA && k < x->first[variable + 1];
	     k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (in->op != IR_STORE || x->uses[k].operand != 1 || scan_null(f, ir_operand(f, in, 0)))
			continue;
		if (found)
			return NULL;
		found = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	}
	return found && ir_is_call(found) ? found : NULL;
}

/* Does this call get NULL where it takes a token? TRI_UNKNOWN: it takes none. */
static enum tri without_token(const struct solution *s, const struct ir_func *f,
                              const struct ir_instruction *in)
{
	const struct api_func *d = in ? scan_model(s, f, in) : NULL;
	enum tri without = TRI_UNKNOWN;
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		ir_val v = scan_path(f, in, &d->roles[k].token);
		if (v && !scan_null(f, v))
			return TRI_FALSE;
		without = v ? TRI_TRUE : without;
	}
	return without;
}

/* This call runs a callback: it, or what made the object it works on, got no token. */
static bool runs_without(const struct solution *s, const struct call_edge *e)
{
	const struct ir_func *f = &s->program->unit->funcs[e->caller];
	const struct ir_instruction *in = &f->instrs[e->site];
	if (e->kind != CALL_CALLBACK || !ir_is_call(in))
		return false;
	enum tri without = without_token(s, f, in);
	for (uint32_t n = 0; without == TRI_UNKNOWN && n < ir_nargs(in); n++)
		without = without_token(s, f, made_by(s, e->caller, ir_arg(f, in, n)));
	return without == TRI_TRUE;
}

bool scan_never_given_token(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	uint32_t k = p->in_edges_of[func];
	while (k < p->in_edges_of[func + 1] && runs_without(s, &p->edges[p->in_edges[k]]))
		k++;
	return k > p->in_edges_of[func] && k == p->in_edges_of[func + 1];
}
