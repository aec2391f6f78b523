/*
 * container.c - what is put into containers, and taken out of them.
 */
#include "call.h"

/* What a container lies in, as far as anybody else can look there: static storage, memory behind a parameter
 * or memory that is nobody's yet. */
static struct sval container_base(struct sim *m, struct state *s, struct sval container)
{
	uint32_t global = sv_root_global(&m->t, container, NULL);
	if (global)
		return (struct sval){SV_GLOBAL, global, 0};
	bool known =
	        container.kind == SV_SYM && (sv_root_param(&m->t, container, NULL) || own_heap(s, container));
	return known ? (struct sval){SV_SYM, container.id, 0} : (struct sval){0};
}

void sim_insert(struct sim *m, struct state *s, struct sval into, struct sval v, ir_instr i)
{
	struct sval at = container_base(m, s, into);
	enum token_origin origin;
	if (!at.kind || !v.kind)
		return;
	at.off = CONTAINER_CELL(i);
	while (state_cell(s, at) && at.off > CONTAINER_CELL(i) - 8)
		at.off--; /* one call may put in several things */
	state_watch(s, state_write(s, at, v, 0, i), at.kind == SV_GLOBAL && sim_is_token(m, v, &origin));
}

/* Something a container gave, or the place of something it keeps. */
static bool is_in_container(struct sim *m, struct sval at, struct sval base)
{
	const struct symbol *q = at.kind == SV_SYM ? &m->t.items.data[at.id] : NULL;
	return q && q->kind == SYM_ELEM && base.kind == SV_GLOBAL &&
	       sv_root_global(&m->t, q->x, NULL) == base.id;
}

/* One of the elements of an array in static storage: of what a call has put into one of them it may be any.
 */
void container_cleared(struct sim *m, struct state *s, struct sval at)
{
	const struct symbol *q = at.kind == SV_SYM ? &m->t.items.data[at.id] : NULL;
	uint32_t global = q && q->kind == SYM_ELEM && q->b ? sv_root_global(&m->t, q->x, NULL) : 0;
	uint32_t kept = 0;
	for (uint32_t k = 0; global && k < s->mem.len; k++) {
		const struct cell *cell = &s->mem.data[k];
		if (cell->at.kind != SV_GLOBAL || cell->at.id != global || cell->at.off > CONTAINER_MARK)
			state_keep_cell(s, &kept, k);
	}
	s->mem.len = global ? kept : s->mem.len;
}

void sim_remove(struct sim *m, struct state *s, struct sval from, ir_instr i)
{
	struct sval base = container_base(m, s, from);
	uint32_t kept = 0;
	if (!base.kind)
		return;
	for (uint32_t k = 0; k < s->mem.len; k++) {
		const struct cell *cell = &s->mem.data[k];
		bool inside = cell->at.kind == base.kind && cell->at.id == base.id &&
		              cell->at.off <= CONTAINER_MARK;
		if (!inside && !is_in_container(m, cell->at, base))
			state_keep_cell(s, &kept, k);
	}
	s->mem.len = kept;
	base.off = CONTAINER_MARK;
	state_write(s, base, sv_const(0), 0, i);
}

void container_store(struct sim *m, struct state *s, const struct call *c, struct sval v, struct sval into)
{
	struct obj *heap = own_heap(s, into), *o = state_obj_by_key(s, v);
	if (heap && o && o->status == OBJ_OWNED)
		o->holder = heap->key;
	else
		own_publish(m, s, v, c->i);
	if (sv_is_const(v, 0) || is_in_container(m, v, container_base(m, s, into)))
		sim_remove(m, s, into, c->i); /* emptying a slot, or putting back what was in it */
	else
		sim_insert(m, s, into, v, c->i);
}

/* What the container gets is a copy of the object at `at`, with all that lies in it. */
static void store_copy(struct sim *m, struct state *s, const struct call *c, struct sval at, struct sval into)
{
	enum token_origin origin;
	VEC(struct sval) parts = {0};
	own_publish_waitable(m, s, at, c->i);
	struct span span = state_cells(s, at);
	for (uint32_t k = span.from; k < span.to; k++)
		if (s->mem.data[k].v.kind == SV_SYM && s->mem.data[k].at.off >= at.off)
			vec_push(&parts, s->mem.data[k].v);
	if (!parts.len && at.kind)
		vec_push(&parts, sim_is_token(m, at, &origin) ? at : sim_load(m, s, at, 0, true, c->i));
	for (uint32_t k = 0; k < parts.len; k++)
		container_store(m, s, c, parts.data[k], into);
	vec_release(&parts);
}

void container_store_argument(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval into = call_value(m, s, c, &r->into);
	if (r->value.deref)
		store_copy(m, s, c, call_address(m, s, c, &r->value), into);
	else
		container_store(m, s, c, call_value(m, s, c, &r->value), into);
}
