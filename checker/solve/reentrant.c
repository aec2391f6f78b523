/*
 * reentrant.c - calls that must not be made from the kind of code that reaches them: in a handler, what waits
 * for handlers; in work, what waits for that work, or for other work that waits for it.
 */
#include "access.h"
#include "far.h"
#include "scan.h"
#include "told.h"
#include "who.h"

#include "mem.h"

#include <string.h>

#define MAX_PLACES 4

struct looker {
	const struct solution *s;
	void (*each)(void *ctx, const struct reentrant *r);
	void *ctx;
	struct told told, told_far; /* by function and call; by line and column */
	bool *forbidden, *waits; /* per function: it calls what is forbidden somewhere; what waits for work */
};

static void tell(struct looker *l, const struct reentrant *r)
{
	if (told_first(&l->told, r->func, r->at))
		l->each(l->ctx, r);
}

/* ---- calls that a model forbids ---- */

static bool makes_family(const struct api_func *d, const char *family)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_CREATE, r));)
		if (r->family && strcmp(r->family, family) == 0)
			return true;
	return false;
}

/* The value is one of a type that stands for tokens, as its variable, field or maker says. */
static bool is_token(const struct solution *s, const struct ir_func *f, ir_val v)
{
	const struct program *p = s->program;
	for (unsigned n = 0; v && n < 8; n++) {
		const struct ir_instruction *in = ir_def(f, v);
		const struct ir_instruction *at =
		        in && in->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0))) : NULL;
		const struct ir_field *field = at && at->op == IR_ADDR && at->record
		                                       ? ir_field_at(p->unit, at->record, (uint32_t)at->imm)
		                                       : NULL;
		const char *type = field                  ? field->ctype
		                   : in && ir_is_call(in) ? p->unit->funcs[ir_callee(f, in)].ret_ctype
		                                          : f->vals[v].ctype;
		if (type && program_is_token(p, type))
			return true;
		const struct api_role *alias =
		        in && ir_is_call(in) ? api_role_of(p->described[ir_callee(f, in)], API_ROLE_ALIAS)
		                             : NULL;
		v = alias                     ? scan_path(f, in, &alias->from)
		    : in && in->op == IR_CAST ? ir_operand(f, in, 0)
		                              : 0;
	}
	return false;
}

/* A handler of that signal of a token. */
static bool is_for_signal(const struct solution *s, const struct registration *r, const char *signal)
{
	const struct ir_func *f = &s->program->unit->funcs[r->func];
	const struct ir_instruction *in = &f->instrs[r->at];
	if (!r->role->value.base || !r->role->from.base)
		return false;
	const struct ir_value *name = &f->vals[ir_strip_casts(f, scan_path(f, in, &r->role->value))];
	return name->kind == IR_VAL_STRING && strcmp(name->str, signal) == 0 &&
	       is_token(s, f, scan_path(f, in, &r->role->from));
}

static bool is_kind(const struct solution *s, const struct registration *r, const struct api_role *no)
{
	if (no->runs && no->runs != r->role->runs)
		return false;
	bool family = no->family && *no->family;
	if (!family && !*no->name)
		return true;
	return (family && makes_family(r->model, no->family)) || (*no->name && is_for_signal(s, r, no->name));
}

static bool all_kept(const struct handle_place *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i].kind == PLACE_LOCAL)
			return false;
	return n > 0;
}

/* What is at these places is no object that the handler is connected to, for sure. */
static bool other_places(const struct registration *r, const struct handle_place *at, uint32_t n)
{
	if (!all_kept(at, n) || !all_kept(r->from, r->nfrom))
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < r->nfrom; k++)
			if (same_place(at[i], r->from[k]))
				return false;
	return true;
}

static bool another_object(const struct solution *s, const struct registration *r, uint32_t func,
                           const struct ir_instruction *in, const struct api_role *no)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct handle_place at[MAX_PLACES];
	ir_val v = no->handle.base ? scan_path(f, in, &no->handle) : 0;
	return other_places(r, at, v ? who_places(s, func, v, at, MAX_PLACES) : 0);
}

/* The address of where the handler's id is kept. */
static bool is_id(const struct solution *s, const struct registration *r, uint32_t func, ir_val v)
{
	struct handle_place at = place_of(s, func, v);
	for (uint32_t k = 0; k < r->nhandle; k++)
		if ((at.kind == PLACE_FIELD || at.kind == PLACE_GLOBAL) && same_place(at, r->handle[k]))
			return true;
	return false;
}

/* The handler's first step on the way to the function at that index. */
static ir_instr first_step(const struct reach *way, uint32_t index)
{
	ir_instr site = 0;
	for (; index; index = way->all[index].before)
		site = way->all[index].site;
	return site;
}

