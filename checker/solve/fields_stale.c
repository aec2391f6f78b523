/* Ids of sources that are over: the code has ended by itself, and its id is still in a field. */
#include "fields_paths.h"

#include "scan.h"

uint32_t fields_entry(const struct fields *x, const struct field_event *own)
{
	const struct ir_func *f = &x->u->funcs[own->func];
	ir_val v = scan_path(f, &f->instrs[own->made], &own->role->entry);
	const struct ir_value *q = &f->vals[v ? ir_strip_casts(f, v) : 0];
	return q->kind == IR_VAL_FUNC && x->p->cfgs[q->aux] ? q->aux : 0;
}

/* The object itself, or what one of its fields holds. */
static bool part_of(struct fields *x, uint32_t func, ir_val v, ir_val object)
{
	const struct ir_func *f = &x->u->funcs[func];
	ir_val root = fields_root(x, func, v, NULL), whole = 0;
	const struct ir_instruction *load = ir_def(f, root);
	struct field_key k;
	return root == object ||
	       (load && load->op == IR_LOAD && fields_key_at(x, func, ir_operand(f, load, 0), &k, &whole) &&
	        whole == object);
}

/* `remove(table, object->name)`: what is taken out of a container may end with that. */
static bool taken_out(struct fields *x, uint32_t func, const struct ir_instruction *in, ir_val object)
{
	const struct ir_func *f = &x->u->funcs[func];
	if (!object || !api_role_of(scan_model(x->s, f, in), API_ROLE_UNSTORE))
		return false;
	for (uint32_t n = 1; n < ir_nargs(in); n++)
		if (part_of(x, func, ir_arg(f, in, n), object))
			return true;
	return false;
}

static bool ends_objects(const struct fields *x, uint32_t func)
{
	for (uint32_t k = 0; func && k < x->ends->all.len; k++)
		if (x->ends->all.data[k].func == func)
			return true;
	return false;
}

/* `free_all(list, x_free)`: what ends objects of this type is given to a call. */
static bool gives_end(const struct fields *x, const struct ir_func *f, const struct ir_instruction *in,
                      uint32_t record)
{
	for (uint32_t n = 0; ir_is_call(in) && n < ir_nargs(in); n++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, n))];
		for (uint32_t k = 0; v->kind == IR_VAL_FUNC && k < x->ends->all.len; k++)
			if (x->ends->all.data[k].func == v->aux && x->ends->all.data[k].record == record)
				return true;
	}
	return false;
}

/* Gives the object back, or ends it: nobody removes the id afterwards. */
static bool lets_object_go(struct fields *x, uint32_t func, struct field_key key)
{
	const struct ir_func *f = &x->u->funcs[func];
	uint32_t data = scan_entry_data(x->s, func);
	ir_val given = data ? f->params[data - 1].val : 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		const struct api_func *model = x->p->described[callee];
		bool over = api_role_of(model, API_ROLE_RELEASE) || api_role_of(model, API_ROLE_DESTROY);
		if (taken_out(x, func, in, given) || gives_end(x, f, in, key.record))
			return true;
		over |= ends_objects(x, callee);
		for (uint32_t n = 0; over && n < ir_nargs(in); n++)
			if (fields_root(x, func, ir_arg(f, in, n), NULL) == given ||
			    ends_value_is(x, func, ir_arg(f, in, n), key.record))
				return true;
	}
	return false;
}

/* What the library calls when the source is over clears the field. */
static bool cleared_at_end(const struct paths *p, const struct field_event *own)
{
	const struct ir_func *f = &p->x->u->funcs[own->func];
	ir_val v = own->role->destroy.base ? scan_path(f, &f->instrs[own->made], &own->role->destroy) : 0;
	const struct ir_value *q = &f->vals[v ? ir_strip_casts(f, v) : 0];
	return q->kind == IR_VAL_FUNC && p->settling[q->aux];
}

static const struct field_event *later_removal(struct fields *x, const struct field_event *own,
                                               uint32_t entry)
{
	uint32_t n;
	const struct field_event *all = fields_events(x, own->key, &n);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].act == FIELD_RELEASE && all[i].func != entry && all[i].role &&
		    all[i].role->kind == API_ROLE_RELEASE && !fields_told_over(x, own->key, entry, &all[i]))
			return &all[i];
	return NULL;
}

bool fields_stale_id(struct fields *x, const struct field_event *own, struct field_stale *out)
{
	ir_instr ret = 0;
	uint32_t entry = 0;
	const struct api_role *r = own->role;
	if (!r || r->kind != API_ROLE_SPAWN || r->ends == API_NEVER || own->doubtful || !own->model)
		return false;
	entry = fields_entry(x, own);
	const struct field_event *removal = entry ? later_removal(x, own, entry) : NULL;
	if (!removal || lets_object_go(x, entry, own->key))
		return false;
	struct paths p = {.x = x, .func = entry, .f = &x->u->funcs[entry], .key = own->key};
	paths_mark(&p, 0);
	bool ends = !cleared_at_end(&p, own) && paths_to(&p, 0, r->ends, &ret);
	paths_release(&p);
	if (!ends)
		return false;
	*out = (struct field_stale){.record = own->key.record,
	                            .field = ir_field_name(x->u, own->key.record, own->key.offset),
	                            .store = {own->func, own->at},
	                            .returns = {entry, ret},
	                            .removal = {removal->func, removal->at},
	                            .starter = x->u->funcs[own->callee].display,
	                            .remover = x->u->funcs[removal->callee].display,
	                            .model = own->model};
	return true;
}
