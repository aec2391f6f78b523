/*
 * ignored.c - callbacks whose body is known: do they end what they get, or what lies in it, or let anybody
 * have it? If they do not, who starts them owes the release as before.
 */
#include "call.h"

#include <string.h>

/* Neither ends a value nor lets anybody have it. */
static bool leaves_alone(const struct effect *e, bool behind)
{
	switch (e->kind) {
	case EFFECT_WRITE:
	case EFFECT_LOCKS:
	case EFFECT_UNLOCKS:
	case EFFECT_TAKES:
	case EFFECT_CALLS:
	case EFFECT_AWAITS:
		return true;
	case EFFECT_STORE: /* a number, into what it points to */
		return !behind && e->place.depth > 0;
	default:
		return false;
	}
}

/* By itself, or by a name that somebody gave to that type. */
static bool is_untyped(const struct ir_func *f, uint32_t param)
{
	const char *type = f->params[param].ctype;
	return strcmp(type, "void *") == 0 ||
	       (!strchr(type, '*') && f->vals[f->params[param].val].type == IR_TYPE_PTR);
}

/* May a parameter of a callback be its data? A pointer to anything is, where there is one. Without `f` any is
 * asked for. */
static bool may_be_data(const struct ir_func *f, int param)
{
	bool any = false;
	if (!f)
		return param >= 0;
	if (param < 0 || (uint32_t)param >= f->nparams)
		return param >= 0;
	for (uint32_t k = 0; k < f->nparams; k++)
		any |= is_untyped(f, k);
	return f->vals[f->params[param].val].type == IR_TYPE_PTR && (!any || is_untyped(f, (uint32_t)param));
}

/* Does an effect of a callback concern what a parameter is, or what lies at `offset` behind it? Which one
 * gets its data the model does not say: any counts that may. Completing the operation ends no handle. */
static bool concerns(const struct ir_func *f, const struct effect *e, bool behind, int64_t offset)
{
	if (e->kind != EFFECT_KEEP && may_be_data(f, e->value.param))
		return true;                                   /* of what is kept, that is where */
	bool inside = e->place.plus && e->kind != EFFECT_KEEP; /* of another thing that lies in it */
	if (!may_be_data(f, e->place.param) || (e->how & END_COMPLETES) || leaves_alone(e, behind) || inside)
		return false;
	return !behind || e->place.depth == 0 ? !behind || e->kind == EFFECT_KEEP
	                                      : e->place.offset[0] == offset;
}

/* The entry of a spawn, when its body is known; NULL otherwise. */
const struct summary *call_known_entry(struct sim *m, struct sval entry)
{
	if (entry.kind != SV_FUNC || !m->p->cfgs[entry.id])
		return NULL;
	sim_function(m->sol, entry.id);
	return m->sol->funcs[entry.id].summary.known ? &m->sol->funcs[entry.id].summary : NULL;
}

bool call_entry_concerns(const struct sim *m, struct sval entry, const struct summary *sum, bool behind,
                         int64_t offset)
{
	for (uint32_t i = 0; i < sum->neffects; i++)
		if (concerns(&m->u->funcs[entry.id], &sum->effects[i], behind, offset))
			return true;
	return false;
}

bool call_entry_ends(const struct summary *sum)
{
	for (uint32_t i = 0; i < sum->neffects; i++)
		if (concerns(NULL, &sum->effects[i], false, 0))
			return true;
	return false;
}

/* The body of the entry is known, and of what is owed it neither ends nor keeps any: neither the data itself
 * nor a handle in the memory it points to. */
bool call_entry_ignores(struct sim *m, struct state *s, struct sval v, struct sval entry)
{
	bool owed = false;
	const struct summary *sum = call_known_entry(m, entry);
	const struct obj *self = state_obj_by_key(s, v);
	if (!sum)
		return false;
	if (self && self->status == OBJ_OWNED)
		return !call_entry_concerns(m, entry, sum, false, 0);
	struct span span = state_cells(s, v);
	for (uint32_t i = span.from; i < span.to; i++) {
		const struct cell *c = &s->mem.data[i];
		const struct obj *o = state_obj_by_key(s, c->v);
		if (!o || o->status != OBJ_OWNED)
			continue;
		owed = true;
		if (call_entry_concerns(m, entry, sum, true, c->at.off - v.off))
			return false;
	}
	return owed;
}
