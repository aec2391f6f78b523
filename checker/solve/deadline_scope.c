/*
 * deadline_scope.c - waits that have no limit, or one for each try, where a limit for all of it is at hand: a
 * parameter that says so by its name, or a token made with one.
 */
#define _GNU_SOURCE /* strcasestr */
#include "deadline.h"
#include "scan.h"

#include <string.h>

#define MAX_TERMS 6 /* depth of an expression */

static bool names_limit(const struct ir_param *p, bool point)
{
	bool time =
	        strchr(p->ctype, '*') == NULL || strstr(p->ctype, "timespec") || strstr(p->ctype, "timeval");
	return time && (strcasestr(p->name, "deadline") || (!point && strcasestr(p->name, "timeout")));
}

/* All that is done with it is to compare it, or what is made of it. *inside: in the loop. */
static bool only_asked(const struct solution *s, uint32_t func, ir_val v, uint32_t loop, bool *inside,
                       unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		*inside |= loop && cfg_in_loop(s->program->cfgs[func], loop, in->block);
		bool read = in->op == IR_LOAD || in->op == IR_ADDR; /* `deadline->tv_sec` */
		bool made = (in->op == IR_CAST || in->op == IR_BINOP || read) && depth < MAX_TERMS &&
		            only_asked(s, func, in->result, loop, inside, depth + 1);
		if (in->op != IR_ICMP && !made)
			return false;
	}
	return true;
}

static bool asks_value(const struct ir_func *f, ir_val cond, ir_val v, enum ir_pred *p)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, cond));
	int64_t k;
	*p = in && in->op == IR_ICMP ? (enum ir_pred)in->sub : IR_NE;
	return in && in->op == IR_ICMP && ir_strip_casts(f, ir_operand(f, in, 0)) == v &&
	       scan_int(f, ir_operand(f, in, 1), &k);
}

/* Reached only where the parameter is the special number that means no limit. */
static bool means_none_here(const struct solution *s, uint32_t func, ir_instr call, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block at = f->instrs[call].block;
	for (ir_block b = cfg_idom(cfg, at); b; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b);
		enum ir_pred p;
		if (t->op != IR_CONDBR || !asks_value(f, ir_operand(f, t, 0), v, &p))
			continue;
		bool low = p == IR_EQ || p == IR_SLT || p == IR_SLE || p == IR_ULT || p == IR_ULE;
		if (cfg_dominates(cfg, ir_succ(f, t, low ? 0 : 1), at))
			return true;
	}
	return false;
}

/* `tries + 1`, or the merge that it goes into; what is added otherwise is no count of turns: `off += got`. */
static bool is_count(const struct ir_func *f, const struct ir_instruction *of, unsigned depth)
{
	int64_t by;
	if (of && of->op == IR_BINOP)
		return scan_int(f, ir_operand(f, of, 1), &by) || scan_int(f, ir_operand(f, of, 0), &by);
	for (uint32_t k = 0; of && of->op == IR_PHI && depth < 4 && k < of->noperands; k++)
		if (is_count(f, ir_def(f, ir_strip_casts(f, ir_operand(f, of, k))), depth + 1))
			return true;
	return false;
}

/* A variable that the loop counts in decides whether it goes on. */
static bool counted(const struct ir_func *f, const struct cfg_loop *l)
{
	for (uint32_t i = 0; i < l->nexits; i++) {
		const struct ir_instruction *t = ir_terminator(f, l->exits[i].from);
		const struct ir_instruction *cond =
		        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
		for (uint32_t k = 0; cond && cond->op == IR_ICMP && k < cond->noperands; k++) {
			const struct ir_instruction *of =
			        ir_def(f, ir_strip_casts(f, ir_operand(f, cond, k)));
			if (is_count(f, of, 0))
				return true;
		}
	}
	return false;
}

/* A token of this turn's own is made there of a root, and no other one is at hand: asking it asks for no more
 * than the turn. */
static bool asks_own_turn(const struct solution *s, uint32_t func, ir_instr call)
{
	uint32_t n = 1;
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (api_role_of(scan_model(s, f, &f->instrs[call]), API_ROLE_DERIVE))
		scan_scope_tokens(s, func, &n);
	return n == 0;
}

ir_val time_ignored_limit(const struct solution *s, uint32_t func, ir_instr call, bool each_try)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t loop = cfg->loop_of[f->instrs[call].block];
	if (each_try && (!loop || counted(f, &cfg->loops[loop]) ||
	                 (solve_loop_checks(s, func, loop) && !asks_own_turn(s, func, call))))
		return 0;
	for (uint32_t i = 0; i < f->nparams; i++) {
		ir_val v = f->params[i].val;
		bool inside = false, used = scan_uses(s, func)->first[v] < scan_uses(s, func)->first[v + 1];
		/* One that nobody uses may be there for the signature's sake. */
		if (!names_limit(&f->params[i], each_try) || (!used && f->flags & IR_FUNC_ADDRESS_TAKEN))
			continue;
		if (only_asked(s, func, v, loop, &inside, 0) && !(each_try && inside) &&
		    !means_none_here(s, func, call, v))
			return v;
	}
	return 0;
}

/* ---- tokens ---- */

static const struct block_site *site_at(const struct func_facts *facts, ir_instr call)
{
	for (uint32_t k = 0; k < facts->nblocks; k++)
		if (facts->blocks[k].call == call)
			return &facts->blocks[k];
	return NULL;
}

static bool comes_before(const struct cfg *cfg, ir_instr a, ir_instr b)
{
	ir_block x = cfg->func->instrs[a].block, y = cfg->func->instrs[b].block;
	return x == y ? a < b : cfg_dominates(cfg, x, y);
}

static bool released_between(const struct solution *s, uint32_t func, ir_instr made, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_func *d = scan_model(s, f, &f->instrs[i]);
		if ((api_role_of(d, API_ROLE_RELEASE) || api_role_of(d, API_ROLE_CANCEL)) &&
		    comes_before(cfg, made, i) && comes_before(cfg, i, call))
			return true;
	}
	return false;
}

ir_val time_ignored_token(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct block_site *b = site_at(&s->funcs[func], call);
	if (!b || !b->unbounded || b->has_token || b->waits_on_done || !b->role->timeout.base)
		return 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r = api_role_of(scan_model(s, f, in), API_ROLE_DERIVE);
		if (r && r->deadline.base && r->to.base == API_PATH_RETURN && in->result &&
		    comes_before(s->program->cfgs[func], i, call) &&
		    (scan_token_uses(s, func, in->result) &
		     (TOKEN_CHECKED | TOKEN_FORWARDED | TOKEN_WAITED)) &&
		    !released_between(s, func, i, call))
			return in->result;
	}
	return 0;
}
