/*
 * summary.c - what the exits of a function show, condensed for its callers.
 */
#include "deadline.h"
#include "far.h"
#include "queue.h"
#include "lock_sides.h"
#include "locks.h"
#include "scope.h"
#include "task.h"

#include "arena.h"

#include <stdlib.h>
#include <string.h>

#define MAX_EFFECTS 64

enum ret_class { RET_ZERO = 1, RET_NEGATIVE = 2, RET_POSITIVE = 4 };

unsigned sim_result_class(struct sim *m, const struct exit_record *x)
{
	if (x->result.kind == SV_NONE)
		return RET_ZERO | RET_NEGATIVE | RET_POSITIVE;
	unsigned c = 0;
	if (state_test(x->state, &m->t, x->result) == TRI_FALSE)
		return RET_ZERO;
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
	return a->kind == b->kind && own_same_place(&a->place, &b->place) &&
	       own_same_place(&a->value, &b->value) &&
	       ((!((a->how | b->how) & END_CLAIM) && a->kind != EFFECT_OPEN && a->kind != EFFECT_CLOSE) ||
	        a->family == b->family) &&
	       !((a->how ^ b->how) & END_COMPLETES);
}

/* A store too many is forgotten; a release or a new handle too many would make callers wrong about what they
 * own. */
static void effect_push(struct sim *m, struct effect *list, uint32_t *n, struct effect e)
{
	for (uint32_t i = 0; i < *n; i++)
		if (same_effect(&list[i], &e)) {
			list[i].how |= e.how;
			return;
		}
	if (e.kind == EFFECT_STORE && e.value.param == PLACE_NUMBER && *n >= MAX_EFFECTS / 2)
		return;
	if (*n < MAX_EFFECTS)
		list[(*n)++] = e;
	else if (e.kind == EFFECT_RELEASE || e.kind == EFFECT_FRESH)
		m->effects_lost = true;
}

/* The place an address names, as callers see it. */
static bool place_at(struct sim *m, struct sval at, struct effect_place *p)
{
	if (at.kind == SV_GLOBAL) {
		*p = (struct effect_place){.param = -2, .global = at.id, .offset = {at.off, 0}};
		return true;
	}
	if (sim_is_aggregate(m, at)) {
		*p = (struct effect_place){.param = -1, .depth = 1, .offset = {at.off, 0}};
		return true;
	}
	return own_param_path(&m->t, sv_sym(sym_get(&m->t, (struct symbol){.kind = SYM_MEM, .x = at})), p);
}

static bool value_at(struct sim *m, struct sval v, struct effect_place *p)
{
	*p = (struct effect_place){.param = -2};
	if (v.kind == SV_CONST && v.off)
		*p = (struct effect_place){.param = PLACE_NUMBER, .plus = v.off};
	return v.kind == SV_CONST || own_param_path(&m->t, v, p);
}

/* What the creator returned, and so whether it made anything, is put where callers can look at it, too. */
static void told_by(struct sim *m, const struct exit_record *x, const struct obj *o, struct effect *e)
{
	for (uint32_t c = 0; o->when != API_ALWAYS && c < x->state->mem.len; c++) {
		const struct cell *cell = &x->state->mem.data[c];
		if (cell->at.kind != SV_SYM || !sv_eq(cell->v, o->result) || sv_eq(o->result, o->key) ||
		    !place_at(m, cell->at, &e->value))
			continue;
		e->told = o->when;
		return;
	}
	e->value = (struct effect_place){.param = -2};
	e->told = API_ALWAYS;
}

/* What told us whether it was made tells our caller: as it is, or with the other sign. */
static enum api_cond told_by_result(const struct sim *m, const struct exit_record *x, const struct obj *o)
{
	static const enum api_cond turned[] = {[API_ZERO] = API_ZERO,
	                                       [API_NONZERO] = API_NONZERO,
	                                       [API_NEGATIVE] = API_POSITIVE,
	                                       [API_POSITIVE] = API_NEGATIVE};
	struct sval of;
	if (sv_eq(o->result, x->result))
		return o->when;
	if (sv_negated(&m->t, x->result, &of) && sv_eq(o->result, of) &&
	    (size_t)o->when < sizeof turned / sizeof *turned)
		return turned[o->when];
	return API_ALWAYS;
}

