/*
 * kept.c - structs that keep a token although the functions on them are given one with each call.
 */
#include "scan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MAX_STEPS 8 /* from a field to the object it is reached from */

static bool is_pointer_to_token(const struct solution *s, const char *ctype)
{
	return strchr(ctype, '*') && program_is_token(s->program, ctype);
}

/* ---- what a struct is for ---- */

/* "struct http_request", "ReadData": made for one operation, as its name says. */
static bool is_of_one_operation(const char *name)
{
	static const char *const words[] = {"request", "req",  "operation", "op",   "closure", "call",
	                                    "job",     "task", "data",      "args", "params",  "query",
	                                    "work",    "item", "msg",       "iter", "result",  "context"};
	size_t n = strlen(name);
	while (n > 1 && (name[n - 1] == '_' || (name[n - 1] == 't' && name[n - 2] == '_')))
		n--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t w = strlen(words[i]);
		if (n < w || strncasecmp(name + n - w, words[i], w) != 0)
			continue;
		if (n == w || name[n - w - 1] == '_' || isupper((unsigned char)name[n - w]))
			return true;
	}
	return false;
}

/* ---- stores ---- */

/* The parameter that an address is reached from; 0: none, else 1 + index. */
static uint32_t reached_from(const struct ir_func *f, ir_val v)
{
	for (unsigned n = 0; n < MAX_STEPS; n++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		if (f->vals[v].kind == IR_VAL_PARAM)
			return f->vals[v].aux + 1;
		if (!in || (in->op != IR_ADDR && in->op != IR_LOAD))
			return 0;
		v = ir_operand(f, in, 0);
	}
	return 0;
}

/* The object that an address is a part of: what its last pointer points to. */
static ir_val object_of(const struct ir_func *f, ir_val v)
{
	for (const struct ir_instruction *in; (in = ir_def(f, ir_strip_casts(f, v))) && in->op == IR_ADDR;)
		v = ir_operand(f, in, 0);
	return ir_strip_casts(f, v);
}

static bool returns(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		if (by->op == IR_RET || ((by->op == IR_PHI || by->op == IR_CAST) && by->result > v &&
		                         returns(s, func, by->result)))
			return true;
	}
	return false;
}

/* The token comes from the caller: a parameter, a reference to one, or a field of one. */
static bool comes_from_caller(const struct solution *s, const struct ir_func *f, ir_val v)
{
	ir_val w = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, w);
	if (in && ir_is_call(in)) {
		const struct api_func *d = s->program->described[ir_callee(f, in)];
		const struct api_role *r = api_role_of(d, API_ROLE_REF);
		if (!r)
			r = api_role_of(d, API_ROLE_ALIAS);
		const struct api_path *from = r && r->kind == API_ROLE_REF ? &r->handle : r ? &r->from : NULL;
		return from && from->base == API_PATH_ARG &&
		       comes_from_caller(s, f, ir_arg(f, in, from->arg));
	}
	uint32_t param = reached_from(f, w);
	if (!param)
		return false;
	return f->vals[w].kind == IR_VAL_PARAM ? is_pointer_to_token(s, f->params[param - 1].ctype)
	                                       : in && in->op == IR_LOAD;
}

static bool keeps_token(const struct solution *s, uint32_t func, ir_instr i, struct kept_token *out)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct ir_instruction *at =
	        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1))) : NULL;
	const struct ir_field *field =
	        at && at->op == IR_ADDR && at->record ? ir_field_at(u, at->record, (uint32_t)at->imm) : NULL;
	if (!field || !is_pointer_to_token(s, field->ctype) || !comes_from_caller(s, f, ir_operand(f, in, 0)))
		return false;
	ir_val object = object_of(f, ir_operand(f, in, 1));
	uint32_t param = reached_from(f, object);
	const struct ir_instruction *made = ir_def(f, object);
	bool local = made && (made->op == IR_ALLOCA || (ir_is_call(made) && !returns(s, func, object)));
	*out = (struct kept_token){.func = func,
	                           .store = i,
	                           .record = at->record,
	                           .owner = param ? f->params[param - 1].pointee : at->record,
	                           .offset = at->imm,
	                           .field = ir_field_name(u, at->record, (uint32_t)at->imm)};
	return !local && !is_of_one_operation(u->records[at->record].name) &&
	       !is_of_one_operation(u->records[out->owner].name);
}

/* ---- for the time of a call only ---- */

