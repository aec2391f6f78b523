/*
 * exit.c - the ends of paths: what is still owed, and which tokens stay behind in static storage.
 */
#include "queue.h"
#include "scan.h"
#include "scope.h"
#include "task.h"

#include "arena.h"
#include "intern.h"
#include "str.h"

#include <string.h>

/* ---- tokens ---- */

bool sim_is_token(const struct sim *m, struct sval v, enum token_origin *origin)
{
	uint64_t found = 0;
	if (v.kind != SV_SYM || v.off != 0 || !intmap_get(&m->tokens, v.id, &found))
		return false;
	*origin = (enum token_origin)found;
	return true;
}

void sim_mark_token(struct sim *m, struct sval v, enum token_origin origin)
{
	if (v.kind == SV_SYM && v.off == 0 && !intmap_get(&m->tokens, v.id, NULL))
		intmap_set(&m->tokens, v.id, origin);
}

bool own_never_made(struct sim *m, struct state *s, const struct obj *o)
{
	if (state_cond(s, &m->t, o->result, o->when) == TRI_FALSE)
		return true;
	if (state_test(s, &m->t, o->key) == TRI_FALSE && o->key.kind == SV_SYM &&
	    m->t.items.data[o->key.id].pointer)
		return true;
	return state_cond(s, &m->t, o->key, API_NEGATIVE) == TRI_TRUE;
}

/* A carrier is memory that holds a token: `entry` after `entry->ctx = c`, or a parameter whose token this
 * function reads. */
static bool carries_token(struct sim *m, struct state *s, struct sval v, enum token_origin *origin)
{
	for (uint32_t i = 0; v.kind == SV_SYM && m->t.items.data[v.id].kind == SYM_PARAM && i < m->tokens.len;
	     i++) {
		const struct symbol *q = &m->t.items.data[m->tokens.entries[i].key];
		*origin = TOKEN_FROM_FIELD;
		if (q->kind == SYM_MEM && q->x.kind == SV_SYM && q->x.id == v.id)
			return true;
	}
	const struct obj *memory = state_obj_by_key(s, v);
	if (memory && (memory->ended || memory->status == OBJ_FREED))
		return false; /* what it carried went with it */
	struct span span = v.kind == SV_SYM || v.kind == SV_LOCAL ? state_cells(s, v) : (struct span){0};
	for (uint32_t i = span.from; i < span.to; i++)
		if (sim_is_token(m, s->mem.data[i].v, origin))
			return true;
	return false;
}

static const char *field_path(struct sim *m, ir_instr store)
{
	const struct ir_instruction *in = &m->f->instrs[store];
	const struct ir_instruction *addr = in->op == IR_STORE ? ir_def(m->f, ir_operand(m->f, in, 1)) : NULL;
	if (!addr || addr->op != IR_ADDR || !addr->record)
		return "";
	return ir_field_name(m->u, addr->record, (uint32_t)addr->imm);
}

static const char *chain_text(struct sim *m, const struct cell *c, bool carried)
{
	const char *global = c->at.id ? m->u->globals[c->at.id].display : "";
	struct str text = {0};
	str_add(&text, carried ? "the object that carries it" : "the token");
	const char *field = field_path(m, c->store);
	if (*field)
		str_addf(&text, " -> %s", field);
	if (*global)
		str_addf(&text, " -> %s", global);
	const char *kept = intern(m->u->strings, str_c(&text));
	str_release(&text);
	return kept;
}

/* What a helper leaves behind is judged where this file calls it: the caller may take it out again with
 * another helper. */
static bool judged_by_callers(const struct sim *m, uint32_t func)
{
	const struct program *p = m->p;
	uint32_t flags = m->u->funcs[func].flags;
	if ((flags & IR_FUNC_ADDRESS_TAKEN) || p->in_edges_of[func] == p->in_edges_of[func + 1])
		return false;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind != CALL_DIRECT || p->edges[p->in_edges[k]].caller == func)
			return false;
	return true;
}