/* It lies in fresh memory that is returned: whoever gets that owes the release of what is in it. */
static bool returned_in_object(struct sim *m, const struct exit_record *x, const struct obj *o)
{
	const struct api_family *f = o->family ? apimodel_family(m->p->api, o->family) : NULL;
	const struct obj *memory =
	        x->result.kind == SV_SYM && !x->result.off ? own_heap(x->state, x->result) : NULL;
	return o->kind == OBJ_HANDLE && o->status == OBJ_OWNED && f && !f->weak && memory &&
	       sv_eq(o->holder, memory->key);
}

/* It lies in memory that a call of this function has given, and that is put where the cell is. */
static bool put_in_object(const struct sim *m, const struct exit_record *x, const struct obj *o,
                          const struct cell *cell)
{
	bool given = cell->v.kind == SV_SYM && !cell->v.off && m->t.items.data[cell->v.id].kind == SYM_RESULT;
	if (o->kind != OBJ_HANDLE || !given || o->changed != cell->store || cell->at.kind != SV_SYM)
		return false;
	struct span within = state_cells(x->state, cell->v);
	for (uint32_t k = within.from; k < within.to; k++)
		if (sv_eq(x->state->mem.data[k].v, o->key))
			return true;
	return false;
}

static void handle_effects(struct sim *m, const struct exit_record *x, const struct obj *o,
                           struct effect *list, uint32_t *n)
{
	struct effect e = {.family = o->family, .value = {.param = -2}};
	if (o->kind == OBJ_SCOPE) {
		if (scope_effect_at_exit(m, x->state, o, &e))
			effect_push(m, list, n, e);
		return;
	}
	if (o->kind == OBJ_QUEUE) {
		struct effect found[3];
		for (uint32_t k = 0, nfound = queue_effects_at_exit(m, o, found); k < nfound; k++)
			effect_push(m, list, n, found[k]);
		return;
	}
	if (o->kind == OBJ_OP) {
		struct effect found[2] = {e};
		found->when = told_by_result(m, x, o);
		for (uint32_t k = 0, nfound = task_effects_at_exit(m, x->state, o, found); k < nfound; k++)
			effect_push(m, list, n, found[k]);
		return;
	}
	if (o->is_param && (o->refs || o->shared) && own_param_path(&m->t, o->key, &e.place)) {
		e.kind = EFFECT_REF;
		e.how = o->shared || !sv_eq(x->result, o->key) ? REF_ELSEWHERE : 0;
		effect_push(m, list, n, e);
	}
	if (o->is_param && o->status == OBJ_RELEASED && own_param_path(&m->t, o->key, &e.place)) {
		e.kind = EFFECT_RELEASE;
		e.how = o->family ? END_CLAIM : o->how;
		if (!e.family)
			e.family = o->ended_as;
		if (!own_param_path(&m->t, o->data, &e.value))
			e.value = (struct effect_place){.param = -2};
		effect_push(m, list, n, e);
	}
	if (complete_place(m, o, &e.place)) {
		e = (struct effect){.kind = EFFECT_RELEASE,
		                    .place = e.place,
		                    .value = e.value,
		                    .how = END_CLAIM | END_COMPLETES};
		effect_push(m, list, n, e);
	}
	if (o->is_param || o->claim || own_never_made(m, x->state, o))
		return;
	e.kind = EFFECT_FRESH;
	e.when = told_by_result(m, x, o);
	if (o->status == OBJ_OWNED && sv_eq(o->key, x->result)) {
		e.place = (struct effect_place){.param = -1};
		e.how = o->armed ? MADE_ARMED : 0;
		effect_push(m, list, n, e);
	}
	if (returned_in_object(m, x, o)) {
		e.place = (struct effect_place){.param = -1};
		e.how = MADE_INSIDE;
		effect_push(m, list, n, e);
	}
	for (uint32_t c = 0; o->status == OBJ_GONE && !o->let_go && o->family && c < x->state->mem.len; c++) {
		const struct cell *cell = &x->state->mem.data[c];
		bool inside = put_in_object(m, x, o, cell);
		if ((inside ||
		     (sv_eq(cell->v, o->key) && cell->store == o->changed && cell->at.kind == SV_SYM)) &&
		    place_at(m, cell->at, &e.place)) {
			told_by(m, x, o, &e);
			e.size = cell->size < 8 ? (uint8_t)cell->size : 0;
			e.how = inside ? MADE_INSIDE : o->when == API_ALWAYS ? 0 : MADE_PERHAPS;
			effect_push(m, list, n, e);
		}
	}
}

