/*
 * who.c - see who.h.
 */
#include "who.h"
#include "contained.h"
#include "scan.h"

#include "arena.h"
#include "mem.h"
#include "str.h"

#include <string.h>

#define MAX_CALLERS 3 /* levels of callers that a parameter is followed up through */
#define MAX_REACHED 400
#define PARAMETER ((int64_t)1 << 50)

static uint32_t add_place(struct handle_place p, struct handle_place *out, uint32_t n, uint32_t max)
{
	for (uint32_t i = 0; i < n; i++)
		if (same_place(out[i], p))
			return n;
	if (p.kind && n < max)
		out[n++] = p;
	return n;
}

/* What the value was got from, which then stands for it, or what it is a copy of; 0: neither. */
static ir_val got_from(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct use_index *x = scan_uses(s, func);
	const struct ir_instruction *def = ir_def(f, v);
	for (uint32_t k = x->first[v]; v && k <= x->first[v + 1]; k++) {
		const struct ir_instruction *in = k < x->first[v + 1] ? &f->instrs[x->uses[k].by] : def;
		const struct api_func *d =
		        in && ir_is_call(in) ? s->program->described[ir_callee(f, in)] : NULL;
		const struct api_role *r = api_role_of(d, API_ROLE_GET);
		r = r ? r : api_role_of(d, API_ROLE_ALIAS);
		if (r && ir_strip_casts(f, scan_path(f, in, &r->to)) == v)
			return scan_path(f, in, &r->from);
	}
	return 0;
}

static uint32_t places(const struct solution *s, uint32_t func, ir_val v, struct handle_place *out,
                       uint32_t n, uint32_t max, unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	v = ir_strip_casts(f, v);
	struct handle_place kept = v ? place_of_value(s, func, v) : (struct handle_place){0};
	if (!kept.kind && v)
		kept = place_of(s, func, v);
	n = add_place(kept, out, n, max);
	ir_val whole = depth ? got_from(s, func, v) : 0;
	if (whole)
		return places(s, func, whole, out, n, max, depth - 1);
	if (f->vals[v].kind != IR_VAL_PARAM || !depth)
		return n;
	n = add_place((struct handle_place){PLACE_LOCAL, func, f->vals[v].aux, PARAMETER}, out, n, max);
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *g = &p->unit->funcs[e->caller];
		if (e->kind != CALL_CALLBACK)
			n = places(s, e->caller, ir_arg(g, &g->instrs[e->site], f->vals[v].aux), out, n, max,
			           depth - 1);
	}
	return n;
}

uint32_t who_places(const struct solution *s, uint32_t func, ir_val v, struct handle_place *out, uint32_t max)
{
	return places(s, func, v, out, 0, max, MAX_CALLERS);
}

/* ---- registrations ---- */

typedef VEC(struct registration) registration_list;

static const struct api_role *role_of_edge(const struct api_func *d, const struct call_edge *e)
{
	static const enum api_role_kind kinds[] = {API_ROLE_CONNECT, API_ROLE_SPAWN};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, kinds[k], r));)
			if (r->runs == e->runs)
				return r;
	return NULL;
}

/* The object that a call makes out of this one, in its place; 0: it does not. */
static ir_val given_to(const struct solution *s, const struct ir_func *f, const struct ir_instruction *call,
                       ir_val v)
{
	const struct api_role *r = api_role_of(scan_model(s, f, call), API_ROLE_ALIAS);
	return r && ir_strip_casts(f, scan_path(f, call, &r->from)) == v ? scan_path(f, call, &r->to) : 0;
}

/* A wrapper puts it where its callers say. */
static void places_given(const struct solution *s, struct registration *r, uint32_t func, ir_val v,
                         unsigned depth)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	v = ir_strip_casts(f, v);
	r->nhandle = add_place(place_of(s, func, v), r->handle, r->nhandle, MAX_FROM);
	if (f->vals[v].kind != IR_VAL_PARAM || !depth)
		return;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *g = &p->unit->funcs[e->caller];
		if (e->kind == CALL_DIRECT)
			places_given(s, r, e->caller, ir_arg(g, &g->instrs[e->site], f->vals[v].aux),
			             depth - 1);
	}
}

static bool returns(const struct ir_func *f, ir_val v)
{
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_RET && ir_strip_casts(f, ir_operand(f, &f->instrs[i], 0)) == v)
			return true;
	return false;
}

