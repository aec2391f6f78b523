/*
 * solve.c - runs the engines over a unit: callees before callers, each function once.
 */
#include "scan.h"
#include "sim.h"

#include "arena.h"

#include <string.h>

bool solve_no_return(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	uint32_t callee = ir_callee(f, in);
	if (in->flags & IR_F_NORETURN)
		return true;
	if (!callee)
		return false;
	return (s->program->unit->funcs[callee].flags & IR_FUNC_NORETURN) || s->funcs[callee].summary.no_return ||
	       api_role_of(s->program->described[callee], API_ROLE_NO_RETURN);
}

/* The first call that blocks whoever calls this function, with no token of its own to stop it. */
static void summarise_blocking(struct solution *s, uint32_t func)
{
	struct func_facts *facts = &s->funcs[func];
	for (uint32_t i = 0; i < facts->nblocks; i++) {
		const struct block_site *b = &facts->blocks[i];
		if (b->has_token || b->waits_on_done)
			continue;
		struct summary *sum = &facts->summary;
		if (sum->blocks && (sum->blocks_unbounded || !b->unbounded))
			continue;
		sum->blocks = b->call;
		sum->blocks_unbounded = b->unbounded;
		sum->blocks_sleeps = b->sleeps;
		sum->blocks_waits = b->waits;
		sum->blocks_via = b->via;
	}
}

static bool makes_something(const struct solution *s, uint32_t func, const bool *maker)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!ir_is_call(&f->instrs[i]))
			continue;
		uint32_t callee = ir_callee(f, &f->instrs[i]);
		if (callee && (maker[callee] || api_role_of(p->described[callee], API_ROLE_CREATE)))
			return true;
	}
	return false;
}

static bool has_token_param(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t i = 0; i < f->nparams; i++)
		if (apimodel_is_token_type(s->program->api, f->params[i].ctype))
			return true;
	return false;
}

/* Writes to static storage, or to memory or a container reached from it? A token may then stay behind there. */
static bool touches_static_storage(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (uint32_t v = 1; v < f->nvals; v++)
		if (f->vals[v].kind == IR_VAL_GLOBAL && !p->unit->globals[f->vals[v].aux].constant)
			return true;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && s->funcs[ir_callee(f, &f->instrs[i])].summary.keeps_in_global)
			return true;
	return false;
}

/* Functions worth simulating: those that make handles, directly or through callees, those whose tokens may stay behind,
 * and all that these call. */
static bool *choose(const struct solution *s)
{
	const struct program *p = s->program;
	bool *maker = mem_alloc(p->unit->nfuncs), *chosen = mem_alloc(p->unit->nfuncs);
	for (uint32_t n = 0; n < p->nbottom_up; n++) {
		uint32_t f = p->bottom_up[n];
		maker[f] = p->cfgs[f] && makes_something(s, f, maker);
		chosen[f] = maker[f] || (p->cfgs[f] && has_token_param(s, f) && touches_static_storage(s, f));
	}
	for (uint32_t n = p->nbottom_up; n-- > 0;) {
		uint32_t f = p->bottom_up[n];
		for (uint32_t k = p->edges_of[f]; chosen[f] && k < p->edges_of[f + 1]; k++)
			if (p->edges[k].kind != CALL_CALLBACK)
				chosen[p->edges[k].callee] = true;
	}
	mem_release(maker);
	return chosen;
}

/* Does another function of the unit empty that storage? Then its owner may well do so in time. */
static bool reset_elsewhere(const struct solution *s, const struct incident *in)
{
	const struct program *p = s->program;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && g != in->func && i < f->ninstrs; i++) {
			const struct ir_instruction *st = &f->instrs[i];
			if (st->op != IR_STORE || !scan_null(f, ir_operand(f, st, 0)))
				continue;
			const struct ir_value *at = &f->vals[ir_strip_casts(f, ir_operand(f, st, 1))];
			if (at->kind == IR_VAL_GLOBAL && at->aux == in->global)
				return true;
		}
	}
	return false;
}

struct solution *solve(const struct program *p)
{
	struct solution *s = mem_alloc(sizeof *s);
	s->arena = arena_new();
	s->program = p;
	s->funcs = ARENA_ARRAY(s->arena, struct func_facts, p->unit->nfuncs);
	if (!p->any_relevant)
		return s;
	for (uint32_t n = 0; n < p->nbottom_up; n++) {
		uint32_t f = p->bottom_up[n];
		if (!p->cfgs[f])
			continue;
		s->funcs[f].summary.no_return = scan_no_return(s, f);
		scan_blocks(s, f);
		summarise_blocking(s, f);
	}
	bool *chosen = choose(s);
	for (uint32_t n = 0; n < p->nbottom_up; n++)
		if (chosen[p->bottom_up[n]] && p->cfgs[p->bottom_up[n]])
			sim_function(s, p->bottom_up[n]);
	mem_release(chosen);
	for (uint32_t i = 0; i < s->nincidents; i++)
		if (s->incidents[i].kind == INCIDENT_TOKEN_OUTLIVES && s->incidents[i].global)
			s->incidents[i].reset_elsewhere = reset_elsewhere(s, &s->incidents[i]);
	return s;
}

void solution_free(struct solution *s)
{
	if (!s)
		return;
	mem_release(s->incidents);
	arena_free(s->arena);
	mem_release(s);
}
