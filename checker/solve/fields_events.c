/*
 * fields_events.c - what happens to the fields of a unit's structs that own a handle somewhere.
 */
#include "fields.h"
#include "scan.h"

#include "str.h"

#include <stdlib.h>
#include <string.h>

/* ---- who puts a handle into a field ---- */

struct making { /* one value that a call made */
	ir_instr call;
	const struct api_func *model;
	const struct api_role *role;
	uint32_t callee;
	bool elsewhere; /* it is also stored in another place */
	bool ended;     /* it is released by its own name: whoever has it in a field borrows it */
	bool part;      /* it is in a part of the object, which the call fills */
	bool object;    /* it is in an object, which the call returns */
	VEC(struct field_event) owns;
};

static void add_own(struct fields *x, struct making *m, uint32_t func, ir_instr at, ir_val address)
{
	struct field_event e = {.act = FIELD_OWN,
	                        .func = func,
	                        .at = at,
	                        .model = m->model,
	                        .role = m->role,
	                        .made = m->call,
	                        .callee = m->callee,
	                        .part = m->part};
	if (fields_key_at(x, func, address, &e.key, &e.object))
		vec_push(&m->owns, e);
	else
		m->elsewhere = true;
}

static void tell_making(struct field_walk *w, enum field_act act, ir_instr at, uint32_t callee,
                        const struct api_role *r, ir_val v)
{
	struct making *m = w->data;
	const struct ir_instruction *in = &w->x->u->funcs[w->func].instrs[at];
	(void)callee;
	(void)v;
	if (act == FIELD_LEAVE && in->op == IR_STORE)
		add_own(w->x, m, w->func, at, ir_operand(&w->x->u->funcs[w->func], in, 1));
	else if (act == FIELD_LEAVE && in->op == IR_RET)
		return;
	else if (act == FIELD_RELEASE)
		m->ended = true;
	else if (act == FIELD_LEAVE || (act == FIELD_OWN && r != m->role))
		m->elsewhere = true;
}

static void keep_making(struct fields *x, struct making *m)
{
	for (uint32_t i = 0; i < m->owns.len; i++) {
		struct field_event e = m->owns.data[i];
		e.doubtful = m->elsewhere;
		if (m->ended)
			e.act = FIELD_PUT;
		vec_push(&x->events, e);
		if (!m->ended)
			intmap_set(&x->candidates, fields_key_number(e.key), 1);
		if (m->object || m->part)
			intmap_set(&x->objects, fields_key_number(e.key), 1);
	}
	vec_release(&m->owns);
}

static void result_made(struct fields *x, uint32_t func, ir_instr call, ir_val v,
                        const struct api_func *model, const struct api_role *r)
{
	struct making m = {.call = call,
	                   .model = model,
	                   .role = r,
	                   .callee = ir_callee(&x->u->funcs[func], &x->u->funcs[func].instrs[call])};
	struct field_walk w = {.x = x, .func = func, .tell = tell_making, .data = &m};
	if (v)
		fields_walk(&w, v, false);
	keep_making(x, &m);
}

/* An object that holds it is copied; into another local variable, it is moved. */
static void add_own_copy(struct fields *x, struct making *m, uint32_t func, ir_instr at)
{
	const struct ir_func *f = &x->u->funcs[func];
	ir_val to = ir_operand(f, &f->instrs[at], 0);
	const struct ir_instruction *def = ir_def(f, fields_root(x, func, to, NULL));
	if (!def || def->op != IR_ALLOCA)
		add_own(x, m, func, at, to);
}

/* It is written to a local first. */
static void local_made(struct fields *x, uint32_t func, ir_val local, struct making *m)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct use_index *uses = scan_uses(x->s, func);
	struct field_walk w = {.x = x, .func = func, .tell = tell_making, .data = m};
	for (uint32_t k = uses->first[local]; k < uses->first[local + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[uses->uses[k].by];
		if (in->op == IR_LOAD)
			fields_walk(&w, in->result, false);
		else if (in->op == IR_COPY && uses->uses[k].operand == 1)
			add_own_copy(x, m, func, uses->uses[k].by);
		else if (ir_is_call(in) && in != &f->instrs[m->call] &&
		         !api_role_of(x->p->described[ir_callee(f, in)], API_ROLE_ABANDON))
			m->elsewhere = true;
	}
}

