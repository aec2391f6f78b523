/* Building the tables of a unit, one after the other. */
#include "graph.h"
#include "map.h"
#include "mem.h"

#include <string.h>

/* A name describes a declaration, not a spelling: a function private to this file is no API, unless it says
 * so itself. */
static const struct api_func *describe(const struct ir_unit *u, const struct apimodel *api,
                                       const struct ir_func *f)
{
	bool private =
	        (f->flags & IR_FUNC_STATIC) && (f->flags & IR_FUNC_DEFINED) && !(f->flags & IR_FUNC_INLINE);
	if (!*f->name || (private && !f->nannotations))
		return NULL;
	/* C++ names are mangled, and libcs rename functions for other ABIs: large files, standards. */
	struct api_decl d = {.linkage = f->name, .name = f->plain, .nparams = f->nsource};
	d.is_template = f->flags & IR_FUNC_TEMPLATE;
	d.cplusplus = f->flags & IR_FUNC_CPLUSPLUS;
	d.holds_tokens = f->flags & IR_FUNC_HOLDS_TOKENS;
	return apimodel_find_decl(api, &d);
}

void program_describe(struct program *p, const bool *told)
{
	p->described = ARENA_ARRAY(p->arena, const struct api_func *, p->unit->nfuncs);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		p->described[f] = describe(p->unit, p->api, &p->unit->funcs[f]);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (!p->described[f] && !(told && told[f]))
			p->described[f] = shape_of(p->arena, p->api, &p->unit->funcs[f]);
}

static void build_cfgs(struct program *p, struct arena *scratch)
{
	p->cfgs = ARENA_ARRAY(p->arena, struct cfg *, p->unit->nfuncs);
	for (uint32_t f = 1; f < p->unit->nfuncs; f++) {
		const struct ir_func *func = &p->unit->funcs[f];
		if (!(func->flags & IR_FUNC_DEFINED) || (func->flags & IR_FUNC_SKIPPED) || func->nblocks < 2)
			continue;
		p->cfgs[f] = cfg_build(p->arena, scratch, func);
		arena_clear(scratch);
	}
}

struct program *program_build(const struct ir_unit *u, const struct apimodel *api, const bool *told)
{
	struct arena *keep = arena_new(), *scratch = arena_new();
	struct program *p = ARENA_NEW(keep, struct program);
	*p = (struct program){.arena = keep, .unit = u, .api = api};
	program_describe(p, told);
	build_cfgs(p, scratch);
	program_connect(p, scratch);
	program_components(p, scratch);
	program_gate(p, told, scratch);
	arena_free(scratch);
#ifndef NDEBUG
	const char *wrong = program_verify(p);
	if (wrong)
		BUG(wrong);
#endif
	return p;
}

void program_free(struct program *p)
{
	if (p)
		arena_free(p->arena);
}

/* ---- the gate: what can matter to any rule ---- */

struct gate {
	struct program *p;
	struct intmap tokens; /* address of an interned type -> is it a token? */
	const bool *told;     /* per function: another unit tells what it does; may be NULL */
	bool *globals;        /* per global: of token type, or a table that holds a described function */
};

static bool is_token(struct gate *g, const char *ctype)
{
	uint64_t known;
	if (!*ctype)
		return false;
	if (!intmap_get(&g->tokens, (uintptr_t)ctype, &known)) {
		known = apimodel_is_token_type(g->p->api, ctype);
		intmap_set(&g->tokens, (uintptr_t)ctype, known);
	}
	return known;
}

static bool global_matters(struct gate *g, const struct ir_global *global)
{
	for (uint32_t i = 0; i < global->nslots; i++)
		if (g->p->described[global->slots[i].func])
			return true;
	return is_token(g, global->ctype);
}

static bool value_matters(struct gate *g, const struct ir_value *v)
{
	if (v->kind == IR_VAL_FUNC && (g->p->described[v->aux] || (g->told && g->told[v->aux])))
		return true;
	if (v->kind == IR_VAL_GLOBAL && g->globals[v->aux])
		return true;
	return is_token(g, v->ctype);
}

static bool field_matters(struct gate *g, const struct ir_instruction *i)
{
	if (i->op != IR_ADDR || !i->record || i->imm < 0 || i->imm > UINT32_MAX)
		return false;
	const struct ir_field *f = ir_field_at(g->p->unit, i->record, (uint32_t)i->imm);
	return f && is_token(g, f->ctype);
}

static bool func_matters(struct gate *g, const struct ir_func *f)
{
	for (uint32_t i = 0; i < f->nparams; i++)
		if (is_token(g, f->params[i].ctype))
			return true;
	for (uint32_t v = 1; v < f->nvals; v++)
		if (value_matters(g, &f->vals[v]))
			return true;
	for (uint32_t i = 1; i < f->ninstrs; i++)
		if (field_matters(g, &f->instrs[i]))
			return true;
	return false;
}

static void gate_spread(struct program *p, uint32_t *work, uint32_t n)
{
	while (n) {
		uint32_t f = work[--n];
		for (uint32_t i = p->in_edges_of[f]; i < p->in_edges_of[f + 1]; i++) {
			uint32_t caller = p->edges[p->in_edges[i]].caller;
			if (p->relevant[caller])
				continue;
			p->relevant[caller] = true;
			work[n++] = caller;
		}
	}
}

void program_gate(struct program *p, const bool *told, struct arena *scratch)
{
	struct gate g = {.p = p, .told = told, .globals = ARENA_ARRAY(scratch, bool, p->unit->nglobals)};
	uint32_t *work = ARENA_ARRAY(scratch, uint32_t, p->unit->nfuncs), n = 0;
	p->relevant = ARENA_ARRAY(p->arena, bool, p->unit->nfuncs);
	for (uint32_t i = 1; i < p->unit->nglobals; i++) {
		g.globals[i] = global_matters(&g, &p->unit->globals[i]);
		p->any_relevant |= g.globals[i] && p->unit->globals[i].defined;
	}
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (p->cfgs[f] && func_matters(&g, &p->unit->funcs[f])) {
			p->relevant[f] = true;
			work[n++] = f;
		}
	p->any_relevant |= n > 0;
	gate_spread(p, work, n);
	intmap_release(&g.tokens);
}
