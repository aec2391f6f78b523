/*
 * thrown.c - ends of paths by `throw`: what a function still owes when an exception leaves it that it throws
 * itself, or that a function of the unit throws which it calls. Exceptions that come out of calls may come
 * out of nearly all of them, and are no reason to tell anything.
 */
#include "scope.h"
#include "scan.h"
#include "sim.h"
#include "who.h"

#include "arena.h"

#include <string.h>

static const char *called(const struct sim *m, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(m->f, in) : 0;
	return callee ? m->u->funcs[callee].name : "";
}

static bool is_throw(const char *name)
{
	return strcmp(name, "__cxa_throw") == 0 || strcmp(name, "__cxa_rethrow") == 0;
}

static bool catches_behind(const struct solution *s, uint32_t func, ir_block pad)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *g = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		if (callee && (in->block == pad || cfg_can_reach(g, pad, in->block)) &&
		    strcmp(s->program->unit->funcs[callee].name, "__cxa_begin_catch") == 0)
			return true;
	}
	return false;
}

enum { THROWS_UNKNOWN, THROWS_NOT, THROWS };

/* A `throw` of the function's, or of what it calls, leaves it. */
static bool throws(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *g = s->program->cfgs[func];
	if (!g || s->program->described[func] || (f->flags & IR_FUNC_SYSTEM))
		return false;
	if (!s->throws)
		s->throws = ARENA_ARRAY(s->arena, uint8_t, s->program->unit->nfuncs);
	if (s->throws[func])
		return s->throws[func] == THROWS;
	s->throws[func] = THROWS_NOT; /* of functions that call each other, the one that is asked first */
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t callee = ir_is_call(in) && cfg_reachable(g, in->block) ? ir_callee(f, in) : 0;
		if (!callee || !(is_throw(s->program->unit->funcs[callee].name) || throws(s, callee)) ||
		    (in->op == IR_INVOKE && catches_behind(s, func, ir_succ(f, in, 1))))
			continue;
		s->throws[func] = THROWS;
		return true;
	}
	return false;
}

/* Where the callee's throw is, the way that the call's constants lead. */
static bool comes_to_throw(const struct sim *m, ir_instr i, uint32_t callee)
{
	const struct ir_func *g = &m->u->funcs[callee];
	for (ir_instr k = 1; k < g->ninstrs; k++) {
		uint32_t inner = ir_is_call(&g->instrs[k]) ? ir_callee(g, &g->instrs[k]) : 0;
		if (inner && cfg_reachable(m->p->cfgs[callee], g->instrs[k].block) &&
		    (is_throw(m->u->funcs[inner].name) || throws(m->sol, inner)) &&
		    who_possible(m->sol, m->func, i, callee, k))
			return true;
	}
	return false;
}

bool thrown_in_callee(const struct sim *m, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	uint32_t callee = m->u->cplusplus && ir_is_call(in) ? ir_callee(m->f, in) : 0;
	return callee && throws(m->sol, callee) && comes_to_throw(m, i, callee);
}

bool thrown_by(const struct sim *m, ir_instr i)
{
	return is_throw(called(m, i)) || thrown_in_callee(m, i);
}

static bool begins_catch(const struct sim *m, ir_block b)
{
	const struct ir_basic_block *bb = &m->f->blocks[b];
	for (ir_instr i = bb->first; i < bb->first + bb->count; i++)
		if (strcmp(called(m, i), "__cxa_begin_catch") == 0)
			return true;
	return false;
}

/* From which blocks a handler of this function can be reached: it may get what is thrown there. Which handler
 * gets what is not looked at. */
static void find_catching(struct sim *m)
{
	m->catching = ARENA_ARRAY(m->scratch, bool, m->f->nblocks + 1);
	ir_block *work = ARENA_ARRAY(m->scratch, ir_block, m->f->nblocks + 1);
	uint32_t n = 0;
	for (uint32_t k = 0; k < m->cfg->nrpo; k++)
		if (begins_catch(m, m->cfg->rpo[k])) {
			m->catching[m->cfg->rpo[k]] = true;
			work[n++] = m->cfg->rpo[k];
		}
	while (n) {
		ir_block b = work[--n];
		for (uint32_t k = 0; k < m->cfg->npreds[b]; k++) {
			ir_block from = m->cfg->preds[b][k];
			if (!m->catching[from])
				work[n++] = from;
			m->catching[from] = true;
		}
	}
}

void thrown_here(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	if (!m->catching)
		find_catching(m);
	s->thrown = thrown_by(m, i) ? i : THROWN_BY_CALL;
	if (in->op == IR_INVOKE && m->catching[ir_succ(m->f, in, 1)])
		s->thrown = 0;
}

/* "a::b::b", "a::b<c>::b": nobody destroys an object whose constructor is left by an exception. */
bool scan_is_constructor(const struct ir_func *f)
{
	const char *name = *f->plain ? f->plain : f->display; /* without the arguments of templates */
	const char *last = strrchr(name, ':');
	size_t n = last ? strlen(last + 1) : 0;
	size_t before = last ? (size_t)(last - 1 - name) : 0;
	return last && last > name && before >= n && strncmp(name + before - n, last + 1, n) == 0;
}

/* What was put into the object is nobody's, then. */
static void takes_back(struct sim *m, struct state *s)
{
	struct sval self = sim_eval(m, s, m->f->params[0].val);
	for (uint32_t k = 0; self.kind == SV_SYM && k < s->mem.len; k++) {
		const struct cell *c = &s->mem.data[k];
		struct obj *o =
		        c->at.kind == SV_SYM && c->at.id == self.id ? state_obj_by_key(s, c->v) : NULL;
		if (o && o->kind == OBJ_HANDLE && o->status == OBJ_GONE && !o->is_param && o->family)
			o->status = OBJ_OWNED;
	}
}

void thrown_leaves(struct sim *m, struct state *s, ir_instr i)
{
	if (!s->thrown || s->thrown == THROWN_BY_CALL)
		return;
	s->left = s->thrown;
	if (scan_is_constructor(m->f))
		takes_back(m, s);
	exit_handles(m, s, (struct sval){0}, i);
	scope_thrown(m, s, i);
}
