/*
 * ended_choice.c - which functions may end something twice, or use what they ended: worth simulating though
 * they make nothing.
 */
#include "scan.h"
#include "sim.h"

static bool forbids_a_second(const struct apimodel *api, const struct api_func *d)
{
	for (const struct api_role *r = api_role_of(d, API_ROLE_RELEASE); r;
	     r = api_role_next(d, API_ROLE_RELEASE, r)) {
		const struct api_family *f = *r->family ? apimodel_family(api, r->family) : NULL;
		if (!r->idempotent && !(f && f->claim) && !apimodel_counted(api, d, r))
			return true;
	}
	return api_role_of(d, API_ROLE_COMPLETE) || api_role_of(d, API_ROLE_PROMISE) ||
	       api_role_of(d, API_ROLE_JOIN) || api_role_of(d, API_ROLE_CLOSE_QUEUE);
}

/* Ends something itself, or frees memory together with what lies in it: 1; calls a function that does: 2.
 * Further away, it is a coincidence. */
static uint8_t level_of(const struct solution *s, uint32_t func, const uint8_t *level, uint32_t *direct,
                        uint32_t *all)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	bool calls = false, releases = false, frees = false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		bool ends = callee && forbids_a_second(p->api, p->described[callee]);
		bool passes_on = callee && !p->described[callee] && level[callee];
		*direct += ends;
		releases |= callee && api_role_of(p->described[callee], API_ROLE_RELEASE);
		frees |= callee && api_role_of(p->described[callee], API_ROLE_DESTROY);
		*all += ends || passes_on;
		calls |= passes_on && level[callee] == 1;
	}
	return *direct || (releases && frees) ? 1 : calls ? 2 : 0;
}

void ended_choose(const struct solution *s, bool *chosen)
{
	const struct program *p = s->program;
	uint8_t *level = mem_alloc(p->unit->nfuncs);
	for (uint32_t n = 0; n < p->nbottom_up; n++) {
		uint32_t f = p->bottom_up[n], direct = 0, all = 0;
		if (!p->cfgs[f])
			continue;
		level[f] = level_of(s, f, level, &direct, &all);
		chosen[f] |= direct || all > 1 || done_may_matter(s, f, false);
	}
	mem_release(level);
}
