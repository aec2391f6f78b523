/*
 * unending.c - what looks like a limit and is none: tokens that nobody ends, callbacks that never say stop.
 */
#include "unending.h"
#include "scan.h"

#include "arena.h"

#include <string.h>

#define MAX_DEPTH 4

/* ---- tokens ---- */

static bool ends_or_asks(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
	return in->op == IR_ICMP || api_role_of(d, API_ROLE_RELEASE) || api_role_of(d, API_ROLE_CANCEL);
}

/* The variable is filled by the call at `made`, and what is in it goes nowhere but to the end of it. */
static bool only_ended(const struct solution *s, uint32_t func, ir_val variable,
                       const struct ir_instruction *made)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[variable]; k < x->first[variable + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[x->uses[k].by];
		bool cleared =
		        in->op == IR_STORE && x->uses[k].operand == 1 && scan_null(f, ir_operand(f, in, 0));
		if (in == made || cleared || scan_is_marker(s, f, in))
			continue;
		if (in->op != IR_LOAD)
			return false;
		for (uint32_t n = x->first[in->result]; n < x->first[in->result + 1]; n++)
			if (!ends_or_asks(s, f, &f->instrs[x->uses[n].by]))
				return false;
	}
	return true;
}

/* Only this function could end the child that the call makes, and it waits meanwhile. */
static bool own_child(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                      const struct api_func *d)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *c = api_role_of(d, API_ROLE_CREATE);
	if (!c || c->handle.base != API_PATH_ARG || !c->handle.deref || c->handle.field)
		return false;
	ir_val at = ir_strip_casts(f, ir_arg(f, in, c->handle.arg));
	const struct ir_instruction *var = ir_def(f, at);
	return var && var->op == IR_ALLOCA && only_ended(s, func, at, in);
}

static bool never_done(const struct solution *s, uint32_t func, ir_val v, unsigned depth);

/* With a value, detached, or a child without a limit. */
static bool made_of_root(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                         const struct api_func *d, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t k = 0; k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		bool same = r->kind == API_ROLE_VALUE || r->kind == API_ROLE_DETACH;
		bool child = r->kind == API_ROLE_DERIVE && !r->deadline.base && own_child(s, func, in, d);
		if ((same || child) && never_done(s, func, scan_path(f, in, &r->from), depth + 1))
			return true;
	}
	return false;
}

static bool never_done(const struct solution *s, uint32_t func, ir_val v, unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *def = ir_def(f, ir_strip_casts(f, v));
	const struct api_func *d = def ? scan_model(s, f, def) : NULL;
	if (scan_is_root(s, f, v))
		return true;
	if (!def || !ir_is_call(def) || depth >= MAX_DEPTH)
		return false;
	if (d)
		return made_of_root(s, func, def, d, depth);
	uint32_t callee = ir_callee(f, def);
	const struct cfg *cfg = callee ? s->program->cfgs[callee] : NULL;
	const struct ir_instruction *last =
	        cfg && cfg->nrpo == 1 ? ir_terminator(cfg->func, cfg->rpo[0]) : NULL;
	return last && last->op == IR_RET && last->noperands &&
	       never_done(s, callee, ir_operand(cfg->func, last, 0), depth + 1);
}

bool unending_token(const struct solution *s, uint32_t func, ir_val v)
{
	return never_done(s, func, v, 0);
}

/* ---- a choice ---- */

/* Another overload of what is called waits no longer than it is told. */
static bool is_limited_overload(const struct solution *s, uint32_t called, uint32_t other)
{
	const struct program *p = s->program;
	const struct api_role *r = api_role_of(p->described[other], API_ROLE_BLOCK);
	return r && r->timeout.base && other != called &&
	       strcmp(p->unit->funcs[called].display, p->unit->funcs[other].display) == 0;
}

bool unending_on_purpose(const struct solution *s, uint32_t func, uint32_t called, const char *limited_form)
{
	const struct program *p = s->program;
	for (uint32_t k = p->edges_of[func]; *limited_form && k < p->edges_of[func + 1]; k++)
		if (strcmp(p->unit->funcs[p->edges[k].callee].name, limited_form) == 0 ||
		    is_limited_overload(s, called, p->edges[k].callee))
			return true;
	return false;
}

