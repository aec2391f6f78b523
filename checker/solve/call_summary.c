/*
 * call_summary.c - a call whose body is known: the effects that its summary lists, in the caller's terms.
 */
#include "call.h"
#include "queue.h"
#include "scope.h"
#include "task.h"

#include "arena.h"

#include <string.h>

/* `pointer`: as which it is read. */
static bool read_place(struct sim *m, struct state *s, const struct call *c, const struct effect_place *p,
                       bool pointer, struct sval *at, struct sval *value)
{
	*at = (struct sval){0};
	*value = p->param == -1 ? c->result : sv_const(p->param == PLACE_NUMBER ? p->plus : 0);
	if (p->global)
		*at = (struct sval){SV_GLOBAL, p->global, p->offset[0]};
	if (p->global || p->param < -1 || (p->param == -1 && !p->depth))
		return true;
	if (p->param >= 0 && (uint32_t)p->param >= ir_nargs(c->in))
		return false;
	struct sval v = p->param < 0 ? c->result : sim_eval(m, s, ir_arg(m->f, c->in, (uint32_t)p->param));
	for (unsigned d = 0; d < p->depth; d++) {
		if (v.kind != SV_LOCAL && v.kind != SV_GLOBAL && v.kind != SV_SYM)
			return false;
		v.off += p->offset[d];
		*at = v;
		const struct cell *cell = state_cell(s, v);
		v = cell ? cell->v : sim_load(m, s, v, 0, pointer || d + 1u < p->depth, c->i);
	}
	if (p->plus && v.kind != SV_LOCAL && v.kind != SV_GLOBAL && v.kind != SV_SYM)
		return false;
	v.off += p->plus;
	*value = v;
	return true;
}

static bool effect_place(struct sim *m, struct state *s, const struct call *c, const struct effect_place *p,
                         struct sval *at, struct sval *value)
{
	return read_place(m, s, c, p, true, at, value);
}

/* Looked up before the call changes it. */
static struct sval returned_from(struct sim *m, struct state *s, const struct call *c,
                                 const struct effect_place *p)
{
	struct sval at, v;
	bool pointer = c->in->result && m->f->vals[c->in->result].type == IR_TYPE_PTR;
	return p->depth && c->result.kind && read_place(m, s, c, p, pointer, &at, &v) ? v : c->result;
}

/* What the place of an effect held before the call, and what lay in that of its value: in a release, what it
 * takes that from. Other effects of the call may change both. */
struct held {
	struct sval v, from;
	bool known;
};

static bool assume_range(struct state *s, struct sval result, struct ret_range r)
{
	if (result.kind != SV_SYM || result.off || r.lo > r.hi)
		return true;
	return state_assume_range(s, result.id, r.lo, r.hi, false);
}

static void effect_release(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                           struct sval v, struct sval from)
{
	uint32_t k = (uint32_t)e->place.param;
	struct ending end = {.family = e->family ? e->family : "",
	                     .how = e->how,
	                     .from = from,
	                     .arg = e->place.param >= 0 && e->place.depth == 0 ? ir_arg(m->f, c->in, k) : 0};
	if (e->how & END_COMPLETES)
		complete_end(m, s, v, end.arg, c->i);
	else
		own_release(m, s, v, &end, c->i);
}

static void effect_ref(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                       struct sval v)
{
	struct obj *o = state_obj_by_key(s, v);
	bool here = e->when == API_ALWAYS && !(e->how & REF_ELSEWHERE);
	task_referenced(m, v);
	if (here)
		given_referenced(s, v);
	if (!here) /* whoever has the reference may complete the operation */
		complete_hand_over(m, s, v, c->i);
	if (o && !o->is_param) {
		o->shared |= !here;
		if (here && o->status == OBJ_OWNED && o->refs < 100)
			o->refs++;
	} else if (here) {
		own_ref_param(m, s, v);
	} else {
		own_share_param(m, s, v);
	}
}

/* A release that depends on what the callee returns splits the path. */
static bool conditional_release(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                                const struct held *held)
{
	uint32_t before = m->forks.len;
	bool on = call_split(m, s, c, e->when, false) && assume_range(s, c->result, e->with);
	if (m->forks.len > before && !assume_range(m->forks.data[before], c->result, e->without)) {
		state_free(m->forks.data[before]);
		m->forks.len = before;
	}
	if (!on)
		return false;
	effect_release(m, s, c, e, held->v, held->from);
	return true;
}

