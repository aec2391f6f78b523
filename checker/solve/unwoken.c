/*
 * unwoken.c - joins of a thread that was asked to end by a flag, while it may sit in a wait without a limit
 * that nobody ends: who looks at a flag between two waits has to be woken.
 */
#include "flag.h"
#include "scan.h"

#include "mem.h"

#define MAX_PLACES 16
#define MAX_SET 64 /* flags before a join */
#define MAX_DEPTH 4

struct join_site { /* a wait for the end of a thread */
	uint32_t func;
	ir_instr at;
	struct flag handle;
	struct flag set[MAX_SET]; /* flags that get a constant before */
	uint32_t nset;
};

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
			const struct api_func *d = scan_model(s, caller, &caller->instrs[i]);
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

/* ---- who joins ---- */

static void find_flags_set(const struct solution *s, struct join_site *j)
{
	const struct ir_func *f = &s->program->unit->funcs[j->func];
	int64_t value;
	for (ir_instr i = 1; i < f->ninstrs && j->nset < MAX_SET; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || in->imm > 4 || !scan_int(f, ir_operand(f, in, 0), &value))
			continue;
		bool before =
		        in->block == f->instrs[j->at].block
		                ? i < j->at
		                : cfg_can_reach(s->program->cfgs[j->func], in->block, f->instrs[j->at].block);
		j->nset += before && flag_at(f, ir_operand(f, in, 1), &j->set[j->nset]);
	}
}

static bool is_join(const struct solution *s, struct join_site *j)
{
	const struct ir_func *f = &s->program->unit->funcs[j->func];
	const struct ir_instruction *in = &f->instrs[j->at];
	const struct api_func *d = scan_model(s, f, in);
	const struct api_role *r = api_role_of(d, API_ROLE_JOIN), *block = api_role_of(d, API_ROLE_BLOCK);
	if (!r || !block || block->timeout.base || r->handle.base != API_PATH_ARG)
		return false;
	ir_val at = ir_strip_casts(f, ir_arg(f, in, r->handle.arg));
	const struct ir_instruction *load = ir_def(f, at);
	return flag_at(f, load && load->op == IR_LOAD ? ir_operand(f, load, 0) : at, &j->handle);
}

typedef VEC(struct join_site) join_list;

static join_list find_joins(const struct solution *s)
{
	const struct program *p = s->program;
	join_list all = {0};
	for (uint32_t func = 1; func < p->unit->nfuncs; func++)
		for (ir_instr i = 1; p->cfgs[func] && i < p->unit->funcs[func].ninstrs; i++) {
			struct join_site j = {.func = func, .at = i};
			if (!is_join(s, &j))
				continue;
			find_flags_set(s, &j);
			vec_push(&all, j);
		}
	return all;
}

/* The thread's handle lies where the flag does, in the same record or in static storage, and the flag is set
 * before. */
static bool asks_by(const struct join_site *j, const struct flag *flag)
{
	if (flag->global ? !j->handle.global : j->handle.global || j->handle.record != flag->record)
		return false;
	for (uint32_t k = 0; k < j->nset; k++)
		if (flag_same(flag, &j->set[k]))
			return true;
	return false;
}

static bool asks_by_one(const struct join_site *j, const struct flag *flags, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (asks_by(j, &flags[k]))
			return true;
	return false;
}

void solve_unwoken(const struct solution *s, void (*each)(void *ctx, const struct unwoken *u), void *ctx)
{
	const struct program *p = s->program;
	join_list joins = find_joins(s);
	for (uint32_t func = 1; joins.len && func < p->unit->nfuncs; func++) {
		const struct func_facts *facts = &s->funcs[func];
		for (uint32_t b = 0; p->cfgs[func] && b < facts->nblocks; b++) {
			const struct block_site *site = &facts->blocks[b];
			uint32_t loop = p->cfgs[func]->loop_of[p->unit->funcs[func].instrs[site->call].block];
			struct flag flags[MAX_PLACES];
			uint32_t n = loop && without_end(site) ? asked_flags(s, func, loop, flags) : 0, k = 0;
			while (n && k < joins.len &&
			       (joins.data[k].func == func || !asks_by_one(&joins.data[k], flags, n) ||
			        woken_before(s, joins.data[k].func, joins.data[k].at)))
				k++;
			struct unwoken u = {.waiter = func, .wait = site->call, .callee = site->callee};
			if (!n || k == joins.len)
				continue;
			u.func = joins.data[k].func;
			u.join = joins.data[k].at;
			each(ctx, &u);
		}
	}
	vec_release(&joins);
}
