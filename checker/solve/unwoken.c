/*
 * unwoken.c - joins of a thread that was asked to end by a flag, while it may sit in a wait without a limit
 * that nobody ends: who looks at a flag between two waits has to be woken.
 */
#include "flag.h"
#include "scan.h"

#define MAX_PLACES 16
#define MAX_DEPTH 4

static const struct api_func *model_at(const struct solution *s, const struct ir_func *f, ir_instr i)
{
	return ir_is_call(&f->instrs[i]) ? s->program->described[ir_callee(f, &f->instrs[i])] : NULL;
}

/* ---- who may be woken ---- */

static bool wakes_by_model(const struct api_func *d)
{
	static const enum api_role_kind kinds[] = {API_ROLE_WAKE,        API_ROLE_CANCEL,  API_ROLE_SEND,
	                                           API_ROLE_CLOSE_QUEUE, API_ROLE_RELEASE, API_ROLE_COMPLETE,
	                                           API_ROLE_LEAVE,       API_ROLE_STORE};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (api_role_of(d, kinds[k]))
			return true;
	return false;
}

static bool may_wake(const struct solution *s, uint32_t func, ir_instr i, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	if (!ir_is_call(in) || (in->flags & IR_F_NORETURN))
		return false;
	uint32_t callee = ir_callee(f, in);
	if (p->described[callee])
		return wakes_by_model(p->described[callee]);
	if (!callee || !p->cfgs[callee] || depth == MAX_DEPTH)
		return callee == 0 || !(p->unit->funcs[callee].flags & IR_FUNC_NORETURN);
	const struct ir_func *g = &p->unit->funcs[callee];
	for (ir_instr k = 1; k < g->ninstrs; k++)
		if (may_wake(s, callee, k, depth + 1))
			return true;
	return false;
}

/* Something before `join`, or in a function that calls this one, may wake who is joined. */
static bool woken_before(const struct solution *s, uint32_t func, ir_instr join)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		bool behind = i == join || !(f->instrs[i].block == f->instrs[join].block
		                                     ? i < join
		                                     : cfg_can_reach(p->cfgs[func], f->instrs[i].block,
		                                                     f->instrs[join].block));
		if (!behind && may_wake(s, func, i, 0))
			return true;
	}
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *caller = &p->unit->funcs[e->caller];
		for (ir_instr i = 1; e->kind == CALL_DIRECT && i < caller->ninstrs; i++) {
			const struct api_func *d = model_at(s, caller, i);
			if (d && wakes_by_model(d))
				return true;
		}
	}
	return false;
}

/* ---- who waits ---- */

static bool without_end(const struct block_site *b)
{
	return b->unbounded && !b->sleeps && !b->has_token &&
	       (b->waits == API_WAITS_EVENT || b->waits == API_WAITS_QUEUE || b->waits == API_WAITS_NETWORK);
}

/* The flags that are looked at in the loop around a wait. */
static uint32_t asked_flags(const struct solution *s, uint32_t func, uint32_t loop,
                            struct flag out[MAX_PLACES])
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	uint32_t n = 0;
	for (ir_instr i = 1; i < f->ninstrs && n < MAX_PLACES; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_LOAD && in->imm <= 4 && cfg_in_loop(cfg, loop, in->block))
			n += flag_at(f, ir_operand(f, in, 0), &out[n]);
	}
	return n;
}

static bool sets_one(const struct solution *s, uint32_t func, ir_instr join, const struct flag *flags,
                     uint32_t n)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct flag set;
	int64_t value;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || in->imm > 4 || !scan_int(f, ir_operand(f, in, 0), &value) ||
		    !flag_at(f, ir_operand(f, in, 1), &set))
			continue;
		if (in->block == f->instrs[join].block
		            ? i > join
		            : !cfg_can_reach(s->program->cfgs[func], in->block, f->instrs[join].block))
			continue;
		for (uint32_t k = 0; k < n; k++)
			if (flag_same(&flags[k], &set))
				return true;
	}
	return false;
}

/* A wait for a thread whose handle lies where the flag does: in the same record, or in static storage. */
static bool joins_there(const struct ir_func *f, const struct ir_instruction *in, const struct api_func *d,
                        const struct flag *flag)
{
	const struct api_role *r = api_role_of(d, API_ROLE_JOIN);
	const struct api_role *block = api_role_of(d, API_ROLE_BLOCK);
	struct flag handle;
	if (!r || !block || block->timeout.base || r->handle.base != API_PATH_ARG)
		return false;
	ir_val at = ir_strip_casts(f, ir_arg(f, in, r->handle.arg));
	const struct ir_instruction *load = ir_def(f, at);
	if (load && load->op == IR_LOAD)
		at = ir_operand(f, load, 0);
	return flag_at(f, at, &handle) &&
	       (flag->global ? handle.global != 0 : !handle.global && handle.record == flag->record);
}

static void look_for_joins(const struct solution *s, struct unwoken *u, const struct flag *flags, uint32_t n,
                           void (*each)(void *, const struct unwoken *), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && func != u->waiter && i < f->ninstrs; i++) {
			const struct api_func *d = model_at(s, f, i);
			for (uint32_t k = 0; d && k < n; k++) {
				if (!joins_there(f, &f->instrs[i], d, &flags[k]) ||
				    !sets_one(s, func, i, &flags[k], 1) || woken_before(s, func, i))
					continue;
				u->func = func;
				u->join = i;
				each(ctx, u);
				return;
			}
		}
	}
}

void solve_unwoken(const struct solution *s, void (*each)(void *ctx, const struct unwoken *u), void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct func_facts *facts = &s->funcs[func];
		for (uint32_t b = 0; p->cfgs[func] && b < facts->nblocks; b++) {
			const struct block_site *site = &facts->blocks[b];
			uint32_t loop = p->cfgs[func]->loop_of[p->unit->funcs[func].instrs[site->call].block];
			struct flag flags[MAX_PLACES];
			uint32_t n = loop && without_end(site) ? asked_flags(s, func, loop, flags) : 0;
			struct unwoken u = {.waiter = func, .wait = site->call, .callee = site->callee};
			if (n)
				look_for_joins(s, &u, flags, n, each, ctx);
		}
	}
}