/* A condition that is the same on every way. */
static bool is_fixed(const struct ir_func *f, ir_val v, unsigned depth, int64_t *out)
{
	const struct ir_instruction *in;
	int64_t a, b;
	if (scan_int(f, v, out))
		return true;
	in = ir_def(f, ir_strip_casts(f, v));
	if (!in || in->op != IR_ICMP || depth > 4 || !is_fixed(f, ir_operand(f, in, 0), depth + 1, &a) ||
	    !is_fixed(f, ir_operand(f, in, 1), depth + 1, &b))
		return false;
	*out = ir_compare((enum ir_pred)in->sub, a, b);
	return true;
}

/* Some condition on the way to the block never lets it through. */
static bool is_dead(const struct solution *s, uint32_t func, ir_block b)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_block at = b; cfg_idom(cfg, at); at = cfg_idom(cfg, at)) {
		const struct ir_basic_block *over = &f->blocks[cfg_idom(cfg, at)];
		const struct ir_instruction *end = &f->instrs[over->first + over->count - 1];
		int64_t value;
		if (end->op != IR_CONDBR || !is_fixed(f, ir_operand(f, end, 0), 0, &value))
			continue;
		ir_block taken = ir_succ(f, end, value ? 0 : 1), other = ir_succ(f, end, value ? 1 : 0);
		if (taken != other && cfg_dominates(cfg, other, b))
			return true;
	}
	return false;
}

/* The function takes the token back before it ends: it has lent it to what it calls in between. */
static bool is_lent(const struct solution *s, uint32_t func, const struct kept_token *k)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_instruction *at =
		        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1))) : NULL;
		if (!at || at->op != IR_ADDR || at->record != k->record || at->imm != k->offset ||
		    !scan_null(f, ir_operand(f, in, 0)))
			continue;
		ir_block from = f->instrs[k->store].block;
		bool behind = from == in->block ? i > k->store : cfg_can_reach(cfg, from, in->block);
		if (behind && !is_dead(s, func, in->block))
			return true;
	}
	return false;
}

/* ---- functions on the struct ---- */

static bool stores_there(const struct solution *s, uint32_t func, const struct kept_token *k)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		struct kept_token other;
		if (keeps_token(s, func, i, &other) && other.record == k->record && other.offset == k->offset)
			return true;
	}
	return false;
}

/* A handler gets the token that it is connected to from whoever runs it. */
static bool is_run_as_callback(const struct program *p, uint32_t func)
{
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind == CALL_CALLBACK)
			return true;
	return false;
}

static uint32_t takes_one_per_call(const struct solution *s, const struct kept_token *k)
{
	const struct ir_unit *u = s->program->unit;
	for (uint32_t func = 1; func < u->nfuncs; func++) {
		const struct ir_func *f = &u->funcs[func];
		bool object = false, token = false;
		for (uint32_t i = 0; i < f->nparams; i++) {
			uint32_t to = f->params[i].pointee;
			object |= to && (to == k->record || to == k->owner);
			token |= is_pointer_to_token(s, f->params[i].ctype);
		}
		if (object && token && strcmp(f->display, u->funcs[k->func].display) != 0 &&
		    !is_run_as_callback(s->program, func) && !stores_there(s, func, k))
			return func;
	}
	return 0;
}

/* The object makes tokens for this field itself, too. */
static bool makes_its_own(const struct solution *s, const struct kept_token *k)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		for (ir_instr i = 1; p->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct ir_instruction *at =
			        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1)))
			                           : NULL;
			if (!at || at->op != IR_ADDR || at->record != k->record || at->imm != k->offset)
				continue;
			const struct ir_instruction *by = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
			if (by && ir_is_call(by) && scan_makes_token(p->described[ir_callee(f, by)]))
				return true;
		}
	}
	return false;
}

static bool told_before(const struct solution *s, const struct kept_token *k)
{
	for (uint32_t func = 1; func < k->func; func++)
		if (stores_there(s, func, k))
			return true;
	const struct ir_func *f = &s->program->unit->funcs[k->func];
	for (ir_instr i = 1; i < k->store; i++) {
		struct kept_token other;
		if (f->instrs[i].op == IR_STORE && keeps_token(s, k->func, i, &other) &&
		    other.record == k->record && other.offset == k->offset)
			return true;
	}
	return false;
}

bool solve_next_kept_token(const struct solution *s, struct kept_token *k)
{
	const struct program *p = s->program;
	uint32_t func = k->func;
	ir_instr i = k->store;
	for (; func < p->unit->nfuncs; func++, i = 0) {
		const struct ir_func *f = &p->unit->funcs[func];
		while (p->cfgs[func] && ++i < f->ninstrs) {
			if (f->instrs[i].op != IR_STORE || !keeps_token(s, func, i, k) || told_before(s, k) ||
			    makes_its_own(s, k) || is_lent(s, func, k))
				continue;
			k->per_call = takes_one_per_call(s, k);
			if (k->per_call)
				return true;
		}
	}
	return false;
}
