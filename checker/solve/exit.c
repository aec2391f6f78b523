/*
 * exit.c - the ends of paths: what is still owed, which tokens stay behind in static storage, and the summary that callers
 * are simulated with.
 */
#include "sim.h"

#include "arena.h"
#include "intern.h"
#include "str.h"

#include <string.h>

#define MAX_EXITS 128
#define MAX_EFFECTS 24

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
		if (sol->incidents[i].func == m->func && sol->incidents[i].kind == kind && sol->incidents[i].site == site && sol->incidents[i].slot == slot)
			return NULL;
	if (sol->nincidents == sol->incidents_cap)
		sol->incidents = vec_grow(sol->incidents, &sol->incidents_cap, sol->nincidents + 1,
					  sizeof *sol->incidents);
	struct incident *in = &sol->incidents[sol->nincidents++];
	*in = (struct incident){.kind = kind, .func = m->func, .site = site, .slot = slot, .name = "", .callee = "",
				.chain = ""};
	return in;
}

/* The variable a value is held in: the name of the SSA value, or of the local it was stored to. */
static const char *name_of(struct sim *m, struct state *s, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	for (uint32_t i = 0; i < s->mem.len; i++) {
		const struct cell *c = &s->mem.data[i];
		if (!sv_eq(c->v, o->key) || c->at.kind != SV_LOCAL)
			continue;
		const char *local = m->f->vals[m->f->instrs[c->at.id].result].name;
		if (*local)
			return local;
	}
	if (o->key.kind == SV_LOCAL)
		return m->f->vals[m->f->instrs[o->key.id].result].name;
	if (in->result && o->key.kind == SV_SYM && *m->f->vals[in->result].name)
		return m->f->vals[in->result].name;
	for (uint32_t k = 1; o->key.kind == SV_SYM && k < in->noperands; k++) {
		const char *arg = m->f->vals[ir_operand(m->f, in, k)].name;
		if (*arg && m->t.items.data[o->key.id].kind == SYM_OUT && m->f->vals[ir_operand(m->f, in, k)].kind == IR_VAL_INSTR)
			return arg;
	}
	return "";
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
	if (state_test(s, &m->t, o->key) == TRI_FALSE && o->key.kind == SV_SYM && m->t.items.data[o->key.id].pointer)
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
	if (o->holder.kind) {
		for (uint32_t k = 0; k < s->objs.len; k++)
			if (s->objs.data[k].status == OBJ_FREED && sv_eq(s->objs.data[k].key, o->holder))
				in->holder_freed = s->objs.data[k].changed;
	}
}

