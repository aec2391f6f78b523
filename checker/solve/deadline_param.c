/*
 * deadline_param.c - parameters of the program's functions that are handed on as times: they are read in the
 * unit of the call that gets them in the end.
 */
#include "deadline.h"
#include "scan.h"

#define MAX_DEPTH 3 /* functions on the way */

static bool reads_param(const struct solution *s, uint32_t func, uint32_t param, struct time_arg *out,
                        unsigned depth);

static bool is_param(const struct ir_func *f, ir_val v, uint32_t param)
{
	const struct ir_value *q = &f->vals[ir_strip_casts(f, v)];
	return v && q->kind == IR_VAL_PARAM && q->aux == param;
}

static bool call_reads(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                       uint32_t param, struct time_arg *out, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = callee ? s->program->described[callee] : NULL;
	for (uint32_t n = 0; time_next_arg(d, &n, out);)
		if (out->ns && out->path->arg < ir_nargs(in) &&
		    is_param(f, ir_arg(f, in, out->path->arg), param) &&
		    scan_test(f, in, &out->role->only) == TRI_TRUE)
			return true;
	for (uint32_t k = 0; !d && callee && depth && k < ir_nargs(in); k++)
		if (is_param(f, ir_arg(f, in, k), param) && reads_param(s, callee, k, out, depth - 1))
			return true;
	return false;
}

static bool reads_param(const struct solution *s, uint32_t func, uint32_t param, struct time_arg *out,
                        unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && call_reads(s, func, &f->instrs[i], param, out, depth))
			return true;
	return false;
}

bool time_may_read(const struct solution *s, uint32_t func, uint32_t param)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return !s->program->described[func] && s->program->cfgs[func] && param < f->nparams &&
	       f->params[param].val && f->vals[f->params[param].val].type == IR_TYPE_INT;
}

bool time_param(const struct solution *s, uint32_t func, uint32_t param, struct time_arg *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!time_may_read(s, func, param) || !reads_param(s, func, param, out, MAX_DEPTH))
		return false;
	/* Of a parameter whose own name says another unit it is told there. */
	struct time_value own = time_read(s, func, f->params[param].val);
	return !own.unit || own.unit == out->ns;
}