/* A wrapper returns it, and its callers put it somewhere. */
static void places_returned(const struct solution *s, struct registration *r, uint32_t func, ir_val v,
                            unsigned depth)
{
	const struct program *p = s->program;
	if (!v || !depth || !returns(&p->unit->funcs[func], v))
		return;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		ir_val result = p->unit->funcs[e->caller].instrs[e->site].result;
		if (e->kind != CALL_DIRECT || !result)
			continue;
		r->nhandle = add_place(place_of_value(s, e->caller, result), r->handle, r->nhandle, MAX_FROM);
		places_returned(s, r, e->caller, result, depth - 1);
	}
}

/* Where it stands first, and where the object is moved to from there. */
static void find_handles(const struct solution *s, struct registration *r, const struct ir_instruction *in,
                         const struct api_path *path)
{
	const struct ir_func *f = &s->program->unit->funcs[r->func];
	const struct use_index *x = scan_uses(s, r->func);
	ir_val v = path->base == API_PATH_ARG      ? ir_strip_casts(f, ir_arg(f, in, path->arg))
	           : path->base == API_PATH_RETURN ? in->result
	                                           : 0;
	bool object = path->base == API_PATH_RETURN && ir_returned(f, in) != in->result;
	v = object ? ir_returned(f, in) : v;
	r->nhandle = add_place(object ? place_of(s, r->func, v) : place_of_path(s, r->func, in, path),
	                       r->handle, 0, MAX_FROM);
	if (path->deref)
		places_given(s, r, r->func, v, MAX_CALLERS);
	else if (path->base == API_PATH_RETURN && !object)
		places_returned(s, r, r->func, v, MAX_CALLERS);
	for (uint32_t k = x->first[v]; v && k < x->first[v + 1]; k++) {
		const struct ir_instruction *by = &f->instrs[x->uses[k].by];
		struct handle_place moved = {0};
		if (by->op == IR_COPY && x->uses[k].operand == 1)
			moved = place_of(s, r->func, ir_operand(f, by, 0));
		else if (ir_is_call(by))
			moved = place_of(s, r->func, given_to(s, f, by, v));
		else if (by->op == IR_PHI)
			moved = place_of_value(s, r->func, by->result);
		r->nhandle = add_place(moved, r->handle, r->nhandle, MAX_FROM);
	}
	struct containers in_them = v ? contained_later(s, r->func, v) : (struct containers){0};
	for (uint32_t k = 0; k < in_them.n; k++)
		r->nhandle = add_place(in_them.at[k], r->handle, r->nhandle, MAX_HANDLES);
}

static void add(const struct solution *s, registration_list *list, const struct call_edge *e)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[e->caller];
	const struct ir_instruction *in = &f->instrs[e->site];
	struct registration r = {.func = e->caller,
	                         .at = e->site,
	                         .model = p->described[ir_callee(f, in)],
	                         .entry = e->callee,
	                         .data_arg = e->data_arg};
	r.role = role_of_edge(r.model, e);
	if (!r.role)
		return;
	find_handles(s, &r, in, r.role->kind == API_ROLE_SPAWN ? &r.role->handle : &r.role->id);
	if (r.role->kind == API_ROLE_CONNECT && r.role->from.base == API_PATH_ARG)
		r.nfrom = who_places(s, e->caller, ir_arg(f, in, r.role->from.arg), r.from, MAX_FROM);
	vec_push(list, r);
}

struct registrations who_registered(const struct solution *cs)
{
	struct solution *s = (struct solution *)cs;
	if (!s->registered) {
		registration_list list = {0};
		for (uint32_t e = 0; e < s->program->nedges; e++)
			if (s->program->edges[e].kind == CALL_CALLBACK)
				add(s, &list, &s->program->edges[e]);
		s->registered = ARENA_ARRAY(s->arena, struct registration, list.len + 1);
		s->nregistered = list.len;
		if (list.len)
			memcpy(s->registered, list.data, list.len * sizeof *list.data);
		vec_release(&list);
	}
	return (struct registrations){s->registered, s->nregistered};
}

/* ---- constants that callers give ---- */

