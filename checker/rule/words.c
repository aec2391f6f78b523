#include "words.h"

#include "arena.h"

#define MAX_DEPTH 4 /* of an expression: longer ones are read in the source */

static const char *words(const struct pass *p, uint32_t func, ir_val v, unsigned depth);

static const char *pred_text(uint8_t p)
{
	static const char *const names[] = {"==", "!=", "<", "<=", ">", ">=", "<", "<=", ">", ">="};
	return names[p];
}

static const char *op_text(uint8_t op)
{
	return op == IR_ADD ? "+" : op == IR_SUB ? "-" : op == IR_AND ? "&" : op == IR_OR ? "|" : "";
}

/* Of `a && b` only the part behind it is left to decide; the other one was a branch of its own. */
static const char *decided_part(const struct pass *p, uint32_t func, const struct ir_instruction *phi,
                                unsigned depth)
{
	const struct ir_func *f = &p->unit->funcs[func];
	ir_val open = 0;
	for (uint32_t k = 0; k < phi->noperands; k++) {
		ir_val v = ir_operand(f, phi, k);
		if (f->vals[v].kind == IR_VAL_INT && f->vals[v].bits == 1)
			continue;
		if (open || f->vals[v].kind != IR_VAL_INSTR)
			return "";
		open = v;
	}
	return open ? words(p, func, open, depth + 1) : "";
}

static const char *element(const struct pass *p, uint32_t func, const struct ir_instruction *load,
                           unsigned depth)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0)));
	if (!at || at->op != IR_ADDR)
		return at && at->op == IR_ALLOCA ? "" : words(p, func, ir_operand(f, load, 0), depth + 1);
	if (!(at->flags & IR_F_VARIABLE) || at->record)
		return "";
	const char *base = words(p, func, ir_operand(f, at, 0), depth + 1),
	           *index = words(p, func, ir_operand(f, at, 1), depth + 1);
	return *base && *index ? arena_printf(p->arena, "%s[%s]", base, index) : "";
}

static const char *pair(const struct pass *p, uint32_t func, const struct ir_instruction *in, const char *op,
                        unsigned depth)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const char *a = words(p, func, ir_operand(f, in, 0), depth + 1),
	           *b = words(p, func, ir_operand(f, in, 1), depth + 1);
	if (!*a || !*b || !*op)
		return "";
	return arena_printf(p->arena, depth ? "(%s %s %s)" : "%s %s %s", a, op, b);
}

static const char *load_words(const struct pass *p, uint32_t func, const struct ir_instruction *in,
                              unsigned depth)
{
	const struct ir_func *f = &p->unit->funcs[func];
	const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	const char *text = element(p, func, in, depth);
	return *text && !(at && at->op == IR_ADDR) ? arena_printf(p->arena, "*%s", text) : text;
}

static const char *words(const struct pass *p, uint32_t func, ir_val v, unsigned depth)
{
	const struct ir_func *f = &p->unit->funcs[func];
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	const char *text = in && in->op == IR_ICMP ? "" : pass_value(p, func, v);
	if (*text || !in || depth > MAX_DEPTH)
		return text;
	switch (in->op) {
	case IR_ICMP:
		return pair(p, func, in, pred_text(in->sub), depth);
	case IR_BINOP:
		return pair(p, func, in, op_text(in->sub), depth);
	case IR_PHI:
		return decided_part(p, func, in, depth);
	case IR_LOAD:
		return load_words(p, func, in, depth);
	default:
		return "";
	}
}

const char *condition_text(const struct pass *p, uint32_t func, ir_val cond)
{
	const char *text = words(p, func, cond, 0);
	return *text ? arena_printf(p->arena, "`%s`", text) : "the condition";
}