/* A carrier is memory that holds a token: `entry` after `entry->ctx = c`. */
static bool carries_token(struct sim *m, struct state *s, struct sval v, enum token_origin *origin)
{
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

static void report_outlives(struct sim *m, struct state *s, const struct cell *c, uint32_t global, bool carried,
			    enum token_origin origin, ir_instr at)
{
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
	in->inferred = ir_is_call(&m->f->instrs[c->store]) && !m->p->described[sim_callee(m, s, &m->f->instrs[c->store])];
	in->trail = keep_trail(m->sol->arena, s->trail);
}

/* A helper with a token parameter was judged by itself; one with any other is judged where it is given the token. */
static bool judged_inside(struct sim *m, struct state *s, const struct cell *c)
{
	const struct ir_instruction *in = &m->f->instrs[c->store];
	uint32_t callee = ir_is_call(in) ? sim_callee(m, s, in) : 0;
	const struct ir_func *g = &m->u->funcs[callee];
	if (!callee || !m->p->cfgs[callee])
		return false;
	for (uint32_t k = 0; k < ir_nargs(in) && k < g->nparams; k++)
		if (sv_eq(sim_eval(m, s, ir_operand(m->f, in, k + 1)), c->v) &&
		    apimodel_is_token_type(m->p->api, g->params[k].ctype))
			return true;
	return false;
}

static void check_static_storage(struct sim *m, struct state *s, ir_instr at)
{
	for (uint32_t i = 0; i < s->mem.len; i++) {
		struct cell c = s->mem.data[i];
		uint32_t global = sv_root_global(&m->t, c.at, NULL);
		enum token_origin origin;
		if (!global || judged_inside(m, s, &c))
			continue;
		if (sim_is_token(m, c.v, &origin))
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
		if (o.status == OBJ_OWNED && !(sv_eq(o.key, v) && o.refs == 0 && !o.claim) && !own_never_made(m, s, &o))
			report_owed(m, s, &o, i);
	}
	check_static_storage(m, s, i);
}

/* ---- summaries ---- */

enum ret_class { RET_ZERO = 1, RET_NEGATIVE = 2, RET_POSITIVE = 4 };

static unsigned ret_class(struct sim *m, const struct exit_record *x)
{
	if (x->result.kind == SV_NONE)
		return RET_ZERO | RET_NEGATIVE | RET_POSITIVE;
	unsigned c = 0;
	if (state_test(x->state, &m->t, x->result) != TRI_TRUE)
		c |= RET_ZERO;
	if (state_cond(x->state, &m->t, x->result, API_NEGATIVE) != TRI_FALSE)
		c |= RET_NEGATIVE;
	if (state_cond(x->state, &m->t, x->result, API_POSITIVE) != TRI_FALSE)
		c |= RET_POSITIVE;
	if (x->result.kind != SV_CONST && x->result.kind != SV_SYM)
		c = RET_POSITIVE;
	return c;
}

static bool same_effect(const struct effect *a, const struct effect *b)
{
	return a->kind == b->kind && own_same_place(&a->place, &b->place) && own_same_place(&a->value, &b->value) &&
	       (a->kind != EFFECT_RELEASE || a->family == b->family);
}

static void effect_push(struct effect *list, uint32_t *n, struct effect e)
{
	for (uint32_t i = 0; i < *n; i++)
		if (same_effect(&list[i], &e))
			return;
	if (*n < MAX_EFFECTS)
		list[(*n)++] = e;
}

/* The place an address names, as callers see it. */
static bool place_at(struct sim *m, struct sval at, struct effect_place *p)
{
	if (at.kind == SV_GLOBAL) {
		*p = (struct effect_place){.param = -2, .global = at.id, .offset = {at.off, 0}};
		return true;
	}
	return own_param_path(&m->t, sv_sym(sym_get(&m->t, (struct symbol){.kind = SYM_MEM, .x = at})), p);
}

static bool value_at(struct sim *m, struct sval v, struct effect_place *p)
{
	*p = (struct effect_place){.param = -2};
	return sv_is_const(v, 0) || own_param_path(&m->t, v, p);
}

static void handle_effects(struct sim *m, const struct exit_record *x, const struct obj *o, struct effect *list, uint32_t *n)
{
	struct effect e = {.family = o->family, .value = {.param = -2}};
	if (o->is_param && o->status == OBJ_RELEASED && own_param_path(&m->t, o->key, &e.place)) {
		e.kind = EFFECT_RELEASE;
		effect_push(list, n, e);
	}
	if (o->is_param || o->claim || own_never_made(m, x->state, o))
		return;
	e.kind = EFFECT_FRESH;
	if (sv_eq(o->result, x->result)) /* what told us whether it was made tells our caller */
		e.when = o->when;
	if (o->status == OBJ_OWNED && sv_eq(o->key, x->result)) {
		e.place = (struct effect_place){.param = -1};
		effect_push(list, n, e);
	}
	for (uint32_t c = 0; o->status == OBJ_GONE && o->family && c < x->state->mem.len; c++) {
		const struct cell *cell = &x->state->mem.data[c];
		if (sv_eq(cell->v, o->key) && cell->store == o->changed && cell->at.kind == SV_SYM &&
		    place_at(m, cell->at, &e.place))
			effect_push(list, n, e);
	}
}

static void store_effect(struct sim *m, const struct cell *cell, struct effect *list, uint32_t *n)
{
	struct effect e = {.kind = EFFECT_STORE};
	if (!value_at(m, cell->v, &e.value) || !place_at(m, cell->at, &e.place))
		return;
	if (cell->at.kind == SV_GLOBAL && cell->at.off < 0) {
		e.kind = cell->at.off == CONTAINER_MARK ? EFFECT_REMOVE : EFFECT_INSERT;
		e.place.offset[0] = 0;
	}
	effect_push(list, n, e);
}

/* The effects one exit shows. */
static uint32_t exit_effects(struct sim *m, const struct exit_record *x, struct effect *list)
{
	uint32_t n = 0;
	for (uint32_t k = 0; k < x->state->objs.len; k++) {
		struct obj o = x->state->objs.data[k];
		handle_effects(m, x, &o, list, &n);
	}
	for (uint32_t c = 0; c < x->state->mem.len; c++)
		store_effect(m, &x->state->mem.data[c], list, &n);
	return n;
}

/* A release of what is known to be none on this exit is nothing missed. */
static bool vacuous(struct sim *m, const struct exit_record *x, const struct effect *e)
{
	if (e->kind != EFFECT_RELEASE || e->place.param < 0)
		return false;
	struct sval v = sim_eval(m, x->state, m->f->params[e->place.param].val);
	for (unsigned d = 0; d < e->place.depth && v.kind == SV_SYM; d++) {
		v.off += e->place.offset[d];
		v = sv_sym(sym_get(&m->t, (struct symbol){.kind = SYM_MEM, .x = v, .pointer = true}));
	}
	return state_test(x->state, &m->t, v) == TRI_FALSE ||
	       state_cond(x->state, &m->t, v, API_NEGATIVE) == TRI_TRUE;
}

static enum api_cond condition(unsigned with, unsigned without)
{
	static const struct {
		unsigned yes;
		enum api_cond when;
	} table[] = {{RET_ZERO, API_ZERO},
		     {RET_NEGATIVE | RET_POSITIVE, API_NONZERO},
		     {RET_NEGATIVE, API_NEGATIVE},
		     {RET_ZERO | RET_POSITIVE, API_NONNEGATIVE},
		     {RET_POSITIVE, API_POSITIVE}};
	if (!without)
		return API_ALWAYS;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!(with & ~table[i].yes) && !(without & table[i].yes))
			return table[i].when;
	return API_NEVER;
}

