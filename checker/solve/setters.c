/*
 * setters.c - which function of the unit does more to a static variable than read it: found once, for all of
 * them.
 */
#include "scan.h"

#include "arena.h"

#define SEVERAL UINT32_MAX

static void note(const struct solution *s, const struct ir_func *f, uint32_t func,
                 const struct ir_instruction *in)
{
	for (uint32_t k = 0; in->op != IR_LOAD && k < in->noperands; k++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_operand(f, in, k))];
		if (v->kind != IR_VAL_GLOBAL)
			continue;
		uint32_t *setter = &s->setters[v->aux];
		*setter = !*setter || *setter == func ? func : SEVERAL;
	}
}

static void find_setters(struct solution *s)
{
	const struct ir_unit *u = s->program->unit;
	s->setters = ARENA_ARRAY(s->arena, uint32_t, u->nglobals);
	for (uint32_t func = 1; func < u->nfuncs; func++)
		for (ir_instr i = 1; i < u->funcs[func].ninstrs; i++)
			note(s, &u->funcs[func], func, &u->funcs[func].instrs[i]);
}

bool scan_set_elsewhere(struct solution *s, uint32_t func, uint32_t global)
{
	const struct ir_global *g = &s->program->unit->globals[global];
	if (!g->is_static && !g->owner)
		return true;
	if (!s->setters)
		find_setters(s);
	return s->setters[global] && s->setters[global] != func;
}
