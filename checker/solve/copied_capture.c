/*
 * copied_capture.c - a flag of a function that one lambda writes by reference, and another one has by value.
 */
#include "copied.h"
#include "scan.h"

struct capture {
	uint32_t lambda; /* the code of the closure that is filled */
	int64_t offset;  /* there */
	ir_val closure;
	const char *name;
};

/* The store fills a part of a local closure. */
static bool fills_closure(const struct ir_unit *u, const struct ir_func *f, const struct ir_instruction *in,
                          struct capture *out)
{
	const struct ir_instruction *at =
	        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1))) : NULL;
	if (!at || at->op != IR_ADDR || !at->record || at->flags & IR_F_VARIABLE)
		return false;
	const struct ir_field *field = ir_field_at(u, at->record, (uint32_t)at->imm);
	*out = (struct capture){.lambda = u->records[at->record].call,
	                        .offset = at->imm,
	                        .closure = ir_strip_casts(f, ir_operand(f, at, 0)),
	                        .name = field ? field->name : ""};
	const struct ir_instruction *local = ir_def(f, out->closure);
	return out->lambda && scan_is_lambda(&u->funcs[out->lambda]) && *out->name && local &&
	       local->op == IR_ALLOCA;
}

/* An address in the lambda's own closure, at that offset. */
static bool is_own_field(const struct ir_func *g, ir_val at, int64_t offset)
{
	const struct ir_instruction *in = ir_def(g, ir_strip_casts(g, at));
	ir_val base = in && in->op == IR_ADDR ? ir_strip_casts(g, ir_operand(g, in, 0)) : 0;
	return base && in->imm == offset && g->vals[base].kind == IR_VAL_PARAM && g->vals[base].aux == 0;
}

/* It puts a constant behind the reference that it has there. */
static ir_instr writes_behind(const struct ir_func *g, int64_t offset)
{
	int64_t c;
	for (ir_instr i = 1; i < g->ninstrs; i++) {
		const struct ir_instruction *in = &g->instrs[i];
		const struct ir_instruction *ref =
		        in->op == IR_STORE && scan_int(g, ir_operand(g, in, 0), &c)
		                ? ir_def(g, ir_strip_casts(g, ir_operand(g, in, 1)))
		                : NULL;
		if (ref && ref->op == IR_LOAD && is_own_field(g, ir_operand(g, ref, 0), offset))
			return i;
	}
	return 0;
}

/* It decides by what it has there, and never writes it. */
static ir_instr asks(const struct ir_func *g, const struct use_index *x, int64_t offset)
{
	ir_instr found = 0;
	for (ir_instr i = 1; i < g->ninstrs; i++) {
		const struct ir_instruction *in = &g->instrs[i];
		if (in->op == IR_STORE && is_own_field(g, ir_operand(g, in, 1), offset))
			return 0;
		if (found || in->op != IR_LOAD || !is_own_field(g, ir_operand(g, in, 0), offset))
			continue;
		ir_val v = in->result;
		for (unsigned n = 0; v && n < 4; n++) { /* a cast, a comparison */
			ir_val next = 0;
			for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
				const struct ir_instruction *by = &g->instrs[x->uses[k].by];
				if (by->op == IR_CONDBR)
					found = i;
				if (by->op == IR_CAST || by->op == IR_ICMP)
					next = by->result;
			}
			v = next;
		}
	}
	return found;
}

/* The closure is used in a loop, or other code gets it: it is there for more than a moment. */
static bool lives_on(const struct ir_func *f, const struct cfg *cfg, const struct use_index *x,
                     const struct capture *c, ir_instr filled)
{
	for (uint32_t k = x->first[c->closure]; k < x->first[c->closure + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (ir_is_call(by) && ir_callee(f, by) != c->lambda && !(by->flags & IR_F_CLEANUP))
			return true;
		if (by->op == IR_LOAD || (by->op == IR_COPY && x->uses[k].operand == 1))
			return true; /* it is put into an object that is called later */
		if (ir_is_call(by) && cfg->loop_of[by->block] != cfg->loop_of[f->instrs[filled].block])
			return true;
	}
	return false;
}

/* The local variable that is copied into the closure. */
static ir_val copied_local(const struct ir_func *f, const struct ir_instruction *store)
{
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_operand(f, store, 0)));
	ir_val at = load && load->op == IR_LOAD ? ir_strip_casts(f, ir_operand(f, load, 0)) : 0;
	const struct ir_instruction *local = at ? ir_def(f, at) : NULL;
	return local && local->op == IR_ALLOCA && f->vals[load->result].type == IR_TYPE_INT ? at : 0;
}

/* Another closure has a reference to it, and writes there. */
static bool find_writer(const struct solution *s, const struct ir_func *f, ir_val local,
                        struct copied_state *k)
{
	const struct ir_unit *u = s->program->unit;
	struct capture c;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (!fills_closure(u, f, in, &c) || ir_strip_casts(f, ir_operand(f, in, 0)) != local)
			continue;
		k->writer = c.lambda;
		k->written = writes_behind(&u->funcs[c.lambda], c.offset);
		if (k->written)
			return true;
	}
	return false;
}

void copied_capture(const struct copies *c, uint32_t func)
{
	const struct program *p = c->s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	for (ir_instr i = 1; (f->flags & IR_FUNC_CPLUSPLUS) && i < f->ninstrs; i++) {
		struct capture to;
		if (!fills_closure(p->unit, f, &f->instrs[i], &to) || !p->cfgs[to.lambda])
			continue;
		struct copied_state k = {.kind = COPIED_CAPTURE, .func = func, .at = i, .field = to.name};
		ir_val local = copied_local(f, &f->instrs[i]);
		if (!local || !find_writer(c->s, f, local, &k) ||
		    !lives_on(f, p->cfgs[func], scan_uses(c->s, func), &to, i))
			continue;
		k.reader = to.lambda;
		k.read = asks(&p->unit->funcs[to.lambda], scan_uses(c->s, to.lambda), to.offset);
		if (k.read)
			c->each(c->ctx, &k);
	}
}
