/* The call graph: who calls whom, directly, through tables, and through APIs that run a callback. */
#include "graph.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct call_at { /* a direct call */
	uint32_t callee, caller;
	ir_instr site;
};
struct connect {
	struct program *p;
	struct pointers *ptrs;
	VEC(struct call_at) calls; /* by callee: of functions that the unit defines */
	VEC(struct call_edge) edges;
};

static int edge_order(const void *a, const void *b)
{
	const struct call_edge *x = a, *y = b;
	if (x->callee != y->callee)
		return x->callee < y->callee ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->runs != y->runs)
		return x->runs < y->runs ? -1 : 1;
	return (x->data_arg > y->data_arg) - (x->data_arg < y->data_arg);
}

/* Sorts the edges of one call from `from` on, and drops the second of two with equal callee and kind. */
static void edges_settle(struct connect *c, uint32_t from)
{
	uint32_t kept = from;
	if (c->edges.len - from < 2)
		return;
	qsort(c->edges.data + from, c->edges.len - from, sizeof *c->edges.data, edge_order);
	for (uint32_t i = from; i < c->edges.len; i++) {
		const struct call_edge *e = &c->edges.data[i], *last = &c->edges.data[kept ? kept - 1 : 0];
		if (kept > from && e->callee == last->callee && e->kind == last->kind)
			continue;
		c->edges.data[kept++] = *e;
	}
	c->edges.len = kept;
}

static bool has_target(const struct targets *t, uint32_t func)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->funcs[i] == func)
			return true;
	return false;
}

/* A method that calls the field which holds it calls its parent's method (GObject: parent_class->dispose),
 * whatever the stores of this unit say. */
static bool calls_parent(const struct ir_func *f, ir_val callee, const struct targets *t, uint32_t caller)
{
	const struct ir_instruction *i = ir_def(f, ir_strip_casts(f, callee));
	return i && i->op == IR_LOAD && has_target(t, caller);
}

/* How far behind the beginning of an object's table the function stands that is loaded there. */
static int64_t slot_of(const struct ir_func *f, ir_val callee)
{
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, callee));
	const struct ir_instruction *at =
	        load && load->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0))) : NULL;
	return at && at->op == IR_ADDR ? at->imm : 0;
}

static void connect_virtual(struct connect *c, uint32_t caller, ir_instr site)
{
	const struct ir_unit *u = c->p->unit;
	const struct ir_instruction *in = &u->funcs[caller].instrs[site];
	int64_t slot = slot_of(&u->funcs[caller], ir_operand(&u->funcs[caller], in, 0));
	struct targets t = {0};
	for (uint32_t v = 0; v < u->nvtables; v++) {
		const struct ir_global *g = &u->globals[u->vtables[v].global];
		for (uint32_t k = 0; u->vtables[v].of == in->scale && k < g->nslots; k++)
			if (g->slots[k].offset == u->vtables[v].offset + slot && c->p->cfgs[g->slots[k].func])
				targets_add(&t, g->slots[k].func);
	}
	for (uint32_t i = 0; i < t.n; i++)
		vec_push(&c->edges,
		         (struct call_edge){
		                 .caller = caller, .callee = t.funcs[i], .site = site, .kind = CALL_VIRTUAL});
}

static void connect_indirect(struct connect *c, uint32_t caller, ir_instr site)
{
	const struct ir_func *f = &c->p->unit->funcs[caller];
	if (f->instrs[site].scale) {
		connect_virtual(c, caller, site);
		return;
	}
	ir_val callee = ir_operand(f, &f->instrs[site], 0);
	struct targets t = {0};
	pointers_resolve(c->ptrs, f, callee, &t);
	if (t.unknown || calls_parent(f, callee, &t, caller))
		return;
	for (uint32_t i = 0; i < t.n; i++)
		vec_push(&c->edges,
		         (struct call_edge){
		                 .caller = caller, .callee = t.funcs[i], .site = site, .kind = CALL_TABLE});
}