/* ---- calls that wait with such a token ---- */

static bool is_alone(const struct solution *s, uint32_t func, ir_val v)
{
	uint32_t n = 1;
	if (!v || !unending_token(s, func, v))
		return false;
	scan_scope_tokens(s, func, &n);
	return n == 0;
}

static ir_val token_given(const struct ir_func *f, const struct api_role *block,
                          const struct ir_instruction *in)
{
	bool waits = block && block->token.base == API_PATH_ARG && !block->token.deref &&
	             block->waits == API_WAITS_NETWORK && !block->timeout.base;
	return waits ? ir_arg(f, in, block->token.arg) : 0;
}

bool unending_wait(const struct solution *s, uint32_t func, const struct api_role *block,
                   const struct ir_instruction *in)
{
	return is_alone(s, func, token_given(&s->program->unit->funcs[func], block, in));
}

/* The only use of the parameter: it is given to a call that waits, once. */
static const struct api_role *only_waits(const struct solution *s, uint32_t func, uint32_t param,
                                         uint32_t *callee)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *cfg = s->program->cfgs[func];
	ir_val v = cfg && param < f->nparams ? f->params[param].val : 0;
	const struct use_index *x = v ? scan_uses(s, func) : NULL;
	if (!v || x->first[v + 1] != x->first[v] + 1 || s->program->described[func])
		return NULL;
	const struct ir_instruction *in = &f->instrs[x->uses[x->first[v]].by];
	const struct api_role *block =
	        ir_is_call(in) ? api_role_of(scan_model(s, f, in), API_ROLE_BLOCK) : NULL;
	*callee = block ? ir_callee(f, in) : 0;
	return !cfg->loop_of[in->block] && token_given(f, block, in) == v ? block : NULL;
}

const struct api_role *unending_through(const struct solution *s, uint32_t func, ir_instr at, uint32_t arg,
                                        const char **chain)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[func];
	uint32_t wrapper = ir_callee(f, &f->instrs[at]), callee;
	const struct api_role *block = only_waits(s, wrapper, arg, &callee);
	if (!block || !is_alone(s, func, ir_arg(f, &f->instrs[at], arg)))
		return NULL;
	*chain = arena_printf(s->arena, "%s -> %s", u->funcs[wrapper].display, u->funcs[callee].display);
	return block;
}

/* ---- callbacks ---- */

bool unending_callback(const struct solution *s, const struct ir_func *f, ir_val v)
{
	const struct ir_value *q = v ? &f->vals[ir_strip_casts(f, v)] : NULL;
	const struct cfg *cfg = q && q->kind == IR_VAL_FUNC ? s->program->cfgs[q->aux] : NULL;
	bool any = false;
	for (uint32_t n = 0; cfg && n < cfg->nrpo; n++) {
		const struct ir_instruction *in = ir_terminator(cfg->func, cfg->rpo[n]);
		int64_t k;
		if (in->op != IR_RET || !in->noperands)
			continue;
		if (!scan_int(cfg->func, ir_operand(cfg->func, in, 0), &k) || k)
			return false;
		any = true;
	}
	return any;
}

/* ---- flags ---- */

/* The function asks for records of this kind with the bits in that field, or leaves it open. */
static bool may_ask_for(const struct ir_func *f, const struct ir_instruction *field, int64_t bits)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_instruction *at =
		        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1))) : NULL;
		int64_t k;
		if (at && at->op == IR_ADDR && at->record == field->record && at->imm == field->imm &&
		    (!scan_int(f, ir_operand(f, in, 0), &k) || (k & bits) == bits))
			return true;
	}
	return false;
}

bool unending_flags(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                    const struct api_test *only)
{
	if (!only->given || only->equals || only->begins)
		return false;
	ir_val v = ir_strip_casts(f, ir_arg(f, in, only->arg));
	const struct ir_instruction *load = ir_def(f, v);
	const struct ir_instruction *at =
	        load && load->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0))) : NULL;
	return at && at->op == IR_ADDR && at->record && !s->program->unit->records[at->record].local &&
	       !may_ask_for(f, at, only->bits);
}
