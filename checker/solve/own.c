/*
 * own.c - what happens to handles: made, released, handed over, kept inside fresh memory.
 */
#include "call.h"
#include "queue.h"
#include "scan.h"
#include "scope.h"

#include "arena.h"

#include <string.h>

void sim_trail(struct sim *m, struct state *s, enum trail_kind kind, ir_instr at, bool taken, int64_t value)
{
	struct trail *t = ARENA_NEW(m->scratch, struct trail);
	*t = (struct trail){.before = s->trail, .kind = kind, .at = at, .taken = taken, .value = value};
	s->trail = t;
}

bool own_any_owed(const struct state *s)
{
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (s->objs.data[i].status == OBJ_OWNED || ended_watched(&s->objs.data[i]) ||
		    complete_watched(&s->objs.data[i]))
			return true;
	return false;
}

#define HEAP_SLOT 200

bool own_is_memory(const struct obj *o)
{
	return o->slot == HEAP_SLOT && !o->is_param;
}

struct obj *own_heap(struct state *s, struct sval base)
{
	base.off = 0;
	for (uint32_t i = 0; i < s->objs.len; i++)
		if (s->objs.data[i].status == OBJ_HEAP && sv_eq(s->objs.data[i].key, base))
			return &s->objs.data[i];
	return NULL;
}

bool own_param_path(const struct symtab *t, struct sval v, struct effect_place *p)
{
	int64_t offs[2] = {0, 0}, plus = v.off;
	unsigned depth = 0;
	if (plus && (v.kind != SV_SYM || !t->items.data[v.id].pointer)) /* a sum is no address */
		return false;
	v.off = 0;
	while (v.kind == SV_SYM && t->items.data[v.id].kind == SYM_MEM && depth < 2 && v.off == 0) {
		v = t->items.data[v.id].x;
		offs[depth++] = v.off;
		v.off = 0;
	}
	if (v.kind != SV_SYM || v.off != 0 || t->items.data[v.id].kind != SYM_PARAM)
		return false;
	*p = (struct effect_place){
	        .param = (int)t->items.data[v.id].a, .depth = (uint8_t)depth, .plus = plus};
	p->offset[0] = depth == 2 ? offs[1] : offs[0];
	p->offset[1] = depth == 2 ? offs[0] : 0;
	return true;
}

bool own_same_place(const struct effect_place *a, const struct effect_place *b)
{
	return a->param == b->param && a->global == b->global && a->depth == b->depth &&
	       a->offset[0] == b->offset[0] && a->offset[1] == b->offset[1] && a->plus == b->plus;
}

/* What lies too deep, or at an index that is not constant, has no place of its own: then all behind the
 * parameter counts. */
static bool place_or_whole(const struct symtab *t, struct sval v, struct effect_place *p)
{
	if (own_param_path(t, v, p))
		return true;
	uint32_t root = v.off == 0 ? sv_root_param(t, v, NULL) : 0;
	*p = (struct effect_place){.param = (int)root - 1};
	return root != 0;
}

/* An effect that some path has. */
static void keep_effect(struct sim *m, struct effect e)
{
	for (uint32_t i = 0; i < m->kept_effects.len; i++) {
		struct effect *known = &m->kept_effects.data[i];
		if (known->kind == e.kind && known->family == e.family &&
		    own_same_place(&known->place, &e.place)) {
			known->sent &= e.sent;
			if (!own_same_place(&known->value, &e.value))
				known->value = (struct effect_place){.param = -2};
			known->how &= e.how;
			return;
		}
	}
	if (m->kept_effects.len < MAX_KEPT)
		vec_push(&m->kept_effects, e);
	else
		m->effects_lost = true;
}

void own_keep_param(struct sim *m, struct state *s, struct sval v)
{
	struct effect e = {.kind = EFFECT_KEEP,
	                   .when = API_NEVER,
	                   .value = {.param = -2},
	                   .how = m->publishing_region ? 0 : KEEP_VALUE,
	                   .sent = m->sending};
	if (sv_eq(v, m->stored) && v.kind)
		e.value = m->stored_at;
	if (!place_or_whole(&m->t, v, &e.place))
		return;
	if (!e.place.depth && e.place.param >= 0 && e.place.param < 64)
		s->kept |= 1ull << e.place.param;
	keep_effect(m, e);
}