/* Does the effect concern static storage: named by itself, or a container that the call is given? */
static bool concerns_global(struct sim *m, struct state *s, const struct ir_instruction *in,
                            const struct effect *e, uint32_t global)
{
	if (e->kind == EFFECT_STORE || e->place.global)
		return e->place.global == global;
	return e->place.param >= 0 && (uint32_t)e->place.param < ir_nargs(in) &&
	       sv_root_global(&m->t, sim_eval(m, s, ir_arg(m->f, in, (uint32_t)e->place.param)), NULL) ==
	               global;
}

/* The effect by which the callee of a cell's call put the cell's value into static storage; NULL: none, or no
 * such call. */
static const struct effect *effect_behind(struct sim *m, struct state *s, const struct cell *c,
                                          uint32_t global, uint32_t *callee)
{
	const struct ir_instruction *in = &m->f->instrs[c->store];
	*callee = ir_is_call(in) ? sim_callee(m, s, in) : 0;
	const struct summary *sum = &m->sol->funcs[*callee].summary;
	for (uint32_t i = 0; *callee && solve_has_body(m->sol, *callee) && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if ((e->kind == EFFECT_STORE || e->kind == EFFECT_INSERT) && e->value.param >= 0 &&
		    concerns_global(m, s, in, e, global) &&
		    sv_eq(sim_eval(m, s, ir_arg(m->f, in, (uint32_t)e->value.param)), c->v))
			return e;
	}
	return NULL;
}

static bool takes_token(const struct sim *m, uint32_t func, const struct effect *e)
{
	const struct ir_func *f = &m->u->funcs[func];
	return (uint32_t)e->value.param < f->nparams &&
	       program_is_token(m->p, f->params[e->value.param].ctype);
}

/* A token that was made here, and has ended here, belongs to no longer than this call. */
static bool ended_here(const struct state *s, struct sval v, enum token_origin *origin)
{
	for (uint32_t i = 0; v.kind == SV_SYM && i < s->objs.len; i++) {
		const struct obj *o = &s->objs.data[i];
		const struct api_role *made = api_role_of(o->model, API_ROLE_CREATE);
		bool over = o->status == OBJ_RELEASED || (o->status == OBJ_GONE && o->ended);
		if (over && made && made->token.base == API_PATH_RETURN && sv_eq(o->result, v)) {
			*origin = TOKEN_FROM_PARAM;
			return true;
		}
	}
	return false;
}

static void report_outlives(struct sim *m, struct state *s, const struct cell *c, uint32_t global,
                            bool carried, enum token_origin origin, ir_instr at)
{
	uint32_t callee;
	const struct effect *e = effect_behind(m, s, c, global, &callee);
	if (e && e->place.global && takes_token(m, callee, e) && !judged_by_callers(m, callee))
		return; /* the helper was judged by itself */
	struct incident *in = incident_new(m, INCIDENT_TOKEN_OUTLIVES, c->store, 0);
	if (!in)
		return;
	struct cell named = *c;
	named.at.id = global;
	in->at = incident_leaving(m, s, at);
	in->name = global ? m->u->globals[global].display : "";
	in->callee = incident_callee(m, s, c->store);
	in->chain = chain_text(m, &named, carried);
	in->global = global;
	in->field_token = origin == TOKEN_FROM_FIELD;
	struct effect_place value;
	in->of_callers = own_param_path(&m->t, c->v, &value) && judged_by_callers(m, m->func);
	in->inferred = e != NULL;
	in->trail = incident_trail(m, s, c->store);
}

static void check_static_storage(struct sim *m, struct state *s, ir_instr at)
{
	for (uint32_t i = 0; i < s->mem.len; i++) {
		struct cell c = s->mem.data[i];
		uint32_t global = sv_root_global(&m->t, c.at, NULL);
		enum token_origin origin;
		if (!global)
			continue;
		if (sim_is_token(m, c.v, &origin) || ended_here(s, c.v, &origin))
			report_outlives(m, s, &c, global, false, origin, at);
		else if (carries_token(m, s, c.v, &origin))
			report_outlives(m, s, &c, global, true, origin, at);
	}
}