/* A parameter's value that lies in memory which is stored somewhere lies there, too. */
static void carried_effects(struct sim *m, const struct exit_record *x, const struct cell *cell,
                            struct effect e, struct effect *list, uint32_t *n)
{
	struct span span = cell->v.kind == SV_SYM ? state_cells(x->state, cell->v) : (struct span){0};
	for (uint32_t k = span.from; k < span.to; k++) {
		const struct cell *inner = &x->state->mem.data[k];
		if (inner->v.kind != SV_SYM)
			continue;
		if (own_param_path(&m->t, inner->v, &e.value) && e.value.depth == 0)
			effect_push(m, list, n, e);
	}
}

/* What is put where a container said, as in `map[key] = value`, is put into the container. So is what is put
 * into one of the elements of an array in static storage; 0 takes it out. */
static struct sval container_of_element(struct sim *m, struct sval at, struct sval v)
{
	const struct symbol *q = at.kind == SV_SYM ? &m->t.items.data[at.id] : NULL;
	if (!q || q->kind != SYM_ELEM || (q->x.kind != SV_SYM && q->x.kind != SV_GLOBAL))
		return at;
	uint32_t global = sv_root_global(&m->t, q->x, NULL);
	if (q->b)
		return global ? (struct sval){SV_GLOBAL, global,
		                              sv_is_const(v, 0) ? CONTAINER_MARK : CONTAINER_CELL(1)}
		              : at;
	return global ? (struct sval){SV_GLOBAL, global, CONTAINER_CELL(1)}
	              : (struct sval){SV_SYM, q->x.id, CONTAINER_CELL(1)};
}

static void store_effect(struct sim *m, const struct exit_record *x, const struct cell *cell,
                         struct effect *list, uint32_t *n)
{
	struct effect e = {.kind = EFFECT_STORE, .size = cell->size < 8 ? (uint8_t)cell->size : 0};
	struct sval at = container_of_element(m, cell->at, cell->v);
	if (!place_at(m, at, &e.place) || (sim_is_aggregate(m, at) && at.id != x->result.id))
		return;
	if (at.off <= CONTAINER_MARK) {
		e.kind = at.off == CONTAINER_MARK ? EFFECT_REMOVE : EFFECT_INSERT;
		e.place.offset[e.place.depth > 1] = 0;
	}
	if (value_at(m, cell->v, &e.value))
		effect_push(m, list, n, e);
	else
		carried_effects(m, x, cell, e, list, n);
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
		store_effect(m, x, &x->state->mem.data[c], list, &n);
	return n;
}

/* A release of what is known to be none on this exit is nothing missed. */
static bool vacuous(struct sim *m, const struct exit_record *x, const struct effect *e)
{
	if (e->kind != EFFECT_RELEASE || e->place.param < 0)
		return false;
	struct sval v = sim_eval(m, x->state, m->f->params[e->place.param].val);
	for (unsigned d = 0; d < e->place.depth && v.kind == SV_SYM; d++) {
		if (state_test(x->state, &m->t, v) == TRI_FALSE)
			return true;
		v.off += e->place.offset[d];
		v = sv_sym(sym_get(&m->t, (struct symbol){.kind = SYM_MEM, .x = v, .pointer = true}));
	}
	return state_test(x->state, &m->t, v) == TRI_FALSE || /* also what would lie inside of it */
	       state_cond(x->state, &m->t, v, API_NEGATIVE) == TRI_TRUE;
}

