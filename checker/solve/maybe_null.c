/*
 * maybe_null.c - does anything in a function say that a value may be NULL?
 */
#include "maybe_null.h"
#include "access.h"
#include "scan.h"

static bool is_compared(const struct ir_func *f, const struct use_index *x, ir_val v)
{
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++)
		if (f->instrs[x->uses[k].by].op == IR_ICMP)
			return true;
	return false;
}

/* The call gets the object that the place lies in, and its code is seen: it may clear the place. */
static bool may_clear(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                      const struct access *place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	if (!callee || s->program->described[callee] || !solve_has_body(s, callee))
		return false;
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		struct access a = access_of(s, func, ir_arg(f, in, k));
		if (access_same_root(&a, place))
			return true;
	}
	return false;
}

/* Something in the function says that there may be none in the place: it is cleared, or compared. What is in
 * a local structure only the paths know. */
static bool place_may_be_null(const struct solution *s, uint32_t func, ir_val at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	const struct access place = access_of(s, func, at);
	const struct ir_instruction *root = place.root == ACCESS_VALUE ? ir_def(f, place.id) : NULL;
	if (root && root->op == IR_ALLOCA)
		return true;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool clears = in->op == IR_STORE && scan_null(f, ir_operand(f, in, 0));
		bool asks = in->op == IR_LOAD && is_compared(f, x, in->result);
		struct access a =
		        clears || asks ? access_of(s, func, ir_operand(f, in, clears)) : (struct access){0};
		if (((clears || asks) && access_match(&a, &place, true)) || may_clear(s, func, in, &place))
			return true;
	}
	return false;
}

static bool may_be_null(const struct solution *s, const struct ir_func *f, ir_val v, unsigned depth)
{
	v = ir_strip_casts(f, v);
	uint32_t func = (uint32_t)(f - s->program->unit->funcs);
	if (is_compared(f, scan_uses(s, func), v))
		return true;
	const struct ir_instruction *def = ir_def(f, v);
	if (scan_null(f, v))
		return true;
	if (def && def->op == IR_LOAD)
		return place_may_be_null(s, func, ir_operand(f, def, 0));
	if (!def || (def->op != IR_PHI && def->op != IR_SELECT) || depth > 3)
		return false;
	for (uint32_t k = 0; k < def->noperands; k++)
		if (may_be_null(s, f, ir_operand(f, def, k), depth + 1))
			return true;
	return false;
}

bool maybe_null(const struct solution *s, const struct ir_func *f, ir_val v)
{
	return may_be_null(s, f, v, 0);
}