/* Of what is not owed here a release is worth two paths where somebody asks which one it is. */
static bool depends(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                    struct sval v)
{
	const struct obj *o = state_obj_by_key(s, v);
	return (o && o->status == OBJ_OWNED) || (!(e->how & (END_PLAIN | END_IDEMPOTENT | END_CLAIM)) &&
	                                         call_splits(e->when) && call_tested(m, c));
}

/* A handle put into memory. Where the callee also put what its creator returned, that tells whether there is
 * one. */
static void effect_fresh(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                         struct sval at, uint8_t slot)
{
	struct sval told_at, told;
	call_makes_at(m, s, c, at, slot, e->when, e->family, NULL, e->size ? e->size : 8);
	struct obj *o = state_obj(s, c->i, slot, false, false);
	if (o)
		o->object = e->how & MADE_INSIDE;
	if (o && !(e->how & MADE_PERHAPS) && e->when == API_ALWAYS && o->key.kind == SV_SYM &&
	    m->t.items.data[o->key.id].pointer)
		state_assume_cond(s, &m->t, o->key, API_NONNULL); /* there is no way on which it makes none */
	if (!o || e->told == API_ALWAYS || e->when != API_ALWAYS ||
	    !effect_place(m, s, c, &e->value, &told_at, &told))
		return;
	o->result = told;
	o->when = e->told;
}

static void fresh_result(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                         struct sval v, uint8_t slot)
{
	struct obj *o = own_create(m, s, c->i, slot, v, c->result, e->when, e->family, NULL);
	o->object = e->how & MADE_INSIDE;
	o->armed = e->how & MADE_ARMED ? c->i : 0;
}

static struct held held_before(struct sim *m, struct state *s, const struct call *c, const struct effect *e)
{
	struct sval nowhere;
	struct held h = {.known = true};
	effect_place(m, s, c, &e->place, &nowhere, &h.v);
	if (e->value.param >= 0)
		effect_place(m, s, c, &e->value, &nowhere, &h.from);
	return h;
}

/* What is put somewhere, as it was before the call. */
static bool value_put(struct sim *m, struct state *s, const struct call *c, const struct effect *e,
                      const struct held *held, struct sval *put)
{
	struct sval nowhere;
	if (e->value.param < 0 || !held->known)
		return effect_place(m, s, c, &e->value, &nowhere, put);
	*put = held->from;
	return put->kind != SV_NONE;
}

/* On some path that nothing tells from the others: out of sight. A claim on a thing is not the thing. */
static void perhaps_released(struct sim *m, struct state *s, const struct effect *e, struct sval v,
                             ir_instr i)
{
	if (!(e->how & END_CLAIM)) {
		own_publish(m, s, v, i);
		return;
	}
	own_publish_claims(m, s, v, i);
	if (e->how & END_COMPLETES) {
		complete_hand_over(m, s, v, i);
		own_keep_param(m, s, v);
	}
}

static bool is_owed(struct state *s, struct sval v)
{
	const struct obj *o = state_obj_by_key(s, v);
	return o && o->status == OBJ_OWNED && !o->is_param && !o->claim;
}