static bool lies_in(const struct effect_place *inner, const struct effect_place *p)
{
	return inner->param == p->param && inner->depth == p->depth + 1 && !p->plus &&
	       (p->depth == 0 || inner->offset[0] == p->offset[0]);
}

/* Memory that is freed together with handles that lie in it is itself a handle: of an object of the
 * program's. */
static void find_owners(struct effect *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < n && list[i].kind == EFFECT_RELEASE && (list[i].how & END_PLAIN);
		     k++)
			if (list[k].kind == EFFECT_RELEASE && !(list[k].how & (END_PLAIN | END_COMPLETES)) &&
			    lies_in(&list[k].place, &list[i].place) && list[k].when != API_NEVER)
				list[i].how &= (uint8_t)~END_PLAIN;
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

static struct fact negative(struct fact f)
{
	return (struct fact){.lo = f.hi == INT64_MAX ? INT64_MIN : -f.hi,
	                     .hi = f.lo == INT64_MIN ? INT64_MAX : -f.lo,
	                     .nonzero = f.nonzero};
}

void sim_widen(struct sim *m, const struct exit_record *x, struct ret_range *r)
{
	struct fact f = {.lo = INT64_MIN, .hi = INT64_MAX};
	struct sval of;
	if (x->result.kind == SV_CONST)
		f.lo = f.hi = x->result.off;
	else if (sv_negated(&m->t, x->result, &of) && of.kind == SV_SYM && !of.off)
		f = negative(state_fact(x->state, of.id));
	else if (x->result.kind == SV_SYM && !x->result.off)
		f = state_fact(x->state, x->result.id);
	if (x->result.kind == SV_SYM && m->t.items.data[x->result.id].kind == SYM_CMP) {
		enum tri known = state_test(x->state, &m->t, x->result);
		f = (struct fact){.lo = known == TRI_TRUE, .hi = known != TRI_FALSE};
	}
	bool made = x->result.kind == SV_SYM && !x->result.off && own_heap(x->state, x->result);
	if (made && f.lo <= 0 && state_test(x->state, &m->t, x->result) == TRI_TRUE)
		f.lo = 1; /* memory that there is */
	r->lo = f.lo < r->lo ? f.lo : r->lo;
	r->hi = f.hi > r->hi ? f.hi : r->hi;
}

/* What one exit shows. */
struct shown {
	uint32_t n;
	struct effect list[MAX_EFFECTS];
};

static void settle(struct sim *m, struct effect *e, const struct shown *shows)
{
	e->with = e->without = SUMMARY_NO_EXIT;
	unsigned with = 0, without = 0;
	enum api_cond told = API_ALWAYS;
	bool *showing = ARENA_ARRAY(m->scratch, bool, m->exits.len),
	     *missing = ARENA_ARRAY(m->scratch, bool, m->exits.len);
	for (uint32_t i = 0; i < m->exits.len; i++) {
		const struct exit_record *x = &m->exits.data[i];
		uint32_t n = shows[i].n, k = 0;
		while (k < n && !same_effect(&shows[i].list[k], e))
			k++;
		bool shown = k < n;
		told = shown ? shows[i].list[k].when : told;
		if (shown && shows[i].list[k].count.times > e->count.times)
			e->count = shows[i].list[k].count;
		showing[i] = shown;
		missing[i] = !shown && !vacuous(m, x, e);
		if (shown)
			with |= sim_result_class(m, x);
		else if (missing[i])
			without |= sim_result_class(m, x);
		sim_widen(m, x, shown ? &e->with : &e->without);
	}
	/* What returns a fresh handle returns none when it failed: NULL, or a negative number, which no
	 * handle is. */
	if (e->kind == EFFECT_FRESH && e->place.param < 0 && !e->place.depth) {
		e->when = without & RET_POSITIVE ? API_NEVER : API_NONNULL;
		return;
	}
	e->when = condition(with, without);
	bool starts = e->kind == EFFECT_START_DATA || e->kind == EFFECT_START_TOKEN;
	bool began = e->kind == EFFECT_FRESH || starts;
	if (began && e->when == API_ALWAYS)
		e->when = told;
	else if (began && e->when == API_NEVER && with & RET_ZERO && !(without & RET_ZERO))
		e->when = API_ZERO; /* then at least */
	if (e->kind == EFFECT_RELEASE && e->when == API_NEVER)
		answers_which(m, showing, missing, e);
}