/* The body of a function that its model describes: whoever calls it owes the release, as the model says. */
static bool owed_by_callers(const struct sim *m, const struct obj *o)
{
	const struct api_func *own = m->p->described[m->func];
	for (const struct api_role *r = api_role_of(own, API_ROLE_CREATE); r && o->family;
	     r = api_role_next(own, API_ROLE_CREATE, r))
		if (strcmp(r->family, o->family) == 0)
			return true;
	return false;
}

/* Queues and counts are there for two sides: while the other one has it, it cannot be released here. */
static bool is_met_at(struct sim *m, struct state *s, const struct obj *o)
{
	const struct api_role *made = api_role_of(o->model, API_ROLE_CREATE);
	bool meeting = made && made->count.base;
	for (uint32_t f = 1; made && !meeting && f < m->u->nfuncs; f++) {
		const struct api_role *enter = api_role_of(m->p->described[f], API_ROLE_ENTER);
		meeting = enter && enter->handle.base && strcmp(enter->family, made->family) == 0;
	}
	return meeting && o->given.kind && state_cond(s, &m->t, o->given, o->given_when) != TRI_FALSE;
}

void exit_handles(struct sim *m, struct state *s, struct sval result, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj o = s->objs.data[k];
		if (o.kind == OBJ_HANDLE && o.status == OBJ_OWNED &&
		    !(sv_eq(o.key, result) && o.refs == 0 && !o.claim) && !own_never_made(m, s, &o) &&
		    !owed_by_callers(m, &o) && !is_met_at(m, s, &o))
			own_event(m, s, &s->objs.data[k], lost_unread(m, &o) ? EVENT_DISCARD : EVENT_LEAVE,
			          i);
	}
}

/* Where a call that failed leaves the reason: what is read there is one, when the function returns it. */
static bool is_reason(const struct sim *m, struct sval v)
{
	const struct symbol *q = v.kind == SV_SYM && !v.off ? &m->t.items.data[v.id] : NULL;
	const struct symbol *at = q && q->kind == SYM_MEM && q->x.kind == SV_SYM && !q->x.off
	                                  ? &m->t.items.data[q->x.id]
	                                  : NULL;
	const struct api_func *d =
	        at && at->kind == SYM_RESULT ? scan_model(m->sol, m->f, &m->f->instrs[at->a]) : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_RESULT);
	return r && r->to.base == API_PATH_RETURN;
}

/* `return -errno;` tells of a failure: it is not 0. */
static void assume_reason(struct sim *m, struct state *s, struct sval v)
{
	struct sval x;
	if (sv_negated(&m->t, v, &x) && is_reason(m, x)) {
		state_assume_range(s, v.id, INT64_MIN, -1, true);
		v = x;
	}
	if (is_reason(m, v))
		state_assume_range(s, v.id, 1, INT64_MAX, true);
}

void sim_exit(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval v = in->noperands ? sim_eval(m, s, ir_operand(m->f, in, 0)) : (struct sval){0};
	assume_reason(m, s, v);
	if (sim_is_aggregate(m, v))
		aggregate_return(m, s, v, i);
	outcome_record(m, s, v);
	if (v.kind == SV_SYM && (own_heap(s, v) || own_stands_for(m, v)))
		own_publish(m, s, v, i);
	own_publish_waitable(m, s, v, i);
	timer_loop_runs(m, s);
	exit_handles(m, s, v, i);
	complete_leave(m, s, v, i);
	scope_exit(m, s, v, i);
	task_exit(m, s, v, i);
	queue_published(m, s, v);
	queue_exit(m, s, i);
	check_static_storage(m, s, i);
}
