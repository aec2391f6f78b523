/*
 * solve.c - runs the engines over a unit: callees before callers, each function once.
 */
#include "deadline.h"
#include "far.h"
#include "limit.h"
#include "must_use.h"
#include "locks.h"
#include "propagate.h"
#include "put_back.h"
#include "scan.h"
#include "sim.h"

#include "arena.h"
#include "stock.h"

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
	return (s->program->unit->funcs[callee].flags & IR_FUNC_NORETURN) ||
	       s->funcs[callee].summary.no_return ||
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

/* A function that only empties the storage, for whoever filled it. */
static bool only_empties(const struct solution *s, uint32_t func, uint32_t global)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	bool empties = false;
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *st = &f->instrs[i];
		if (st->op != IR_STORE)
			continue;
		const struct ir_value *at = &f->vals[ir_strip_casts(f, ir_operand(f, st, 1))];
		if (at->kind != IR_VAL_GLOBAL || at->aux != global)
			continue;
		if (!scan_null(f, ir_operand(f, st, 0)))
			return false;
		empties = true;
	}
	return empties;
}

static bool takes_out(const struct solution *s, uint32_t func, uint32_t global)
{
	if (!s->program->cfgs[func])
		return false;
	sim_function((struct solution *)s, func);
	const struct summary *sum = &s->funcs[func].summary;
	for (uint32_t i = 0; i < sum->neffects; i++) {
		const struct effect *x = &sum->effects[i];
		if (x->place.global == global &&
		    (x->kind == EFFECT_REMOVE || (x->kind == EFFECT_STORE && x->value.param == -2)))
			return true;
	}
	return false;
}

/* A callback that the storing function starts, or a function that it hands to somebody, to free things, say,
 * takes something out again. */
static bool removed_by_callback(const struct solution *s, const struct incident *in)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[in->func];
	for (uint32_t k = p->edges_of[in->func]; k < p->edges_of[in->func + 1]; k++)
		if (p->edges[k].kind == CALL_CALLBACK && takes_out(s, p->edges[k].callee, in->global))
			return true;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		for (uint32_t k = 0; ir_is_call(&f->instrs[i]) && k < ir_nargs(&f->instrs[i]); k++) {
			const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, &f->instrs[i], k))];
			if (v->kind == IR_VAL_FUNC && takes_out(s, v->aux, in->global))
				return true;
		}
	return false;
}

static bool share_a_caller(const struct program *p, uint32_t f, uint32_t g)
{
	for (uint32_t i = p->in_edges_of[f]; i < p->in_edges_of[f + 1]; i++)
		for (uint32_t k = p->in_edges_of[g]; k < p->in_edges_of[g + 1]; k++)
			if (p->edges[p->in_edges[i]].caller == p->edges[p->in_edges[k]].caller)
				return true;
	return false;
}

static bool reset_elsewhere(const struct solution *s, const struct incident *in)
{
	for (uint32_t g = 1; g < s->program->unit->nfuncs; g++)
		if (g != in->func && share_a_caller(s->program, g, in->func) &&
		    only_empties(s, g, in->global))
			return true;
	return false;
}

static void take_imports(struct solution *s, const struct import *const *imports)
{
	s->imports = imports;
	for (uint32_t f = 1; imports && f < s->program->unit->nfuncs; f++)
		if (imports[f] && !s->program->cfgs[f]) {
			s->funcs[f].summary = imports[f]->summary;
			s->funcs[f].simulated = true;
			s->funcs[f].honours_known = UINT64_MAX;
		}
}

const struct summary *solve_summary(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!solve_has_body(s, func))
		return NULL;
	sim_function(s, func);
	for (uint32_t i = 0; i < f->nparams && i < 64; i++)
		if (program_is_token(s->program, f->params[i].ctype)) {
			scan_honours(s, func, i);
			s->funcs[func].summary.needs |= (uint64_t)(must_use(s, func, i) != 0) << i;
		}
	return &s->funcs[func].summary;
}

/* Where a circle of functions ends in that order, what they know of each other goes round. */
static void propagate_cycle(struct solution *s, uint32_t n)
{
	const struct program *p = s->program;
	uint32_t first = n, scc = p->scc[p->bottom_up[n]];
	if (n + 1 < p->nbottom_up && p->scc[p->bottom_up[n + 1]] == scc)
		return;
	while (first && p->scc[p->bottom_up[first - 1]] == scc)
		first--;
	propagate_summarise_cycle(s, p->bottom_up + first, n + 1 - first);
}

/* Callers know from the summary that it is there: they are told where they do not take it out again. */
static bool told_callers(const struct solution *s, const struct incident *in)
{
	const struct summary *sum = &s->funcs[in->func].summary;
	for (uint32_t i = 0; in->of_callers && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if ((e->kind == EFFECT_STORE || e->kind == EFFECT_INSERT) && e->value.param >= 0 &&
		    (e->place.global == in->global || !e->place.global))
			return true;
	}
	return false;
}

struct solution *solve(const struct program *p, const struct word_of_others *others, const bool *only)
{
	struct solution *s = mem_alloc(sizeof *s);
	s->arena = arena_new();
	s->program = p;
	s->funcs = ARENA_ARRAY(s->arena, struct func_facts, p->unit->nfuncs);
	if (others) {
		s->notes = others->notes;
		take_imports(s, others->of);
	}
	if (!p->any_relevant)
		return s;
	struct limits *limits = limits_new(s);
	bool clock = time_has_clock(s);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f])
			s->funcs[f].summary.limits = UINT64_MAX; /* until something is known */
	s->far = ARENA_ARRAY(s->arena, struct far_calls *, p->unit->nfuncs);
	s->locks = ARENA_ARRAY(s->arena, struct lock_facts *, p->unit->nfuncs);
	for (uint32_t n = 0; n < p->nbottom_up; n++) {
		uint32_t f = p->bottom_up[n];
		if (!p->cfgs[f])
			continue;
		s->funcs[f].summary.no_return = scan_no_return(s, f);
		scan_blocks(s, f);
		summarise_blocking(s, f);
		propagate_summarise(s, f);
		if (clock)
			time_summarise(s, f);
		limits_summarise(limits, f);
		nested_summarise(s, f);
		locks_find(s, f);
		far_find(s, f);
		propagate_cycle(s, n);
	}
	limits_judge(limits);
	locks_find_again(s);
	complete_find_families(s);
	order_simulate(s, only);
	complete_entries(s);
	for (uint32_t i = 0; i < s->nincidents; i++)
		if (s->incidents[i].kind == INCIDENT_TOKEN_OUTLIVES) {
			struct incident in = s->incidents[i]; /* simulating more may move the table */
			bool reset = in.global && reset_elsewhere(s, &in);
			bool removed = told_callers(s, &in) ||
			               (in.global && (removed_by_callback(s, &in) || put_back_later(s, &in)));
			s->incidents[i].reset_elsewhere = reset;
			s->incidents[i].removed_later = removed;
		}
	return s;
}

void solution_free(struct solution *s)
{
	if (!s)
		return;
	stock_free(s->states);
	mem_release(s->incidents);
	mem_release(s->entrusted);
	arena_free(s->arena);
	mem_release(s);
}