static bool known_write(const struct sim *m, const struct effect_place *p)
{
	for (uint32_t i = 0; i < m->writes.len; i++)
		if (own_same_place(&m->writes.data[i].place, p))
			return true;
	return false;
}

/* Where an address is reached from nothing that has a name here, any parameter may lead there, too. */
void own_note_write(struct sim *m, struct sval at, bool whole)
{
	struct effect e = {.kind = EFFECT_WRITE, .when = API_NEVER, .value = {.param = -2}};
	if (at.kind != SV_SYM)
		return;
	uint32_t param = sv_root_param(&m->t, at, NULL);
	if (!param) {
		enum sym_kind k = m->t.items.data[at.id].kind;
		if (!whole && k != SYM_OUT && !sv_root_global(&m->t, at, NULL))
			m->scatters = UINT64_MAX;
		return;
	}
	if (param > 64)
		return;
	uint64_t bit = 1ull << (param - 1);
	m->writes_param |= bit;
	struct symbol there = {.kind = SYM_MEM, .x = at};
	if (whole || !own_param_path(&m->t, sv_sym(sym_get(&m->t, there)), &e.place) ||
	    (!known_write(m, &e.place) && m->writes.len == MAX_WRITES))
		m->scatters |= bit;
	else if (!known_write(m, &e.place))
		vec_push(&m->writes, e);
}

/* ---- typestate ---- */

struct step {
	enum obj_status from;
	enum handle_event event;
	enum obj_status to;
	enum incident_kind incident;
};
static const struct step steps[] = {
#define STEP(from, event, to, incident) {OBJ_##from, EVENT_##event, OBJ_##to, INCIDENT_##incident},
#include "typestate.def"
#undef STEP
};

void own_event(struct sim *m, struct state *s, struct obj *o, enum handle_event e, ir_instr i)
{
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		if (steps[k].from != o->status || steps[k].event != e)
			continue;
		if (steps[k].incident)
			incident_of(m, s, steps[k].incident, o, i);
		if (steps[k].to != o->status) {
			o->status = steps[k].to;
			o->changed = i;
		}
		return;
	}
}

static void hand_over(struct sim *m, struct state *s, struct obj *o, ir_instr i)
{
	if (o->refs) {
		o->refs--;
		o->shared = true;
		return;
	}
	own_event(m, s, o, EVENT_TRANSFER, i);
	o->holder = (struct sval){0};
	sim_trail(m, s, TRAIL_TRANSFER, i, false, 0);
}

static void publish_heap(struct sim *m, struct state *s, struct sval base, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool inside = o->key.kind == SV_SYM && o->key.id == base.id && o->key.off;
		if (o->status == OBJ_OWNED && (inside || sv_eq(o->holder, base)))
			hand_over(m, s, o, i);
	}
	struct obj *heap = own_heap(s, base);
	if (heap) {
		heap->status = OBJ_GONE;
		heap->changed = i;
	}
	struct span span = state_cells(s, base);
	for (uint32_t k = span.from; k < span.to; k++)
		own_publish(m, s, s->mem.data[k].v, i);
}

/* What a token gives to be waited for goes to other code: the descriptor's number, or the variable it is in.
 * Who has that gives the claim on the token back. */
void own_publish_waitable(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		const struct api_role *to =
		        o->claim && o->status == OBJ_OWNED ? api_role_of(o->model, API_ROLE_DONE_FD) : NULL;
		if (to && (to->to.base == API_PATH_RETURN ? sv_eq(o->result, v)
		                                          : v.kind == SV_LOCAL && o->at == v.id))
			hand_over(m, s, o, i);
	}
}