/* `held`: for what is ended there. */
static bool apply_effect(struct sim *m, struct state *s, struct call *c, const struct effect *e,
                         const struct held *held, uint8_t *slot)
{
	struct sval at, v, put;
	enum tri done;
	if (!effect_place(m, s, c, &e->place, &at, &v))
		return true;
	if (e->kind == EFFECT_RELEASE)
		v = held->v;
	switch (e->kind) {
	case EFFECT_RELEASE:
		done = e->when == API_ALWAYS ? TRI_TRUE : answers_done(m, s, c, e);
		if ((e->how & END_COMPLETES) && call_splits(e->when))
			return conditional_release(m, s, c, e, held);
		if (done == TRI_FALSE)
			break;
		if (done == TRI_TRUE)
			task_ends(m, s, v, NULL, NULL, c->i);
		if (done == TRI_TRUE)
			effect_release(m, s, c, e, v, held->from);
		else if (e->when == API_NEVER || e->when == API_POSITIVE || e->when == API_MINUS_ONE)
			perhaps_released(m, s, e, v, c->i);
		else if (depends(m, s, c, e, v))
			return conditional_release(m, s, c, e, held);
		break;
	case EFFECT_KEEP:
		if (call_splits(e->when) && is_owed(s, v) && call_tested(m, c) &&
		    !call_split(m, s, c, e->when, false))
			return false;
		own_publish_claims(m, s, v, c->i);
		if (e->how & KEEP_VALUE)
			own_publish(m, s, v, c->i);
		else
			own_publish_region(m, s, v, c->i);
		break;
	case EFFECT_FRESH:
		if (e->place.param < 0 && !e->place.depth)
			fresh_result(m, s, c, e, v, (*slot)++);
		else
			effect_fresh(m, s, c, e, at, (*slot)++);
		break;
	case EFFECT_STORE:
		if (at.kind && value_put(m, s, c, e, held, &put))
			sim_store(m, s, at, put, e->size ? e->size : 8, c->i);
		break;
	case EFFECT_INSERT:
		if (value_put(m, s, c, e, held, &put))
			sim_insert(m, s, at, put, c->i);
		break;
	case EFFECT_REF:
		effect_ref(m, s, c, e, v);
		break;
	case EFFECT_REMOVE:
		sim_remove(m, s, at, c->i);
		break;
	case EFFECT_EACH:
		own_end_each(m, s, e->family, c->i);
		break;
	case EFFECT_START_DATA:
	case EFFECT_START_TOKEN:
		task_effect(m, s, c, e, v, (*slot)++);
		break;
	case EFFECT_SENDS:
	case EFFECT_RECEIVES:
	case EFFECT_CLOSES:
		queue_effect(m, s, c, e, v);
		break;
	case EFFECT_WRITE:
		if (at.kind != SV_SYM && at.kind != SV_LOCAL && at.kind != SV_GLOBAL)
			break;
		own_note_write(m, at, false);
		own_forget_at(m, s, at, c->i);
		break;
	case EFFECT_LOCKS:
	case EFFECT_UNLOCKS:
	case EFFECT_TAKES:
	case EFFECT_CALLS:
	case EFFECT_AWAITS:
		break;
	case EFFECT_OPEN:
	case EFFECT_CLOSE:
		scope_effect(m, s, c, e, v, (*slot)++);
		break;
	}
	return true;
}

static int effect_pass(enum effect_kind k)
{
	if (k == EFFECT_REF)
		return 0;
	if (k == EFFECT_RELEASE || k == EFFECT_CLOSE)
		return 1;
	if (k == EFFECT_KEEP)
		return 2;
	if (k == EFFECT_WRITE)
		return 3;
	return k == EFFECT_STORE || k == EFFECT_INSERT || k == EFFECT_REMOVE ? 4 : 5;
}

#define MAX_HELD 128

/* The effects of one call, in the order in which they are applied. */
struct effects {
	struct sim *m;
	struct call *c;
	const struct effect **all;
	const struct held **held; /* of each */
	uint32_t n;
};

static bool effects_from(const struct effects *l, struct state *s, uint32_t k, uint8_t slot);

/* Paths that effect `k` has split off go on with what follows it. */
static void effects_on_forks(const struct effects *l, uint32_t from, uint32_t k, uint8_t slot)
{
	struct sim *m = l->m;
	uint32_t n = m->forks.len - from;
	for (uint32_t at = from; n; n--) {
		struct state *fork = m->forks.data[at];
		if (effects_from(l, fork, k + 1, slot)) {
			at++;
			continue;
		}
		state_free(fork);
		m->forks.len--;
		memmove(m->forks.data + at, m->forks.data + at + 1,
		        (m->forks.len - at) * sizeof *m->forks.data);
	}
}

static bool effects_from(const struct effects *l, struct state *s, uint32_t k, uint8_t slot)
{
	for (; k < l->n; k++) {
		uint32_t forks = l->m->forks.len;
		bool on = apply_effect(l->m, s, l->c, l->all[k], l->held[k], &slot);
		effects_on_forks(l, forks, k, slot);
		if (!on)
			return false;
	}
	return true;
}

/* All that is kept is what the callee stores in one place, and that is an effect of its own. */
static bool told_by_store(const struct summary *sum, const struct effect *keep)
{
	for (uint32_t k = 0; keep->value.param >= 0 && k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		if (e->kind == EFFECT_STORE && own_same_place(&e->place, &keep->value) &&
		    own_same_place(&e->value, &keep->place))
			return true;
	}
	return false;
}