/* The handle is the memory an argument points to, or is written to it. */
static void argument_made(struct fields *x, uint32_t func, ir_instr call, const struct api_path *p,
                          const struct api_func *model, const struct api_role *r)
{
	const struct ir_func *f = &x->u->funcs[func];
	ir_val arg = fields_root(x, func, ir_arg(f, &f->instrs[call], p->arg), NULL);
	const struct ir_instruction *def = ir_def(f, arg);
	struct making m = {.call = call, .model = model, .role = r};
	m.callee = ir_callee(f, &f->instrs[call]);
	if (def && p->deref && def->op == IR_ALLOCA) {
		local_made(x, func, arg, &m);
	} else if (def && def->op == IR_ADDR) {
		add_own(x, &m, func, call, arg);
	} else if (def && !p->deref && def->op == IR_LOAD) {
		add_own(x, &m, func, call, ir_operand(f, def, 0)); /* a field points to the handle's memory */
	} else if (def && !p->deref && ir_is_call(def)) {
		result_made(x, func, call, arg, model, r);
		return;
	}
	keep_making(x, &m);
}

/* A reference to what may be cancelled is a handle; references to other objects are not ours. */
static bool refers_to_token(struct fields *x, uint32_t func, ir_val v)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_value *q = &f->vals[v];
	const struct ir_instruction *def = ir_def(f, v);
	const char *ctype = q->kind == IR_VAL_PARAM ? f->params[q->aux].ctype : q->ctype;
	if (ctype && *ctype && program_is_token(x->p, ctype))
		return true;
	const struct ir_instruction *addr =
	        def && def->op == IR_LOAD ? ir_def(f, ir_operand(f, def, 0)) : NULL;
	const struct ir_field *field = addr && addr->op == IR_ADDR && addr->record
	                                       ? ir_field_at(x->u, addr->record, (uint32_t)addr->imm)
	                                       : NULL;
	return field && program_is_token(x->p, field->ctype);
}

static void reference_made(struct fields *x, uint32_t func, ir_instr call, const struct api_func *model,
                           const struct api_role *r)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	if (r->handle.base != API_PATH_ARG || r->handle.arg >= ir_nargs(in))
		return;
	ir_val arg = ir_arg(f, in, r->handle.arg);
	const struct use_index *uses = scan_uses(x->s, func);
	bool used = in->result && uses->first[in->result] < uses->first[in->result + 1];
	if (!refers_to_token(x, func, fields_root(x, func, arg, NULL)))
		return;
	result_made(x, func, call, used ? in->result : arg, model, r);
}

/* Of code that is started, the role that starts it says more than the one that says that an id is owed. */
static bool starts_too(const struct api_func *model, const struct api_role *create)
{
	for (const struct api_role *r = NULL; (r = api_role_next(model, API_ROLE_SPAWN, r));)
		if (r->handle.base == create->handle.base && r->handle.arg == create->handle.arg &&
		    r->handle.deref == create->handle.deref)
			return true;
	return false;
}

/* The thread lets itself go in the end: `g_thread_unref(g_thread_self())`. */
static bool lets_itself_go(struct fields *x, uint32_t func, const struct ir_instruction *in,
                           const struct api_role *r)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_value *entry = &f->vals[ir_strip_casts(f, scan_path(f, in, &r->entry))];
	return entry->kind == IR_VAL_FUNC && task_lets_itself_go(x->p, entry->aux);
}

static void role_makes(struct fields *x, uint32_t func, ir_instr call, const struct api_func *model,
                       const struct api_role *r)
{
	const struct ir_instruction *in = &x->u->funcs[func].instrs[call];
	const struct api_path *p = &r->handle;
	const struct api_family *family = *r->family ? apimodel_family(x->p->api, r->family) : NULL;
	if (r->kind == API_ROLE_REF) {
		reference_made(x, func, call, model, r);
		return;
	}
	if (r->kind == API_ROLE_CONNECT)
		p = &r->id;
	else if (r->kind != API_ROLE_CREATE && r->kind != API_ROLE_SPAWN)
		return;
	if (r->kind == API_ROLE_SPAWN && lets_itself_go(x, func, in, r))
		return;
	if ((family && family->claim) || r->bound || (r->kind == API_ROLE_CREATE && starts_too(model, r)))
		return;
	if (p->base == API_PATH_RETURN && !p->deref)
		result_made(x, func, call, in->result, model, r);
	else if (p->base == API_PATH_ARG && p->arg < ir_nargs(in) && !p->field)
		argument_made(x, func, call, p, model, r);
}