/* What runs when `arg` is called: a function, a variable that holds one, or an object with a call operator.
 */
static void callable_targets(const struct connect *c, const struct ir_func *f, ir_val arg, uint32_t record,
                             struct targets *out)
{
	if (record && c->p->unit->records[record].call)
		targets_add(out, c->p->unit->records[record].call);
	else if (!pointers_held(c->ptrs, f, arg, out))
		pointers_resolve(c->ptrs, f, arg, out);
}

/* The functions a model's path names at this call. */
static void entry_targets(const struct connect *c, const struct ir_func *f, const struct ir_instruction *call,
                          uint32_t callee, const struct api_path *path, struct targets *out)
{
	if (path->base != API_PATH_ARG || path->arg >= ir_nargs(call)) {
		out->unknown = true;
		return;
	}
	const struct ir_func *to = &c->p->unit->funcs[callee];
	ir_val arg = ir_arg(f, call, path->arg);
	uint32_t record = path->arg < to->nparams ? to->params[path->arg].pointee : 0;
	if (!path->deref)
		callable_targets(c, f, arg, record, out);
	else if (path->field)
		pointers_field(c->ptrs, f, arg, record, path->field, out);
	else
		out->unknown = true;
}

/* ---- entries that a function of the unit gets from its callers ---- */

enum { MAX_LEVELS = 3 };

static int call_order(const void *a, const void *b)
{
	const struct call_at *x = a, *y = b;
	if (x->callee != y->callee)
		return x->callee < y->callee ? -1 : 1;
	if (x->caller != y->caller)
		return x->caller < y->caller ? -1 : 1;
	return (x->site > y->site) - (x->site < y->site);
}

static void collect_calls(struct connect *c)
{
	const struct ir_unit *u = c->p->unit;
	for (uint32_t f = 1; f < u->nfuncs; f++)
		for (PROGRAM_EACH_CALL(c->p, f, call))
			if (c->p->cfgs[f] && call->callee && c->p->cfgs[call->callee])
				vec_push(&c->calls, (struct call_at){call->callee, f, call->at});
	if (c->calls.len)
		qsort(c->calls.data, c->calls.len, sizeof *c->calls.data, call_order);
}

static uint32_t first_call_of(const struct connect *c, uint32_t callee)
{
	uint32_t low = 0, high = c->calls.len;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (c->calls.data[mid].callee < callee)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What the callers of `func` give as that parameter, as far as it is functions. */
static void given_by_callers(const struct connect *c, uint32_t func, uint32_t param, unsigned depth,
                             struct targets *out)
{
	for (uint32_t k = first_call_of(c, func); k < c->calls.len && c->calls.data[k].callee == func; k++) {
		const struct ir_func *f = &c->p->unit->funcs[c->calls.data[k].caller];
		const struct ir_instruction *call = &f->instrs[c->calls.data[k].site];
		if (param >= ir_nargs(call))
			continue;
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, call, param))];
		if (v->kind == IR_VAL_FUNC)
			targets_add(out, v->aux);
		else if (v->kind == IR_VAL_PARAM && depth)
			given_by_callers(c, c->calls.data[k].caller, v->aux, depth - 1, out);
	}
}

/* A wrapper: the entry is its parameter. */
static void through_wrapper(const struct connect *c, uint32_t caller, const struct ir_instruction *call,
                            const struct api_path *path, struct targets *t)
{
	const struct ir_func *f = &c->p->unit->funcs[caller];
	if (path->base != API_PATH_ARG || path->deref || path->arg >= ir_nargs(call))
		return;
	const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, call, path->arg))];
	if (v->kind != IR_VAL_PARAM)
		return;
	*t = (struct targets){0};
	given_by_callers(c, caller, v->aux, MAX_LEVELS, t);
}