static void publish_local(struct sim *m, struct state *s, uint32_t local, ir_instr i)
{
	if (state_leaked(s, local))
		return;
	state_leak(s, local);
	struct span span = state_cells(s, (struct sval){SV_LOCAL, local, 0});
	for (uint32_t k = span.from; k < span.to; k++)
		own_publish(m, s, s->mem.data[k].v, i);
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->status == OBJ_OWNED && o->key.kind == SV_LOCAL && o->key.id == local)
			hand_over(m, s, o, i);
	}
}

void own_end_each(struct sim *m, struct state *s, const char *family, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->status == OBJ_OWNED && o->family && strcmp(o->family, family) == 0)
			hand_over(m, s, o, i);
	}
	keep_effect(m, (struct effect){.kind = EFFECT_EACH,
	                               .when = API_NEVER,
	                               .family = family,
	                               .place = {.param = -2},
	                               .value = {.param = -2}});
}

/* The object around what lies at a place in it, that another function made with handles in it. */
static struct obj *object_around(struct sim *m, struct state *s, struct sval v)
{
	const struct symbol *q = v.kind == SV_SYM ? &m->t.items.data[v.id] : NULL;
	struct sval base = q && q->kind == SYM_MEM ? q->x : v;
	if (base.kind != SV_SYM)
		return NULL;
	base.off = 0;
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (s->objs.data[k].object && s->objs.data[k].status == OBJ_OWNED &&
		    sv_eq(s->objs.data[k].key, base) && !sv_eq(v, base))
			return &s->objs.data[k];
	return NULL;
}

/* Somebody takes care of what is in an object, one by one. */
static void taken_from_object(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	struct obj *o = m->giving_token ? NULL : object_around(m, s, v);
	if (o)
		hand_over(m, s, o, i);
}

void own_publish(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	struct sval inside = own_inside(m, v);
	if (inside.kind)
		own_publish(m, s, inside, i);
	taken_from_object(m, s, v, i);
	scope_published(m, s, v, i);
	queue_published(m, s, v);
	complete_hand_over(m, s, v, i);
	own_publish_waitable(m, s, v, i);
	if (v.kind == SV_LOCAL) {
		publish_local(m, s, v.id, i);
		return;
	}
	if (v.kind != SV_SYM)
		return;
	struct obj *o = state_obj_by_key(s, v);
	if (o && o->status == OBJ_OWNED)
		hand_over(m, s, o, i);
	if (o && o->status == OBJ_PARAM &&
	    o->refs) { /* the reference that was added goes, not the caller's */
		o->refs--;
		o->shared = true;
		return;
	}
	if (own_heap(s, v))
		publish_heap(m, s, (struct sval){SV_SYM, v.id, 0}, i);
	own_keep_param(m, s, v);
}

void own_publish_stored(struct sim *m, struct state *s, struct sval v, struct sval at, ir_instr i)
{
	struct symbol there = {.kind = SYM_MEM, .x = at};
	m->stored_at = (struct effect_place){.param = -2};
	bool named = at.kind == SV_SYM && v.kind == SV_SYM &&
	             own_param_path(&m->t, sv_sym(sym_get(&m->t, there)), &m->stored_at);
	m->stored = named ? v : (struct sval){0};
	own_publish(m, s, v, i);
	m->stored = (struct sval){0};
}

/* Unknown code got an address: what lies behind it is out of sight, and may have changed. */
/* What was stored in memory that the caller knows has been handed over then; not what was opened on it since.
 */
static void publish_scopes_behind(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	struct span span = state_cells(s, v);
	for (uint32_t k = span.from; k < span.to; k++)
		scope_published(m, s, s->mem.data[k].v, i);
}

void own_publish_copied(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	m->publishing_region = true;
	own_publish(m, s, v, i);
	m->publishing_region = false;
}

void own_publish_read(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	own_publish_copied(m, s, v, i);
	publish_scopes_behind(m, s, v, i);
}