/* `if (push(list, h) < 0)`: on which ways out the parameter itself is kept. */
static void settle_kept(struct sim *m, struct effect *e)
{
	unsigned with = 0, without = 0;
	if (e->kind != EFFECT_KEEP || e->place.param < 0 || e->place.param >= 64 || e->place.depth)
		return;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		const struct exit_record *x = &m->exits.data[i];
		if (x->state->kept >> e->place.param & 1)
			with |= sim_result_class(m, x);
		else
			without |= sim_result_class(m, x);
	}
	if (with && without && call_splits(condition(with, without)))
		e->when = condition(with, without);
}

/* The parameter itself, or what it is known to be there: `if (!h) return NULL;` returns `h`, too. */
static bool returns_param(struct sim *m, const struct exit_record *x, uint32_t param)
{
	struct sval v = sim_eval(m, x->state, m->f->params[param].val);
	return sv_eq(x->result, v) || (x->result.kind == SV_CONST &&
	                               state_compare(x->state, &m->t, IR_EQ, v, x->result) == TRI_TRUE);
}

/* Another negative number for a negative one: `if (fd < 0) return -1;`. Neither is a handle. */
static bool returns_failure_for(struct sim *m, const struct exit_record *x, uint32_t param)
{
	struct sval v = sim_eval(m, x->state, m->f->params[param].val);
	return x->result.kind == SV_CONST && x->result.off < 0 &&
	       state_compare(x->state, &m->t, IR_SLT, v, sv_const(0)) == TRI_TRUE;
}

static uint32_t returned_param(struct sim *m, struct ret_range *range)
{
	uint32_t param = 0;
	for (uint32_t i = 0; i < m->exits.len && !param; i++) {
		struct sval v = m->exits.data[i].result;
		if (v.kind == SV_SYM && !v.off && m->t.items.data[v.id].kind == SYM_PARAM)
			param = m->t.items.data[v.id].a + 1;
	}
	for (uint32_t i = 0; i < m->exits.len && param; i++) {
		const struct exit_record *x = &m->exits.data[i];
		if (returns_param(m, x, param - 1))
			continue;
		if (!returns_failure_for(m, x, param - 1))
			return 0;
		range->lo = INT64_MIN; /* of the parameter, which is taken for the result */
	}
	return param;
}

/* What lies behind a parameter since before the call, as a getter returns it, or who takes it out. */
static struct effect_place returned_place(struct sim *m)
{
	struct effect_place found = {.param = -2}, p;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		struct sval v = m->exits.data[i].result;
		const struct symbol *q = v.kind == SV_SYM && !v.off ? &m->t.items.data[v.id] : NULL;
		bool read = q && q->kind == SYM_MEM && !q->a && own_param_path(&m->t, v, &p);
		if (!read || (found.depth && !own_same_place(&found, &p)))
			return (struct effect_place){.param = -2};
		found = p;
	}
	return found;
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

static int order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_place(const void *pa, const void *pb)
{
	const struct effect_place *a = &((const struct effect *)pa)->place,
	                          *b = &((const struct effect *)pb)->place;
	int by[] = {order(a->param, b->param), order(a->global, b->global), order(a->depth, b->depth),
	            order(a->offset[0], b->offset[0])};
	for (size_t i = 0; i < sizeof by / sizeof *by; i++)
		if (by[i])
			return by[i];
	return order(a->offset[1], b->offset[1]);
}

