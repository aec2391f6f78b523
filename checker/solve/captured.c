/*
 * captured.c - callable objects that run later, and what they captured by reference: threads in containers,
 * and callbacks that an object elsewhere keeps.
 */
#include "contained.h"
#include "task.h"

/* Declared in the loop that the start is in: it ends with each turn. */
static bool ends_each_turn(const struct sim *m, ir_instr start, uint32_t local)
{
	uint32_t loop = m->cfg->loop_of[m->f->instrs[start].block];
	uint32_t declared = m->f->vals[m->f->instrs[local].result].line;
	for (uint32_t k = 0; loop && declared && k < m->cfg->loops[loop].nblocks; k++) {
		const struct ir_basic_block *b = &m->f->blocks[m->cfg->loops[loop].blocks[k]];
		struct ir_place at = ir_place_outer(m->u, m->f->instrs[b->first].loc);
		if (at.line && at.line <= declared)
			return true;
	}
	return false;
}

/* There is one in the container, so the loop over it does not end before its first turn. An object that waits
 * at its own end, in a container, is somebody else's to end. */
bool task_joined_in_container(const struct sim *m, const struct obj *o, uint32_t local, ir_instr at)
{
	const struct api_role *r = o->started_by;
	const struct ir_instruction *in = &m->f->instrs[o->site];
	ir_val v = !r                                  ? 0
	           : r->handle.base == API_PATH_ARG    ? ir_arg(m->f, in, r->handle.arg)
	           : r->handle.base == API_PATH_RETURN ? ir_returned(m->f, in)
	                                               : 0;
	if (!v || !task_is_own_data(r) || ends_each_turn(m, o->site, local))
		return false;
	return contained_joined(m->sol, m->func, o->site, v, at) ||
	       (!r->handle.deref && contained_later(m->sol, m->func, v).n);
}

/* ---- callbacks ---- */

#define CALLBACK_SLOT 159 /* below those of arguments: the object is copied */

void task_connected(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                    const struct api_role *r)
{
	struct sval id = r->id.base ? call_base(m, s, c, &r->id) : (struct sval){0};
	if (!task_is_own_data(r) || id.kind != SV_SYM)
		return; /* one in a local variable goes with it */
	struct obj *o = own_begin(m, s, OBJ_OP, c->i, CALLBACK_SLOT, id, NULL, d);
	o->saved = call_value(m, s, c, &r->data);
	struct sval entry = call_value(m, s, c, &r->entry);
	o->entry = entry.kind == SV_FUNC ? entry.id : 0;
	o->started_by = r;
}

void task_disconnected(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval id = r->id.base ? call_base(m, s, c, &r->id) : (struct sval){0};
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool callback = o->kind == OBJ_OP && o->started_by && o->started_by->kind == API_ROLE_CONNECT;
		if (!callback || o->status != OBJ_OWNED || (id.kind == SV_SYM && !sv_eq(o->key, id)))
			continue;
		o->status = OBJ_RELEASED;
		o->changed = c->i;
	}
}
