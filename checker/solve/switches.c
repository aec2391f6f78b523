/*
 * switches.c - functions that go to code on another stack, and come back when that code comes here again:
 * what their callers have started runs meanwhile.
 */
#include "scan.h"
#include "sim.h"

/* The place is noted, and the function goes to another one that was noted before. */
static bool switches_itself(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val noted = 0, other = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
		const struct api_role *here = api_role_of(d, API_ROLE_LANDING),
		                      *there = api_role_of(d, API_ROLE_JUMP);
		noted = here ? ir_strip_casts(f, scan_path(f, in, &here->handle)) : noted;
		other = there ? ir_strip_casts(f, scan_path(f, in, &there->handle)) : other;
	}
	return noted && other && noted != other;
}

bool scan_switches(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_is_call(&f->instrs[call]) ? ir_callee(f, &f->instrs[call]) : 0;
	return callee && solve_has_body(s, callee) && s->funcs[callee].summary.switches;
}

void switches_summarise(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct summary *sum = &s->funcs[func].summary;
	sum->switches |= switches_itself(s, func);
	for (ir_instr i = 1; i < f->ninstrs && !sum->switches; i++)
		sum->switches = cfg_reachable(s->program->cfgs[func], f->instrs[i].block) &&
		                scan_switches(s, func, i);
}

bool solve_switches_later(const struct solution *s, uint32_t func, ir_instr from)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_block b = f->instrs[from].block;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		ir_block at = f->instrs[i].block;
		if (ir_is_call(&f->instrs[i]) && scan_switches(s, func, i) &&
		    (at == b ? i > from : cfg_can_reach(s->program->cfgs[func], b, at)))
			return true;
	}
	return false;
}
