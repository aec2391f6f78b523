/*
 * sibling_token.c - a member of a class calls the form of a function that takes no token, where another
 * member gives the other form of it the token that lies in their object.
 */
#include "place.h"
#include "propagate.h"
#include "scan.h"
#include "sim.h"

#include <string.h>

/* 1 + the token parameter that is all that `with` has more than `plain`; 0: it is no such overload. */
static uint32_t extra_token(const struct solution *s, uint32_t plain, uint32_t with)
{
	const struct ir_func *a = &s->program->unit->funcs[plain], *b = &s->program->unit->funcs[with];
	uint32_t token = 0;
	if (plain == with || !*a->plain || strcmp(a->plain, b->plain) != 0 || b->nsource != a->nsource + 1 ||
	    b->nsource > b->nparams || a->nsource > a->nparams)
		return 0;
	for (uint32_t k = 0; k < b->nsource; k++) {
		bool is_token = program_is_token(s->program, b->params[k].ctype);
		if (is_token && token)
			return 0;
		if (is_token)
			token = k + 1;
		else if ((!token && k == a->nsource) ||
		         strcmp(b->params[k].ctype, a->params[k - (token != 0)].ctype) != 0)
			return 0;
	}
	return token;
}

/* The address is that of a field of the object that the function is a member of, or of a part of it. */
static bool is_own_field(const struct solution *s, uint32_t func, ir_val at, struct handle_place *place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
	while (in && in->op == IR_ADDR && in->record && scan_of_library(s->program->unit, in->record))
		in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
	if (!in || in->op != IR_ADDR || !in->record || (in->flags & IR_F_VARIABLE))
		return false;
	const struct ir_value *object = &f->vals[ir_strip_casts(f, ir_operand(f, in, 0))];
	*place = (struct handle_place){PLACE_FIELD, 0, in->record, in->imm};
	return object->kind == IR_VAL_PARAM && object->aux == 0 && f->params[0].pointee == in->record;
}

/* A copy of what lies in such a field is what a local variable holds. */
static bool copied_from_field(const struct solution *s, uint32_t func, ir_val local,
                              struct handle_place *place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[local]; k < x->first[local + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		const struct ir_instruction *load =
		        by->op == IR_STORE && x->uses[k].operand == 1
		                ? ir_def(f, ir_strip_casts(f, ir_operand(f, by, 0)))
		                : NULL;
		ir_val from = load && load->op == IR_LOAD                    ? ir_operand(f, load, 0)
		              : by->op == IR_COPY && x->uses[k].operand == 0 ? ir_operand(f, by, 1)
		              : ir_is_call(by) && x->uses[k].operand == 1 && ir_nargs(by) == 2
		                      ? ir_arg(f, by, 1)
		                      : 0;
		if (from && is_own_field(s, func, from, place))
			return true;
	}
	return false;
}

/* The token that a call is given lies in a field of the object: its value, its address, or a copy. */
static bool from_own_field(const struct solution *s, uint32_t func, ir_val v, struct handle_place *place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, v = ir_strip_casts(f, v));
	if (in && in->op == IR_ALLOCA)
		return copied_from_field(s, func, v, place);
	return is_own_field(s, func, in && in->op == IR_LOAD ? ir_operand(f, in, 0) : v, place);
}

/* Another member gives the overload the token in their object. */
static bool find_sibling(const struct solution *s, uint32_t func, uint32_t with, uint32_t token,
                         struct sibling_token *out)
{
	const struct program *p = s->program;
	for (uint32_t k = p->in_edges_of[with]; k < p->in_edges_of[with + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *g = &p->unit->funcs[e->caller];
		struct handle_place place;
		if (e->kind != CALL_DIRECT || e->caller == func || token >= ir_nargs(&g->instrs[e->site]) ||
		    !from_own_field(s, e->caller, ir_arg(g, &g->instrs[e->site], token), &place) ||
		    place.id != p->unit->funcs[func].params[0].pointee)
			continue;
		out->other = e->caller;
		out->other_call = e->site;
		out->field = ir_field_name(p->unit, place.id, (uint32_t)place.offset);
		return true;
	}
	return false;
}

static void look_at(const struct solution *s, uint32_t func, ir_instr call,
                    void (*each)(void *, const struct sibling_token *), void *ctx)
{
	const struct program *p = s->program;
	uint32_t callee = ir_callee(&p->unit->funcs[func], &p->unit->funcs[func].instrs[call]);
	struct sibling_token t = {.func = func, .call = call};
	if (!callee || p->described[callee] || propagate_cleans_up(s, func, call, callee))
		return;
	for (uint32_t with = 1; with < p->unit->nfuncs; with++) {
		uint32_t token = extra_token(s, callee, with);
		if (!token || with == func || !find_sibling(s, func, with, token - 1, &t))
			continue;
		each(ctx, &t);
		return;
	}
}

static bool has_token(const struct solution *s, uint32_t record)
{
	const struct ir_record *r = &s->program->unit->records[record];
	for (uint32_t k = 0; k < r->nfields; k++)
		if (program_is_token(s->program, r->fields[k].ctype))
			return true;
	return false;
}

/* It is a member of a class with a token, and not one that makes, ends or stops an object. */
static bool is_plain_member(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return s->program->cfgs[func] && !(f->flags & IR_FUNC_SYSTEM) && f->nparams && f->params[0].pointee &&
	       strcmp(f->params[0].name, "this") == 0 && has_token(s, f->params[0].pointee) &&
	       !scan_is_constructor(f) && !propagate_is_cleanup(s, func);
}

void solve_sibling_tokens(const struct solution *s, void (*each)(void *ctx, const struct sibling_token *t),
                          void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; p->unit->cplusplus && func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		uint32_t n = 0;
		if (!is_plain_member(s, func))
			continue;
		scan_scope_tokens(s, func, &n);
		for (ir_instr i = 1; !n && i < f->ninstrs; i++)
			if (ir_is_call(&f->instrs[i]) && cfg_reachable(p->cfgs[func], f->instrs[i].block))
				look_at(s, func, i, each, ctx);
	}
}
