#include "far.h"
#include "ended_state.h"
#include "scan.h"
#include "spelling.h"

#include "arena.h"
#include "str.h"

#include <string.h>

/* ---- which calls matter ---- */

static const struct api_path *object_of(const struct api_role *r)
{
	switch (r->kind) {
	case API_ROLE_CANCEL:
		return &r->token;
	case API_ROLE_CONNECT:
	case API_ROLE_CATCHES:
		return &r->value;
	case API_ROLE_DISCONNECT:
		return r->id.base ? &r->id : &r->from;
	default:
		return &r->handle;
	}
}

/* The number of the argument that matters; -1: none, or it is no plain one. */
static int argument_of(const struct api_role *r, const struct ir_instruction *in, bool *is_address)
{
	const struct api_path *path = object_of(r);
	*is_address = path->deref;
	if (r->kind == API_ROLE_UNSAFE)
		return r->only.given && r->only.arg < ir_nargs(in) ? (int)r->only.arg : -1;
	bool plain = path->base == API_PATH_ARG && !path->deref_again && !path->field && !path->index;
	return plain && path->arg < ir_nargs(in) ? path->arg : -1;
}

static bool matters(const struct api_func *d, const struct api_role *r)
{
	switch (r->kind) {
	case API_ROLE_FORBIDDEN:
	case API_ROLE_AFFINITY:
	case API_ROLE_CANCEL:
	case API_ROLE_UNSAFE:
	case API_ROLE_CATCHES:
		return true;
	case API_ROLE_CONNECT:
		return r->runs == API_RUNS_SIGNAL;
	case API_ROLE_JOIN:
		return api_role_of(d, API_ROLE_BLOCK) != NULL;
	case API_ROLE_DISCONNECT:
		return r->waits != 0;
	default:
		return false;
	}
}

/* ---- what a function makes ---- */

static void push(struct far_calls *l, struct far_call c)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->all[i].model == c.model && l->all[i].arg == c.arg &&
		    l->all[i].where.line == c.where.line && strcmp(l->all[i].where.file, c.where.file) == 0)
			return;
	if (l->n < MAX_FAR)
		l->all[l->n++] = c;
}

static const struct effect_place NOWHERE = {.param = -2};

/* A parameter's own value, or what is in memory; NOWHERE: neither. */
static struct effect_place place_of_arg(const struct solution *s, uint32_t func, ir_val v, bool is_address)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct effect_place p = NOWHERE;
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	if (f->vals[v].kind == IR_VAL_PARAM && !is_address)
		return (struct effect_place){.param = (int)f->vals[v].aux};
	ir_val at = in && in->op == IR_LOAD && !is_address ? ir_operand(f, in, 0) : v;
	struct access a = access_of(s, func, at);
	if (at != v) { /* what is loaded may be known to be something else */
		struct access value = access_of(s, func, v);
		if (value.root == ACCESS_PARAM && !value.depth && !value.offset[0])
			return (struct effect_place){.param = (int)value.id};
	}
	return access_to_place(&a, &p) ? p : NOWHERE;
}

static struct import_place where(const struct ir_unit *u, ir_loc loc)
{
	struct ir_place at = ir_place_outer(u, loc);
	return (struct import_place){
	        .file = at.file ? u->files[at.file].path : "", .line = at.line, .col = at.col};
}

static void add_own(const struct solution *s, uint32_t func, ir_instr i, struct far_calls *out)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_func *f = &u->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_func *d = s->program->described[ir_callee(f, in)];
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		bool is_address = false;
		int arg = matters(d, r) ? argument_of(r, in, &is_address) : -1;
		if (!matters(d, r) || (arg < 0 && object_of(r)->base) ||
		    (r->kind == API_ROLE_JOIN && ended_state_told(s, func, i)))
			continue;
		struct effect_place at =
		        arg < 0 ? NOWHERE : place_of_arg(s, func, ir_arg(f, in, (uint32_t)arg), is_address);
		push(out, (struct far_call){.model = d,
		                            .arg = arg < 0 ? 0 : (uint8_t)arg,
		                            .place = at,
		                            .site = i,
		                            .chain = f->display,
		                            .where = where(u, in->loc)});
	}
}

