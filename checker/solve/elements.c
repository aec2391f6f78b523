/*
 * elements.c - handles in the elements of an array that one loop fills and another one walks. Which turns of
 * the two belong to the same element is not followed.
 */
#include "access.h"
#include "scan.h"

/* The array of which this address is an element that is chosen by a variable; 0: it is none. */
static ir_val array_of(const struct ir_func *f, ir_val address)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, address));
	return in && in->op == IR_ADDR && (in->flags & IR_F_VARIABLE)
	               ? ir_strip_casts(f, ir_operand(f, in, 0))
	               : 0;
}

/* The array that a creating call fills; 0: it fills none. */
static ir_val filled_by(const struct solution *s, uint32_t func, ir_instr site)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[site];
	const struct use_index *x = scan_uses(s, func);
	ir_val found = 0;
	for (uint32_t k = 0; k < ir_nargs(in) && !found; k++) {
		const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_arg(f, in, k)));
		bool element = load && load->op == IR_LOAD; /* the call makes a claim on it */
		found = array_of(f, element ? ir_operand(f, load, 0) : ir_arg(f, in, k));
	}
	for (uint32_t k = in->result ? x->first[in->result] : 0;
	     in->result && !found && k < x->first[in->result + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (by->op == IR_STORE && x->uses[k].operand == 0)
			found = array_of(f, ir_operand(f, by, 1));
	}
	return found;
}

/* `d->threads` read twice is one array. */
static bool same_array(const struct solution *s, uint32_t func, ir_val a, ir_val b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *x = ir_def(f, a), *y = ir_def(f, b);
	if (a == b || !a || !b)
		return a && a == b;
	if (!x || !y || x->op != IR_LOAD || y->op != IR_LOAD)
		return false;
	struct access from = access_of(s, func, ir_operand(f, x, 0)),
	              to = access_of(s, func, ir_operand(f, y, 0));
	return access_match(&from, &to, true) == ACCESS_SAME;
}

static bool ends_element(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                         ir_val array)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = scan_model(s, f, in);
	static const enum api_role_kind kinds[] = {API_ROLE_JOIN, API_ROLE_RELEASE};
	for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++)
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, kinds[n], r));) {
			ir_val v = r->handle.base == API_PATH_ARG ? ir_arg(f, in, r->handle.arg) : 0;
			const struct ir_instruction *load = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
			ir_val at = load && load->op == IR_LOAD ? ir_operand(f, load, 0) : v;
			if (at && same_array(s, func, array_of(f, at), array))
				return true;
		}
	return false;
}

bool solve_walks_elements(const struct solution *s, uint32_t func, ir_instr site, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val array = filled_by(s, func, site);
	for (ir_instr i = 1; array && i < f->ninstrs; i++)
		if (ends_element(s, func, &f->instrs[i], array) &&
		    cfg_can_reach(s->program->cfgs[func], f->instrs[i].block, f->instrs[at].block))
			return true;
	return false;
}
