/*
 * growth.c - what outlives a loop and gains something in each turn: chains of derived tokens, and handlers
 * that are attached and never detached.
 */
#include "scan.h"

#include "arena.h"
#include "sim.h"

#define SMALL_COUNT 16 /* turns of a loop that nobody minds */
#define MAX_SLICE 64
#define MAX_WRAPPERS 3

/* ---- where a value comes from, through copies ---- */

struct slice {
	ir_val vals[MAX_SLICE];
	uint32_t n;
};

static bool in_slice(const struct slice *s, ir_val v)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (s->vals[i] == v)
			return true;
	return false;
}

static void slice_back(const struct ir_func *f, ir_val v, struct slice *s)
{
	if (!v || s->n == MAX_SLICE || in_slice(s, v))
		return;
	s->vals[s->n++] = v;
	const struct ir_instruction *in = ir_def(f, v);
	if (!in || (in->op != IR_CAST && in->op != IR_PHI && in->op != IR_SELECT))
		return;
	for (uint32_t k = in->op == IR_SELECT ? 1 : 0; k < in->noperands; k++)
		slice_back(f, ir_operand(f, in, k), s);
}

/* ---- loops ---- */

static bool constant_start(const struct ir_func *f, const struct ir_instruction *phi, int64_t *start)
{
	for (uint32_t k = 0; k < phi->noperands; k++)
		if (scan_int(f, ir_operand(f, phi, k), start))
			return true;
	return false;
}

/* Is the loop left when a counter reaches a small constant? */
static bool small_count(const struct cfg *cfg, uint32_t loop)
{
	const struct ir_func *f = cfg->func;
	const struct cfg_loop *l = &cfg->loops[loop];
	for (uint32_t i = 0; i < l->nexits; i++) {
		const struct ir_instruction *t = ir_terminator(f, l->exits[i].from);
		const struct ir_instruction *cmp = t->op == IR_CONDBR ? ir_def(f, ir_operand(f, t, 0)) : NULL;
		const struct ir_instruction *counter =
		        cmp && cmp->op == IR_ICMP ? ir_def(f, ir_strip_casts(f, ir_operand(f, cmp, 0)))
		                                  : NULL;
		int64_t start, end;
		if (counter && counter->op == IR_PHI && counter->block == l->head &&
		    scan_int(f, ir_operand(f, cmp, 1), &end) && constant_start(f, counter, &start) &&
		    end - start <= SMALL_COUNT && start - end <= SMALL_COUNT)
			return true;
	}
	return false;
}

static bool defined_in(const struct cfg *cfg, uint32_t loop, ir_val v)
{
	const struct ir_instruction *in = ir_def(cfg->func, v);
	return in && in->op != IR_ALLOCA && cfg_in_loop(cfg, loop, in->block);
}

/* ---- addresses that stay the same in each turn ---- */

static bool steady(const struct cfg *cfg, uint32_t loop, ir_val address)
{
	const struct ir_func *f = cfg->func;
	ir_val v = ir_strip_casts(f, address);
	const struct ir_instruction *in = ir_def(f, v);
	if (!defined_in(cfg, loop, v))
		return true;
	if (in->op != IR_ADDR)
		return false;
	for (uint32_t k = 0; k < in->noperands; k++)
		if (!steady(cfg, loop, ir_operand(f, in, k)))
			return false;
	return true;
}

static bool same_address(const struct ir_func *f, ir_val a, ir_val b)
{
	a = ir_strip_casts(f, a), b = ir_strip_casts(f, b);
	const struct ir_instruction *x = ir_def(f, a), *y = ir_def(f, b);
	if (a == b)
		return true;
	if (f->vals[a].kind == IR_VAL_GLOBAL)
		return f->vals[b].kind == IR_VAL_GLOBAL && f->vals[a].aux == f->vals[b].aux &&
		       f->vals[a].imm == f->vals[b].imm;
	if (f->vals[a].kind == IR_VAL_INT)
		return f->vals[b].kind == IR_VAL_INT && f->vals[a].imm == f->vals[b].imm;
	if (!x || !y || x->op != IR_ADDR || y->op != IR_ADDR || x->imm != y->imm ||
	    x->noperands != y->noperands)
		return false;
	for (uint32_t k = 0; k < x->noperands; k++)
		if (!same_address(f, ir_operand(f, x, k), ir_operand(f, y, k)))
			return false;
	return true;
}