/* One is enough. */
static void add_held_up(const struct solution *s, uint32_t func, ir_instr i, struct far_calls *out)
{
	const struct ir_unit *u = s->program->unit;
	const struct ir_instruction *in = &u->funcs[func].instrs[i];
	for (uint32_t k = 0; k < out->n; k++)
		if (out->all[k].arg == FAR_HOLDS_UP)
			return;
	if (loop_held_up(s, func, i))
		push(out, (struct far_call){.model = s->program->described[ir_callee(&u->funcs[func], in)],
		                            .arg = FAR_HOLDS_UP,
		                            .place = NOWHERE,
		                            .site = i,
		                            .chain = u->funcs[func].display,
		                            .where = where(u, in->loc)});
}

/* What stands at the callee's place, in terms of the function that calls it. */
static struct effect_place translated(const struct solution *s, uint32_t func,
                                      const struct ir_instruction *in, const struct effect_place *p)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct effect_place out = NOWHERE;
	if (p->param < 0 || (uint32_t)p->param >= ir_nargs(in))
		return *p;
	ir_val arg = ir_arg(f, in, (uint32_t)p->param);
	if (!p->depth)
		return place_of_arg(s, func, arg, false);
	struct access inner = access_from_place(p), a = access_through(s, func, arg, &inner);
	return access_to_place(&a, &out) ? out : NOWHERE;
}

static void inherit(const struct solution *s, uint32_t func, const struct call_edge *e, struct far_calls *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	bool foreign = !s->program->cfgs[e->callee];
	struct far_calls imported;
	const struct far_calls *inner = foreign ? &imported : s->far[e->callee];
	if (foreign ? !far_imported(s, e->callee, &imported) : !inner)
		return;
	for (uint32_t k = 0; k < inner->n; k++) {
		struct far_call c = inner->all[k];
		if (!foreign && e->kind != CALL_CALLBACK && c.site &&
		    !who_possible(s, func, e->site, e->callee, c.site))
			continue;
		c.place =
		        e->kind == CALL_DIRECT ? translated(s, func, &f->instrs[e->site], &c.place) : NOWHERE;
		c.site = e->site;
		c.chain = arena_printf(s->arena, "%s -> %s", f->display, c.chain);
		push(out, c);
	}
}

void far_find(struct solution *s, uint32_t func)
{
	const struct program *p = s->program;
	struct far_calls l = {0};
	for (uint32_t k = p->edges_of[func]; k < p->edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[k];
		if (!cfg_reachable(p->cfgs[func], p->unit->funcs[func].instrs[e->site].block))
			continue;
		if (e->kind == CALL_DIRECT && p->described[e->callee])
			add_own(s, func, e->site, &l), add_held_up(s, func, e->site, &l);
		else if (e->callee != func && (e->kind != CALL_CALLBACK || e->runs == API_RUNS_INLINE))
			inherit(s, func, e, &l);
	}
	if (l.n) {
		s->far[func] = ARENA_NEW(s->arena, struct far_calls);
		*s->far[func] = l;
	}
}

/* ---- between units ---- */

uint32_t far_effects(const struct solution *s, uint32_t func, struct effect *out, uint32_t room)
{
	const struct far_calls *l = s->far[func];
	uint32_t n = 0;
	for (uint32_t i = 0; l && i < l->n && n < room; i++)
		out[n++] = (struct effect){.kind = EFFECT_CALLS,
		                           .place = l->all[i].place,
		                           .value = NOWHERE,
		                           .when = API_ALWAYS,
		                           .family = l->all[i].model->name,
		                           .how = l->all[i].arg,
		                           .chain = l->all[i].chain,
		                           .where = l->all[i].where};
	return n;
}

bool far_imported(const struct solution *s, uint32_t func, struct far_calls *out)
{
	const struct summary *sum = &s->funcs[func].summary;
	out->n = 0;
	for (uint32_t i = 0; s->imports && s->imports[func] && i < sum->neffects && out->n < MAX_FAR; i++) {
		const struct effect *e = &sum->effects[i];
		const struct api_func *d = e->kind == EFFECT_CALLS && e->family
		                                   ? apimodel_find(s->program->api, e->family)
		                                   : NULL;
		if (d)
			out->all[out->n++] = (struct far_call){.model = d,
			                                       .arg = e->how,
			                                       .place = e->place,
			                                       .chain = e->chain ? e->chain : "",
			                                       .where = e->where};
	}
	return out->n > 0;
}

/* ---- the object, as the caller has it ---- */

