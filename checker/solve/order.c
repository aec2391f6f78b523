/*
 * order.c - which functions are simulated, and in which order: callees before callers, recursive functions in
 * rounds until their summaries stay the same.
 */
#include "deadline.h"
#include "propagate.h"
#include "scan.h"
#include "task.h"

#include "arena.h"

#include <string.h>

/* The function begins something that has to end, and perhaps does not. */
static bool begins(const struct api_func *d)
{
	static const enum api_role_kind kinds[] = {API_ROLE_CREATE, API_ROLE_REF, API_ROLE_ENTER,
	                                           API_ROLE_SPAWN, API_ROLE_USES};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (api_role_of(d, kinds[k]))
			return true;
	const struct api_role *make = api_role_of(d, API_ROLE_MAKE);
	return (make && *make->family) /* a queue */ || task_is_own_data(api_role_of(d, API_ROLE_CONNECT));
}

static bool makes_something(const struct solution *s, uint32_t func, const bool *maker)
{
	const struct program *p = s->program;
	for (PROGRAM_EACH_CALL(p, func, c))
		if (c->callee && (maker[c->callee] || begins(p->described[c->callee]) ||
		                  task_only_stops(p, p->described[c->callee])))
			return true;
	return false;
}

/* Has a token, or reads one from a field? */
static bool meets_token(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	if (p->token_param[func])
		return true;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_field *field = in->op == IR_ADDR && in->record
		                                       ? ir_field_at(p->unit, in->record, (uint32_t)in->imm)
		                                       : NULL;
		if (field && program_is_token(p, field->ctype))
			return true;
	}
	return false;
}

/* Mentions static storage that can change, or calls something of this unit that may: a token may stay behind
 * there. */
static bool touches_static_storage(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (uint32_t v = 1; v < f->nvals; v++)
		if (f->vals[v].kind == IR_VAL_GLOBAL && !p->unit->globals[f->vals[v].aux].constant)
			return true;
	return false;
}

/* Does another unit's function make a handle, or keep something in static storage? */
static bool has_effect(const struct import *in, bool keeps)
{
	for (uint32_t i = 0; i < in->summary.neffects; i++)
		if (keeps ? in->summary.effects[i].place.global != 0
		          : in->summary.effects[i].kind == EFFECT_FRESH)
			return true;
	return false;
}

/* Functions worth simulating: those that make handles, directly or through callees, and those whose tokens
 * may stay behind. What they call is simulated when it is met. */
static bool *choose(const struct solution *s)
{
	const struct program *p = s->program;
	bool *maker = mem_alloc(p->unit->nfuncs), *chosen = mem_alloc(p->unit->nfuncs),
	     *keeper = mem_alloc(p->unit->nfuncs);
	for (uint32_t f = 1; s->imports && f < p->unit->nfuncs; f++) {
		maker[f] = s->imports[f] && has_effect(s->imports[f], false);
		keeper[f] = s->imports[f] && has_effect(s->imports[f], true);
	}
	for (uint32_t n = 0; n < p->nbottom_up; n++) {
		uint32_t f = p->bottom_up[n];
		maker[f] = p->cfgs[f] && makes_something(s, f, maker);
		keeper[f] = p->cfgs[f] && touches_static_storage(s, f);
		for (uint32_t k = p->edges_of[f]; !keeper[f] && k < p->edges_of[f + 1]; k++)
			keeper[f] |= p->edges[k].kind == CALL_DIRECT && keeper[p->edges[k].callee];
		chosen[f] = maker[f] || (keeper[f] && p->cfgs[f] && meets_token(s, f)) ||
		            (p->cfgs[f] && (propagate_may_matter(s, f) || deadline_may_matter(s, f)));
	}
	mem_release(keeper);
	mem_release(maker);
	ended_choose(s, chosen);
	return chosen;
}

/* Those, and all they call: simulated before them, so that nothing nests deeply. */
static bool *needed_functions(const struct solution *s, const bool *only)
{
	const struct program *p = s->program;
	bool *needed = choose(s);
	for (uint32_t f = 0; only && f < p->unit->nfuncs; f++)
		needed[f] = only[f];
	for (uint32_t n = p->nbottom_up; n-- > 0;) {
		uint32_t f = p->bottom_up[n];
		for (uint32_t k = p->edges_of[f]; needed[f] && k < p->edges_of[f + 1]; k++)
			if (p->edges[k].kind != CALL_CALLBACK)
				needed[p->edges[k].callee] = true;
	}
	return needed;
}

/* ---- recursion ---- */

#define MAX_ROUNDS 9 /* in the mean of its functions */
#define MAX_MEMBERS 256

struct component { /* functions that call each other: a slice of program.bottom_up */
	const uint32_t *members;
	uint32_t n;
};

static struct component component_of(const struct program *p, uint32_t func)
{
	struct component c = {0};
	uint32_t at = p->place_bottom_up[func], end;
	while (at && p->scc[p->bottom_up[at - 1]] == p->scc[func])
		at--;
	for (end = at; end < p->nbottom_up && p->scc[p->bottom_up[end]] == p->scc[func]; end++)
		;
	c.members = p->bottom_up + at;
	c.n = end - at;
	return c;
}

static bool is_member(const struct component *c, uint32_t func)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (c->members[i] == func)
			return true;
	return false;
}