/* The variable or object that an address lies in. */
static ir_val root_of(const struct ir_func *f, ir_val address)
{
	ir_val v = ir_strip_casts(f, address);
	const struct ir_instruction *in = ir_def(f, v);
	return in && in->op == IR_ADDR ? root_of(f, ir_operand(f, in, 0)) : v;
}

struct chain {
	const struct solution *s;
	uint32_t func, loop;
	const struct ir_func *f;
	const struct cfg *cfg;
	ir_instr call;
	ir_val from, to;
};

/* Something else is put there in each turn: before the call, or behind it. */
static bool reset_each_turn(const struct chain *c, ir_val address)
{
	ir_block here = c->f->instrs[c->call].block;
	for (ir_instr i = 1; i < c->f->ninstrs; i++) {
		const struct ir_instruction *in = &c->f->instrs[i];
		bool store = in->op == IR_STORE && same_address(c->f, ir_operand(c->f, in, 1), address);
		bool whole = (in->op == IR_COPY || in->op == IR_FILL) &&
		             root_of(c->f, ir_operand(c->f, in, 0)) == root_of(c->f, address);
		if ((!store && !whole) || !cfg_in_loop(c->cfg, c->loop, in->block))
			continue;
		struct slice s = {0};
		if (store)
			slice_back(c->f, ir_operand(c->f, in, 0), &s);
		if (!in_slice(&s, c->to) &&
		    (cfg_dominates(c->cfg, in->block, here) || cfg_postdominates(c->cfg, in->block, here)))
			return true;
	}
	return false;
}

static bool given_away(const struct chain *c, ir_val address)
{
	for (ir_instr i = 1; i < c->f->ninstrs; i++) {
		const struct ir_instruction *in = &c->f->instrs[i];
		for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++)
			if (cfg_in_loop(c->cfg, c->loop, in->block) &&
			    same_address(c->f, ir_arg(c->f, in, k), address))
				return true;
	}
	return false;
}

static bool stored_back(const struct chain *c, ir_val address)
{
	for (ir_instr i = 1; i < c->f->ninstrs; i++) {
		const struct ir_instruction *in = &c->f->instrs[i];
		if (in->op != IR_STORE || !cfg_in_loop(c->cfg, c->loop, in->block) ||
		    !same_address(c->f, ir_operand(c->f, in, 1), address))
			continue;
		struct slice s = {0};
		slice_back(c->f, ir_operand(c->f, in, 0), &s);
		if (in_slice(&s, c->to))
			return true;
	}
	return false;
}

static bool grows_in_memory(const struct chain *c, const struct slice *from)
{
	for (uint32_t i = 0; i < from->n; i++) {
		const struct ir_instruction *in = ir_def(c->f, from->vals[i]);
		if (!in || in->op != IR_LOAD || !cfg_in_loop(c->cfg, c->loop, in->block))
			continue;
		ir_val address = ir_operand(c->f, in, 0);
		if (steady(c->cfg, c->loop, address) && stored_back(c, address) && !given_away(c, address) &&
		    !reset_each_turn(c, address))
			return true;
	}
	return false;
}

static bool carried_by_loop(const struct chain *c, const struct slice *from)
{
	if (!in_slice(from, c->to))
		return false;
	for (uint32_t i = 0; i < from->n; i++) {
		const struct ir_instruction *in = ir_def(c->f, from->vals[i]);
		if (in && in->op == IR_PHI && in->block == c->cfg->loops[c->loop].head)
			return true;
	}
	return false;
}

