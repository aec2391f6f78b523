/*
 * put_back.c - tokens that are in static storage as long as an object lives: who put them there kept what was
 * there before in the object, and who ends that puts it back.
 */
#include "put_back.h"
#include "place.h"
#include "scan.h"
#include "sim.h"

#include <string.h>

static bool is_global(const struct ir_func *f, ir_val at, uint32_t global)
{
	const struct ir_value *v = &f->vals[ir_strip_casts(f, at)];
	return v->kind == IR_VAL_GLOBAL && v->aux == global;
}

static ir_val loaded_from(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	return in && in->op == IR_LOAD ? ir_operand(f, in, 0) : 0;
}

/* The field that the store fills with what is in the storage. */
static struct handle_place saves(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                 uint32_t global)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val from = in->op == IR_STORE ? loaded_from(f, ir_operand(f, in, 0)) : 0;
	return from && is_global(f, from, global) ? place_of(s, func, ir_operand(f, in, 1))
	                                          : (struct handle_place){0};
}

/* The field that the store fills the storage from. */
static struct handle_place restores(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                    uint32_t global)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val from = in->op == IR_STORE && is_global(f, ir_operand(f, in, 1), global)
	                      ? loaded_from(f, ir_operand(f, in, 0))
	                      : 0;
	return from ? place_of(s, func, from) : (struct handle_place){0};
}

typedef struct handle_place (*search)(const struct solution *s, uint32_t func,
                                      const struct ir_instruction *in, uint32_t global);

static bool found_in(const struct solution *s, uint32_t func, search what, uint32_t global,
                     struct handle_place field)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		struct handle_place p = what(s, func, &f->instrs[i], global);
		if (p.kind == PLACE_FIELD && same_place(p, field))
			return true;
	}
	return false;
}

/* A function that does both keeps it for its own time. */
static bool found_anywhere(const struct solution *s, search what, uint32_t global, struct handle_place field)
{
	for (uint32_t func = 1; func < s->program->unit->nfuncs; func++)
		if (found_in(s, func, what, global, field) &&
		    !found_in(s, func, what == saves ? restores : saves, global, field))
			return true;
	return false;
}

/* "ns::guard::guard" makes what "ns::guard::~guard" ends; `end`: is it the second? */
static bool is_special_member(const char *display, bool end)
{
	const char *last = display, *before = NULL;
	for (const char *p = strstr(display, "::"); p; p = strstr(last, "::")) {
		before = last;
		last = p + 2;
	}
	size_t n = before ? (size_t)(last - 2 - before) : 0;
	last += end && *last == '~';
	return n && strncmp(before, last, n) == 0 && !last[n] && (last[-1] == '~') == end;
}

static bool empties(const struct solution *s, uint32_t func, uint32_t global)
{
	sim_function((struct solution *)s, func);
	const struct summary *sum = &s->funcs[func].summary;
	for (uint32_t i = 0; i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->place.global == global &&
		    (e->kind == EFFECT_REMOVE || (e->kind == EFFECT_STORE && e->value.param == -2)))
			return true;
	}
	return false;
}

/* A constructor puts it there, and the destructor of the same class takes something out. */
static bool removed_with_object(const struct solution *s, const struct incident *in)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[in->func];
	if (!u->cplusplus || !f->nparams || !f->params[0].pointee || !is_special_member(f->display, false))
		return false;
	for (uint32_t g = 1; g < u->nfuncs; g++) {
		const struct ir_func *end = &u->funcs[g];
		if (s->program->cfgs[g] && end->nparams && end->params[0].pointee == f->params[0].pointee &&
		    is_special_member(end->display, true) && empties(s, g, in->global))
			return true;
	}
	return false;
}

/* The static storage that an address lies in; 0: none. */
static uint32_t global_around(const struct ir_func *f, ir_val at)
{
	for (unsigned n = 0; n < 8; n++) {
		at = ir_strip_casts(f, at);
		const struct ir_instruction *in = ir_def(f, at);
		if (!in || in->op != IR_ADDR)
			break;
		at = ir_operand(f, in, 0);
	}
	return f->vals[at].kind == IR_VAL_GLOBAL ? f->vals[at].aux : 0;
}

/* A loop looks for the entry, and empties the one that it finds. `from`: behind this block; 0: anywhere */
static bool looks_for_entry(const struct solution *s, uint32_t func, uint32_t global, ir_block from)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *g = s->program->cfgs[func];
	for (ir_instr i = 1; g && i < f->ninstrs; i++) {
		const struct ir_instruction *st = &f->instrs[i];
		uint32_t loop = 0;
		if (st->op != IR_STORE || !scan_null(f, ir_operand(f, st, 0)) ||
		    global_around(f, ir_operand(f, st, 1)) != global)
			continue;
		for (uint32_t l = 1; l < g->nloops && !loop;
		     l++) /* what ends with `break` lies outside of it */
			loop = cfg_dominates(g, g->loops[l].head, st->block) ? l : 0;
		if (loop && (!from || cfg_can_reach(g, from, g->loops[loop].head)))
			return true;
	}
	return false;
}

/* Here, or in what is called behind the call that puts it there. */
static bool looked_for(const struct solution *s, uint32_t func, ir_instr site, uint32_t global)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_block from = f->instrs[site].block;
	if (looks_for_entry(s, func, global, from))
		return true;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *call = &f->instrs[i];
		uint32_t callee = ir_is_call(call) ? ir_callee(f, call) : 0;
		bool behind = call->block == from ? i > site
		                                  : cfg_can_reach(s->program->cfgs[func], from, call->block);
		if (callee && behind && looks_for_entry(s, callee, global, 0))
			return true;
	}
	return false;
}

/* All who have a helper put it there look for it later. */
static bool callers_look(const struct solution *s, const struct incident *in)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[in->func]; in->of_callers && k < p->in_edges_of[in->func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (!looked_for(s, e->caller, e->site, in->global))
			return false;
	}
	return in->of_callers;
}

bool put_back_later(const struct solution *s, const struct incident *in)
{
	const struct ir_func *f = &s->program->unit->funcs[in->func];
	if (removed_with_object(s, in) ||
	    (in->global && (looked_for(s, in->func, in->site, in->global) || callers_look(s, in))))
		return true;
	struct handle_place field = restores(s, in->func, &f->instrs[in->site], in->global);
	if (field.kind == PLACE_FIELD)
		return found_anywhere(s, saves, in->global, field);
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		field = saves(s, in->func, &f->instrs[i], in->global);
		if (field.kind == PLACE_FIELD && found_anywhere(s, restores, in->global, field))
			return true;
	}
	return false;
}

bool put_back_only_puts(const struct solution *s, uint32_t func, uint32_t param)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val v = s->program->cfgs[func] ? f->params[param].val : 0;
	const struct use_index *x = v ? scan_uses(s, func) : NULL;
	bool puts = false;
	for (uint32_t k = v ? x->first[v] : 0; v && k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool put =
		        in->op == IR_STORE && !x->uses[k].operand && global_around(f, ir_operand(f, in, 1));
		if (!put && in->op != IR_ICMP)
			return false;
		puts |= put;
	}
	return puts;
}
