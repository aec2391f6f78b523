/*
 * deadline_fill.c - structures of times that a helper fills in: what it makes of the seconds, and whether it
 * carries what is more than a second.
 */
#include "deadline.h"
#include "scan.h"

#define FRACTION 8 /* its offset */

/* The part of the parameter's object that an address is: 0 the seconds, FRACTION; -1: neither. */
static int64_t part_of(const struct ir_func *f, ir_val at, uint32_t param)
{
	int64_t offset = 0;
	at = ir_strip_casts(f, at);
	for (const struct ir_instruction *in; (in = ir_def(f, at)) && in->op == IR_ADDR;) {
		if (in->flags & IR_F_VARIABLE)
			return -1;
		offset += in->imm;
		at = ir_strip_casts(f, ir_operand(f, in, 0));
	}
	bool its = f->vals[at].kind == IR_VAL_PARAM && f->vals[at].aux == param;
	return its && (offset == 0 || offset == FRACTION) ? offset : -1;
}

/* `part + more`, where the part is what was there before. */
static bool adds_to_part(const struct ir_func *f, ir_val v, uint32_t param, int64_t part)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	for (uint32_t k = 0; in && in->op == IR_BINOP && in->sub == IR_ADD && k < 2; k++) {
		const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_operand(f, in, k)));
		if (load && load->op == IR_LOAD && part_of(f, ir_operand(f, load, 0), param) == part)
			return true;
	}
	return false;
}

static bool fills(const struct solution *s, uint32_t func, uint32_t param, int64_t limit,
                  struct time_fill *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	bool any = false, adds = false;
	*out = (struct time_fill){0};
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		int64_t part = in->op == IR_STORE ? part_of(f, ir_operand(f, in, 1), param) : -1;
		if (ir_is_call(in) && !scan_is_marker(s, f, in))
			return false; /* the clock's, or one that carries */
		if (part < 0)
			continue;
		any = true;
		if (part == 0)
			out->seconds = time_read(s, func, ir_operand(f, in, 0)).parts;
		adds |= part == FRACTION && adds_to_part(f, ir_operand(f, in, 0), param, part) &&
		        time_most(f, ir_operand(f, in, 0)) >= limit;
	}
	out->uncarried = adds && !time_mentions(f, limit);
	return any;
}

bool time_filled(const struct solution *s, uint32_t func, ir_val local, ir_instr before, int64_t limit,
                 struct time_fill *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	ir_instr last = 0;
	uint32_t arg = 0;
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		if (x->uses[k].by == before || scan_is_marker(s, f, in))
			continue;
		if (!ir_is_call(in))
			return false; /* the function has its own part in it */
		if (x->uses[k].by < before && x->uses[k].by > last) {
			last = x->uses[k].by;
			arg = x->uses[k].operand;
		}
	}
	uint32_t callee = last && arg ? ir_callee(f, &f->instrs[last]) : 0;
	return callee && !s->program->described[callee] && f->instrs[last].block == f->instrs[before].block &&
	       fills(s, callee, arg - 1, limit, out);
}
