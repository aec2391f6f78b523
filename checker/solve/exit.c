/*
 * exit.c - the ends of paths: what is still owed, and which tokens stay behind in static storage.
 */
#include "sim.h"

#include "arena.h"
#include "intern.h"
#include "str.h"

#include <string.h>

#define MAX_EXITS 128

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

/* ---- incidents ---- */

static const struct trail *keep_trail(struct arena *a, const struct trail *t)
{
	const struct trail *first = NULL;
	struct trail **end = (struct trail **)&first;
	for (; t; t = t->before) {
		struct trail *copy = ARENA_NEW(a, struct trail);
		*copy = *t;
		copy->before = NULL;
		*end = copy;
		end = (struct trail **)&copy->before;
	}
	return first;
}

static struct incident *incident_add(struct sim *m, enum incident_kind kind, ir_instr site, uint8_t slot)
{
	struct solution *sol = m->sol;
	for (uint32_t i = m->first_incident; i < sol->nincidents; i++)
		if (sol->incidents[i].func == m->func && sol->incidents[i].kind == kind &&
		    sol->incidents[i].site == site && sol->incidents[i].slot == slot)
			return NULL;
	if (sol->nincidents == sol->incidents_cap)
		sol->incidents = vec_grow(sol->incidents, &sol->incidents_cap, sol->nincidents + 1,
		                          sizeof *sol->incidents);
	struct incident *in = &sol->incidents[sol->nincidents++];
	*in = (struct incident){.kind = kind,
	                        .func = m->func,
	                        .site = site,
	                        .slot = slot,
	                        .name = "",
	                        .callee = "",
	                        .chain = ""};
	return in;
}

/* `job.stop`, `job->stop`: the field whose address is an argument; "" if it is none. */
static const char *field_of_arg(struct sim *m, ir_val arg)
{
	const struct ir_instruction *addr = ir_def(m->f, arg);
	if (!addr || addr->op != IR_ADDR || !addr->record)
		return "";
	ir_val base = ir_strip_casts(m->f, ir_operand(m->f, addr, 0));
	const struct ir_instruction *owner = ir_def(m->f, base);
	const char *field = ir_field_name(m->u, addr->record, (uint32_t)addr->imm),
	           *name = m->f->vals[base].name;
	if (!*field || !*name)
		return field;
	struct str text = {0};
	str_addf(&text, "%s%s%s", name, owner && owner->op == IR_ALLOCA ? "." : "->", field);
	const char *kept = intern(m->u->strings, str_c(&text));
	str_release(&text);
	return kept;
}

/* What a creating call was given to put the handle into, or to make one of. */
static const char *name_in_args(struct sim *m, struct state *s, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	bool put = o->key.kind == SV_SYM && m->t.items.data[o->key.id].kind == SYM_OUT;
	for (uint32_t k = 1; k < in->noperands; k++) {
		ir_val arg = ir_operand(m->f, in, k);
		const char *name = m->f->vals[arg].name, *field = put ? field_of_arg(m, arg) : "";
		if (*field)
			return field;
		if (*name &&
		    (sv_eq(sim_eval(m, s, arg), o->key) || (put && m->f->vals[arg].kind == IR_VAL_INSTR)))
			return name;
	}
	return "";
}

/* The variable a value is held in: of the SSA value, of what the call was given, or of the local it was
 * stored to. */
static const char *name_of(struct sim *m, struct state *s, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	if (in->result && sv_eq(o->key, o->result) && *m->f->vals[in->result].name)
		return m->f->vals[in->result].name;
	const char *given = name_in_args(m, s, o);
	if (*given)
		return given;
	for (uint32_t i = 0; i < s->mem.len; i++) {
		const struct cell *c = &s->mem.data[i];
		if (sv_eq(c->v, o->key) && c->at.kind == SV_LOCAL &&
		    *m->f->vals[m->f->instrs[c->at.id].result].name)
			return m->f->vals[m->f->instrs[c->at.id].result].name;
	}
	return o->key.kind == SV_LOCAL ? m->f->vals[m->f->instrs[o->key.id].result].name : "";
}

