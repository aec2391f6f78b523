/*
 * layers.c - streams made of streams: is what a call reads from or writes to in memory, so that it waits for
 * nobody?
 */
#include "access.h"
#include "scan.h"

#include <string.h>

enum { BUDGET = 32 }; /* values looked at for one call */

struct layers {
	const struct solution *s;
	const char *wanted; /* the type that the call asks for */
	unsigned budget;
};

static enum tri in_memory(struct layers *l, uint32_t func, ir_val v);

/* What all of the values are; NULL says nothing. */
static enum tri join(struct layers *l, uint32_t func, ir_val v, enum tri all)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	enum tri one = all == TRI_FALSE || scan_null(f, v) ? all : in_memory(l, func, v);
	return one == TRI_TRUE ? all : one;
}

static enum tri merged(struct layers *l, uint32_t func, const struct ir_instruction *phi)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	enum tri all = TRI_TRUE;
	for (uint32_t k = phi->op == IR_SELECT; k < phi->noperands; k++)
		all = join(l, func, ir_operand(f, phi, k), all);
	return all;
}

static enum tri returned(struct layers *l, uint32_t func)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	enum tri all = TRI_TRUE;
	bool any = false;
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_RET && f->instrs[i].noperands) {
			all = join(l, func, ir_operand(f, &f->instrs[i], 0), all);
			any = true;
		}
	return any ? all : TRI_FALSE;
}

/* A class of the program's own, from a function that nothing is known of. */
static bool is_obscure(const struct layers *l, const struct ir_func *f, const struct ir_instruction *call)
{
	const char *type = f->vals[call->result].ctype;
	return ir_callee(f, call) && !scan_model(l->s, f, call) && type && *type && *l->wanted &&
	       strcmp(type, l->wanted) != 0;
}

static enum tri made(struct layers *l, uint32_t func, const struct ir_instruction *call)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	const struct api_role *r = api_role_of(scan_model(l->s, f, call), API_ROLE_LAYER);
	uint32_t callee = ir_callee(f, call);
	if (r)
		return r->from.base ? in_memory(l, func, scan_path(f, call, &r->from)) : TRI_TRUE;
	if (callee && !scan_model(l->s, f, call) && solve_has_body(l->s, callee))
		return returned(l, callee);
	return is_obscure(l, f, call) ? TRI_UNKNOWN : TRI_FALSE;
}

/* The call makes an object of that class of the program's own. */
static bool makes(const struct layers *l, const struct ir_func *f, const struct ir_instruction *in,
                  const char *type)
{
	const char *made = ir_is_call(in) && in->result ? f->vals[in->result].ctype : NULL;
	return made && strcmp(made, type) == 0 && ir_callee(f, in) && !scan_model(l->s, f, in) &&
	       !solve_has_body(l->s, ir_callee(f, in));
}

/* Objects of that class are only made on top of streams in memory: `g_object_new(MY_TYPE, "base-stream",
 * memory)`. */
static enum tri of_class(struct layers *l, const char *type)
{
	const struct program *p = l->s->program;
	enum tri all = TRI_FALSE;
	for (uint32_t g = 1; g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			bool on_top = false;
			if (!makes(l, f, in, type))
				continue;
			for (uint32_t k = 0; k < ir_nargs(in) && !on_top; k++)
				on_top = f->vals[ir_arg(f, in, k)].type == IR_TYPE_PTR &&
				         in_memory(l, g, ir_arg(f, in, k)) == TRI_TRUE;
			if (!on_top)
				return TRI_FALSE;
			all = TRI_TRUE;
		}
	}
	return all;
}

/* The class of the program's own that a parameter is of; NULL: none. */
static const char *own_class(const struct layers *l, const struct ir_func *f, const struct access *a)
{
	const char *type = a->root == ACCESS_PARAM && !a->depth ? f->params[a->id].ctype : NULL;
	return type && *type && *l->wanted && strcmp(type, l->wanted) != 0 && f->params[a->id].pointee ? type
	                                                                                               : NULL;
}

static enum tri in_memory(struct layers *l, uint32_t func, ir_val v)
{
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	struct access a = v && l->budget ? access_of(l->s, func, v) : (struct access){0};
	const struct ir_instruction *def = a.root == ACCESS_VALUE && !a.depth ? ir_def(f, a.id) : NULL;
	l->budget -= l->budget > 0;
	if (def && (def->op == IR_PHI || def->op == IR_SELECT))
		return merged(l, func, def);
	const char *type = own_class(l, f, &a);
	if (type)
		return of_class(l, type);
	return def && ir_is_call(def) ? made(l, func, def) : TRI_FALSE;
}

/* The stream that a role names at the call; unknown, when it is obscure. */
static enum tri advanced(const struct solution *s, uint32_t func, const struct ir_instruction *call,
                         const struct api_path *stream)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_func *callee = &s->program->unit->funcs[ir_callee(f, call)];
	if (stream->base != API_PATH_ARG || stream->deref || stream->arg >= callee->nparams)
		return TRI_FALSE;
	const char *wanted = callee->params[stream->arg].ctype;
	struct layers l = {s, wanted ? wanted : "", BUDGET};
	return in_memory(&l, func, ir_arg(f, call, stream->arg));
}

/* A call before has seen to it that the stream has in memory what is taken from it now. */
static bool filled_before(const struct solution *s, uint32_t func, ir_instr at, const struct api_path *stream)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *call = &f->instrs[at];
	if (stream->base != API_PATH_ARG || stream->deref || stream->arg >= ir_nargs(call) ||
	    api_role_of(scan_model(s, f, call), API_ROLE_LAYER))
		return false;
	struct access of = access_of(s, func, ir_arg(f, call, stream->arg));
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r = i != at ? api_role_of(scan_model(s, f, in), API_ROLE_LAYER) : NULL;
		if (!r || r->from.base || r->handle.base != API_PATH_ARG || r->handle.arg >= ir_nargs(in))
			continue;
		struct access a = access_of(s, func, ir_arg(f, in, r->handle.arg));
		bool before = in->block == call->block
		                      ? i < at
		                      : cfg_can_reach(s->program->cfgs[func], in->block, call->block);
		if (before && access_match(&a, &of, true) == ACCESS_SAME)
			return true;
	}
	return false;
}

enum tri scan_in_memory(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = scan_model(s, f, &f->instrs[i]);
	enum tri all = d && api_role_of(d, API_ROLE_ADVANCE) ? TRI_TRUE : TRI_FALSE;
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_ADVANCE, r));) {
		enum tri one = all == TRI_FALSE ? all
		               : filled_before(s, func, i, &r->handle)
		                       ? TRI_TRUE
		                       : advanced(s, func, &f->instrs[i], &r->handle);
		all = one == TRI_TRUE ? all : one;
	}
	return all;
}