/* Before that step the handler empties its id, or has it emptied: who disconnects only what has an id does
 * nothing then. */
static bool forgets_its_id(const struct solution *s, const struct registration *r, ir_instr step)
{
	const struct ir_func *f = &s->program->unit->funcs[r->entry];
	const struct cfg *g = s->program->cfgs[r->entry];
	int64_t none;
	for (ir_instr i = 1; step && g && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		ir_block b = in->block, to = f->instrs[step].block;
		if (!cfg_reachable(g, b) || !(b == to ? i < step : cfg_can_reach(g, b, to)))
			continue;
		if (in->op == IR_STORE && scan_int(f, ir_operand(f, in, 0), &none) && !none &&
		    is_id(s, r, r->entry, ir_operand(f, in, 1)))
			return true;
		for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++)
			if (is_id(s, r, r->entry, ir_arg(f, in, k)))
				return true;
	}
	return false;
}

static void look_at_call(struct looker *l, const struct registration *r, const struct reach *way,
                         uint32_t index, ir_instr i)
{
	uint32_t func = way->all[index].func;
	const struct ir_func *f = &l->s->program->unit->funcs[func];
	const struct api_func *d = l->s->program->described[ir_callee(f, &f->instrs[i])];
	if (!api_role_of(d, API_ROLE_FORBIDDEN) || forgets_its_id(l->s, r, first_step(way, index)))
		return;
	for (const struct api_role *no = NULL; d && (no = api_role_next(d, API_ROLE_FORBIDDEN, no));)
		if (is_kind(l->s, r, no) && !another_object(l->s, r, func, &f->instrs[i], no))
			tell(l, &(struct reentrant){.func = func,
			                            .at = i,
			                            .model = d,
			                            .entry = r->entry,
			                            .starter = r->func,
			                            .started = r->at,
			                            .chain = index ? who_chain(l->s, way, index) : NULL});
}

/* ---- in other units ---- */

static bool forbids(const struct solution *s, const struct registration *r, const struct far_call *c)
{
	for (const struct api_role *no = NULL; (no = api_role_next(c->model, API_ROLE_FORBIDDEN, no));)
		if (is_kind(s, r, no) && c->arg == no->handle.arg)
			return true;
	return false;
}

/* A function of another unit that is reached, or the handler itself is one. */
static void look_at_far(struct looker *l, const struct registration *r, const struct reach *way,
                        uint32_t index)
{
	const struct solution *s = l->s;
	uint32_t callee = way->all[index].func, caller = way->all[way->all[index].before].func;
	struct far_calls far;
	struct handle_place at[MAX_PLACES];
	if (!far_imported(s, callee, &far) || (index && forgets_its_id(s, r, first_step(way, index))))
		return;
	for (uint32_t k = 0; k < far.n; k++) {
		const struct far_call *c = &far.all[k];
		uint32_t n = index ? far_places(s, caller, way->all[index].site, c, at, MAX_PLACES)
		                   : far_entry_places(s, r, c, at, MAX_PLACES);
		if (!forbids(s, r, c) || other_places(r, at, n) ||
		    !told_first(&l->told_far, c->where.line, c->where.col))
			continue;
		l->each(l->ctx, &(struct reentrant){.func = index ? caller : r->func,
		                                    .at = index ? way->all[index].site : r->at,
		                                    .model = c->model,
		                                    .entry = r->entry,
		                                    .starter = r->func,
		                                    .started = r->at,
		                                    .chain = who_chain_on(s, way, index, c->chain),
		                                    .far = c->where});
	}
}

static bool any_forbidden(const struct solution *s)
{
	for (uint32_t f = 1; f < s->program->unit->nfuncs; f++)
		if (api_role_of(s->program->described[f], API_ROLE_FORBIDDEN) ||
		    (s->imports && s->imports[f]))
			return true;
	return false;
}

static bool is_waiting(const struct api_func *d)
{
	return api_role_of(d, API_ROLE_JOIN) && api_role_of(d, API_ROLE_BLOCK);
}

static void find_callers(struct looker *l)
{
	const struct program *p = l->s->program;
	l->forbidden = mem_alloc(p->unit->nfuncs * sizeof *l->forbidden);
	l->waits = mem_alloc(p->unit->nfuncs * sizeof *l->waits);
	for (uint32_t k = 0; k < p->nedges; k++) {
		const struct api_func *d = p->described[p->edges[k].callee];
		l->forbidden[p->edges[k].caller] |= api_role_of(d, API_ROLE_FORBIDDEN) != NULL;
		l->waits[p->edges[k].caller] |= is_waiting(d);
	}
}