/* References first: what a callee takes and gives back it does not end. Then ends, on what the caller's
 * memory holds now, and what is kept of the rest; then what may be put there, and what is; then what is new.
 */
static struct effects in_order(struct sim *m, struct call *c, const struct summary *sum,
                               const struct held *held)
{
	static const struct held nothing;
	struct effects l = {.m = m, .c = c};
	l.all = ARENA_ARRAY(m->scratch, const struct effect *, sum->neffects + 1);
	l.held = ARENA_ARRAY(m->scratch, const struct held *, sum->neffects + 1);
	for (int pass = 0; pass < 6; pass++)
		for (uint32_t k = 0; k < sum->neffects; k++) {
			if (effect_pass(sum->effects[k].kind) != pass ||
			    (pass == 2 && told_by_store(sum, &sum->effects[k])))
				continue;
			l.held[l.n] = k < MAX_HELD ? &held[k] : &nothing;
			l.all[l.n++] = &sum->effects[k];
		}
	return l;
}

bool call_summary(struct sim *m, struct state *s, struct call *c, const struct func_facts *facts)
{
	const struct summary *sum = &facts->summary;
	task_scope_ends(m, s, c);
	task_called_code(m, s, c, facts);
	if (sum->bottom)
		return false;
	if (sum->returns_param && sum->returns_param <= ir_nargs(c->in))
		c->result = sim_eval(m, s, ir_arg(m->f, c->in, sum->returns_param - 1));
	else if (sum->returns_global && c->result.kind)
		c->result = sv_sym(sym_get(&m->t, (struct symbol){.kind = SYM_ELEM,
		                                                  .pointer = true,
		                                                  .y = c->result,
		                                                  .x = {SV_GLOBAL, sum->returns_global, 0}}));
	else
		c->result = returned_from(m, s, c, &sum->returns_place);
	struct held held[MAX_HELD] = {0};
	for (uint32_t k = 0; k < sum->neffects && k < MAX_HELD; k++) {
		const struct effect *e = &sum->effects[k];
		if (e->kind == EFFECT_RELEASE || e->kind == EFFECT_STORE || e->kind == EFFECT_INSERT)
			held[k] = held_before(m, s, c, e);
		if (e->kind == EFFECT_START_DATA && e->value.param >= 0 && e->place.param >= 0 &&
		    (uint32_t)e->value.param < ir_nargs(c->in) && (uint32_t)e->place.param < ir_nargs(c->in))
			task_unbox(m, s, sim_eval(m, s, ir_arg(m->f, c->in, (uint32_t)e->value.param)),
			           sim_eval(m, s, ir_arg(m->f, c->in, (uint32_t)e->place.param)));
		if (e->kind == EFFECT_RELEASE && e->place.depth && e->when == API_ALWAYS)
			task_handle_ends(s, held[k].v, c->i);
		if (e->kind == EFFECT_RELEASE && e->place.depth)
			task_withdrawn(m, s, held[k].v, NULL, API_ROLE_CANCEL, c->i);
	}
	for (uint32_t k = 0; k < ir_nargs(c->in); k++) {
		struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, k));
		bool writes = k >= 64 || (sum->writes >> k & 1),
		     anywhere = k >= 64 || (sum->scatters >> k & 1);
		if (writes)
			own_heap_written(s, &m->t, v);
		if (v.kind == SV_GLOBAL && writes && anywhere)
			s->world = c->i;
		if ((v.kind != SV_SYM && v.kind != SV_LOCAL) || !writes || !anywhere)
			continue;
		if (v.kind == SV_LOCAL)
			own_forget_plain(m, s, v);
		own_note_write(m, v, true);
		state_clobber(s, v, c->i);
	}
	if (!answers_assume(m, s, c, sum))
		return false;
	struct effects effects = in_order(m, c, sum, held);
	m->nmoved = 0;
	for (uint32_t k = 0; k < sum->neffects && k < MAX_HELD && m->nmoved < MAX_MOVED; k++)
		if (sum->effects[k].kind == EFFECT_STORE && held[k].from.kind == SV_SYM)
			m->moved[m->nmoved++] = held[k].from;
	bool on = effects_from(&effects, s, 0, 0);
	m->nmoved = 0;
	m->boxed = (struct boxed){0};
	if (!on)
		return false;
	if (sum->world || sum->yields)
		s->world = c->i;
	return !sum->no_return;
}
