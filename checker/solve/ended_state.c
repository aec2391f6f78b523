/*
 * ended_state.c - joins that are only made of a thread which has said that it is through with the locks: it
 * puts its state into memory after it has had them for the last time, and who joins asks for that first.
 */
#include "ended_state.h"
#include "flag.h"
#include "locks.h"
#include "scan.h"

#define MAX_FLAGS 8
#define MAX_NESTED 3

struct flags {
	struct flag all[MAX_FLAGS];
	uint32_t n;
};

/* What memory a condition was made of, also in functions that only answer. */
static void collect(const struct solution *s, const struct ir_func *f, ir_val v, unsigned depth,
                    struct flags *out)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	struct flag at;
	if (!in || depth > 6 || out->n == MAX_FLAGS)
		return;
	if (in->op == IR_LOAD || in->op == IR_ATOMIC) {
		if (flag_at(f, ir_operand(f, in, 0), &at))
			out->all[out->n++] = at;
		return;
	}
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	const struct ir_func *g =
	        callee && s->program->cfgs[callee] ? &s->program->unit->funcs[callee] : NULL;
	for (ir_instr i = 1; g && g->nblocks < 8 && i < g->ninstrs; i++)
		if (g->instrs[i].op == IR_RET && g->instrs[i].noperands)
			collect(s, g, ir_operand(g, &g->instrs[i], 0), depth + 3, out);
	for (uint32_t k = 0; !ir_is_call(in) && k < in->noperands; k++)
		collect(s, f, ir_operand(f, in, k), depth + 1, out);
}

static bool sets(const struct solution *s, uint32_t func, const struct flag *flag, unsigned depth);

/* The instruction, or what it calls, writes there. */
static bool sets_at(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                    const struct flag *flag, unsigned depth)
{
	struct flag at;
	uint32_t to = in->op == IR_STORE ? 1 : 0;
	if (in->op == IR_STORE &&
	    scan_null(f, ir_operand(f, in, 0))) /* `running = false` is for those who wait */
		return false;
	if (in->op == IR_STORE || in->op == IR_ATOMIC || in->op == IR_CMPXCHG)
		return flag_at(f, ir_operand(f, in, to), &at) && flag_same(&at, flag);
	return ir_is_call(in) && ir_callee(f, in) && depth < MAX_NESTED &&
	       sets(s, ir_callee(f, in), flag, depth + 1);
}

static bool sets(const struct solution *s, uint32_t func, const struct flag *flag, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++)
		if (sets_at(s, f, &f->instrs[i], flag, depth))
			return true;
	return false;
}

static bool follows(const struct cfg *cfg, ir_instr later, ir_instr i)
{
	ir_block a = cfg->func->instrs[i].block, b = cfg->func->instrs[later].block;
	if (a == b && later > i)
		return true;
	for (uint32_t k = 0; k < ir_terminator(cfg->func, a)->nsuccs; k++) {
		ir_block to = ir_succ(cfg->func, ir_terminator(cfg->func, a), k);
		if (to == b || cfg_can_reach(cfg, to, b))
			return true;
	}
	return false;
}

/* The call takes that lock, as far as the field that it is in tells. */
static bool takes_it(const struct solution *s, uint32_t func, ir_instr i, const struct access *lock)
{
	const struct ir_instruction *in = &s->program->unit->funcs[func].instrs[i];
	const struct api_func *d = scan_model(s, &s->program->unit->funcs[func], in);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_LOCK, r));) {
		struct access a = access_of_path(s, func, in, &r->handle);
		if (access_match(&a, lock, false) != ACCESS_OTHER)
			return true;
	}
	struct lock_take all[MAX_TAKES];
	uint32_t callee = ir_callee(&s->program->unit->funcs[func], in);
	for (uint32_t k = 0, n = callee && !d ? locks_taken(s, callee, all) : 0; k < n; k++)
		if (access_match(&all[k].lock, lock, false) != ACCESS_OTHER)
			return true;
	return false;
}

static bool taken_after(const struct solution *s, uint32_t func, ir_instr i, const struct access *lock)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr k = 1; k < f->ninstrs; k++)
		if (ir_is_call(&f->instrs[k]) && takes_it(s, func, k, lock) &&
		    follows(s->program->cfgs[func], k, i))
			return true;
	return false;
}

/* The thread writes there when it does not take the lock any more. */
static bool sets_last(const struct solution *s, uint32_t entry, const struct flag *flag,
                      const struct access *lock)
{
	const struct ir_func *f = &s->program->unit->funcs[entry];
	for (ir_instr i = 1; s->program->cfgs[entry] && i < f->ninstrs; i++)
		if (sets_at(s, f, &f->instrs[i], flag, 0) && !taken_after(s, entry, i, lock))
			return true;
	return false;
}

static const struct access *lock_at(const struct solution *s, uint32_t entry, ir_instr taken)
{
	const struct lock_facts *k = s->locks[entry];
	for (uint32_t i = 0; k && i < k->ntakes; i++)
		if (k->takes[i].at == taken)
			return &k->takes[i].lock;
	return NULL;
}

bool ended_state_asked(const struct solution *s, uint32_t func, ir_instr join, uint32_t entry, ir_instr taken)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	struct flags asked = {0};
	for (ir_block b = cfg_idom(cfg, f->instrs[join].block); b; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b);
		if (t->op == IR_CONDBR)
			collect(s, f, ir_operand(f, t, 0), 0, &asked);
	}
	const struct access *lock = lock_at(s, entry, taken);
	for (uint32_t k = 0; lock && k < asked.n; k++)
		if (sets_last(s, entry, &asked.all[k], lock))
			return true;
	return false;
}

/* `x->state == ENDED`, or `state_of(x) == ENDED`. */
static bool is_state(const struct ir_func *f, ir_val cond)
{
	const struct ir_instruction *cmp = ir_def(f, ir_strip_casts(f, cond));
	int64_t c;
	if (!cmp || cmp->op != IR_ICMP || !scan_int(f, ir_operand(f, cmp, 1), &c) || c == 0 || c == -1)
		return false;
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, ir_operand(f, cmp, 0)));
	struct flag at;
	return in && (cmp->sub == IR_EQ || cmp->sub == IR_NE) &&
	       (ir_is_call(in) ? ir_callee(f, in) && ir_nargs(in) == 1
	                       : in->op == IR_LOAD && flag_at(f, ir_operand(f, in, 0), &at));
}

bool ended_state_told(const struct solution *s, uint32_t func, ir_instr join)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block there = f->instrs[join].block;
	for (ir_block b = cfg_idom(cfg, there); b; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b);
		if (t->op != IR_CONDBR || !is_state(f, ir_operand(f, t, 0)))
			continue;
		const struct ir_instruction *cmp = ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0)));
		ir_block in_state = ir_succ(f, t, cmp->sub == IR_EQ ? 0 : 1);
		if (in_state == there || cfg_dominates(cfg, in_state, there))
			return true;
	}
	return false;
}