static uint32_t add(struct handle_place p, struct handle_place *out, uint32_t n, uint32_t max)
{
	if (p.kind && n < max)
		out[n++] = p;
	return n;
}

/* The memory that many bytes into a record, and into the ones that lie around it there. */
static uint32_t add_fields(const struct ir_unit *u, uint32_t record, int64_t offset, struct handle_place *out,
                           uint32_t n, uint32_t max)
{
	while (record && offset >= 0) {
		const struct ir_record *r = &u->records[record];
		n = add((struct handle_place){PLACE_FIELD, 0, record, offset}, out, n, max);
		uint32_t inner = 0;
		for (uint32_t k = 0; k < r->nfields && !inner; k++)
			if (r->fields[k].record && offset >= r->fields[k].offset &&
			    offset < (int64_t)r->fields[k].offset + r->fields[k].size) {
				inner = r->fields[k].record;
				offset -= r->fields[k].offset;
			}
		record = inner != record ? inner : 0;
	}
	return n;
}

/* `record`: what the function says that parameter points to. */
static uint32_t places_behind(const struct solution *s, uint32_t func, ir_val arg, uint32_t record,
                              const struct effect_place *p, struct handle_place *out, uint32_t max)
{
	const struct ir_unit *u = s->program->unit;
	uint32_t n = 0;
	if (!p->depth)
		return who_places(s, func, arg, out, max);
	if (p->depth == 2)
		record = record_pointed_to(u, record, p->offset[0]);
	else if (u->funcs[func].vals[ir_strip_casts(&u->funcs[func], arg)].kind == IR_VAL_GLOBAL || !record)
		n = add(place_of(s, func, arg), out, n, max);
	return add_fields(u, record, p->offset[p->depth - 1], out, n, max);
}

static uint32_t pointee(const struct ir_func *f, int param)
{
	return (uint32_t)param < f->nparams ? f->params[param].pointee : 0;
}

uint32_t far_places(const struct solution *s, uint32_t func, ir_instr call, const struct far_call *c,
                    struct handle_place *out, uint32_t max)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct effect_place *p = &c->place;
	if (p->global)
		return add((struct handle_place){PLACE_GLOBAL, 0, p->global, 0}, out, 0, max);
	if (p->param < 0 || (uint32_t)p->param >= ir_nargs(&f->instrs[call]))
		return 0;
	return places_behind(s, func, ir_arg(f, &f->instrs[call], (uint32_t)p->param),
	                     pointee(&s->program->unit->funcs[ir_callee(f, &f->instrs[call])], p->param), p,
	                     out, max);
}

uint32_t far_entry_data(const struct solution *s, uint32_t entry)
{
	const struct ir_func *f = &s->program->unit->funcs[entry];
	if (s->program->cfgs[entry])
		return scan_entry_data(s, entry);
	for (uint32_t i = f->nparams; i-- > 0;)
		if ((str_ends(f->params[i].ctype, "*") || f->params[i].kind == IR_KIND_POINTER) &&
		    !program_is_token(s->program, f->params[i].ctype))
			return i + 1;
	return 0;
}

uint32_t far_entry_places(const struct solution *s, const struct registration *r, const struct far_call *c,
                          struct handle_place *out, uint32_t max)
{
	const struct ir_func *f = &s->program->unit->funcs[r->func];
	const struct effect_place *p = &c->place;
	if (p->global)
		return add((struct handle_place){PLACE_GLOBAL, 0, p->global, 0}, out, 0, max);
	if (p->param < 0 || !r->data_arg || far_entry_data(s, r->entry) != (uint32_t)p->param + 1)
		return 0;
	ir_val data = ir_strip_casts(f, ir_arg(f, &f->instrs[r->at], r->data_arg - 1));
	return places_behind(s, r->func, data, record_behind(s->program->unit, f, data), p, out, max);
}

struct access far_subject(const struct solution *s, uint32_t func, ir_instr call, const struct far_call *c)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct effect_place *p = &c->place;
	if (p->param < 0 || (uint32_t)p->param >= ir_nargs(&f->instrs[call]))
		return (struct access){0};
	ir_val arg = ir_arg(f, &f->instrs[call], (uint32_t)p->param);
	struct access inner = access_from_place(p);
	return p->depth ? access_through(s, func, arg, &inner) : access_of(s, func, arg);
}