/* What an earlier round told of these functions. */
static void forget_incidents(struct solution *s, const struct component *c)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->nincidents; i++)
		if (!is_member(c, s->incidents[i].func))
			s->incidents[kept++] = s->incidents[i];
	s->nincidents = kept;
}

static bool same_range(struct ret_range a, struct ret_range b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static bool same_summary(const struct summary *a, const struct summary *b)
{
	if (a->known != b->known || a->bottom != b->bottom || a->neffects != b->neffects ||
	    a->returns_param != b->returns_param || !own_same_place(&a->returns_place, &b->returns_place) ||
	    a->returns_global != b->returns_global || a->writes != b->writes || a->scatters != b->scatters ||
	    a->yields != b->yields || a->world != b->world || a->switches != b->switches ||
	    a->answers != b->answers || a->answers_if != b->answers_if ||
	    !same_range(a->returns, b->returns) || !same_range(a->returns_if, b->returns_if) ||
	    !same_range(a->returns_else, b->returns_else))
		return false;
	for (uint32_t i = 0; i < a->neffects; i++) {
		const struct effect *x = &a->effects[i], *y = &b->effects[i];
		if (x->kind != y->kind || x->when != y->when || x->family != y->family ||
		    !own_same_place(&x->place, &y->place) || !own_same_place(&x->value, &y->value) ||
		    !same_range(x->with, y->with) || !same_range(x->without, y->without))
			return false;
	}
	return true;
}

static bool calls(const struct program *p, uint32_t caller, uint32_t callee)
{
	for (uint32_t k = p->edges_of[caller]; k < p->edges_of[caller + 1]; k++)
		if (p->edges[k].callee == callee && p->edges[k].kind < CALL_VIRTUAL)
			return true;
	return false;
}

/* Its incidents replace those of the last time. True: its summary is another one. */
static bool simulate_anew(struct solution *s, uint32_t func)
{
	struct component alone = {&func, 1};
	struct summary *sum = &s->funcs[func].summary, before = *sum;
	forget_incidents(s, &alone);
	sim_simulate(s, func);
	return !same_summary(&before, sum);
}

/* Of those whose callees said something new since the last time: the first one that was never simulated, else
 * the smallest, so that what is dear waits until the others have settled. c->n: there is none. */
static uint32_t next_stale(const struct solution *s, const struct component *c, const bool *known,
                           const bool *stale)
{
	const struct ir_func *funcs = s->program->unit->funcs;
	uint32_t best = c->n;
	for (uint32_t i = 0; i < c->n; i++) {
		if (!stale[i])
			continue;
		if (!known[i])
			return i;
		if (best == c->n || funcs[c->members[i]].ninstrs < funcs[c->members[best]].ninstrs)
			best = i;
	}
	return best;
}

static bool settle(struct solution *s, const struct component *c)
{
	bool stale[MAX_MEMBERS], known[MAX_MEMBERS] = {false};
	uint32_t left = MAX_ROUNDS * c->n, i;
	memset(stale, 1, sizeof stale);
	while ((i = next_stale(s, c, known, stale)) < c->n) {
		if (!left--)
			return false;
		stale[i] = false;
		known[i] = true;
		if (!simulate_anew(s, c->members[i]))
			continue;
		for (uint32_t k = 0; k < c->n; k++)
			stale[k] |= calls(s->program, c->members[k], c->members[i]);
	}
	return true;
}

/* Starts with "no call of them comes back", which the first round replaces by what the ways out without
 * recursion show, and so on. What does not settle is unknown code to all. */
static void simulate_component(struct solution *s, const struct component *c)
{
	for (uint32_t i = 0; i < c->n; i++) {
		struct func_facts *facts = &s->funcs[c->members[i]];
		facts->simulated = true;
		facts->summary.known = facts->summary.bottom = true;
	}
	if (c->n <= MAX_MEMBERS && settle(s, c))
		return;
	for (uint32_t i = 0; i < c->n; i++)
		s->funcs[c->members[i]].summary.known = s->funcs[c->members[i]].summary.bottom = false;
	forget_incidents(s, c);
	for (uint32_t i = 0; i < c->n; i++) {
		struct func_facts *facts = &s->funcs[c->members[i]];
		sim_simulate(s, c->members[i]);
		facts->summary.known = false;
		facts->budget = facts->budget ? facts->budget : "its recursion does not settle";
	}
}

#define MAX_NESTED 24 /* callbacks are simulated when they are first met */

void sim_function(struct solution *sol, uint32_t func)
{
	if (sol->funcs[func].simulated || sol->nested > MAX_NESTED || !sol->program->cfgs[func])
		return;
	sol->nested++;
	struct component c = component_of(sol->program, func);
	if (c.n > 1 || calls(sol->program, func, func)) {
		simulate_component(sol, &c);
	} else {
		sol->funcs[func].simulated = true; /* met again below a callback: unknown code */
		sim_simulate(sol, func);
	}
	sol->nested--;
}

void order_simulate(struct solution *s, const bool *only)
{
	const struct program *p = s->program;
	bool *needed = needed_functions(s, only);
	for (uint32_t n = 0; n < p->nbottom_up; n++)
		if (needed[p->bottom_up[n]] && p->cfgs[p->bottom_up[n]])
			sim_function(s, p->bottom_up[n]);
	mem_release(needed);
}
