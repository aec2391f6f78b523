/*
 * left_by_end.c - handles that a function still owes because the end of the object they lie in does not
 * release them, or because it has none: that is one defect, of the object's type.
 */
#include "who.h"

static bool reaches(const struct solution *s, uint32_t from, uint32_t func)
{
	struct reach r = who_reaches(s, from);
	for (uint32_t i = 0; i < r.n; i++)
		if (r.all[i].func == func)
			return true;
	return false;
}

static bool calls(const struct solution *s, uint32_t func, uint32_t callee)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t to = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		if (to && s->program->cfgs[to] && reaches(s, to, callee))
			return true;
	}
	return false;
}

bool solve_left_by_end(const struct solution *s, const struct incident *in)
{
	const struct ir_instruction *site = &s->program->unit->funcs[in->func].instrs[in->site];
	const struct field_faults *fields = in->inferred ? solve_fields(s) : NULL;
	uint32_t maker = ir_is_call(site) ? ir_callee(&s->program->unit->funcs[in->func], site) : 0;
	for (uint32_t i = 0; fields && maker && s->program->cfgs[maker] && i < fields->nleaks; i++) {
		const struct field_leak *l = &fields->leaks[i];
		bool ends = l->end ? calls(s, in->func, l->end) : l->certainty != FIELD_WEAK;
		if (l->fault == FIELD_NOT_RELEASED && l->family == in->family && ends &&
		    reaches(s, maker, l->store.func))
			return true;
	}
	return false;
}
