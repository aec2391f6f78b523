/*
 * callback.c - what a call that registers a callback gives it, and for how long that lives.
 */
#include "scan.h"

#include "sim.h"

static ir_val base_of(const struct ir_func *f, ir_val v)
{
	for (unsigned depth = 0; depth < 32; depth++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		if (!in || in->op != IR_ADDR)
			break;
		v = ir_operand(f, in, 0);
	}
	return v;
}

/* What the program never lets go: static storage, and what only a pointer in it names. */
static bool is_static(const struct ir_func *f, ir_val v)
{
	v = base_of(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	uint8_t kind = f->vals[v].kind;
	if (in && in->op == IR_LOAD)
		return f->vals[base_of(f, ir_operand(f, in, 0))].kind == IR_VAL_GLOBAL;
	return kind == IR_VAL_GLOBAL || kind == IR_VAL_FUNC || kind == IR_VAL_STRING;
}

static bool made_for_it(const struct solution *s, const struct ir_func *f, const struct ir_instruction *call)
{
	const struct api_func *d = s->program->described[ir_callee(f, call)];
	return api_role_of(d, API_ROLE_REF) || api_role_of(d, API_ROLE_MAKE) ||
	       api_role_of(d, API_ROLE_CREATE);
}

static enum data_life life_of(const struct solution *s, const struct ir_func *f, ir_val v, unsigned depth)
{
	ir_val base = base_of(f, v);
	const struct ir_instruction *in = ir_def(f, base);
	enum data_life life = DATA_OBJECT;
	if (!v || f->vals[base].kind == IR_VAL_INT || f->vals[base].kind == IR_VAL_NULL)
		return DATA_NONE;
	if (is_static(f, base))
		return DATA_STATIC;
	if (in && in->op == IR_ALLOCA)
		return DATA_LOCAL;
	if (in && ir_is_call(in))
		return made_for_it(s, f, in) ? DATA_OWNED : DATA_OBJECT;
	if (in && in->op == IR_PHI && depth < 4) {
		life = DATA_NONE;
		for (uint32_t k = 0; k < in->noperands; k++) {
			enum data_life one = life_of(s, f, ir_operand(f, in, k), depth + 1);
			life = one > life ? one : life;
		}
	}
	return life;
}

/* Does the callback, on some path, end the data it gets? Or let others have it whenever it is not to run
 * again? */
static bool ends_data(const struct solution *s, uint32_t entry, enum api_cond ends)
{
	const struct summary *sum = &s->funcs[entry].summary;
	int data = (int)scan_entry_data(s, entry) - 1;
	for (uint32_t i = 0; sum->known && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		bool of_data = e->place.param == data && e->place.depth == 0;
		bool passes = e->kind == EFFECT_KEEP && ends != API_ALWAYS && e->when == ends;
		if (of_data && (e->kind == EFFECT_RELEASE || passes))
			return true;
	}
	return false;
}

/* The callback calls what it gets as data: code, which nothing frees. */
static bool calls_data(const struct solution *s, uint32_t entry)
{
	const struct ir_func *g = &s->program->unit->funcs[entry];
	uint32_t data = scan_entry_data(s, entry);
	ir_val v = data ? g->params[data - 1].val : 0;
	const struct use_index *x = v ? scan_uses(s, entry) : NULL;
	for (uint32_t k = x ? x->first[v] : 0; x && k < x->first[v + 1]; k++)
		if (ir_is_call(&g->instrs[x->uses[k].by]) && x->uses[k].operand == 0)
			return true;
	return false;
}

static const struct api_role *callback_role(const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_CONNECT);
	return r ? r : api_role_of(d, API_ROLE_SPAWN);
}

/* The owner of a handler dies with what is made here, or is part of the object that the callback gets. */
static bool same_owner(const struct solution *s, const struct ir_func *f, ir_val from, ir_val data)
{
	from = ir_strip_casts(f, from);
	const struct ir_instruction *in = ir_def(f, from);
	if (in && ir_is_call(in))
		return api_role_of(s->program->described[ir_callee(f, in)], API_ROLE_CREATE);
	if (!in || in->op != IR_LOAD)
		return false;
	ir_val a = base_of(f, ir_operand(f, in, 0)), b = base_of(f, data);
	return a == b && f->vals[a].kind != IR_VAL_GLOBAL;
}

/* All that it returns are zeros in the code. */
static bool returns_zeros(const struct ir_func *g)
{
	for (ir_block b = 1; b < g->nblocks; b++) {
		const struct ir_instruction *ret = ir_terminator(g, b);
		int64_t n;
		if (ret->op == IR_RET && ret->noperands &&
		    !(scan_int(g, ir_operand(g, ret, 0), &n) && n == 0))
			return false;
	}
	return true;
}

struct callback_facts solve_callback(const struct solution *s, uint32_t func, ir_instr call)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	const struct api_func *d = ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
	const struct api_role *r = callback_role(d);
	struct callback_facts c = {.role = r};
	if (!r)
		return c;
	ir_val entry = ir_strip_casts(f, scan_path(f, in, &r->entry));
	c.entry = f->vals[entry].kind == IR_VAL_FUNC && s->program->cfgs[f->vals[entry].aux]
	                  ? f->vals[entry].aux
	                  : 0;
	c.data = scan_path(f, in, &r->data);
	c.life = life_of(s, f, c.data, 0);
	if (c.life == DATA_OBJECT && c.entry && calls_data(s, c.entry))
		c.life = DATA_STATIC;
	if (c.life > DATA_STATIC && r->bound)
		c.life = DATA_OWNED;
	ir_val destroy = scan_path(f, in, &r->destroy);
	if (c.life > DATA_STATIC &&
	    ((destroy && !scan_null(f, destroy)) || (c.entry && ends_data(s, c.entry, r->ends))))
		c.life = DATA_OWNED;
	c.from = scan_path(f, in, &r->from);
	c.owner_goes_first = c.from && same_owner(s, f, c.from, c.data);
	const struct summary *sum = c.entry ? &s->funcs[c.entry].summary : NULL;
	enum api_cond ends = r->kind == API_ROLE_SPAWN ? r->ends : API_NEVER;
	bool simulated = sum && sum->known;
	bool always_zero = sum && (simulated ? sum->returns.lo == 0 && sum->returns.hi == 0
	                                     : returns_zeros(&s->program->unit->funcs[c.entry]));
	bool declared = f->vals[entry].kind == IR_VAL_FUNC;
	c.may_repeat = ends != API_ALWAYS && !(ends == API_ZERO && always_zero);
	/* Most of those that are not seen do. */
	c.repeats = ends == API_ZERO && (sum || declared) && c.may_repeat;
	return c;
}

bool solve_may_be_let_go(const struct solution *s, const struct incident *in)
{
	struct callback_facts c = solve_callback(s, in->func, in->site);
	bool weak = in->family && in->family->weak;
	if (!c.role)
		return false;
	if (!weak && c.role->kind != API_ROLE_CONNECT)
		return false;
	return c.owner_goes_first || (c.life != DATA_LOCAL && c.life != DATA_OBJECT);
}