/* The value, when the callee's parameters are what the call gives. */
static bool value_given(const struct ir_func *g, ir_val v, const struct ir_func *f,
                        const struct ir_instruction *call, unsigned depth, int64_t *out)
{
	int64_t a, b;
	v = ir_strip_casts(g, v);
	const struct ir_instruction *in = ir_def(g, v);
	if (g->vals[v].kind == IR_VAL_PARAM)
		return scan_int(f, ir_arg(f, call, g->vals[v].aux), out) ||
		       (scan_null(f, ir_arg(f, call, g->vals[v].aux)) && ((*out = 0), true));
	if (scan_int(g, v, out) || (scan_null(g, v) && ((*out = 0), true)))
		return true;
	if (!in || in->op != IR_ICMP || depth > 3 ||
	    !value_given(g, ir_operand(g, in, 0), f, call, depth + 1, &a) ||
	    !value_given(g, ir_operand(g, in, 1), f, call, depth + 1, &b))
		return false;
	*out = ir_compare(in->sub, a, b);
	return true;
}

bool who_possible(const struct solution *s, uint32_t caller, ir_instr call, uint32_t callee, ir_instr at)
{
	const struct ir_func *f = &s->program->unit->funcs[caller], *g = &s->program->unit->funcs[callee];
	const struct cfg *cfg = s->program->cfgs[callee];
	ir_block b = g->instrs[at].block;
	int64_t truth;
	for (ir_block d = cfg_idom(cfg, b); d; d = cfg_idom(cfg, d)) {
		const struct ir_instruction *t = ir_terminator(g, d);
		if (t->op != IR_CONDBR ||
		    !value_given(g, ir_operand(g, t, 0), f, &f->instrs[call], 0, &truth))
			continue;
		ir_block other = ir_succ(g, t, truth ? 1 : 0), taken = ir_succ(g, t, truth ? 0 : 1);
		if (other != taken && cfg_dominates(cfg, other, b) && cfg->npreds[other] == 1)
			return false;
	}
	return true;
}

bool who_comes_to(const struct solution *s, const struct reach *r, uint32_t index, ir_instr at)
{
	const struct reached *one = &r->all[index];
	const struct call_edge *e = NULL;
	uint32_t caller = r->all[one->before].func;
	for (uint32_t k = s->program->edges_of[caller]; index && k < s->program->edges_of[caller + 1]; k++)
		if (s->program->edges[k].site == one->site && s->program->edges[k].callee == one->func)
			e = &s->program->edges[k];
	return !e || e->kind == CALL_CALLBACK || who_possible(s, caller, one->site, one->func, at);
}

/* ---- reaching ---- */

static bool on_this_thread(const struct call_edge *e)
{
	return e->kind != CALL_CALLBACK || e->runs == API_RUNS_INLINE;
}

struct reach who_reaches(const struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	struct reach r = {ARENA_ARRAY(s->arena, struct reached, MAX_REACHED), 0};
	bool *seen = mem_alloc(p->unit->nfuncs);
	r.all[r.n++] = (struct reached){.func = func};
	seen[func] = true;
	for (uint32_t i = 0; i < r.n; i++) {
		uint32_t g = r.all[i].func;
		for (uint32_t e = p->edges_of[g]; p->cfgs[g] && e < p->edges_of[g + 1]; e++) {
			const struct call_edge *edge = &p->edges[e];
			if (!on_this_thread(edge) || seen[edge->callee] || r.n == MAX_REACHED ||
			    !who_comes_to(s, &r, i, edge->site))
				continue;
			seen[edge->callee] = true;
			r.all[r.n++] = (struct reached){edge->callee, i, edge->site};
		}
	}
	mem_release(seen);
	return r;
}

bool who_reach_has(const struct solution *s, const struct reach *r, enum api_role_kind kind)
{
	for (uint32_t k = 0; k < r->n; k++) {
		const struct ir_func *f = &s->program->unit->funcs[r->all[k].func];
		for (ir_instr i = 1; i < f->ninstrs; i++)
			if (ir_is_call(&f->instrs[i]) && api_role_of(scan_model(s, f, &f->instrs[i]), kind))
				return true;
	}
	return false;
}

const char *who_chain(const struct solution *s, const struct reach *r, uint32_t index)
{
	return who_chain_on(s, r, index, s->program->unit->funcs[r->all[index].func].display);
}

const char *who_chain_on(const struct solution *s, const struct reach *r, uint32_t index, const char *chain)
{
	const char *text = chain;
	while (index) {
		index = r->all[index].before;
		text = arena_printf(s->arena, "%s -> %s", s->program->unit->funcs[r->all[index].func].display,
		                    text);
	}
	return text;
}
