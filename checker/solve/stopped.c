/*
 * stopped.c - work that is asked to stop by its record, and not waited for: it may be under way, and use what
 * the record lies in.
 */
#include "scan.h"
#include "task.h"

#include <string.h>

#define STOPPED_SLOT 192

static bool in_place(const struct api_path *p)
{
	return p->base == API_PATH_ARG && !p->deref && !p->field;
}

static bool runs_a_record(const struct api_func *d, const char *library)
{
	for (const struct api_role *r = NULL;
	     d && !strcmp(d->library, library) && (r = api_role_next(d, API_ROLE_SPAWN, r));)
		if ((r->runs == API_RUNS_THREAD || r->runs == API_RUNS_POOL) &&
		    (r->record || in_place(&r->handle)))
			return true;
	return false;
}

/* Does the library, or what the unit's annotations describe, run work in other threads by records of its
 * users? */
static bool runs_records(const struct program *p, const char *library)
{
	for (uint32_t i = 0; i < p->api->nfuncs; i++)
		if (runs_a_record(&p->api->funcs[i], library))
			return true;
	for (uint32_t f = 1; f < p->unit->nfuncs; f++)
		if (runs_a_record(p->described[f], library))
			return true;
	return false;
}

bool task_only_stops(const struct program *p, const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_CANCEL);
	return r && in_place(&r->handle) && !api_role_of(d, API_ROLE_JOIN) &&
	       !api_role_of(d, API_ROLE_BLOCK) && runs_records(p, d->library);
}

/* What the call answers may tell that the work does not run. */
static bool answer_used(const struct sim *m, const struct call *c)
{
	const struct use_index *x = scan_uses(m->sol, m->func);
	return c->in->result && x->first[c->in->result] < x->first[c->in->result + 1];
}

void task_stopped(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                  const struct api_role *r)
{
	struct sval v = r->handle.base ? call_value(m, s, c, &r->handle) : (struct sval){0};
	if (v.kind != SV_SYM || answer_used(m, c) || !task_only_stops(m->p, d))
		return;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj *o = &s->objs.data[k];
		if (o->kind == OBJ_OP && (sv_eq(o->key, v) || sv_eq(o->saved, v)))
			return; /* its start, or its end, was seen */
	}
	struct obj *o = own_begin(m, s, OBJ_OP, c->i, STOPPED_SLOT, v, NULL, d);
	o->result = c->result;
	o->when = API_ALWAYS;
	o->saved = v;
	o->started_by = r;
	o->how = OP_STOPPED;
}