void own_publish_region(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	m->publishing_region = true;
	own_publish(m, s, v, i);
	m->publishing_region = false;
	if (v.kind == SV_SYM)
		publish_scopes_behind(m, s, v, i);
	if (v.kind != SV_LOCAL && v.kind != SV_SYM)
		return;
	own_forget_plain(m, s, (struct sval){v.kind, v.id, INT64_MIN / 2});
	if (v.kind != SV_SYM)
		return;
	state_clobber(s, v, i);
	own_note_write(m, v, true);
}

/* Names a handle, a token, memory or code. */
static bool is_plain(struct sim *m, struct state *s, struct sval v)
{
	enum token_origin origin;
	const struct obj *o = state_obj_by_key(s, v);
	return (!o || o->status == OBJ_RELEASED) && !sim_is_token(m, v, &origin) && v.kind != SV_LOCAL &&
	       v.kind != SV_FUNC;
}

static void forget_plain(struct sim *m, struct state *s, struct span span, int64_t from, bool leaked_only)
{
	uint32_t kept = span.from;
	for (uint32_t k = span.from; k < span.to; k++) {
		struct cell c = s->mem.data[k];
		if (c.at.off < from || (leaked_only && !state_leaked(s, c.at.id)) || !is_plain(m, s, c.v))
			state_keep_cell(s, &kept, k);
	}
	state_drop_cells(s, kept, span.to);
}

void own_forget_plain(struct sim *m, struct state *s, struct sval base)
{
	forget_plain(m, s, state_cells(s, base), base.off, false);
}

void own_forget_at(struct sim *m, struct state *s, struct sval at, ir_instr i)
{
	const struct cell *c = state_cell(s, at);
	if (!c || is_plain(m, s, c->v)) /* none at the address itself: it may lie inside of one */
		state_forget(s, at, 1);
	state_clobber_at(s, at, i);
}

/* Code that nobody knows may have other functions of the unit run. */
static void forget_static(struct sim *m, struct state *s)
{
	uint32_t kept = 0;
	for (uint32_t k = 0; k < s->mem.len; k++) {
		struct cell c = s->mem.data[k];
		if (c.at.kind != SV_GLOBAL || !is_plain(m, s, c.v) ||
		    !scan_set_elsewhere(m->sol, m->func, c.at.id))
			state_keep_cell(s, &kept, k);
	}
	s->mem.len = kept;
}

void own_forget_leaked(struct sim *m, struct state *s)
{
	forget_static(m, s);
	struct span locals = {0};
	while (locals.from < s->mem.len && s->mem.data[locals.from].at.kind < SV_LOCAL)
		locals.from++;
	for (locals.to = locals.from; locals.to < s->mem.len && s->mem.data[locals.to].at.kind == SV_LOCAL;)
		locals.to++;
	if (s->leaked.len)
		forget_plain(m, s, locals, INT64_MIN, true);
}

void own_note_release(struct sim *m, const struct obj *o, ir_instr i)
{
	for (uint32_t k = 0; k < m->released.len; k++)
		if (m->released.data[k].site == o->site && m->released.data[k].slot == o->slot)
			return;
	vec_push(&m->released, (struct seen_release){o->site, o->slot, i});
}

/* Of what lies in one large object several may come to the same number: then the next one that is free. */
static uint8_t param_slot(struct state *s, const struct effect_place *e, struct sval v, bool claim)
{
	unsigned from = e->depth * 64u + (claim ? 32 : 0);
	uint64_t at = (uint64_t)(e->offset[0] + e->offset[1] + e->plus) / 8;
	for (unsigned k = 0; k < 32; k++) {
		const struct obj *o =
		        state_obj(s, (ir_instr)e->param + 1, (uint8_t)(from + (at + k) % 32), false, true);
		if (!o || sv_eq(o->key, v))
			return (uint8_t)(from + (at + k) % 32);
	}
	return (uint8_t)(from + at % 32);
}

