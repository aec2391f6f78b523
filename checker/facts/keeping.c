/*
 * keeping.c - what objects keep: of which types something that models describe is put into a field or works
 * on an object, and for what the unit calls functions of others that may do so.
 */
#include "parts.h"

#include "ir.h"
#include "mem.h"
#include "program.h"

struct keeper {
	const struct program *p;
	const struct ir_func *f;
	uint32_t *of_val; /* per value: of what record a field of it is used; 0: none */
	struct facts_keeping *out;
};

static uint32_t record_at(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, v));
	return at && at->op == IR_ADDR ? at->record : 0;
}

static bool begins(const struct api_func *d)
{
	static const enum api_role_kind roles[] = {API_ROLE_CREATE, API_ROLE_SPAWN, API_ROLE_CONNECT,
	                                           API_ROLE_REF, API_ROLE_DERIVE};
	for (size_t i = 0; d && i < sizeof roles / sizeof *roles; i++)
		if (api_role_of(d, roles[i]))
			return true;
	return false;
}

/* Something of another unit that no model describes. */
static bool is_foreign(const struct program *p, uint32_t callee)
{
	return callee && !p->described[callee] && !p->cfgs[callee] &&
	       !(p->unit->funcs[callee].flags & (IR_FUNC_SYSTEM | IR_FUNC_DEFINED));
}

static bool call_begins(const struct program *p, uint32_t callee)
{
	if (!callee)
		return false;
	return p->described[callee] ? begins(p->described[callee]) : p->cfgs[callee] && p->relevant[callee];
}

/* `x->handle = make();` */
static void stored(struct keeper *k, const struct ir_instruction *in)
{
	const struct ir_instruction *made = ir_def(k->f, ir_strip_casts(k->f, ir_operand(k->f, in, 0)));
	uint32_t record = record_at(k->f, ir_operand(k->f, in, 1));
	uint32_t callee = record && made && ir_is_call(made) ? ir_callee(k->f, made) : 0;
	if (call_begins(k->p, callee))
		k->out->records[record] = true;
	else if (is_foreign(k->p, callee))
		k->out->funcs[callee] = true;
}

/* `start(&x->handle)`, `start(done, x)`. */
static void given(struct keeper *k, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(k->f, in);
	bool sure = call_begins(k->p, callee), foreign = is_foreign(k->p, callee);
	for (uint32_t n = 0; (sure || foreign) && n < ir_nargs(in); n++) {
		ir_val v = ir_strip_casts(k->f, ir_arg(k->f, in, n));
		const struct ir_value *q = &k->f->vals[v];
		uint32_t record = record_at(k->f, v);
		if (foreign && (record || q->kind == IR_VAL_FUNC))
			k->out->funcs[callee] = true;
		if (foreign)
			continue;
		k->out->records[record] = k->out->records[k->of_val[v]] = true;
		if (q->kind == IR_VAL_PARAM && q->aux < k->f->nparams)
			k->out->records[k->f->params[q->aux].pointee] = true;
	}
}

static void look_at(struct keeper *k)
{
	const struct ir_func *f = k->f;
	k->of_val = mem_alloc(f->nvals * sizeof *k->of_val);
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_ADDR && f->instrs[i].record)
			k->of_val[ir_strip_casts(f, ir_operand(f, &f->instrs[i], 0))] = f->instrs[i].record;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (f->instrs[i].op == IR_STORE)
			stored(k, &f->instrs[i]);
		else if (ir_is_call(&f->instrs[i]))
			given(k, &f->instrs[i]);
	}
	mem_release(k->of_val);
}

void facts_keeping_find(struct facts_keeping *out, const struct program *p)
{
	struct keeper k = {.p = p, .out = out};
	out->records = mem_alloc(p->unit->nrecords + 1);
	out->funcs = mem_alloc(p->unit->nfuncs + 1);
	for (uint32_t n = 1; n < p->unit->nfuncs; n++) {
		k.f = &p->unit->funcs[n];
		if (p->cfgs[n] && !p->unit->cplusplus)
			look_at(&k);
	}
	out->records[0] = false;
}

void facts_keeping_release(struct facts_keeping *k)
{
	mem_release(k->records);
	mem_release(k->funcs);
}
