/*
 * held.c - threads whose handle lies in the object that they work on: whoever has that can wait for them.
 */
#include "task.h"

bool task_related(const struct sim *m, const struct obj *o, struct sval v)
{
	if (v.kind == SV_LOCAL)
		return o->saved.kind == SV_LOCAL && o->saved.id == v.id;
	return v.kind == SV_SYM && (sv_mentions(&m->t, o->saved, v.id) || sv_mentions(&m->t, o->key, v.id) ||
	                            sv_mentions(&m->t, o->token, v.id));
}

/* The handle of a thread lies in what it works on, and is not seen elsewhere. */
bool task_held_in_data(const struct state *s, const struct obj *o, const struct obj *handle)
{
	struct span within = state_cells(s, o->saved);
	for (uint32_t k = within.from; k < within.to; k++)
		if (o->saved.kind == SV_SYM && sv_eq(s->mem.data[k].v, handle->key))
			return handle->status == OBJ_GONE && !o->let_go;
	return false;
}

/* Whoever gets the object may wait for the thread whose handle lies in it. */
void task_given(struct sim *m, struct state *s, const struct call *c)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool held = o->kind == OBJ_OP && o->status == OBJ_OWNED && (o->how & OP_HELD), given = false;
		for (uint32_t n = 0; held && n < ir_nargs(c->in); n++)
			given |= task_related(m, o, sim_eval(m, s, ir_arg(m->f, c->in, n)));
		if (!given)
			continue;
		o->status = OBJ_RELEASED;
		o->changed = c->i;
	}
}