static void release_param(struct sim *m, struct state *s, struct sval v, const struct ending *end, bool claim,
                          ir_instr i)
{
	struct effect_place e;
	if (!own_param_path(&m->t, v, &e)) {
		own_keep_param(m, s, v);
		if (!claim)
			ended_unseen(m, s, v, end, i);
		return;
	}
	uint8_t slot = param_slot(s, &e, v, claim);
	struct obj *o = state_obj(s, (ir_instr)e.param + 1, slot, false, true);
	if (o && o->refs) {
		o->refs--;
		return;
	}
	if (o && o->status == OBJ_RELEASED) {
		if (!claim && sv_eq(o->key, v))
			ended_again(m, s, o, end, i);
		return;
	}
	sim_trail(m, s, TRAIL_RELEASE, i, false, 0);
	state_add_obj(s, (struct obj){.site = (ir_instr)e.param + 1,
	                              .slot = slot,
	                              .is_param = true,
	                              .status = OBJ_RELEASED,
	                              .key = v,
	                              .changed = i,
	                              .shared = o && o->shared,
	                              .how = (uint8_t)(end->how | (s->yielded ? END_DELAYED : 0)),
	                              .ended_as = end->family,
	                              .data = end->from,
	                              .family = claim ? end->family : NULL});
}

/* What a parameter refers to, watched; NULL: it is none. */
static struct obj *watched_param(struct sim *m, struct state *s, struct sval v)
{
	struct effect_place e;
	if (!own_param_path(&m->t, v, &e))
		return NULL;
	uint8_t slot = param_slot(s, &e, v, false);
	struct obj *o = state_obj(s, (ir_instr)e.param + 1, slot, false, true);
	return o ? o
	         : state_add_obj(s, (struct obj){.site = (ir_instr)e.param + 1,
	                                         .slot = slot,
	                                         .is_param = true,
	                                         .status = OBJ_PARAM,
	                                         .key = v});
}

/* A reference is added, so that its release is told from the caller's. */
void own_ref_param(struct sim *m, struct state *s, struct sval v)
{
	struct obj *o = watched_param(m, s, v);
	if (o && o->status == OBJ_PARAM && o->refs < 100)
		o->refs++;
}

void own_share_param(struct sim *m, struct state *s, struct sval v)
{
	struct obj *o = watched_param(m, s, v);
	if (o)
		o->shared = true;
}

static bool is_claim(struct sim *m, const char *family)
{
	const struct api_family *f = family && *family ? apimodel_family(m->p->api, family) : NULL;
	return f && f->claim;
}

static bool is_task(struct sim *m, const char *family)
{
	const struct api_family *f = family && *family ? apimodel_family(m->p->api, family) : NULL;
	return f && f->task;
}

void own_publish_claims(struct sim *m, struct state *s, struct sval v, ir_instr i)
{
	for (struct obj *o; (o = state_claim(s, v, NULL));)
		hand_over(m, s, o, i);
}

static void mark_ended(struct sim *m, struct state *s, struct obj *o, const struct ending *e, ir_instr i)
{
	own_event(m, s, o, EVENT_RELEASE, i);
	o->how = (uint8_t)e->how;
	o->ended_as = e->family;
}

/* A handle that is out of sight and is released here has ended, unless others may have references. */
static void release_gone(struct sim *m, struct state *s, struct obj *o, const struct ending *e, ir_instr i)
{
	if (o->status == OBJ_RELEASED) {
		ended_again(m, s, o, e, i);
		return;
	}
	if (o->status != OBJ_GONE)
		return;
	o->ended = true;
	if (!o->claim && !(e->how & (END_COUNTED | END_PLAIN)))
		mark_ended(m, s, o, e, i);
}

/* On this path it is known to be NULL, or a descriptor that is none: whoever ends it ends nothing. */
static bool own_is_none(const struct sim *m, const struct state *s, struct sval v)
{
	if (v.kind != SV_SYM)
		return false;
	return m->t.items.data[v.id].pointer ? state_test(s, &m->t, v) == TRI_FALSE
	                                     : state_cond(s, &m->t, v, API_NEGATIVE) == TRI_TRUE;
}