/* ---- which calls derive ---- */

/* The parameter, 1 + its index, of which the function returns a child that owes nothing; 0: none. */
static uint32_t derives(const struct solution *s, uint32_t func, unsigned depth);

static ir_val derived_from(const struct solution *s, const struct ir_func *f,
                           const struct ir_instruction *call, unsigned depth)
{
	uint32_t callee = ir_callee(f, call);
	const struct api_func *d = s->program->described[callee];
	const struct api_role *r = api_role_of(d, API_ROLE_VALUE);
	r = r ? r : api_role_of(d, API_ROLE_DERIVE);
	if (d)
		return r && !api_role_of(d, API_ROLE_CREATE) ? scan_path(f, call, &r->from) : 0;
	uint32_t param = callee && depth < MAX_WRAPPERS ? derives(s, callee, depth + 1) : 0;
	return param ? ir_arg(f, call, param - 1) : 0;
}

static uint32_t derives(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_block b = 1; s->program->cfgs[func] && b < f->nblocks; b++) {
		const struct ir_instruction *ret = ir_terminator(f, b);
		struct slice s1 = {0};
		if (ret->op == IR_RET)
			slice_back(f, ir_operand(f, ret, 0), &s1);
		for (uint32_t i = 0; i < s1.n; i++) {
			const struct ir_instruction *in = ir_def(f, s1.vals[i]);
			ir_val from = in && ir_is_call(in) ? derived_from(s, f, in, depth) : 0;
			from = ir_strip_casts(f, from);
			if (from && f->vals[from].kind == IR_VAL_PARAM)
				return f->vals[from].aux + 1;
		}
	}
	return 0;
}

static uint32_t growing_loop(struct chain *c)
{
	struct slice from = {0};
	slice_back(c->f, c->from, &from);
	for (c->loop = c->cfg->loop_of[c->f->instrs[c->call].block]; c->loop;
	     c->loop = c->cfg->loops[c->loop].parent)
		if ((carried_by_loop(c, &from) || grows_in_memory(c, &from)) && !small_count(c->cfg, c->loop))
			return c->loop;
	return 0;
}

bool solve_next_growth(const struct solution *s, struct growth *g)
{
	const struct program *p = s->program;
	for (g->func = g->func ? g->func : 1; g->func < p->unit->nfuncs; g->func++, g->call = 0) {
		const struct ir_func *f = &p->unit->funcs[g->func];
		const struct cfg *cfg = p->cfgs[g->func];
		for (g->call++; cfg && cfg->nloops > 1 && g->call < f->ninstrs; g->call++) {
			const struct ir_instruction *in = &f->instrs[g->call];
			struct chain c = {.s = s,
			                  .func = g->func,
			                  .f = f,
			                  .cfg = cfg,
			                  .call = g->call,
			                  .to = in->result};
			if (!ir_is_call(in) || !in->result || !cfg->loop_of[in->block])
				continue;
			c.from = derived_from(s, f, in, 0);
			g->from = c.from;
			g->loop = c.from ? growing_loop(&c) : 0;
			if (g->loop)
				return true;
		}
	}
	return false;
}

uint32_t solve_attaches_in_loop(const struct solution *s, uint32_t func, ir_instr call, ir_val to)
{
	const struct cfg *cfg = s->program->cfgs[func];
	for (uint32_t l = cfg->loop_of[cfg->func->instrs[call].block]; l; l = cfg->loops[l].parent) {
		ir_val v = ir_strip_casts(cfg->func, to);
		const struct ir_instruction *in = ir_def(cfg->func, v);
		bool outside = !defined_in(cfg, l, v) ||
		               (in->op == IR_LOAD && steady(cfg, l, ir_operand(cfg->func, in, 0)));
		if (outside && !small_count(cfg, l))
			return l;
	}
	return 0;
}
