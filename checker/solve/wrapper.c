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
