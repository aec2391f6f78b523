/*
 * resumed.c - an operation that was ended is begun again: the function that is told of its end looks at no
 * more than that it failed, and starts the work anew which leads to itself, although somebody ends it for
 * good.
 */
#include "outcome_asked.h"
#include "sim.h"

#include "map.h"
#include "mem.h"
#include "solve.h"

#include <string.h>

#define MAX_VISITS 4096

struct visit {
	uint32_t func, from; /* the visit before; 0: the first */
	ir_instr site;       /* there */
	bool later;          /* some step before was a callback */
};
struct walk {
	const struct solution *s;
	uint32_t handler;
	VEC(struct visit) todo; /* [0] unused */
	struct intmap seen;
	struct outcome asked; /* of the function at work */
};

/* ---- on which condition ---- */

/* Something that may say whether to go on: a flag, an answer, a state, an object that may be gone. A number
 * that is less than another, and whether something is left to try, do not. */
static bool may_say_stop(const struct ir_func *f, ir_val cond)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, cond));
	if (!in || in->op != IR_ICMP)
		return true;
	ir_val a = ir_operand(f, in, 0), b = ir_operand(f, in, 1);
	const struct ir_instruction *left = ir_def(f, ir_strip_casts(f, a));
	if (in->sub != IR_EQ && in->sub != IR_NE)
		return false;
	if (f->vals[a].type == IR_TYPE_PTR)
		return scan_null(f, a) || scan_null(f, b);
	return !left || left->op != IR_BINOP;
}

/* The block is left that way when the operation has failed, or later on when another has gone well, and
 * nothing says stop. */
static bool way_is_open(const struct walk *w, const struct ir_instruction *branch, bool taken, bool later)
{
	if (branch->op != IR_CONDBR)
		return false;
	bool failed = taken;
	ir_val cond = ir_operand(w->asked.f, branch, 0);
	if (outcome_question(&w->asked, cond, &failed))
		return failed || later;
	return (later && w->asked.asks) || !may_say_stop(w->asked.f, cond);
}

/* What header code that is part of the function by now asks is none of its business. */
static bool is_open(const struct walk *w, uint32_t func, ir_block site, bool later)
{
	const struct cfg *cfg = w->s->program->cfgs[func];
	for (ir_block d = cfg_idom(cfg, site); d; d = cfg_idom(cfg, d)) {
		const struct ir_instruction *branch = ir_terminator(w->asked.f, d);
		for (uint32_t k = 0; branch->nsuccs > 1 && k < branch->nsuccs; k++) {
			ir_block to = ir_succ(w->asked.f, branch, k);
			if (cfg->npreds[to] != 1 || !cfg_dominates(cfg, to, site))
				continue;
			bool own = !scan_in_header(w->s, branch);
			if (branch->op == IR_INVOKE ? k != 0 : own && !way_is_open(w, branch, k == 0, later))
				return false;
		}
	}
	return true;
}

/* ---- where it leads ---- */

static bool is_own(const struct solution *s, uint32_t func)
{
	return !(s->program->unit->funcs[func].flags & IR_FUNC_SYSTEM);
}

static void visit(struct walk *w, uint32_t func, uint32_t from, ir_instr site, bool later)
{
	uint64_t key = (uint64_t)func << 1 | later, old;
	if (!func || !w->s->program->cfgs[func] || w->todo.len >= MAX_VISITS ||
	    intmap_get(&w->seen, key, &old))
		return;
	intmap_set(&w->seen, key, 1);
	vec_push(&w->todo, (struct visit){func, from, site, later});
}

/* What the instruction calls, and what code it hands out that is called later. */
static void follow(struct walk *w, uint32_t at, ir_instr i)
{
	const struct ir_unit *u = w->s->program->unit;
	const struct visit v = w->todo.data[at];
	const struct ir_func *f = &u->funcs[v.func];
	const struct ir_instruction *in = &f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	visit(w, callee, at, i, v.later);
	for (uint32_t k = ir_is_call(in); k < in->noperands; k++) {
		const struct ir_value *o = &f->vals[ir_operand(f, in, k)];
		if (o->kind == IR_VAL_FUNC && (ir_is_call(in) || in->op == IR_STORE))
			visit(w, o->aux, at, i, true);
	}
	for (uint32_t k = 0; callee && k < ir_nargs(in) && k < u->funcs[callee].nparams; k++) {
		uint32_t record = u->funcs[callee].params[k].pointee,
		         call = record ? u->records[record].call : 0;
		if (call && call != callee)
			visit(w, call, at, i, true);
	}
}

/* The visit that comes back to the handler, by a callback; 0: none does. */
static uint32_t come_back(struct walk *w, ir_instr first)
{
	const struct program *p = w->s->program;
	for (uint32_t n = 1; n < w->todo.len; n++) {
		const struct visit v = w->todo.data[n];
		bool back = n > 1 && v.func == w->handler;
		if (back && v.later)
			return n;
		if (back)
			continue;
		const struct ir_func *f = &p->unit->funcs[v.func];
		outcome_look(&w->asked, w->s, v.func);
		if (w->asked.asks && !v.later)
			continue;
		for (ir_instr i = n == 1 ? first : 1; i < (n == 1 ? first + 1 : f->ninstrs); i++) {
			bool edge = ir_is_call(&f->instrs[i]) || f->instrs[i].op == IR_STORE;
			ir_block b = f->instrs[i].block;
			if (edge && cfg_reachable(p->cfgs[v.func], b) &&
			    (!is_own(w->s, v.func) || is_open(w, v.func, b, v.later)))
				follow(w, n, i);
		}
	}
	return 0;
}

