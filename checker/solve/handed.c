/*
 * handed.c - what is handed over in another order or another way than by a store of the handle: a reference
 * that is taken behind the store, and an argument that the code which a call starts gets, too.
 */
#include "call.h"
#include "scan.h"

#include <string.h>

/* `d->token = t; ref(t);`: the reference is for what lies there already. */
void handed_before(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	struct obj *o = state_obj_by_key(s, v);
	for (uint32_t k = 0; o && o->status == OBJ_OWNED && k < s->mem.len; k++) {
		struct cell c = s->mem.data[k];
		bool hidden =
		        (c.at.kind == SV_LOCAL && !state_leaked(s, c.at.id)) || sim_is_aggregate(m, c.at);
		if (hidden || !sv_eq(c.v, v))
			continue;
		struct obj *heap = own_heap(s, c.at);
		if (heap)
			o->holder = heap->key;
		else
			own_publish_stored(m, s, v, c.at, i);
		return;
	}
}

/* The parameter of the entry of that type; its function ends what it gets there. */
static bool ends_own(const struct sim *m, uint32_t entry, const char *type)
{
	const struct ir_func *g = &m->u->funcs[entry];
	const struct summary *sum = &m->sol->funcs[entry].summary;
	for (uint32_t k = 0; sum->known && k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		if (e->kind == EFFECT_RELEASE && !(e->how & END_COMPLETES) && e->place.depth == 0 &&
		    e->place.param >= 0 && (uint32_t)e->place.param < g->nparams &&
		    strcmp(g->params[e->place.param].ctype, type) == 0)
			return true;
	}
	return false;
}

/* `run_in_thread(task, body)`: the body gets the task as well, and may end it. */
void handed_to_entry(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
	ir_val v = r ? ir_strip_casts(m->f, scan_path(m->f, c->in, &r->entry)) : 0;
	const struct ir_func *callee = &m->u->funcs[c->callee];
	if (!v || m->f->vals[v].kind != IR_VAL_FUNC || r->data.base)
		return;
	for (uint32_t k = 0; k < ir_nargs(c->in) && k < callee->nparams; k++) {
		struct sval given = sim_eval(m, s, ir_arg(m->f, c->in, k));
		struct obj *o = given.kind == SV_SYM ? state_obj_by_key(s, given) : NULL;
		if (o && o->status == OBJ_OWNED && ends_own(m, m->f->vals[v].aux, callee->params[k].ctype))
			own_publish(m, s, given, c->i);
	}
}