static const char *callee_name(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	return ir_is_call(in) ? m->u->funcs[sim_callee(m, s, in)].display : "";
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

/* Several return statements share one ret: then the statement is where the block before was left. */
static ir_instr leaving(struct sim *m, struct state *s, ir_instr ret)
{
	const struct ir_basic_block *b = &m->f->blocks[m->f->instrs[ret].block];
	for (ir_instr i = b->first; i < ret; i++)
		if (m->f->instrs[i].op != IR_PHI)
			return ret;
	return s->last && m->f->instrs[s->last].op == IR_BR && m->f->instrs[s->last].loc ? s->last : ret;
}

static void report_owed(struct sim *m, struct state *s, const struct obj *o, ir_instr at)
{
	struct incident *in = incident_add(m, INCIDENT_OWED_AT_EXIT, o->site, o->slot);
	if (!in)
		return;
	const struct trail *before = s->trail; /* others that are owed at this exit do not tell of it */
	at = leaving(m, s, at);
	sim_trail(m, s, TRAIL_EXIT, at, false, 0);
	in->exit = at;
	in->model = o->model;
	in->family = o->family && *o->family ? apimodel_family(m->p->api, o->family) : NULL;
	in->name = name_of(m, s, o);
	in->callee = callee_name(m, s, o->site);
	in->inferred = o->inferred;
	in->widened = s->widened || m->budget;
	in->trail = keep_trail(m->sol->arena, s->trail);
	s->trail = before;
	if (o->holder.kind) {
		for (uint32_t k = 0; k < s->objs.len; k++)
			if (s->objs.data[k].status == OBJ_FREED && sv_eq(s->objs.data[k].key, o->holder))
				in->holder_freed = s->objs.data[k].changed;
	}
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
	for (uint32_t i = 0; v.kind == SV_SYM && i < s->mem.len; i++) {
		const struct cell *c = &s->mem.data[i];
		if (c->at.kind == SV_SYM && c->at.id == v.id && sim_is_token(m, c->v, origin))
			return true;
	}
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

/* What a helper that only this file can call leaves behind is judged where it is called: the caller may take
 * it out again with another helper. */
static bool judged_by_callers(const struct sim *m, uint32_t func)
{
	const struct program *p = m->p;
	uint32_t flags = m->u->funcs[func].flags;
	if (!(flags & IR_FUNC_STATIC) || (flags & IR_FUNC_ADDRESS_TAKEN) ||
	    p->in_edges_of[func] == p->in_edges_of[func + 1])
		return false;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind != CALL_DIRECT || p->edges[p->in_edges[k]].caller == func)
			return false;
	return true;
}

/* The effect by which the callee of a cell's call put the cell's value into static storage; NULL: none, or no
 * such call. */
static const struct effect *effect_behind(struct sim *m, struct state *s, const struct cell *c,
                                          uint32_t global, uint32_t *callee)
{
	const struct ir_instruction *in = &m->f->instrs[c->store];
	*callee = ir_is_call(in) ? sim_callee(m, s, in) : 0;
	const struct summary *sum = &m->sol->funcs[*callee].summary;
	for (uint32_t i = 0; *callee && m->p->cfgs[*callee] && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if ((e->kind == EFFECT_STORE || e->kind == EFFECT_INSERT) && e->place.global == global &&
		    e->value.param >= 0 &&
		    sv_eq(sim_eval(m, s, ir_arg(m->f, in, (uint32_t)e->value.param)), c->v))
			return e;
	}
	return NULL;
}

static bool takes_token(const struct sim *m, uint32_t func, const struct effect *e)
{
	return apimodel_is_token_type(m->p->api, m->u->funcs[func].params[e->value.param].ctype);
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
	if (e && takes_token(m, callee, e) && !judged_by_callers(m, callee))
		return; /* the helper was judged by itself */
	struct incident *in = incident_add(m, INCIDENT_TOKEN_OUTLIVES, c->store, 0);
	if (!in)
		return;
	struct cell named = *c;
	named.at.id = global;
	in->exit = leaving(m, s, at);
	in->name = global ? m->u->globals[global].display : "";
	in->callee = callee_name(m, s, c->store);
	in->chain = chain_text(m, &named, carried);
	in->global = global;
	in->field_token = origin == TOKEN_FROM_FIELD;
	in->inferred = e != NULL;
	in->trail = keep_trail(m->sol->arena, s->trail);
}

static void check_static_storage(struct sim *m, struct state *s, ir_instr at)
{
	for (uint32_t i = 0; i < s->mem.len; i++) {
		struct cell c = s->mem.data[i];
		uint32_t global = sv_root_global(&m->t, c.at, NULL);
		enum token_origin origin;
		if (!global)
			continue;
		struct effect_place value;
		bool passed = own_param_path(&m->t, c.v, &value) && judged_by_callers(m, m->func);
		if (passed)
			continue;
		if (sim_is_token(m, c.v, &origin) || ended_here(s, c.v, &origin))
			report_outlives(m, s, &c, global, false, origin, at);
		else if (carries_token(m, s, c.v, &origin))
			report_outlives(m, s, &c, global, true, origin, at);
	}
}

void sim_exit(struct sim *m, struct state *s, ir_instr i)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	struct sval v = in->noperands ? sim_eval(m, s, ir_operand(m->f, in, 0)) : (struct sval){0};
	if (m->exits.len < MAX_EXITS)
		vec_push(&m->exits, (struct exit_record){state_copy(s), v});
	else
		m->budget = "too many ways out";
	if (v.kind == SV_SYM && own_heap(s, v))
		own_publish(m, s, v, i);
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj o = s->objs.data[k];
		if (o.status == OBJ_OWNED && !(sv_eq(o.key, v) && o.refs == 0 && !o.claim) &&
		    !own_never_made(m, s, &o))
			report_owed(m, s, &o, i);
	}
	check_static_storage(m, s, i);
}

/* Where each handle is released on some path, for the explanation of those where it is not. */
void sim_fill_elsewhere(struct sim *m)
{
	for (uint32_t i = m->first_incident; i < m->sol->nincidents; i++) {
		struct incident *in = &m->sol->incidents[i];
		for (uint32_t k = 0; in->func == m->func && k < m->released.len; k++)
			if (m->released.data[k].site == in->site && m->released.data[k].slot == in->slot)
				in->elsewhere = m->released.data[k].at;
	}
}