static void widen(struct sim *m, const struct exit_record *x, struct ret_range *r)
{
	struct fact f = {.lo = INT64_MIN, .hi = INT64_MAX};
	if (x->result.kind == SV_CONST)
		f.lo = f.hi = x->result.off;
	else if (x->result.kind == SV_SYM && !x->result.off)
		f = state_fact(x->state, x->result.id);
	if (x->result.kind == SV_SYM && m->t.items.data[x->result.id].kind == SYM_CMP)
		f = (struct fact){.lo = f.lo < 0 ? 0 : f.lo, .hi = 1};
	r->lo = f.lo < r->lo ? f.lo : r->lo;
	r->hi = f.hi > r->hi ? f.hi : r->hi;
}

#define NO_EXIT ((struct ret_range){INT64_MAX, INT64_MIN})

static void settle(struct sim *m, struct effect *e)
{
	e->with = e->without = NO_EXIT;
	struct effect list[MAX_EFFECTS];
	unsigned with = 0, without = 0;
	enum api_cond told = API_ALWAYS;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		const struct exit_record *x = &m->exits.data[i];
		uint32_t n = exit_effects(m, x, list), k = 0;
		while (k < n && !same_effect(&list[k], e))
			k++;
		bool shown = k < n;
		told = shown ? list[k].when : told;
		if (shown)
			with |= ret_class(m, x);
		else if (!vacuous(m, x, e))
			without |= ret_class(m, x);
		widen(m, x, shown ? &e->with : &e->without);
	}
	/* What returns a fresh pointer returns none when it failed. */
	if (e->kind == EFFECT_FRESH && e->place.param < 0) {
		with &= ~(unsigned)RET_ZERO;
		e->when = without & ~(unsigned)RET_ZERO ? API_NEVER : API_NONNULL;
		return;
	}
	e->when = condition(with, without);
	if (e->kind == EFFECT_FRESH && e->when == API_ALWAYS)
		e->when = told;
}

static uint32_t returned_param(struct sim *m)
{
	uint32_t param = 0;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		struct sval v = m->exits.data[i].result;
		if (v.kind != SV_SYM || v.off || m->t.items.data[v.id].kind != SYM_PARAM)
			return 0;
		if (i && param != m->t.items.data[v.id].a + 1)
			return 0;
		param = m->t.items.data[v.id].a + 1;
	}
	return param;
}

static uint32_t returned_global(struct sim *m)
{
	uint32_t global = 0;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		struct sval v = m->exits.data[i].result;
		uint32_t g = sv_root_global(&m->t, v, NULL);
		if (sv_is_const(v, 0))
			continue;
		if (!g || (global && g != global))
			return 0;
		global = g;
	}
	return global;
}

/* Where each handle is released on some path, for the explanation of those where it is not. */
static void fill_elsewhere(struct sim *m)
{
	for (uint32_t i = m->first_incident; i < m->sol->nincidents; i++) {
		struct incident *in = &m->sol->incidents[i];
		for (uint32_t k = 0; in->func == m->func && k < m->released.len; k++)
			if (m->released.data[k].site == in->site && m->released.data[k].slot == in->slot)
				in->elsewhere = m->released.data[k].at;
	}
}

void sim_summarise(struct sim *m)
{
	struct summary *sum = &m->sol->funcs[m->func].summary;
	struct effect all[MAX_EFFECTS + 32], list[MAX_EFFECTS];
	uint32_t n = 0;
	sum->returns = NO_EXIT;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		widen(m, &m->exits.data[i], &sum->returns);
		uint32_t k = exit_effects(m, &m->exits.data[i], list);
		for (uint32_t j = 0; j < k; j++)
			effect_push(all, &n, list[j]);
	}
	uint32_t kept = 0;
	for (uint32_t i = 0; i < n; i++) {
		settle(m, &all[i]);
		bool unsure = all[i].when == API_NEVER && all[i].kind != EFFECT_RELEASE;
		bool partly = all[i].when != API_ALWAYS && (all[i].kind == EFFECT_STORE || all[i].kind == EFFECT_REMOVE);
		if (!unsure && !partly)
			all[kept++] = all[i];
	}
	for (uint32_t i = 0; i < m->kept_effects.len; i++)
		all[kept++] = m->kept_effects.data[i];
	struct effect *copy = ARENA_ARRAY(m->sol->arena, struct effect, kept ? kept : 1);
	memcpy(copy, all, kept * sizeof *all);
	sum->effects = copy;
	sum->neffects = kept;
	sum->returns_param = returned_param(m);
	sum->writes = m->writes_param;
	sum->returns_global = returned_global(m);
	sum->known = !m->budget;
	fill_elsewhere(m);
	for (uint32_t i = 0; i < m->exits.len; i++)
		state_free(m->exits.data[i].state);
}
