/*
 * joined_early.c - the end of threads is waited for where nobody has said yet that they should end: all that
 * they ask is an answer of the program's, which another way waits for before it calls the same function.
 */
#include "place.h"
#include "scan.h"

struct question { /* `func()` answers so that the branch is taken */
	struct asked {
		uint32_t func, table; /* a function, or what a table of functions holds at an offset */
		int64_t offset;
	} of;
	enum ir_pred pred;
	int64_t than;
};

/* ---- answers ---- */

static enum ir_pred opposite(enum ir_pred p)
{
	static const uint8_t of[] = {
	        [IR_EQ] = IR_NE,   [IR_NE] = IR_EQ,   [IR_SLT] = IR_SGE, [IR_SLE] = IR_SGT,
	        [IR_SGT] = IR_SLE, [IR_SGE] = IR_SLT, [IR_ULT] = IR_UGE, [IR_ULE] = IR_UGT,
	        [IR_UGT] = IR_ULE, [IR_UGE] = IR_ULT};
	return (enum ir_pred)of[p];
}

static bool same(struct asked a, struct asked b)
{
	return a.func == b.func && a.table == b.table && a.offset == b.offset;
}

/* A function of another file that gets nothing: what it answers is not up to who asks. */
static struct asked asked_by(const struct solution *s, const struct ir_func *f,
                             const struct ir_instruction *in)
{
	struct asked none = {0};
	if (!in || !ir_is_call(in) || ir_nargs(in))
		return none;
	uint32_t callee = ir_callee(f, in);
	if (callee && (s->program->cfgs[callee] || s->program->described[callee]))
		return none;
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	const struct ir_value *at =
	        load && load->op == IR_LOAD ? &f->vals[ir_strip_casts(f, ir_operand(f, load, 0))] : NULL;
	if (callee)
		return (struct asked){.func = callee};
	return at && at->kind == IR_VAL_GLOBAL ? (struct asked){.table = at->aux, .offset = at->imm} : none;
}

static bool question_at(const struct solution *s, const struct ir_func *f, ir_block from, ir_block to,
                        struct question *q)
{
	const struct ir_instruction *t = ir_terminator(f, from);
	if (t->op != IR_CONDBR || ir_succ(f, t, 0) == ir_succ(f, t, 1))
		return false;
	bool truth = ir_succ(f, t, 0) == to;
	ir_val v = ir_operand(f, t, 0);
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	if (in && in->op == IR_BINOP && in->sub == IR_XOR) { /* `!` */
		truth = !truth;
		v = ir_operand(f, in, 0);
		in = ir_def(f, ir_strip_casts(f, v));
	}
	*q = (struct question){.pred = IR_NE};
	if (in && in->op == IR_ICMP) {
		if (!scan_int(f, ir_operand(f, in, 1), &q->than))
			return false;
		q->pred = (enum ir_pred)in->sub;
		v = ir_operand(f, in, 0);
	}
	q->pred = truth ? q->pred : opposite(q->pred);
	q->of = asked_by(s, f, ir_def(f, ir_strip_casts(f, v)));
	return q->of.func || q->of.table;
}

/* An answer that takes the branch. */
static int64_t example(const struct question *q)
{
	for (int64_t n = -1; n <= 1; n++)
		if (ir_compare(q->pred, q->than + n, q->than))
			return q->than + n;
	return q->than;
}

/* All that ends the thread is such an answer. */
static bool ends_by_answer(const struct solution *s, uint32_t worker, struct question *out)
{
	const struct cfg *cfg = s->program->cfgs[worker];
	const struct ir_func *f = &s->program->unit->funcs[worker];
	uint32_t n = 0;
	for (uint32_t l = 1; l < cfg->nloops; l++) {
		const struct cfg_loop *loop = &cfg->loops[l];
		for (uint32_t k = 0; loop->depth == 1 && k < loop->nexits; k++) {
			struct question q;
			if (scan_only_unwinds(s, worker, loop->exits[k].to))
				continue;
			if (!question_at(s, f, loop->exits[k].from, loop->exits[k].to, &q) ||
			    (n++ && !same(q.of, out->of)))
				return false;
			*out = q;
		}
	}
	return n > 0;
}

/* ---- what may tell the thread ---- */

static bool may_tell(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                     const struct question *q)
{
	static const enum api_role_kind kinds[] = {API_ROLE_CANCEL, API_ROLE_WAKE, API_ROLE_SEND,
	                                           API_ROLE_CLOSE_QUEUE};
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = scan_model(s, f, in);
	for (size_t k = 0; d && k < sizeof kinds / sizeof *kinds; k++)
		if (api_role_of(d, kinds[k]))
			return true;
	return !d && !same(asked_by(s, f, in), q->of) && !scan_is_marker(s, f, in) &&
	       !(s->program->unit->funcs[callee].flags & (IR_FUNC_FORMATS | IR_FUNC_FORMATS_LIST));
}

