/*
 * timer.c - callbacks that will run, and what they get: whoever frees that first is told.
 */
#include "call.h"
#include "scan.h"
#include "sim.h"

#include <string.h>

static bool may_still_run(struct sim *m, struct state *s, const struct obj *o)
{
	if (o->status == OBJ_OWNED || o->status == OBJ_LOST)
		return true;
	for (uint32_t k = 0; o->status == OBJ_GONE && !o->ended && k < s->mem.len; k++) {
		const struct cell *c = &s->mem.data[k];
		if (sv_eq(c->v, o->key) && c->store == o->changed)
			return sim_epoch(m, s, c->at) <= c->store;
	}
	return false;
}

/* Its callback runs when this thread comes back to its loop, and not before. */
static bool runs_in_loop(struct sim *m, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	const struct api_func *d = !o->is_param && ir_is_call(in) ? scan_model(m->sol, m->f, in) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
	r = r ? r : api_role_of(d, API_ROLE_CONNECT);
	return r && (r->runs == API_RUNS_LOOP || r->runs == API_RUNS_HANDLER);
}

void timer_loop_runs(struct sim *m, struct state *s)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		ir_instr at = o->orphaned;
		o->orphaned = 0;
		if (at && may_still_run(m, s, o))
			own_event(m, s, o, EVENT_ORPHAN, at);
	}
}

void timer_data_freed(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	for (uint32_t k = 0; (v.kind == SV_SYM || v.kind == SV_LOCAL) && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->data.kind != v.kind || o->data.id != v.id || !may_still_run(m, s, o) ||
		    own_never_made(m, s, o))
			continue;
		if (runs_in_loop(m, o))
			o->orphaned = i;
		else
			own_event(m, s, o, EVENT_ORPHAN, i);
	}
}

/* It says when something happens; NULL: it does not. */
static const struct api_role *times(const struct api_func *d)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_DEADLINE, r));)
		if (strcmp(r->covers, "timer") == 0)
			return r;
	return NULL;
}

/* What is armed: what runs then gets it, or it is used from now on. Without a time nothing is. */
static struct sval armed_by(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	const struct api_role *time = times(d), *spawn = time ? api_role_of(d, API_ROLE_SPAWN) : NULL,
	                      *uses = time ? api_role_of(d, API_ROLE_USES) : NULL;
	if (spawn && spawn->record && spawn->data.base == API_PATH_ARG)
		return call_value(m, s, c, &spawn->data);
	if (!uses || uses->handle.base != API_PATH_ARG || time->timeout.base != API_PATH_ARG ||
	    sv_is_const(sim_eval(m, s, ir_arg(m->f, c->in, time->timeout.arg)), 0))
		return (struct sval){0};
	return call_value(m, s, c, &uses->handle);
}

void timer_called(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	struct sval v = armed_by(m, s, c, d);
	for (uint32_t k = 0; v.kind && k < s->objs.len; k++)
		if (s->objs.data[k].kind == OBJ_HANDLE && sv_eq(s->objs.data[k].key, v))
			s->objs.data[k].armed = c->i;
}

bool timer_waits_for_data(const struct state *s, const struct obj *o)
{
	for (uint32_t k = 0; o->data.kind == SV_SYM && k < s->objs.len; k++) {
		const struct obj *memory = &s->objs.data[k];
		if (memory->key.kind == SV_SYM && memory->key.id == o->data.id && !memory->is_param)
			return memory->status == OBJ_HEAP || memory->status == OBJ_GONE;
	}
	return false;
}