void own_release(struct sim *m, struct state *s, struct sval v, const struct ending *e, ir_instr i)
{
	if (v.kind == SV_CONST || v.kind == SV_NONE)
		return;
	if (own_is_none(m, s, v))
		return;
	if (own_release_inside(m, s, v, i) && !state_obj_by_key(s, v))
		return;            /* one end of both is enough to tell the next */
	if (!(e->how & END_PLAIN)) /* plain memory is none of the handles in it */
		taken_from_object(m, s, v, i);
	bool claim = is_claim(m, e->family);
	struct obj *o = claim ? state_claim(s, v, e->family) : state_obj_by_key(s, v);
	/* Taken from nothing: what it is connected to still has it. */
	if (sv_is_const(e->from, 0) && !(o && sv_is_const(o->token, 0)))
		return;
	if (!claim)
		given_released(m, s, v, i);
	o = claim ? o : state_obj_by_key(s, v);
	if (!o || o->is_param) {
		release_param(m, s, v, e, claim, i);
		return;
	}
	if (o->status != OBJ_OWNED) {
		release_gone(m, s, o, e, i);
		return;
	}
	if (o->object && (e->how & END_PLAIN)) { /* and nobody has ended what is in it */
		own_event(m, s, o, EVENT_LEAVE, i);
		o->status = OBJ_RELEASED;
		return;
	}
	own_note_release(m, o, i);
	sim_trail(m, s, TRAIL_RELEASE, i, false, 0);
	if (o->refs) {
		o->refs--;
		return;
	}
	mark_ended(m, s, o, e, i);
}

/* The site runs again: a handle of the turn before becomes the old one; the one before that is forgotten. */
static void retire(struct state *s, ir_instr site, uint8_t slot)
{
	uint32_t kept = 0;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj o = s->objs.data[k];
		if (o.site == site && o.slot == slot && !o.is_param) {
			if (o.old || o.status != OBJ_OWNED)
				continue;
			o.old = true;
		}
		s->objs.data[kept++] = o;
	}
	s->objs.len = kept;
}

struct obj *own_create(struct sim *m, struct state *s, ir_instr i, uint8_t slot, struct sval key,
                       struct sval result, enum api_cond when, const char *family,
                       const struct api_func *model)
{
	retire(s, i, slot);
	ended_forget(s, key);
	sim_trail(m, s, TRAIL_CREATE, i, false, 0);
	struct obj *o = state_add_obj(s, (struct obj){.kind = is_task(m, family) ? OBJ_TASK : OBJ_HANDLE,
	                                              .site = i,
	                                              .slot = slot,
	                                              .status = OBJ_OWNED,
	                                              .key = key,
	                                              .result = result,
	                                              .when = when,
	                                              .family = family,
	                                              .model = model,
	                                              .inferred = !model,
	                                              .claim = is_claim(m, family)});
	if (o->kind == OBJ_HANDLE)
		lost_created(m, s, o, i);
	return o;
}

struct obj *own_begin(struct sim *m, struct state *s, enum obj_kind kind, ir_instr i, uint8_t slot,
                      struct sval key, const char *family, const struct api_func *model)
{
	retire(s, i, slot);
	sim_trail(m, s, TRAIL_CREATE, i, false, 0);
	return state_add_obj(s, (struct obj){.kind = (uint8_t)kind,
	                                     .site = i,
	                                     .slot = slot,
	                                     .status = OBJ_OWNED,
	                                     .key = key,
	                                     .family = family,
	                                     .model = model,
	                                     .inferred = !model,
	                                     .claim = true});
}

struct sval own_makes_there(struct sim *m, const struct call *c, const struct api_func *d,
                            const struct api_path *at)
{
	uint32_t slot = 0;
	for (uint32_t k = 0; k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if (r->kind == API_ROLE_CREATE && r->handle.deref && strcmp(r->handle.text, at->text) == 0)
			return sv_sym(sym_get(
			        &m->t, (struct symbol){
			                       .kind = SYM_OUT, .a = c->i, .b = slot * 2u, .pointer = true}));
		slot += r->kind == API_ROLE_CREATE || r->kind == API_ROLE_MAKE || r->kind == API_ROLE_ENTER;
	}
	return (struct sval){0};
}