/* Nothing before the join writes to what others see, or calls what may. */
static bool only_joins(const struct solution *s, uint32_t func, ir_instr join, const struct question *q)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool before = in->block == f->instrs[join].block
		                      ? i < join
		                      : cfg_can_reach(cfg, in->block, f->instrs[join].block);
		if (!before || !cfg_reachable(cfg, in->block))
			continue;
		if (in->op == IR_ATOMIC || in->op == IR_CMPXCHG ||
		    (ir_is_call(in) && may_tell(s, f, in, q)) ||
		    (in->op == IR_STORE && !scan_local_around(f, ir_operand(f, in, 1))))
			return false;
	}
	return true;
}

/* From the start of the thread to the call nothing may tell it. */
static bool untold_between(const struct solution *s, uint32_t func, ir_instr spawn, ir_instr call,
                           const struct question *q)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block from = f->instrs[spawn].block, to = f->instrs[call].block;
	if (from == to ? spawn > call : !cfg_can_reach(cfg, from, to))
		return false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		ir_block b = in->block;
		bool between = (b == from ? i > spawn : cfg_can_reach(cfg, from, b)) &&
		               (b == to ? i < call : cfg_can_reach(cfg, b, to));
		if (between && ir_is_call(in) && i != spawn && may_tell(s, f, in, q))
			return false;
	}
	return true;
}

/* Only when the answer is one that ends the thread the call is made. */
static bool is_behind_answer(const struct solution *s, uint32_t func, ir_instr call,
                             const struct question *end)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_block at = f->instrs[call].block;
	for (ir_block b = cfg_idom(cfg, at); b; b = cfg_idom(cfg, b)) {
		const struct ir_instruction *t = ir_terminator(f, b);
		for (uint32_t k = 0; t->op == IR_CONDBR && k < 2; k++) {
			struct question q;
			ir_block to = ir_succ(f, t, k);
			if (cfg->npreds[to] == 1 && cfg_dominates(cfg, to, at) &&
			    question_at(s, f, b, to, &q) && same(q.of, end->of) &&
			    ir_compare(q.pred, example(end), q.than))
				return true;
		}
	}
	return false;
}

/* ---- joins ---- */

static void look_at_callers(const struct solution *s, struct early_join *j, const struct call_edge *start,
                            const struct question *q, void (*each)(void *, const struct early_join *),
                            void *ctx)
{
	const struct program *p = s->program;
	bool early = false, behind = false;
	for (uint32_t k = p->in_edges_of[j->func]; k < p->in_edges_of[j->func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind != CALL_DIRECT || !p->cfgs[e->caller])
			continue;
		if (is_behind_answer(s, e->caller, e->site, q)) {
			behind = true;
			j->other = e->caller;
			j->behind = e->site;
		} else if (!early && e->caller == start->caller &&
		           untold_between(s, e->caller, start->site, e->site, q)) {
			early = true;
			j->caller = e->caller;
			j->early = e->site;
		}
	}
	if (early && behind)
		each(ctx, j);
}

/* Where the handle of the thread is put. */
static struct handle_place started_at(const struct solution *s, const struct call_edge *e)
{
	const struct ir_func *f = &s->program->unit->funcs[e->caller];
	const struct api_func *d = scan_model(s, f, &f->instrs[e->site]);
	const struct api_role *spawn = api_role_of(d, API_ROLE_SPAWN),
	                      *made = api_role_of(d, API_ROLE_CREATE);
	const struct api_path *handle = spawn && spawn->handle.base ? &spawn->handle
	                                : made                      ? &made->handle
	                                                            : NULL;
	return handle ? place_of_path(s, e->caller, &f->instrs[e->site], handle) : (struct handle_place){0};
}

static void look_at_join(const struct solution *s, uint32_t func, ir_instr join,
                         void (*each)(void *, const struct early_join *), void *ctx)
{
	const struct program *p = s->program;
	const struct ir_instruction *in = &p->unit->funcs[func].instrs[join];
	const struct api_func *d = scan_model(s, &p->unit->funcs[func], in);
	const struct api_role *r = api_role_of(d, API_ROLE_JOIN);
	const struct api_role *block = api_role_of(d, API_ROLE_BLOCK);
	if (!r || !block || block->timeout.base)
		return;
	struct handle_place place = place_of_path(s, func, in, &r->handle);
	for (uint32_t k = 0; place.kind && k < p->nedges; k++) {
		const struct call_edge *e = &p->edges[k];
		if (e->kind != CALL_CALLBACK || e->runs != API_RUNS_THREAD || !p->cfgs[e->callee])
			continue;
		struct question q;
		if (!same_place(place, started_at(s, e)) || !ends_by_answer(s, e->callee, &q) ||
		    !only_joins(s, func, join, &q))
			continue;
		struct early_join j = {.func = func,
		                       .join = join,
		                       .worker = e->callee,
		                       .asks = q.of.func,
		                       .table = q.of.table,
		                       .offset = q.of.offset};
		look_at_callers(s, &j, e, &q, each, ctx);
		return;
	}
}

void solve_early_joins(const struct solution *s, void (*each)(void *ctx, const struct early_join *j),
                       void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !p->relevant[func] || !program_calls(p, func, API_ROLE_JOIN))
			continue;
		for (PROGRAM_EACH_CALL(p, func, c))
			if (cfg_reachable(p->cfgs[func], f->instrs[c->at].block))
				look_at_join(s, func, c->at, each, ctx);
	}
}
