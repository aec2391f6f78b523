/*
 * role_test.c - what the text of a call says of it: whether a role's test of an argument holds, and whether
 * it is a call at all.
 */
#include "scan.h"

#include "str.h"

#include <string.h>

#define MAX_DEPTH 4

/* A sum of flags, one of which is these bits. */
static bool adds_bits(const struct ir_func *f, ir_val v, int64_t bits, unsigned depth)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	int64_t c;
	if (scan_int(f, v, &c))
		return (c & bits) == bits;
	return in && in->op == IR_BINOP && in->sub == IR_OR && depth < MAX_DEPTH &&
	       (adds_bits(f, ir_operand(f, in, 0), bits, depth + 1) ||
	        adds_bits(f, ir_operand(f, in, 1), bits, depth + 1));
}

enum tri scan_test(const struct ir_func *f, const struct ir_instruction *in, const struct api_test *t)
{
	int64_t c;
	if (!t->given)
		return TRI_TRUE;
	if (t->arg >= ir_nargs(in))
		return TRI_FALSE;
	ir_val v = ir_arg(f, in, t->arg);
	const struct ir_value *text = &f->vals[ir_strip_casts(f, v)];
	if (t->begins)
		return text->kind != IR_VAL_STRING        ? TRI_UNKNOWN
		       : str_starts(text->str, t->begins) ? TRI_TRUE
		                                          : TRI_FALSE;
	if (scan_int(f, v, &c))
		return (t->equals ? c == t->bits : (c & t->bits) == t->bits) ? TRI_TRUE : TRI_FALSE;
	return !t->equals && adds_bits(f, v, t->bits, 0) ? TRI_TRUE : TRI_UNKNOWN;
}

bool scan_to_entry(const struct api_func *d, const struct api_role *r, uint32_t arg)
{
	return d->nparams < 0 && r->kind == API_ROLE_SPAWN && r->entry.base == API_PATH_ARG &&
	       arg > r->entry.arg;
}

bool scan_sets_error(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = scan_model(s, f, in);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));)
		if (strcmp(r->means, "failed") == 0 && r->when == API_ALWAYS && r->to.base == API_PATH_ARG)
			return f->vals[ir_strip_casts(f, ir_arg(f, in, r->to.arg))].kind == IR_VAL_PARAM;
	return false;
}

bool scan_is_marker(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	return callee && str_starts(s->program->unit->funcs[callee].name, "llvm.");
}