void own_make_heap(struct sim *m, struct state *s, ir_instr i, struct sval key, bool zeroed)
{
	(void)m;
	retire(s, i, HEAP_SLOT);
	uint32_t kept = 0;
	for (uint32_t k = 0; k < s->objs.len;
	     k++) /* an older piece of memory from here is no longer told apart */
		if (s->objs.data[k].site != i || s->objs.data[k].slot != HEAP_SLOT)
			s->objs.data[kept++] = s->objs.data[k];
	s->objs.len = kept;
	state_add_obj(
	        s,
	        (struct obj){.site = i, .slot = HEAP_SLOT, .status = OBJ_HEAP, .key = key, .zeroed = zeroed});
}

/* Memory that was fresh here, though others may know it by now. */
static struct obj *made_memory(struct state *s, struct sval base)
{
	base.off = 0;
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj *o = &s->objs.data[i];
		if (own_is_memory(o) && (o->status == OBJ_HEAP || o->status == OBJ_GONE) &&
		    sv_eq(o->key, base))
			return o;
	}
	return NULL;
}

void own_heap_written(struct state *s, const struct symtab *t, struct sval at)
{
	for (unsigned depth = 0; at.kind == SV_SYM && depth < 8; depth++) {
		struct obj *heap = made_memory(s, at);
		if (heap)
			heap->zeroed = false;
		if (heap || t->items.data[at.id].kind != SYM_ELEM)
			return;
		at = t->items.data[at.id].x;
	}
}

bool own_heap_zero(struct state *s, struct sval at)
{
	const struct obj *heap = at.kind == SV_SYM && at.off >= 0 ? made_memory(s, at) : NULL;
	return heap && heap->zeroed && (heap->status == OBJ_HEAP || !state_clobbered(s, at));
}

/* Code of this program may have run between two instructions. */
static bool others_ran(const struct sim *m, ir_instr from, ir_instr to)
{
	for (ir_instr k = from + 1; k < to; k++) {
		const struct ir_instruction *in = &m->f->instrs[k];
		const struct api_func *d = ir_is_call(in) ? m->p->described[ir_callee(m->f, in)] : NULL;
		if (ir_is_call(in) && (!d || api_role_of(d, API_ROLE_BLOCK)))
			return true;
	}
	return to <= from;
}

/* All that has the handle is the callback that it was started with. */
static bool awaits_callback(struct sim *m, struct state *s, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->changed];
	const struct api_role *r =
	        ir_is_call(in) ? api_role_of(m->p->described[ir_callee(m->f, in)], API_ROLE_SPAWN) : NULL;
	ir_val data = r && r->runs == API_RUNS_LOOP ? scan_path(m->f, in, &r->data) : 0;
	return data && sv_eq(sim_eval(m, s, data), o->key);
}

static void bury(struct sim *m, struct state *s, struct sval key, ir_instr i)
{
	for (uint32_t k = 0; key.kind == SV_SYM && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		bool inside = o->key.kind == SV_SYM && o->key.id == key.id;
		if (o->kind == OBJ_HANDLE && !own_is_memory(o) && o->status == OBJ_GONE && inside &&
		    !o->is_param && !o->claim && !o->ended && !o->old && awaits_callback(m, s, o) &&
		    !others_ran(m, o->changed, i) && !own_never_made(m, s, o))
			own_event(m, s, o, EVENT_BURY, i);
	}
}

void own_free_heap(struct sim *m, struct state *s, struct sval key, ir_instr i)
{
	struct obj *o = own_heap(s, key);
	timer_data_freed(m, s, key, i);
	bury(m, s, key, i);
	if (!o) {
		own_release(m, s, key, &(struct ending){.family = "", .how = END_PLAIN}, i);
		return;
	}
	o->status = OBJ_FREED;
	o->changed = i;
	state_forget(s, key, 0);
}