static void look_at_handler(struct looker *l, const struct registration *r)
{
	const struct program *p = l->s->program;
	struct reach way = who_reaches(l->s, r->entry);
	for (uint32_t k = 0; k < way.n; k++) {
		const struct ir_func *f = &p->unit->funcs[way.all[k].func];
		const struct cfg *cfg = p->cfgs[way.all[k].func];
		bool calls = cfg && l->forbidden[way.all[k].func];
		for (ir_instr i = 1; calls && i < f->ninstrs; i++)
			if (ir_is_call(&f->instrs[i]) && cfg_reachable(cfg, f->instrs[i].block) &&
			    who_comes_to(l->s, &way, k, i))
				look_at_call(l, r, &way, k, i);
		if (!cfg)
			look_at_far(l, r, &way, k);
	}
}

/* ---- work that waits for itself ---- */

struct wait { /* code that `entry` reaches waits for what `of` starts */
	const struct registration *by, *of;
	uint32_t func;
	ir_instr at;
	bool own_object; /* it belongs to what the entry itself was given */
	const char *chain;
};
typedef VEC(struct wait) wait_list;

static bool waits_for(const struct solution *s, uint32_t func, ir_instr i, const struct registration *of)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = s->program->described[ir_callee(f, &f->instrs[i])];
	if (!is_waiting(d))
		return false;
	struct handle_place at =
	        place_of_path(s, func, &f->instrs[i], &api_role_of(d, API_ROLE_JOIN)->handle);
	for (uint32_t k = 0; k < of->nhandle; k++)
		if (at.kind != PLACE_LOCAL && same_place(of->handle[k], at))
			return true;
	return false;
}

static bool is_own_object(const struct solution *s, const struct registration *by, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_role *join =
	        api_role_of(s->program->described[ir_callee(f, &f->instrs[i])], API_ROLE_JOIN);
	struct access a = access_of_path(s, func, &f->instrs[i], &join->handle);
	return a.root == ACCESS_GLOBAL ||
	       (func == by->entry && a.root == ACCESS_PARAM && a.id + 1 == scan_entry_data(s, func));
}

static void find_waits(const struct looker *l, struct registrations all, const struct registration *by,
                       wait_list *out)
{
	const struct solution *s = l->s;
	const struct program *p = s->program;
	struct reach way = who_reaches(s, by->entry);
	for (uint32_t k = 0; k < way.n; k++) {
		uint32_t func = way.all[k].func;
		const struct ir_func *f = &p->unit->funcs[func];
		bool waits = p->cfgs[func] && l->waits[func];
		for (ir_instr i = 1; waits && i < f->ninstrs; i++)
			for (uint32_t n = 0; ir_is_call(&f->instrs[i]) && n < all.n; n++)
				if (all.all[n].role->kind == API_ROLE_SPAWN &&
				    waits_for(s, func, i, &all.all[n]))
					vec_push(out, (struct wait){by, &all.all[n], func, i,
					                            is_own_object(s, by, func, i),
					                            k ? who_chain(s, &way, k) : NULL});
	}
}

static void compare(struct looker *l, const struct wait *a, const wait_list *waits)
{
	struct reentrant r = {.func = a->func,
	                      .at = a->at,
	                      .entry = a->by->entry,
	                      .starter = a->by->func,
	                      .started = a->by->at,
	                      .chain = a->chain,
	                      .unsure = !a->own_object};
	if (a->of->entry == a->by->entry && a->own_object) {
		r.waits_for_itself = true;
		tell(l, &r);
	}
	for (uint32_t i = 0; i < waits->len; i++) {
		const struct wait *b = &waits->data[i];
		if (a->of->entry == a->by->entry || b->by->entry != a->of->entry ||
		    b->of->entry != a->by->entry)
			continue;
		r.other = b->by->entry;
		r.other_func = b->func;
		r.other_at = b->at;
		r.unsure |= !b->own_object;
		tell(l, &r);
		return;
	}
}

static bool is_work(const struct registration *r)
{
	return r->role->kind == API_ROLE_SPAWN && r->nhandle && r->role->runs != API_RUNS_INLINE;
}

void solve_reentrant(const struct solution *s, void (*each)(void *ctx, const struct reentrant *r), void *ctx)
{
	struct looker l = {.s = s, .each = each, .ctx = ctx};
	struct registrations all = who_registered(s);
	wait_list waits = {0};
	bool forbidden = any_forbidden(s);
	find_callers(&l);
	for (uint32_t k = 0; k < all.n; k++) {
		if (forbidden)
			look_at_handler(&l, &all.all[k]);
		if (is_work(&all.all[k]))
			find_waits(&l, all, &all.all[k], &waits);
	}
	for (uint32_t k = 0; k < waits.len; k++)
		compare(&l, &waits.data[k], &waits);
	mem_release(l.forbidden);
	mem_release(l.waits);
	vec_release(&waits);
	vec_release(&l.told.all);
	vec_release(&l.told_far.all);
}