static void connect_role(struct connect *c, uint32_t caller, ir_instr site, uint32_t callee,
                         const struct api_role *role)
{
	const struct ir_func *f = &c->p->unit->funcs[caller];
	const struct ir_instruction *call = &f->instrs[site];
	struct targets t = {0};
	entry_targets(c, f, call, callee, &role->entry, &t);
	if (t.unknown)
		through_wrapper(c, caller, call, &role->entry, &t);
	bool plain = role->data.base == API_PATH_ARG && !role->data.deref && role->data.arg < ir_nargs(call);
	for (uint32_t i = 0; i < t.n && !t.unknown; i++)
		vec_push(&c->edges, (struct call_edge){.caller = caller,
		                                       .callee = t.funcs[i],
		                                       .site = site,
		                                       .kind = CALL_CALLBACK,
		                                       .runs = role->runs,
		                                       .data_arg = plain ? role->data.arg + 1u : 0});
}

static void connect_callbacks(struct connect *c, uint32_t caller, ir_instr site, uint32_t callee)
{
	static const enum api_role_kind kinds[] = {API_ROLE_SPAWN, API_ROLE_CONNECT};
	const struct api_func *api = c->p->described[callee];
	for (size_t k = 0; api && k < sizeof kinds / sizeof *kinds; k++)
		for (const struct api_role *r = NULL; (r = api_role_next(api, kinds[k], r));)
			connect_role(c, caller, site, callee, r);
}

static void connect_call(struct connect *c, uint32_t caller, ir_instr site)
{
	const struct ir_func *f = &c->p->unit->funcs[caller];
	uint32_t from = c->edges.len, callee = ir_callee(f, &f->instrs[site]);
	if (callee)
		vec_push(&c->edges,
		         (struct call_edge){
		                 .caller = caller, .callee = callee, .site = site, .kind = CALL_DIRECT});
	else
		connect_indirect(c, caller, site);
	for (uint32_t i = from, n = c->edges.len; i < n; i++)
		connect_callbacks(c, caller, site, c->edges.data[i].callee);
	edges_settle(c, from);
}

static void connect_func(struct connect *c, uint32_t f)
{
	const struct cfg *cfg = c->p->cfgs[f];
	for (PROGRAM_EACH_CALL(c->p, f, call))
		if (cfg && cfg_reachable(cfg, cfg->func->instrs[call->at].block))
			connect_call(c, f, call->at);
}

static void index_callees(struct program *p)
{
	uint32_t n = p->unit->nfuncs;
	p->in_edges = ARENA_ARRAY(p->arena, uint32_t, p->nedges);
	p->in_edges_of = ARENA_ARRAY(p->arena, uint32_t, n + 2);
	for (uint32_t i = 0; i < p->nedges; i++)
		p->in_edges_of[p->edges[i].callee + 2]++;
	for (uint32_t f = 2; f < n + 2; f++)
		p->in_edges_of[f] += p->in_edges_of[f - 1];
	for (uint32_t i = 0; i < p->nedges; i++)
		p->in_edges[p->in_edges_of[p->edges[i].callee + 1]++] = i;
}

void program_connect(struct program *p, struct arena *scratch)
{
	struct connect c = {.p = p, .ptrs = pointers_collect(scratch, p)};
	collect_calls(&c);
	p->edges_of = ARENA_ARRAY(p->arena, uint32_t, p->unit->nfuncs + 1);
	for (uint32_t f = 0; f < p->unit->nfuncs; f++) {
		p->edges_of[f] = c.edges.len;
		connect_func(&c, f);
	}
	p->nedges = p->edges_of[p->unit->nfuncs] = c.edges.len;
	p->edges = ARENA_ARRAY(p->arena, struct call_edge, p->nedges);
	if (p->nedges)
		memcpy(p->edges, c.edges.data, p->nedges * sizeof *p->edges);
	index_callees(p);
	vec_release(&c.edges);
	vec_release(&c.calls);
	pointers_release(c.ptrs);
}
