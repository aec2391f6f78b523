/*
 * given.c - an object that goes away with a function that ends it: a callback's data and its destroy notify.
 * The reference that goes along is this function's own, unless it took another one before; whoever ends that
 * reference here, too, ends it twice.
 */
#include "call.h"
#include "scan.h"

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

bool given_to_seen(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                   uint32_t arg, struct sval v)
{
	const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
	struct sval entry = r ? call_value(m, s, c, &r->entry) : (struct sval){0};
	bool data =
	        entry.kind == SV_FUNC && r->data.base == API_PATH_ARG && !r->data.deref && r->data.arg == arg;
	const struct summary *sum = data && v.kind == SV_LOCAL ? sim_known_callee(m, entry.id) : NULL;
	uint32_t param = sum ? scan_entry_data(m->sol, entry.id) : 0;
	if (!param || param > 64 || sum->scatters >> (param - 1) & 1)
		return false;
	for (uint32_t k = 0; k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		bool written = e->kind == EFFECT_WRITE || e->kind == EFFECT_STORE || e->kind == EFFECT_FRESH;
		if (!written || e->place.param != (int)param - 1 || e->place.depth != 1)
			continue;
		struct sval at = v;
		at.off += e->place.offset[0];
		own_forget_at(m, s, at, c->i);
	}
	return true;
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

void given_to_task(struct state *s, struct sval data, struct sval result, enum api_cond when)
{
	for (uint32_t k = 0; data.kind == SV_SYM && k < s->objs.len; k++)
		if (s->objs.data[k].kind == OBJ_HANDLE && sv_eq(s->objs.data[k].key, data)) {
			s->objs.data[k].given = result;
			s->objs.data[k].given_when = when;
		}
}

/* It was waited for on purpose: what was given to it is nobody else's any more. */
void given_back(struct state *s)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		s->objs.data[k].given = (struct sval){0};
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