/* ---- who ends it ---- */

struct field {
	uint32_t record;
	int64_t offset;
};

/* The fields by which an object is reached. */
static uint32_t fields_of(const struct solution *s, const struct ir_func *f, ir_val v, struct field out[8])
{
	uint32_t n = 0;
	for (unsigned depth = 0; depth < 16 && n < 8; depth++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		if (!in || (in->op != IR_ADDR && in->op != IR_LOAD))
			break;
		if (in->op == IR_ADDR && in->record && !scan_of_library(s->program->unit, in->record))
			out[n++] = (struct field){in->record, in->imm};
		v = ir_operand(f, in, 0);
	}
	return n;
}

static bool mentions(const struct solution *s, uint32_t func, const struct field *fields, uint32_t n)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		for (uint32_t k = 0; k < n; k++)
			if (f->instrs[i].op == IR_ADDR && f->instrs[i].record == fields[k].record &&
			    f->instrs[i].imm == fields[k].offset)
				return true;
	return false;
}

static bool is_told(const struct solution *s, uint32_t func)
{
	struct outcome t;
	outcome_look(&t, s, func);
	return t.param || scan_is_lambda(&s->program->unit->funcs[func]);
}

/* Somebody calls it who is not told of the end of an operation: nobody in this unit, for one. */
static bool is_called_freely(const struct solution *s, uint32_t func, unsigned depth)
{
	const struct program *p = s->program;
	bool called = false;
	if (is_told(s, func))
		return false;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->caller == func || !is_own(s, e->caller))
			continue;
		called = true;
		if (depth < 4 && is_called_freely(s, e->caller, depth + 1))
			return true;
	}
	return !called;
}

static bool on_the_way(const struct walk *w, uint32_t last, uint32_t func)
{
	for (uint32_t n = last; n; n = w->todo.data[n].from)
		if (w->todo.data[n].func == func && !w->todo.data[n].later)
			return true;
	return false;
}

/* Clean-up ends for good what the function `starter` has started: an object in a field that both mention. */
static bool find_end(const struct walk *w, uint32_t last, uint32_t starter, struct resumed *out)
{
	const struct program *p = w->s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !is_own(w->s, func) || strchr(f->display, '~') ||
		    !done_named_cleanup(w->s, func) || on_the_way(w, last, func) ||
		    !is_called_freely(w->s, func, 0))
			continue;
		for (ir_instr i = 1; i < f->ninstrs; i++) {
			const struct api_role *r =
			        api_role_of(scan_model(w->s, f, &f->instrs[i]), API_ROLE_CANCEL);
			struct field fields[8];
			ir_val v = r && r->handle.base ? scan_path(f, &f->instrs[i], &r->handle) : 0;
			if (!v || !mentions(w->s, starter, fields, fields_of(w->s, f, v, fields)))
				continue;
			out->ender = func;
			out->ends = i;
			return true;
		}
	}
	return false;
}

/* ---- one function ---- */

/* The last function before the first callback on the way. */
static uint32_t starter_of(const struct walk *w, uint32_t last, ir_instr *at)
{
	uint32_t n = last;
	while (w->todo.data[n].from && w->todo.data[w->todo.data[n].from].later)
		n = w->todo.data[n].from;
	*at = w->todo.data[n].site;
	return w->todo.data[w->todo.data[n].from].func;
}

static bool judge_site(const struct solution *s, uint32_t func, ir_instr i, struct resumed *out)
{
	struct walk w = {.s = s, .handler = func};
	bool found = false;
	vec_push(&w.todo, (struct visit){0});
	visit(&w, func, 0, 0, false);
	uint32_t back = come_back(&w, i);
	if (back) {
		*out = (struct resumed){.func = func, .at = i};
		out->starter = starter_of(&w, back, &out->starts);
		found = find_end(&w, back, out->starter, out);
	}
	vec_release(&w.todo);
	intmap_release(&w.seen);
	return found;
}

static void judge(const struct solution *s, uint32_t func, void (*each)(void *, const struct resumed *),
                  void *ctx)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct outcome t;
	outcome_look(&t, s, func);
	if (!t.param || t.asks)
		return;
	struct walk w = {.s = s, .handler = func, .asked = t};
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		struct resumed r;
		if (!ir_is_call(&f->instrs[i]) || f->instrs[i].flags & IR_F_CLEANUP ||
		    !cfg_reachable(s->program->cfgs[func], f->instrs[i].block) ||
		    !is_open(&w, func, f->instrs[i].block, false) ||
		    (t.forwards && !outcome_failed(&t, f->instrs[i].block)))
			continue;
		if (judge_site(s, func, i, &r)) {
			r.asked = outcome_failed(&t, f->instrs[i].block);
			each(ctx, &r);
			return;
		}
	}
}

void solve_resumed(const struct solution *s, void (*each)(void *ctx, const struct resumed *r), void *ctx)
{
	const struct program *p = s->program;
	bool any = false;
	for (uint32_t f = 1; f < p->unit->nfuncs && !any; f++)
		any = api_role_of(p->described[f], API_ROLE_CANCEL) != NULL;
	for (uint32_t f = 1; any && f < p->unit->nfuncs; f++)
		if (p->cfgs[f] && is_own(s, f) && p->unit->funcs[f].flags & IR_FUNC_CPLUSPLUS)
			judge(s, f, each, ctx);
}
