/*
 * fields_left.c - a timer whose id lies in the object that its callback gets, and a function that stops it on
 * some ways and on another one ends the object without.
 */
#include "fields_paths.h"

#include <string.h>

/* The id of a timer that runs code of this unit with the object that the id is kept in. */
static bool is_own_timer(struct fields *x, const struct field_event *own)
{
	const struct api_role *r = own->role;
	const struct api_family *family = r ? apimodel_family(x->p->api, r->family) : NULL;
	const struct api_role *made = own->model ? api_role_of(own->model, API_ROLE_CREATE) : NULL;
	const struct ir_func *f = &x->u->funcs[own->func];
	if (!family && made)
		family = apimodel_family(x->p->api, made->family);
	if (!r || r->kind != API_ROLE_SPAWN || !family || !family->timer || !fields_entry(x, own))
		return false;
	ir_val data = scan_path(f, &f->instrs[own->made], &r->data);
	return data && fields_root(x, own->func, data, NULL) == own->object;
}

/* The call ends an object of the type: by itself, or in a function that does not look at the field. */
static bool ends_object(const struct paths *p, ir_instr i, uint32_t *end)
{
	const struct ir_instruction *in = &p->f->instrs[i];
	struct fields *x = p->x;
	uint32_t callee = ir_is_call(in) ? ir_callee(p->f, in) : 0;
	const struct api_role *r = callee ? api_role_of(x->p->described[callee], API_ROLE_DESTROY) : NULL;
	if (!callee)
		return false;
	*end = r ? p->func : callee;
	if (r)
		return r->handle.base == API_PATH_ARG &&
		       ends_value_is(x, p->func, ir_arg(p->f, in, r->handle.arg), p->key.record);
	for (uint32_t k = 0; k < x->ends->all.len; k++) {
		const struct type_end *e = &x->ends->all.data[k];
		if (e->func == callee && e->record == p->key.record && e->kind <= END_FREES &&
		    !p->settling[callee])
			return true;
	}
	return false;
}

static const struct field_event *released_in(const struct fields *x, struct field_key key, uint32_t func)
{
	uint32_t n;
	const struct field_event *all = fields_events(x, key, &n);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].act == FIELD_RELEASE && all[i].func == func)
			return &all[i];
	return NULL;
}

static bool cancels(const struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (api_role_of(scan_model(x->s, f, &f->instrs[i]), API_ROLE_CANCEL))
			return true;
	return false;
}

/* The function tells a cancelled operation from others, and the timer cancels it: where it was, the timer is
 * over. */
static bool tells_cancelled(const struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct api_func *d = scan_model(x->s, f, &f->instrs[i]);
		for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));)
			if (strcmp(r->means, "cancelled") == 0 && r->only.given &&
			    scan_test(f, &f->instrs[i], &r->only) == TRI_TRUE)
				return true;
	}
	return false;
}

static bool left_in(struct fields *x, const struct field_event *own, uint32_t func, struct field_left *out)
{
	struct paths p = {.x = x, .func = func, .f = &x->u->funcs[func], .key = own->key};
	bool found = false;
	ir_instr unused;
	paths_mark(&p, 0);
	for (ir_instr i = 1; i < p.f->ninstrs && !found; i++) {
		uint32_t end = 0;
		if (!ends_object(&p, i, &end))
			continue;
		p.todo.len = 0;
		found = paths_to(&p, i, API_NEVER, &unused) && !paths_guarded(&p, i);
		out->end = (struct field_site){func, i};
		out->ender = end;
	}
	paths_release(&p);
	return found;
}

bool fields_left_running(struct fields *x, const struct field_event *own, struct field_left *out)
{
	if (own->doubtful || !is_own_timer(x, own))
		return false;
	uint32_t entry = fields_entry(x, own);
	bool *runs = mem_alloc(x->u->nfuncs), found = false;
	ends_reach(x->p, entry, runs);
	for (uint32_t func = 1; func < x->u->nfuncs && !found; func++) {
		const struct field_event *release = x->p->cfgs[func] && !runs[func] && func != own->func
		                                            ? released_in(x, own->key, func)
		                                            : NULL;
		if (!release || (cancels(x, entry) && tells_cancelled(x, func)))
			continue;
		found = left_in(x, own, func, out);
		out->release = (struct field_site){release->func, release->at};
	}
	mem_release(runs);
	out->store = (struct field_site){own->func, own->at};
	out->field = ir_field_name(x->u, own->key.record, own->key.offset);
	out->starter = x->u->funcs[own->callee].display;
	out->model = own->model;
	return found;
}