/* In recursion a new place in a later round may be the first of a row without end. */
static void settle_writes(struct sim *m, const struct summary *before)
{
	m->scatters |= before->scatters;
	m->world |= before->known && !before->bottom && before->world;
	for (uint32_t i = 0; before->known && !before->bottom && i < m->writes.len; i++) {
		const struct effect *e = &m->writes.data[i];
		bool known = false;
		for (uint32_t k = 0; k < before->neffects && !known; k++)
			known = before->effects[k].kind == EFFECT_WRITE &&
			        own_same_place(&before->effects[k].place, &e->place);
		if (!known && e->place.global)
			m->world = true;
		else
			m->scatters |= known ? 0 : 1ull << e->place.param;
	}
	if (m->writes.len > 1)
		qsort(m->writes.data, m->writes.len, sizeof *m->writes.data, by_place);
}

void sim_summarise(struct sim *m)
{
	struct summary *sum = &m->sol->funcs[m->func].summary, before = *sum;
	struct effect all[MAX_EFFECTS + MAX_KEPT + MAX_WRITES + MAX_LOCK_EFFECTS + MAX_FAR + MAX_AWAITS];
	struct shown *shows = ARENA_ARRAY(m->scratch, struct shown, m->exits.len);
	uint32_t n = 0;
	sum->returns = SUMMARY_NO_EXIT;
	for (uint32_t i = 0; i < m->exits.len; i++) {
		sim_widen(m, &m->exits.data[i], &sum->returns);
		shows[i].n = exit_effects(m, &m->exits.data[i], shows[i].list);
		for (uint32_t j = 0; j < shows[i].n; j++)
			effect_push(m, all, &n, shows[i].list[j]);
	}
	uint32_t kept = 0;
	for (uint32_t i = 0; i < n; i++) {
		settle(m, &all[i], shows);
		bool counted = all[i].kind == EFFECT_SENDS || all[i].kind == EFFECT_RECEIVES ||
		               all[i].kind == EFFECT_CLOSES;
		bool unsure = !counted && all[i].when == API_NEVER && all[i].kind != EFFECT_RELEASE &&
		              all[i].kind != EFFECT_REF && all[i].kind != EFFECT_CLOSE;
		bool partly = all[i].when != API_ALWAYS &&
		              (all[i].kind == EFFECT_STORE || all[i].kind == EFFECT_REMOVE);
		if (!unsure && !partly)
			all[kept++] = all[i];
	}
	find_owners(all, kept);
	for (uint32_t i = 0; i < m->kept_effects.len; i++) {
		all[kept] = m->kept_effects.data[i];
		settle_kept(m, &all[kept++]);
	}
	world_summarise(m);
	switches_summarise(m->sol, m->func);
	settle_writes(m, &before);
	for (uint32_t i = 0; i < m->writes.len;
	     i++) /* where it scatters, too: these places have surely changed */
		all[kept++] = m->writes.data[i];
	kept += locks_effects(m->sol, m->func, all + kept, MAX_LOCK_EFFECTS);
	kept += far_effects(m->sol, m->func, all + kept, MAX_FAR);
	kept += lock_sides_effects(m->sol, m->func, all + kept, MAX_AWAITS);
	struct effect *copy = ARENA_ARRAY(m->sol->arena, struct effect, kept ? kept : 1);
	memcpy(copy, all, kept * sizeof *all);
	sum->effects = copy;
	sum->neffects = kept;
	answers_summarise(m, sum);
	sum->returns_param = returned_param(m, &sum->returns);
	sum->returns_place = returned_place(m);
	sum->writes = m->writes_param;
	sum->scatters = m->scatters;
	sum->world = m->world;
	sum->yields = m->yields;
	sum->returns_global = returned_global(m);
	nested_leave(m);
	sum->known = !m->budget && !m->effects_lost;
	sum->bottom = sum->known && !m->exits.len;
	for (uint32_t i = 0; i < m->exits.len; i++)
		state_free(m->exits.data[i].state);
}

bool effect_frees(const struct program *p, const struct effect *e)
{
	return e->kind == EFFECT_RELEASE && !(e->how & (END_JOINS | END_COMPLETES | END_CLAIM)) &&
	       !(e->family && *e->family && apimodel_in_place(p->api, e->family));
}
