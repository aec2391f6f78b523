/*
 * outcome_asked.c - what a function asks of the outcome that it is told of: whether the operation failed at
 * all, or how.
 */
#include "outcome_asked.h"

#include <string.h>

#define MAX_BASES 8
#define MAX_DEPTH 4

static bool is_base(const struct outcome *t, ir_val v)
{
	for (uint32_t k = 0; k < t->nbases; k++)
		if (t->bases[k] == v)
			return true;
	return false;
}

/* The object that an address lies in. */
static ir_val base_of(const struct ir_func *f, ir_val at)
{
	for (unsigned n = 0; n < 16; n++) {
		at = ir_strip_casts(f, at);
		const struct ir_instruction *in = ir_def(f, at);
		if (!in || in->op != IR_ADDR)
			break;
		at = ir_operand(f, in, 0);
	}
	return at;
}

static bool lies_in(const struct outcome *t, ir_val at)
{
	return at && is_base(t, base_of(t->f, at));
}

static void add_base(struct outcome *t, ir_val v)
{
	if (v && t->nbases < MAX_BASES && !is_base(t, v))
		t->bases[t->nbases++] = v;
}

/* A variable that gets a value of the outcome. */
static void add_copy(struct outcome *t, const struct ir_instruction *in)
{
	ir_val to = 0;
	if (in->op == IR_COPY && lies_in(t, ir_operand(t->f, in, 1)))
		to = base_of(t->f, ir_operand(t->f, in, 0));
	else if (in->op == IR_STORE && t->param &&
	         ir_strip_casts(t->f, ir_operand(t->f, in, 0)) == t->f->params[t->param - 1].val)
		to = base_of(t->f, ir_operand(t->f, in, 1));
	const struct ir_instruction *var = ir_def(t->f, to);
	if (var && var->op == IR_ALLOCA)
		add_base(t, to);
}

/* ---- whether, or how ---- */

/* The other side of a comparison with 0. */
static ir_val compared_with_zero(const struct ir_func *f, const struct ir_instruction *in)
{
	int64_t k = 0;
	bool equality = in && in->op == IR_ICMP && (in->sub == IR_EQ || in->sub == IR_NE);
	return equality && scan_int(f, ir_operand(f, in, 1), &k) && !k ? ir_operand(f, in, 0) : 0;
}

static bool answers_bool(const struct ir_func *f, const struct ir_instruction *in)
{
	return in->result && f->vals[in->result].type == IR_TYPE_INT && f->vals[in->result].bits == 1;
}

/* A member of the class that is described: whether it is one at all. */
static bool is_plain_question(const struct outcome *t, const struct ir_instruction *in)
{
	return ir_is_call(in) && answers_bool(t->f, in) && ir_nargs(in) == 1 && scan_model(t->s, t->f, in) &&
	       lies_in(t, ir_arg(t->f, in, 0));
}

/* What is read of it is asked for more than whether it is 0. */
static bool asks_more(const struct outcome *t, ir_val v, unsigned depth)
{
	const struct use_index *x = scan_uses(t->s, t->func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &t->f->instrs[x->uses[k].by];
		switch (by->op) {
		case IR_CAST:
		case IR_EXTRACT:
		case IR_INSERT:
			if (depth >= MAX_DEPTH || asks_more(t, by->result, depth + 1))
				return true;
			break;
		case IR_ICMP:
			if (!compared_with_zero(t->f, by))
				return true;
			break;
		case IR_CALL:
		case IR_INVOKE:
			if (answers_bool(t->f, by))
				return true;
			break;
		case IR_CONDBR:
		case IR_STORE:
		case IR_LOAD:
			break;
		default:
			return true;
		}
	}
	return false;
}

static bool gets(const struct outcome *t, const struct ir_instruction *in)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		if (lies_in(t, ir_arg(t->f, in, k)))
			return true;
	return false;
}

static void look_at(struct outcome *t, const struct ir_instruction *in)
{
	if (in->op == IR_LOAD && lies_in(t, ir_operand(t->f, in, 0))) {
		t->asks |= asks_more(t, in->result, 0);
		const struct use_index *x = scan_uses(t->s, t->func);
		for (uint32_t k = x->first[in->result]; k < x->first[in->result + 1]; k++)
			t->forwards |= ir_is_call(&t->f->instrs[x->uses[k].by]);
	} else if (ir_is_call(in) && gets(t, in)) {
		t->asks |= answers_bool(t->f, in) && !is_plain_question(t, in);
		t->forwards |= !is_plain_question(t, in);
	}
}

/* ---- */

/* 1 + the parameter that tells how an operation ended; 0: none does. */
static uint32_t outcome_param(const struct solution *s, const struct ir_func *f)
{
	const struct ir_unit *u = s->program->unit;
	for (uint32_t k = 0; k < f->nparams && k < f->nsource; k++) {
		const char *type = f->params[k].ctype, *end = strpbrk(type, "*&");
		bool by_value = !end, given = end && strncmp(type, "const ", 6) == 0 && !end[1];
		const char *name = f->params[k].pointee ? u->records[f->params[k].pointee].name : type;
		if ((by_value || given) && apimodel_is_outcome_type(s->program->api, name))
			return k + 1;
	}
	return 0;
}

void outcome_look(struct outcome *t, const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	*t = (struct outcome){.s = s, .f = f, .func = func, .param = outcome_param(s, f)};
	if (!t->param)
		return;
	ir_val v = f->params[t->param - 1].val;
	if (v && f->vals[v].type == IR_TYPE_PTR && strpbrk(f->params[t->param - 1].ctype, "*&"))
		add_base(t, v);
	for (ir_instr i = 1; i < f->ninstrs; i++)
		add_copy(t, &f->instrs[i]);
	for (ir_instr i = 1; i < f->ninstrs; i++)
		look_at(t, &f->instrs[i]);
}

bool outcome_question(const struct outcome *t, ir_val cond, bool *failed)
{
	for (unsigned n = 0; n < 8; n++) {
		const struct ir_instruction *in = ir_def(t->f, ir_strip_casts(t->f, cond));
		int64_t k;
		if (!in)
			return false;
		if ((in->op == IR_LOAD && lies_in(t, ir_operand(t->f, in, 0))) || is_plain_question(t, in))
			return true;
		ir_val of = compared_with_zero(t->f, in);
		if (of && in->sub == IR_EQ)
			*failed = !*failed;
		if (!of && in->op == IR_BINOP && in->sub == IR_XOR &&
		    scan_int(t->f, ir_operand(t->f, in, 1), &k)) {
			of = ir_operand(t->f, in, 0);
			*failed = !*failed;
		}
		if (!of)
			return false;
		cond = of;
	}
	return false;
}

bool outcome_failed(const struct outcome *t, ir_block b)
{
	const struct cfg *cfg = t->s->program->cfgs[t->func];
	for (ir_block d = cfg_idom(cfg, b); d; d = cfg_idom(cfg, d)) {
		const struct ir_instruction *branch = ir_terminator(t->f, d);
		for (uint32_t k = 0; branch->op == IR_CONDBR && k < 2; k++) {
			ir_block to = ir_succ(t->f, branch, k);
			bool failed = k == 0;
			if (cfg->npreds[to] == 1 && cfg_dominates(cfg, to, b) &&
			    outcome_question(t, ir_operand(t->f, branch, 0), &failed) && failed)
				return true;
		}
	}
	return false;
}