uint32_t fields_part_at(const struct ir_unit *u, struct field_key k)
{
	const struct ir_record *r = &u->records[k.record];
	for (uint32_t i = 0; i < r->nfields; i++)
		if (r->fields[i].offset == k.offset && r->fields[i].record && !r->fields[i].elem_size)
			return r->fields[i].record;
	return 0;
}

/* The address of a member that is a structure of its own. */
static bool is_part(struct fields *x, const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, v);
	return in && in->op == IR_ADDR && in->record && !(in->flags & IR_F_VARIABLE) &&
	       fields_part_at(x->u, (struct field_key){in->record, (uint32_t)in->imm});
}

/* What a function of the program makes: `s->queue = queue_new()`, an object with handles in it, and
 * `gate_open(&s->gate)`, which fills a part of the object. */
static void made_by_own(struct fields *x, uint32_t func, ir_instr call, uint32_t callee)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	const struct summary *sum = &x->s->funcs[callee].summary;
	for (uint32_t i = 0; sum->known && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		const struct api_family *family =
		        e->family && *e->family ? apimodel_family(x->p->api, e->family) : NULL;
		bool owed = e->kind == EFFECT_FRESH && family && !family->claim && !family->weak;
		if (owed && e->place.param == -1 && !e->place.depth && e->how & MADE_INSIDE) {
			struct making m = {.call = call, .callee = callee, .object = true};
			struct field_walk w = {.x = x, .func = func, .tell = tell_making, .data = &m};
			fields_walk(&w, in->result, false);
			keep_making(x, &m);
			return;
		}
		if (!owed || e->place.param < 0 || e->place.depth != 1 ||
		    (uint32_t)e->place.param >= ir_nargs(in))
			continue;
		ir_val part = fields_root(x, func, ir_arg(f, in, (uint32_t)e->place.param), NULL);
		if (!is_part(x, f, part))
			continue;
		struct making m = {.call = call, .callee = callee, .part = true};
		add_own(x, &m, func, call, part);
		keep_making(x, &m);
		return;
	}
}

static void find_owners(struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (PROGRAM_EACH_CALL(x->p, func, c)) {
		ir_instr i = c->at;
		uint32_t callee = c->callee;
		if (!cfg_reachable(x->p->cfgs[func], f->instrs[i].block))
			continue;
		const struct api_func *model = x->p->described[callee];
		for (uint32_t k = 0; model && k < model->nroles; k++)
			role_makes(x, func, i, model, &model->roles[k]);
		if (!callee || model || !x->p->cfgs[callee])
			continue;
		const struct func_acts *a = fields_acts(x, callee);
		if (a->makes)
			result_made(x, func, i, f->instrs[i].result, a->makes, a->makes_role);
		else
			made_by_own(x, func, i, callee);
	}
}

/* ---- what else happens to these fields ---- */

struct watching {
	struct field_key key;
	ir_val object;
};

static uint64_t place_number(uint32_t func, ir_instr at)
{
	return (uint64_t)func << 32 | at;
}

static void tell_watched(struct field_walk *w, enum field_act act, ir_instr at, uint32_t callee,
                         const struct api_role *r, ir_val v)
{
	struct watching *q = w->data;
	(void)v;
	if (act == FIELD_OWN ||
	    (act == FIELD_PUT && intmap_get(&w->x->owned_at, place_number(w->func, at), NULL)))
		return;
	vec_push(&w->x->events, (struct field_event){.act = act,
	                                             .key = q->key,
	                                             .func = w->func,
	                                             .at = at,
	                                             .object = q->object,
	                                             .model = w->x->p->described[callee],
	                                             .role = r,
	                                             .callee = callee});
}

