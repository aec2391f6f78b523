/*
 * set_up.c - what is made for a loop of events that the caller runs next, to last as long as that does: the
 * set-up of a program.
 */
#include "place.h"
#include "scan.h"

#define MAX_CALLERS_UP 4

/* The function also ends what it runs the loop of: the loop is one of many. */
static bool ends_loop(const struct solution *s, uint32_t func, ir_instr loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *run = &f->instrs[loop];
	ir_val of = ir_is_call(run) && ir_nargs(run) ? ir_strip_casts(f, ir_arg(f, run, 0)) : 0;
	struct handle_place kept = of ? place_of_value(s, func, of) : (struct handle_place){0};
	for (ir_instr i = 1; of && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_RELEASE);
		ir_val v = r ? ir_strip_casts(f, scan_path(f, in, &r->handle)) : 0;
		if (v && (v == of || same_place(place_of_value(s, func, v), kept)))
			return true;
	}
	return false;
}

/* Behind the call the function runs a loop of events, and leaves it to others what becomes of that. */
static bool runs_loop(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct func_facts *facts = &s->funcs[func];
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_block from = f->instrs[call].block;
	for (uint32_t k = 0; k < facts->nblocks; k++) {
		const struct block_site *b = &facts->blocks[k];
		ir_block to = f->instrs[b->call].block;
		bool behind = from == to ? b->call > call : cfg_can_reach(s->program->cfgs[func], from, to);
		if (b->waits == API_WAITS_LOOP && behind && !ends_loop(s, func, b->call))
			return true;
	}
	return false;
}

/* Nobody runs it as a thread or a callback. */
static bool only_called(const struct program *p, uint32_t func)
{
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind != CALL_DIRECT)
			return false;
	return true;
}

/* All who call the function run a loop next, or who calls them does. */
static bool callers_run_loop(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	uint32_t first = p->in_edges_of[func], end = p->in_edges_of[func + 1];
	if (first == end || depth > MAX_CALLERS_UP || !only_called(p, func))
		return false;
	for (uint32_t k = first; k < end; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->caller == func ||
		    p->cfgs[e->caller]->loop_of[p->unit->funcs[e->caller].instrs[e->site].block])
			return false;
		if (!(only_called(p, e->caller) && runs_loop(s, e->caller, e->site)) &&
		    !callers_run_loop(s, e->caller, depth + 1))
			return false;
	}
	return true;
}

static bool runs_in_loop_once(const struct solution *s, uint32_t func, ir_instr made)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(scan_model(s, f, &f->instrs[made]), API_ROLE_SPAWN);
	if (!r || r->runs != API_RUNS_LOOP || s->program->cfgs[func]->loop_of[f->instrs[made].block])
		return false;
	struct callback_facts c = solve_callback(s, func, made);
	return c.entry && c.life != DATA_LOCAL; /* with code of its own */
}

bool solve_set_up_for_loop(const struct solution *s, uint32_t func, ir_instr made)
{
	return runs_in_loop_once(s, func, made) && callers_run_loop(s, func, 0);
}

/* What is made before it is started: another call does that. */
static bool started_later(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[v]; v && k < x->first[v + 1]; k++)
		if (api_role_of(scan_model(s, f, &f->instrs[x->uses[k].by]), API_ROLE_USES))
			return true;
	return false;
}

bool solve_left_to_loop(const struct solution *s, uint32_t func, ir_instr made)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (!runs_in_loop_once(s, func, made))
		return false;
	bool at_once = !api_role_of(scan_model(s, f, &f->instrs[made]), API_ROLE_CREATE);
	return at_once || started_later(s, func, f->instrs[made].result);
}
