/*
 * given.c - an object that goes away with a function that ends it: a callback's data and its destroy notify.
 * The reference that goes along is this function's own, unless it took another one before; whoever ends that
 * reference here, too, ends it twice.
 */
#include "call.h"

#define GIVEN_SLOT 240

/* Does that function end what it is called with? */
static bool ends_its_argument(struct sim *m, struct sval f)
{
	if (f.kind != SV_FUNC)
		return false;
	for (const struct api_role *r = api_role_of(m->p->described[f.id], API_ROLE_RELEASE); r;
	     r = api_role_next(m->p->described[f.id], API_ROLE_RELEASE, r))
		if (r->handle.base == API_PATH_ARG && r->handle.arg == 0 && !r->handle.deref &&
		    !r->handle.field)
			return true;
	return false;
}

static struct obj *given(struct state *s, struct sval v)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (s->objs.data[k].kind == OBJ_GIVEN && sv_eq(s->objs.data[k].key, v))
			return &s->objs.data[k];
	return NULL;
}

void given_away(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval v = call_value(m, s, c, &r->data);
	const struct obj *o = state_obj_by_key(s, v);
	if (v.kind != SV_SYM || !r->destroy.base || !ends_its_argument(m, call_value(m, s, c, &r->destroy)) ||
	    (o && (o->refs || o->shared || (o->status != OBJ_OWNED && o->status != OBJ_PARAM))) ||
	    given(s, v))
		return;
	struct effect_place place;
	if (!o && !own_param_path(&m->t, v, &place)) /* somebody else's, and perhaps kept elsewhere */
		return;
	state_add_obj(s, (struct obj){.kind = OBJ_GIVEN,
	                              .site = c->i,
	                              .slot = GIVEN_SLOT,
	                              .status = OBJ_GONE,
	                              .claim = true,
	                              .key = v,
	                              .changed = c->i});
}

void given_referenced(struct state *s, struct sval v)
{
	uint32_t kept = 0;
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (s->objs.data[k].kind != OBJ_GIVEN || !sv_eq(s->objs.data[k].key, v))
			s->objs.data[kept++] = s->objs.data[k];
	s->objs.len = kept;
}

void given_released(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	const struct obj *o = given(s, v), *own = state_obj_by_key(s, v);
	if (!o || (own && own->refs))
		return;
	struct incident *in = incident_new(m, INCIDENT_GIVEN_AND_ENDED, o->site, 0);
	if (in) {
		in->at = i;
		in->callee = incident_callee(m, s, o->site);
		in->model = m->p->described[sim_callee(m, s, &m->f->instrs[o->site])];
		in->value = own ? 0 : m->event_value;
		in->widened = s->widened || m->budget;
		in->trail = incident_trail(m, s, 0);
	}
	given_referenced(s, v);
}