static void watch_at(struct fields *x, uint32_t func, ir_val address)
{
	struct watching q = {0};
	if (!fields_key_at(x, func, address, &q.key, &q.object) ||
	    !intmap_get(&x->candidates, fields_key_number(q.key), NULL))
		return;
	struct field_walk w = {.x = x, .func = func, .tell = tell_watched, .data = &q};
	w.objects = intmap_get(&x->objects, fields_key_number(q.key), NULL);
	fields_walk(&w, address, true);
}

static void watch(struct fields *x, uint32_t func)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_ADDR && in->record && cfg_reachable(x->p->cfgs[func], in->block))
			watch_at(x, func, in->result);
	}
	for (ir_val v = 1; v < f->nvals; v++)
		if (f->vals[v].kind == IR_VAL_GLOBAL)
			watch_at(x, func, v);
}

/* `self->source = new(); attach(self->source); unref(self->source);`: what the field got is given back at
 * once, so it only borrows. */
static bool given_back(const struct fields *x, const struct field_event *own)
{
	const struct ir_func *f = &x->u->funcs[own->func];
	const struct cfg *cfg = x->p->cfgs[own->func];
	const struct field_event *back = NULL;
	uint32_t n;
	const struct field_event *all = fields_events(x, own->key, &n);
	for (uint32_t i = 0; i < n; i++) {
		const struct field_event *e = &all[i];
		if (e->func != own->func)
			continue;
		if (e->act == FIELD_NONE && e->at > own->at)
			return false;
		bool behind =
		        f->instrs[e->at].block == f->instrs[own->at].block
		                ? e->at > own->at
		                : cfg_postdominates(cfg, f->instrs[e->at].block, f->instrs[own->at].block);
		if (e->act == FIELD_RELEASE && behind)
			back = e;
	}
	return back != NULL;
}

static int event_order(const void *a, const void *b)
{
	const struct field_event *x = a, *y = b;
	uint64_t k = fields_key_number(x->key), l = fields_key_number(y->key);
	if (k != l)
		return k < l ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void sort_events(struct fields *x)
{
	for (uint32_t i = 0; i < x->events.len; i++)
		x->events.data[i].order = i;
	qsort(x->events.data, x->events.len, sizeof *x->events.data, event_order);
	for (uint32_t i = x->events.len; i-- > 0;)
		if (intmap_get(&x->candidates, fields_key_number(x->events.data[i].key), NULL))
			intmap_set(&x->candidates, fields_key_number(x->events.data[i].key), i);
}

const struct field_event *fields_events(const struct fields *x, struct field_key key, uint32_t *n)
{
	uint64_t first = 0;
	*n = 0;
	if (!intmap_get(&x->candidates, fields_key_number(key), &first))
		return NULL;
	while (first + *n < x->events.len &&
	       fields_key_number(x->events.data[first + *n].key) == fields_key_number(key))
		++*n;
	return &x->events.data[first];
}

static void find_unknown_calls(struct fields *x, uint32_t func)
{
	for (PROGRAM_EACH_CALL(x->p, func, c))
		if (c->callee && !x->p->described[c->callee] && !x->p->cfgs[c->callee] &&
		    !str_starts(x->u->funcs[c->callee].name, "llvm."))
			vec_push(&x->unknown_calls, (struct field_site){func, c->at});
}

void fields_collect(struct fields *x)
{
	for (uint32_t n = 0; n < x->p->nbottom_up; n++)
		if (x->p->cfgs[x->p->bottom_up[n]])
			find_owners(x, x->p->bottom_up[n]);
	if (!x->candidates.len)
		return;
	for (uint32_t i = 0; i < x->events.len; i++)
		if (x->events.data[i].act == FIELD_OWN || x->events.data[i].act == FIELD_PUT)
			intmap_set(&x->owned_at, place_number(x->events.data[i].func, x->events.data[i].at),
			           1);
	for (uint32_t n = 0; n < x->p->nbottom_up; n++)
		if (x->p->cfgs[x->p->bottom_up[n]]) {
			watch(x, x->p->bottom_up[n]);
			find_unknown_calls(x, x->p->bottom_up[n]);
		}
	sort_events(x);
	for (uint32_t i = 0; i < x->events.len; i++)
		if (x->events.data[i].act == FIELD_OWN && given_back(x, &x->events.data[i]))
			x->events.data[i].act = FIELD_PUT;
}
