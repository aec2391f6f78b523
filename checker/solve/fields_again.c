/*
 * fields_again.c - what a type's end calls may start anew what it has ended: a timer that is armed again
 * before the object goes.
 */
#include "fields.h"

#include <string.h>

struct again {
	struct fields *x;
	struct field_key key;
	const struct field_event *events; /* of that field */
	uint32_t n;
	uint32_t end; /* the function that frees the object */
	const struct ir_func *f;
	bool *arms;     /* per function: the field gets something that runs, there or in what it calls */
	bool *releases; /* per function: it, or what it calls, releases the field */
	bool *stops;    /* per instruction of the end */
};

static bool starts_code(const struct field_event *e)
{
	return e->act == FIELD_OWN &&
	       (api_role_of(e->model, API_ROLE_SPAWN) || api_role_of(e->model, API_ROLE_CONNECT));
}

/* The functions that arm it without a condition that asks the object, and who calls them. */
static void find_arming(struct again *a)
{
	const struct program *p = a->x->p;
	for (uint32_t i = 0; i < a->n; i++) {
		uint32_t func = a->events[i].func;
		if (a->events[i].act == FIELD_RELEASE)
			ends_reach_back(p, func, a->releases);
		if (!starts_code(&a->events[i]) || fields_guarded(a->x, &a->events[i]))
			continue;
		a->arms[func] = true;
		for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
			if (p->edges[p->in_edges[k]].kind == CALL_DIRECT)
				a->arms[p->edges[p->in_edges[k]].caller] = true;
	}
}

static bool frees_object(const struct again *a, ir_instr i, uint32_t record)
{
	const struct ir_instruction *in = &a->f->instrs[i];
	const struct api_role *r =
	        ir_is_call(in) ? api_role_of(a->x->p->described[ir_callee(a->f, in)], API_ROLE_DESTROY)
	                       : NULL;
	ir_val v = r ? scan_path(a->f, in, &r->handle) : 0;
	return v && ends_value_is(a->x, a->end, v, record);
}

/* A call with the object that may arm it, and does not release it, too. */
static bool may_arm(const struct again *a, ir_instr i)
{
	const struct ir_instruction *in = &a->f->instrs[i];
	uint32_t callee = ir_is_call(in) ? ir_callee(a->f, in) : 0;
	if (!callee || callee == a->end || !a->arms[callee] || a->releases[callee])
		return false;
	for (uint32_t n = 0; n < ir_nargs(in); n++)
		if (ends_value_is(a->x, a->end, ir_arg(a->f, in, n), a->key.record))
			return true;
	return false;
}

static void mark_releases(struct again *a)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (a->events[i].func == a->end &&
		    (a->events[i].act == FIELD_RELEASE || a->events[i].act == FIELD_ESCAPE))
			a->stops[a->events[i].at] = true;
	for (ir_instr i = 1; i < a->f->ninstrs; i++)
		if (ir_is_call(&a->f->instrs[i]) && a->releases[ir_callee(a->f, &a->f->instrs[i])])
			a->stops[i] = true;
}

/* Is the object freed on a path from behind `from`, and the field not released before? */
static bool freed_behind(const struct again *a, ir_instr from, uint32_t record)
{
	VEC(ir_block) todo = {0};
	bool found = false, *seen = mem_alloc(a->f->nblocks);
	ir_instr i = from + 1;
	ir_block b = a->f->instrs[from].block;
	for (uint32_t next = 0;; i = a->f->blocks[b].first) {
		ir_instr end = a->f->blocks[b].first + a->f->blocks[b].count;
		while (i < end && !a->stops[i] && !frees_object(a, i, record))
			i++;
		found = i < end && !a->stops[i];
		const struct ir_instruction *term = &a->f->instrs[end - 1];
		for (uint32_t n = 0; i == end && n < term->nsuccs; n++)
			if (!seen[ir_succ(a->f, term, n)]) {
				seen[ir_succ(a->f, term, n)] = true;
				vec_push(&todo, ir_succ(a->f, term, n));
			}
		if (found || next == todo.len)
			break;
		b = todo.data[next++];
	}
	vec_release(&todo);
	mem_release(seen);
	return found;
}

static ir_instr armed_in(struct again *a, uint32_t record)
{
	ir_instr found = 0;
	a->stops = mem_alloc(a->f->ninstrs);
	mark_releases(a);
	for (ir_instr i = 1; i < a->f->ninstrs && !found; i++)
		if (may_arm(a, i) && freed_behind(a, i, record))
			found = i;
	mem_release(a->stops);
	return found;
}

bool fields_armed_again(struct fields *x, struct field_key key, struct field_site *end_call)
{
	struct again a = {.x = x, .key = key};
	bool found = false;
	a.events = fields_events(x, key, &a.n);
	a.arms = mem_alloc(x->u->nfuncs);
	a.releases = mem_alloc(x->u->nfuncs);
	find_arming(&a);
	for (uint32_t i = 0; i < x->ends->all.len && !found; i++) {
		const struct type_end *end = &x->ends->all.data[i];
		if (end->kind != END_FREES || !ends_concern(x, end->record, key.record) ||
		    !a.releases[end->func])
			continue;
		a.end = end->func;
		a.f = &x->u->funcs[end->func];
		ir_instr at = armed_in(&a, end->record);
		found = at != 0;
		*end_call = (struct field_site){end->func, at};
	}
	mem_release(a.arms);
	mem_release(a.releases);
	return found;
}
