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

static uint32_t count_calls(const struct ir_unit *u)
{
	uint32_t n = 0;
	for (uint32_t f = 1; f < u->nfuncs; f++)
		for (ir_instr i = 1; i < u->funcs[f].ninstrs; i++)
			n += ir_is_call(&u->funcs[f].instrs[i]);
	return n;
}

static void list_calls(struct program *p, uint32_t func, uint32_t *n)
{
	const struct ir_func *f = &p->unit->funcs[func];
	p->calls_of[func] = *n;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!ir_is_call(&f->instrs[i]))
			continue;
		uint32_t callee = ir_callee(f, &f->instrs[i]);
		p->calls[(*n)++] = (struct call_site){i, callee};
		if (p->described[callee])
			api_kinds_unite(&p->called_kinds[func], &p->described[callee]->kinds);
	}
}

static uint32_t first_token(const struct program *p, const struct ir_func *f)
{
	for (uint32_t k = 0; k < f->nparams; k++)
		if (program_is_token(p, f->params[k].ctype))
			return k + 1;
	return 0;
}

void program_list_calls(struct program *p)
{
	const struct ir_unit *u = p->unit;
	uint32_t n = 0;
	p->calls = ARENA_ARRAY(p->arena, struct call_site, count_calls(u) + 1);
	p->calls_of = ARENA_ARRAY(p->arena, uint32_t, u->nfuncs + 1);
	p->called_kinds = ARENA_ARRAY(p->arena, struct api_kinds, u->nfuncs);
	p->token_param = ARENA_ARRAY(p->arena, uint32_t, u->nfuncs);
	for (uint32_t f = 1; f < u->nfuncs; f++) {
		if (p->described[f])
			api_kinds_unite(&p->kinds, &p->described[f]->kinds);
		p->token_param[f] = first_token(p, &u->funcs[f]);
		list_calls(p, f, &n);
	}
	p->calls_of[u->nfuncs] = n;
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
	*p = (struct program){.arena = keep, .unit = u, .api = api, .tokens = ARENA_NEW(keep, struct intmap)};
	program_describe(p, told);
	program_list_calls(p);
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
	if (!p)
		return;
	intmap_release(p->tokens);
	arena_free(p->arena);
}

/* Texts are interned: the address stands for the text. */
bool program_is_token(const struct program *p, const char *ctype)
{
	uint64_t known;
	if (!*ctype)
		return false;
	if (!intmap_get(p->tokens, (uintptr_t)ctype, &known)) {
		known = apimodel_is_token_type(p->api, ctype);
		intmap_set(p->tokens, (uintptr_t)ctype, known);
	}
	return known;
}

/* ---- the gate: what can matter to any rule ---- */

struct gate {
	struct program *p;
	const bool *told; /* per function: another unit tells what it does; may be NULL */
	bool *globals;    /* per global: of token type, or a table that holds a described function */
};

static bool global_matters(struct gate *g, const struct ir_global *global)
{
	for (uint32_t i = 0; i < global->nslots; i++)
		if (g->p->described[global->slots[i].func])
			return true;
	return program_is_token(g->p, global->ctype);
}

static bool value_matters(struct gate *g, const struct ir_value *v)
{
	if (v->kind == IR_VAL_FUNC && (g->p->described[v->aux] || (g->told && g->told[v->aux])))
		return true;
	if (v->kind == IR_VAL_GLOBAL && g->globals[v->aux])
		return true;
	return program_is_token(g->p, v->ctype);
}

static bool field_matters(struct gate *g, const struct ir_instruction *i)
{
	if (i->op != IR_ADDR || !i->record || i->imm < 0 || i->imm > UINT32_MAX)
		return false;
	const struct ir_field *f = ir_field_at(g->p->unit, i->record, (uint32_t)i->imm);
	return f && program_is_token(g->p, f->ctype);
}

static bool func_matters(struct gate *g, const struct ir_func *f)
{
	if (g->p->token_param[f - g->p->unit->funcs])
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
}
