/*
 * wrapper.c - smart pointers of the standard library: the pointer lies in records inside one another, and
 * what people mean is the variable or field that holds all of them.
 */
#include "scan.h"

#include <string.h>

#define MAX_NESTED 12 /* records inside one another */

bool scan_of_library(const struct ir_unit *u, uint32_t record)
{
	return u->cplusplus && strncmp(u->records[record].name, "std::", 5) == 0;
}

static bool is_part(const struct ir_unit *u, const struct ir_instruction *in)
{
	return in && in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE) &&
	       (!in->record || scan_of_library(u, in->record));
}

ir_val scan_around_wrapper(const struct ir_unit *u, const struct ir_func *f, ir_val at)
{
	ir_val outer = at;
	for (unsigned n = 0; u->cplusplus && n < MAX_NESTED && is_part(u, ir_def(f, outer)); n++)
		outer = ir_strip_casts(f, ir_operand(f, ir_def(f, outer), 0));
	const struct ir_instruction *in = ir_def(f, outer);
	bool named = in && (in->op == IR_ALLOCA || (in->op == IR_ADDR && in->record));
	return named ? outer : at;
}

ir_val scan_held(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	v = ir_strip_casts(f, v);
	const struct ir_instruction *load = ir_def(f, v);
	ir_val local = load && load->op == IR_LOAD ? ir_strip_casts(f, ir_operand(f, load, 0)) : 0, held = 0;
	const struct ir_instruction *at = local ? ir_def(f, local) : NULL;
	if (!at || at->op != IR_ALLOCA)
		return v;
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool stores = in->op == IR_STORE && x->uses[k].operand == 1;
		ir_val put = stores ? ir_strip_casts(f, ir_operand(f, in, 0)) : 0;
		if (!stores && in->op != IR_LOAD && !(in->flags & IR_F_CLEANUP) && !scan_is_marker(s, f, in))
			return v;
		if (!put || scan_null(f, put))
			continue;
		if (held && held != put)
			return v;
		held = put;
	}
	return held ? held : v;
}
