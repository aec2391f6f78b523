/*
 * call.c - what a call does to the state: by its model entry, by the summary of its body, or unknown.
 */
#include "call.h"
#include "deadline.h"
#include "propagate.h"
#include "scan.h"
#include "queue.h"
#include "scope.h"
#include "task.h"

#include "str.h"

#include <string.h>

uint32_t sim_callee(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(m->f, in);
	if (callee)
		return callee;
	struct sval v = sim_eval(m, s, ir_operand(m->f, in, 0));
	return v.kind == SV_FUNC ? v.id : 0;
}

/* ---- model paths ---- */

#define INT_BYTES 4

struct sval call_base(struct sim *m, struct state *s, const struct call *c, const struct api_path *p)
{
	if (p->base == API_PATH_RETURN && !c->in->result && c->in->imm)
		return sim_eval(m, s, ir_returned(m->f, c->in));
	if (p->base == API_PATH_RETURN)
		return c->result;
	if (p->base != API_PATH_ARG || p->arg >= ir_nargs(c->in))
		return (struct sval){0};
	return sim_eval(m, s, ir_arg(m->f, c->in, p->arg));
}

/* Fields need the record behind the pointer, which a call does not tell. */
struct sval call_address(struct sim *m, struct state *s, const struct call *c, const struct api_path *p)
{
	struct sval v = call_base(m, s, c, p);
	if (p->field || v.kind == SV_CONST || v.kind == SV_FUNC || v.kind == SV_STR)
		return (struct sval){0};
	if (v.kind)
		v.off += (int64_t)p->index * INT_BYTES;
	return v;
}

struct sval call_value(struct sim *m, struct state *s, const struct call *c, const struct api_path *p)
{
	if (!p->deref)
		return call_base(m, s, c, p);
	struct sval at = call_address(m, s, c, p);
	const struct cell *cell = at.kind ? state_cell(s, at) : NULL;
	if (cell)
		return cell->v;
	return at.kind ? sim_load(m, s, at, 0, true, c->i) : at;
}

enum tri call_excused(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	if (!r->unless.given)
		return TRI_FALSE;
	if (r->unless.arg >= ir_nargs(c->in))
		return TRI_UNKNOWN;
	struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, r->unless.arg));
	int64_t bits = r->unless.bits;
	if (v.kind == SV_FUNC || v.kind == SV_LOCAL || v.kind == SV_GLOBAL || v.kind == SV_STR)
		return TRI_FALSE; /* an address */
	if (v.kind == SV_SYM && r->unless.equals && !bits && state_test(s, &m->t, v) == TRI_TRUE)
		return TRI_FALSE;
	if (v.kind != SV_CONST)
		return TRI_UNKNOWN;
	if (r->unless.equals)
		return v.off == bits ? TRI_TRUE : TRI_FALSE;
	return bits && (v.off & bits) == bits ? TRI_TRUE : TRI_FALSE;
}

/* ---- roles ---- */

static bool outlives(struct sim *m, struct state *s, struct sval at)
{
	if (sim_is_aggregate(m, at))
		return false;
	if (at.kind == SV_LOCAL)
		return state_leaked(s, at.id);
	return !own_heap(s, at);
}

void call_makes_at(struct sim *m, struct state *s, const struct call *c, struct sval at, uint8_t slot,
                   enum api_cond when, const char *family, const struct api_func *model, uint32_t size)
{
	struct sval key = sv_sym(sym_get(
	        &m->t, (struct symbol){.kind = SYM_OUT, .a = c->i, .b = slot * 2u, .pointer = size == 8}));
	if (m->cfg->loop_of[c->in->block])
		state_age(s, &m->t, key.id,
		          sym_get(&m->t, (struct symbol){.kind = SYM_OUT, .a = c->i, .b = slot * 2u + 1}));
	if (size < 8)
		state_assume_range(s, key.id, 0, INT32_MAX, false);
	struct obj *o = own_create(m, s, c->i, slot, key, c->result, when, family, model);
	if (outlives(m, s, at)) {
		o->status = OBJ_GONE;
		o->changed = c->i;
		own_publish(m, s, key, c->i);
	} else if (own_heap(s, at)) {
		o->holder = own_heap(s, at)->key;
	}
	if (at.kind == SV_LOCAL)
		o->at = at.id;
	const struct cell *there = at.kind ? state_cell(s, at) : NULL;
	struct cell before = there ? *there : (struct cell){0};
	if (at.kind) {
		own_note_write(m, at, false);
		state_write(s, at, key, size, c->i);
	}
	lost_cell(m, s, before, key, c->i);
}

/* What the callback that the call registers gets, unless a destroy function comes with it. */
static struct sval callback_data(struct sim *m, struct state *s, const struct call *c,
                                 const struct api_func *d)
{
	const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
	r = r ? r : api_role_of(d, API_ROLE_CONNECT);
	struct sval destroy = r ? call_value(m, s, c, &r->destroy) : (struct sval){0};
	bool its_own = !r || (destroy.kind && !sv_is_const(destroy, 0));
	return its_own ? (struct sval){0} : call_value(m, s, c, &r->data);
}

/* Where a role holds for one value of an argument only. */
static bool only_this_form(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	if (!r->only.given || r->only.arg >= ir_nargs(c->in))
		return true;
	struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, r->only.arg));
	return v.kind == SV_CONST &&
	       (r->only.equals ? v.off == r->only.bits : (v.off & r->only.bits) == r->only.bits);
}

/* The callback is called with the handle itself, and may end it. */
static bool gets_itself(const struct sim *m, struct sval data)
{
	const struct symbol *q = data.kind == SV_SYM ? &m->t.items.data[data.id] : NULL;
	const struct ir_instruction *in = q && q->kind == SYM_RESULT ? &m->f->instrs[q->a] : NULL;
	return in && ir_is_call(in) && api_role_of(m->p->described[ir_callee(m->f, in)], API_ROLE_SELF);
}

/* Memory of an argument's that is zero where the call has succeeded, and says so as well as the result. */
static void told_in_memory(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	const struct ir_func *g = &m->u->funcs[c->callee];
	const struct api_path *at = &r->tells;
	if (at->base != API_PATH_ARG || !at->field || at->arg >= g->nparams || at->arg >= ir_nargs(c->in) ||
	    r->when != API_ZERO || c->result.kind != SV_SYM)
		return;
	struct sval object = sim_eval(m, s, ir_arg(m->f, c->in, at->arg));
	const struct ir_record *record = &m->u->records[g->params[at->arg].pointee];
	for (uint32_t k = 0; object.kind == SV_SYM && k < record->nfields; k++)
		if (strcmp(record->fields[k].name, at->field) == 0) {
			object.off += record->fields[k].offset;
			own_note_write(m, object, false);
			state_write(s, object, c->result, INT_BYTES, c->i);
			return;
		}
}

static void role_create(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                        const struct api_role *r, uint8_t slot)
{
	enum api_cond when = r->when;
	if (!only_this_form(m, s, c, r))
		return;
	told_in_memory(m, s, c, r);
	if (r->handle.deref) {
		bool element = r->handle.index || strchr(r->handle.text, '[');
		call_makes_at(m, s, c, call_address(m, s, c, &r->handle), slot, when, r->family, d,
		              element ? INT_BYTES : 8);
		return;
	}
	struct sval key = call_base(m, s, c, &r->handle);
	if (!key.kind || key.kind == SV_CONST)
		return;
	if (complete_family(m, r->family)) {
		complete_begin(m, s, c->i, d, r, key, (struct sval){0}, c->result);
		return;
	}
	struct obj *o = own_create(m, s, c->i, slot, key, c->result, when, r->family, d);
	if (r->handle.base == API_PATH_RETURN) {
		if (when == API_ALWAYS && c->in->result && m->f->vals[c->in->result].type == IR_TYPE_PTR)
			state_assume_cond(s, &m->t, c->result, API_NONNULL);
		const struct api_role *connect = api_role_of(d, API_ROLE_CONNECT);
		o->data = callback_data(m, s, c, d);
		o->token = connect ? call_value(m, s, c, &connect->from) : (struct sval){0};
		if (gets_itself(m, o->data))
			o->status = OBJ_GONE;
	}
	queue_made(m, s, c, d, r, key);
	o = state_obj(s, c->i, slot, false, false);
	const struct api_role *waitable = o->claim ? api_role_of(d, API_ROLE_DONE_FD) : NULL;
	struct sval into =
	        waitable && waitable->to.deref ? call_address(m, s, c, &waitable->to) : (struct sval){0};
	if (r->handle.base == API_PATH_ARG &&
	    (o->claim ? into.kind && outlives(m, s, into) : outlives(m, s, key))) {
		o->status = OBJ_GONE;
		o->changed = c->i;
	}
	if (into.kind == SV_LOCAL)
		o->at = into.id;
}

static ir_val path_arg(const struct sim *m, const struct call *c, const struct api_path *p)
{
	return p->base == API_PATH_ARG && p->arg < ir_nargs(c->in) ? ir_arg(m->f, c->in, p->arg) : 0;
}

static enum api_cond opposite(enum api_cond when)
{
	static const enum api_cond of[] = {
	        [API_NULL_] = API_NONNULL,        [API_NONNULL] = API_NULL_,
	        [API_ZERO] = API_NONZERO,         [API_NONZERO] = API_ZERO,
	        [API_NEGATIVE] = API_NONNEGATIVE, [API_NONNEGATIVE] = API_NEGATIVE};
	return of[when];
}

/* Callers ask a function that says zero for success for `< 0` as often as for `!= 0`. */
bool call_split(struct sim *m, struct state *s, const struct call *c, enum api_cond when, bool modelled)
{
	struct state *other = state_copy(s);
	enum api_cond fails = modelled && when == API_ZERO ? API_NEGATIVE : opposite(when);
	if (state_assume_cond(other, &m->t, c->result, fails)) {
		if (c->in->result)
			state_bind(other, c->in->result, c->result);
		vec_push(&m->forks, other);
	} else {
		state_free(other);
	}
	return state_assume_cond(s, &m->t, c->result, when);
}

bool call_splits(enum api_cond when)
{
	return when == API_NULL_ || when == API_NONNULL || when == API_ZERO || when == API_NONZERO ||
	       when == API_NEGATIVE || when == API_NONNEGATIVE;
}

/* Where the result tells whether the call did its work, and somebody asks, the path is split; the one in hand
 * is where it did. Where nobody asks, nobody thinks that it can fail. False: it cannot have succeeded. */
static bool succeeds(struct sim *m, struct state *s, const struct call *c, enum api_cond when)
{
	return !call_splits(when) || !call_tested(m, c) || call_split(m, s, c, when, true);
}

/* What the call takes the id that it releases from. */
static struct sval taken_from(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                              const struct api_role *release)
{
	const struct api_role *r = api_role_of(d, API_ROLE_DISCONNECT);
	bool same = r && r->id.base == release->handle.base && r->id.arg == release->handle.arg;
	return same && !r->from.deref ? call_value(m, s, c, &r->from) : (struct sval){0};
}

static void role_release(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                         const struct api_role *r)
{
	struct ending e = ended_how(m, d, r, path_arg(m, c, &r->handle), c->i);
	if (r->handle.deref) {
		struct sval at = call_address(m, s, c, &r->handle);
		own_release(m, s, call_value(m, s, c, &r->handle), &e, c->i);
		if (at.kind && strncmp(r->handle.text, "*", 1) == 0) {
			own_note_write(m, at, false);
			state_write(s, at, sv_const(0), 8, c->i);
		}
		return;
	}
	e.from = taken_from(m, s, c, d, r);
	vacant_release(m, s, call_base(m, s, c, &r->handle), r, c->i);
	scope_freed(m, s, call_base(m, s, c, &r->handle), r->family, c->i);
	own_release(m, s, call_base(m, s, c, &r->handle), &e, c->i);
}

/* A reference taken to a token that somebody else owns is owed here; of what is nobody's handle we know too
 * little. */
static void role_ref(struct sim *m, struct state *s, struct call *c, const struct api_func *d,
                     const struct api_role *r)
{
	struct sval v = call_value(m, s, c, &r->handle);
	struct obj *o = state_obj_by_key(s, v);
	enum token_origin origin;
	task_referenced(m, v);
	given_referenced(s, v);
	if (o && o->status == OBJ_OWNED && o->refs < 100)
		o->refs++;
	else if (!o && *r->family && sim_is_token(m, v, &origin)) {
		own_create(m, s, c->i, 0, v, v, API_ALWAYS, r->family, d);
		handed_before(m, s, v, c->i);
	} else if (!o || o->is_param) {
		own_ref_param(m, s, v);
	}
	if (r->to.base == API_PATH_RETURN && v.kind)
		c->result = v;
}

/* What a container holds lies in it: stores through the result are stores into what the container is reached
 * from. */
static void role_get(struct sim *m, struct state *s, struct call *c, const struct api_role *r)
{
	struct sval from = call_value(m, s, c, &r->from);
	if (r->to.base != API_PATH_RETURN || from.kind == SV_NONE || from.kind == SV_CONST ||
	    !c->result.kind || sv_is_deep(&m->t, from))
		return;
	c->result = sv_sym(sym_get(
	        &m->t, (struct symbol){.kind = SYM_ELEM, .x = from, .y = c->result, .pointer = true}));
}

static void mark_derived(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	enum token_origin origin;
	struct sval to = r->to.base ? call_value(m, s, c, &r->to) : c->result;
	struct sval from = call_value(m, s, c, &r->from);
	if (sim_is_token(m, from, &origin))
		sim_mark_token(m, to, origin);
	if (to.kind == SV_SYM && !to.off && from.kind == SV_SYM && !from.off && to.id != from.id &&
	    !api_role_of(m->p->described[c->callee], API_ROLE_CREATE))
		intmap_set(&m->derived, to.id, from.id);
}

static bool owed_behind(struct state *s, struct sval v)
{
	for (uint32_t i = 0; i < s->objs.len; i++) {
		const struct obj *o = &s->objs.data[i];
		if (((o->status == OBJ_OWNED && !o->claim) || o->status == OBJ_PENDING) &&
		    (sv_eq(o->key, v) || (v.kind == SV_SYM && sv_eq(o->holder, v))))
			return true;
	}
	return false;
}

/* Does the call accept an owed value, or what leads to an open scope? */
static bool accepted(struct sim *m, struct state *s, const struct call *c, const struct api_role *r,
                     struct sval v)
{
	return !(owed_behind(s, v) || scope_behind(m, s, v)) || succeeds(m, s, c, r->when);
}

/* The function that an entry stands for: an object that can be called names it by its type. */
static struct sval entry_of(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval v = call_value(m, s, c, &r->entry);
	return v.kind == SV_FUNC ? v : sim_callback(m, c->i);
}

static void role_spawn(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval v = call_value(m, s, c, &r->data);
	struct sval entry = entry_of(m, s, c, r);
	/* A callable object is its own data, and what follows it are the arguments of the call. */
	bool callable =
	        r->entry.base == API_PATH_ARG && r->data.base == API_PATH_ARG && r->entry.arg == r->data.arg;
	for (uint32_t k = r->entry.arg + 1u; callable && k < ir_nargs(c->in); k++)
		own_publish_region(m, s, sim_eval(m, s, ir_arg(m->f, c->in, k)), c->i);
	bool ignored = !r->destroy.base && call_entry_ignores(m, s, v, entry);
	if (!ignored && !accepted(m, s, c, r, v))
		return;
	complete_spawn(m, s, c->in, r, entry, v);
	if (r->entry.base && sv_is_const(call_value(m, s, c, &r->entry), 0)) /* nobody is called with it */
		return;
	if (ignored)
		own_forget_plain(m, s, v);
	else if (callable && v.kind == SV_LOCAL)
		own_publish_copied(m, s, v, c->i);
	else if (given_to_seen(m, s, c, m->p->described[c->callee], r->data.arg, v))
		own_publish_read(m, s, v, c->i);
	else
		own_publish_region(m, s, v, c->i);
}

static void role_complete(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	bool splits = call_splits(r->when);
	if (splits && done_any(s)) { /* it asks for the end that this path has seen */
		state_assume_cond(s, &m->t, c->result, r->when);
		splits = false;
	}
	if (splits && !call_split(m, s, c, r->when, false))
		return;
	if (r->idempotent)
		complete_harmlessly(m, s, call_value(m, s, c, &r->handle), path_arg(m, c, &r->handle), c->i);
	else
		complete_end(m, s, call_value(m, s, c, &r->handle), path_arg(m, c, &r->handle), c->i);
}

static void role_has_ended(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval v = call_value(m, s, c, &r->handle);
	const struct obj *o = state_obj_by_key(s, v), *p = complete_of(s, v);
	enum tri over = task_over(s, v);
	bool ended = (o && o->status == OBJ_RELEASED) || (p && p->status == OBJ_COMPLETED) ||
	             over == TRI_TRUE || (r->handle.deref && sv_is_const(v, 0));
	bool alive = (o && o->status == OBJ_OWNED) || (p && p->status == OBJ_PENDING) || over == TRI_FALSE;
	if (ended)
		state_assume_cond(s, &m->t, c->result, r->when);
	else if (alive && call_splits(r->when))
		state_assume_cond(s, &m->t, c->result, opposite(r->when));
}

/* A callback that ends or keeps the handle it is called with does so with all of them. */
static void role_each(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	const struct summary *sum = call_known_entry(m, call_value(m, s, c, &r->entry));
	if (sum && !call_entry_ends(sum))
		return;
	own_end_each(m, s, r->family, c->i);
}

/* A join leaves no handle where it was, and another one finds that: `t.join(); t.join();`. */
static void check_joined(struct sim *m, struct state *s, const struct call *c, const struct api_role *r)
{
	struct sval at =
	        r->handle.deref && !r->idempotent ? call_address(m, s, c, &r->handle) : (struct sval){0};
	const struct cell *cell = at.kind ? state_cell(s, at) : NULL;
	if (!cell || !sv_is_const(cell->v, 0) || cell->store == c->i)
		return;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->status == OBJ_RELEASED && o->changed == cell->store && !o->old &&
		    o->kind != OBJ_SCOPE) {
			m->event_value = path_arg(m, c, &r->handle);
			own_event(m, s, o, EVENT_RELEASE, c->i);
			m->event_value = 0;
			return;
		}
	}
}

/* A wait set gives back what it was told with the descriptor: `event.data.ptr`. */
static void watched_with(struct sim *m, struct state *s, const struct call *c)
{
	for (uint32_t k = 0; k < ir_nargs(c->in); k++) {
		struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, k));
		struct span span = v.kind == SV_LOCAL ? state_cells(s, v) : (struct span){0};
		for (uint32_t n = span.from; n < span.to; n++) {
			struct sval told = s->mem.data[n].v;
			if (told.kind == SV_SYM && m->t.items.data[told.id].pointer)
				own_publish(m, s, told, c->i);
		}
	}
}

static void apply_role(struct sim *m, struct state *s, struct call *c, const struct api_func *d,
                       const struct api_role *r, uint8_t slot)
{
	switch (r->kind) {
	case API_ROLE_CREATE:
		role_create(m, s, c, d, r, slot);
		break;
	case API_ROLE_RELEASE:
		if (!succeeds(m, s, c, r->when))
			break;
		task_ends(m, s, call_value(m, s, c, &r->handle), d, r, c->i);
		role_release(m, s, c, d, r);
		break;
	case API_ROLE_JOIN:
		if (r->unless.given) /* of attributes: nothing has been started yet */
			break;
		if (!succeeds(m, s, c, r->when))
			break;
		check_joined(m, s, c, r);
		task_joined(m, s, c, d, r);
		role_release(m, s, c, d, r);
		break;
	case API_ROLE_CANCEL:
		task_cancelled(m, s, c, r);
		task_stopped(m, s, c, d, r);
		break;
	case API_ROLE_USES:
		task_start(m, s, c, d, r);
		break;
	case API_ROLE_SUBMIT:
		task_submitted(s, c, d, r);
		break;
	case API_ROLE_REF:
		role_ref(m, s, c, d, r);
		break;
	case API_ROLE_TAKE:
		if (!accepted(m, s, c, r, call_value(m, s, c, &r->handle)))
			break;
		own_publish(m, s, call_value(m, s, c, &r->handle), c->i);
		if (r->to.base == API_PATH_RETURN)
			own_take_inside(m, c->result, call_value(m, s, c, &r->handle), r->family);
		break;
	case API_ROLE_STORE:
		container_store_argument(m, s, c, r);
		break;
	case API_ROLE_UNSTORE:
		sim_remove(m, s, call_value(m, s, c, &r->from), c->i);
		break;
	case API_ROLE_RECEIVE:
	case API_ROLE_CLOSE_QUEUE:
		queue_role(m, s, c, d, r);
		break;
	case API_ROLE_SEND:
		queue_role(m, s, c, d, r);
		m->sending = true;
		own_publish_region(m, s, call_value(m, s, c, &r->value), c->i);
		m->sending = false;
		break;
	case API_ROLE_DISCONNECT:
		task_disconnected(m, s, c, r);
		sim_remove(m, s, call_value(m, s, c, &r->from), c->i);
		break;
	case API_ROLE_GET:
		role_get(m, s, c, r);
		break;
	case API_ROLE_EACH:
		role_each(m, s, c, r);
		break;
	case API_ROLE_SPAWN:
		given_away(m, s, c, r);
		task_unbox(m, s, r->entry.base ? call_value(m, s, c, &r->entry) : (struct sval){0},
		           r->data.base && !r->shared ? call_value(m, s, c, &r->data) : (struct sval){0});
		m->starting = queue_started(m, s, c, r);
		role_spawn(m, s, c, r);
		m->starting = false;
		task_start(m, s, c, d, r);
		m->boxed = (struct boxed){0};
		break;
	case API_ROLE_CONNECT:
		given_away(m, s, c, r);
		if (task_is_own_data(r) && call_value(m, s, c, &r->data).kind == SV_LOCAL)
			own_publish_copied(m, s, call_value(m, s, c, &r->data), c->i);
		else
			own_publish_region(m, s, call_value(m, s, c, &r->data), c->i);
		if (sv_root_global(&m->t, call_value(m, s, c, &r->from), NULL))
			container_store(m, s, c, call_value(m, s, c, &r->data),
			                call_value(m, s, c, &r->from));
		task_connected(m, s, c, d, r);
		break;
	case API_ROLE_PROMISE:
		complete_begin(m, s, c->i, d, r, call_value(m, s, c, &r->handle),
		               call_value(m, s, c, &r->entry), c->result);
		break;
	case API_ROLE_COMPLETE:
		role_complete(m, s, c, r);
		break;
	case API_ROLE_HAS_ENDED:
		role_has_ended(m, s, c, r);
		break;
	case API_ROLE_ALIAS:
		if (r->when != API_ALWAYS)
			own_take_inside(m, c->result, call_value(m, s, c, &r->from), NULL);
		else if (r->to.base == API_PATH_RETURN || !r->to.base)
			c->result = call_value(m, s, c, &r->from);
		else
			sim_copy_object(m, s, call_base(m, s, c, &r->to), call_base(m, s, c, &r->from), c->i);
		break;
	case API_ROLE_DERIVE:
	case API_ROLE_VALUE:
	case API_ROLE_DETACH:
		if (r->kind == API_ROLE_VALUE)
			own_publish(m, s, call_value(m, s, c, &r->value), c->i);
		if (r->kind != API_ROLE_DETACH)
			mark_derived(m, s, c, r);
		break;
	case API_ROLE_ENTER:
		scope_enter(m, s, c, d, r, slot);
		break;
	case API_ROLE_LEAVE:
		scope_leave(m, s, c, d, r);
		break;
	case API_ROLE_WAIT:
		scope_waited(m, s, c, r);
		break;
	case API_ROLE_JUMP:
		scope_jump(m, s, c, r);
		break;
	case API_ROLE_WATCH:
		watched_with(m, s, c);
		break;
	case API_ROLE_MAKE:
		own_make_heap(m, s, c->i, call_value(m, s, c, &r->handle), r->zeroed);
		if (r->when == API_ALWAYS && r->handle.base == API_PATH_RETURN)
			state_assume_cond(s, &m->t, c->result, API_NONNULL);
		queue_made(m, s, c, d, r, call_value(m, s, c, &r->handle));
		break;
	case API_ROLE_DESTROY:
		task_ends(m, s, call_value(m, s, c, &r->handle), d, r, c->i);
		own_free_heap(m, s, call_value(m, s, c, &r->handle), c->i);
		break;
	default:
		break;
	}
}

/* `const T *`, `const T &`: what it points to is not written. */
/* A callable object is copied or moved. */
static bool is_called_with(const struct api_func *d, uint32_t arg)
{
	const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
	r = r ? r : api_role_of(d, API_ROLE_CONNECT);
	return task_is_own_data(r) && arg == r->entry.arg;
}

static bool only_reads(const struct sim *m, const struct call *c, uint32_t arg)
{
	const struct ir_func *g = &m->u->funcs[c->callee];
	const char *type = arg < g->nparams ? g->params[arg].ctype : "";
	size_t n = strlen(type);
	return str_starts(type, "const ") && n && strcspn(type, "*&") == n - 1;
}

/* The handle that a release finds there is what it works with; what it leaves there it says itself. */
static bool is_released(const struct api_func *d, uint32_t arg)
{
	for (uint32_t k = 0; k < d->nroles; k++) {
		const struct api_role *r = &d->roles[k];
		if ((r->kind == API_ROLE_RELEASE || r->kind == API_ROLE_JOIN) && r->handle.deref &&
		    r->handle.base == API_PATH_ARG && r->handle.arg == arg)
			return true;
	}
	return false;
}

/* What the call puts somewhere, or a copy of what lies there, it does not write to. */
static bool is_stored(const struct api_func *d, uint32_t arg)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_STORE, r));)
		if (r->value.base == API_PATH_ARG && r->value.arg == arg)
			return true;
	return false;
}

/* A call that fails leaves the memory for the handle as it was, and what was put there before says so later
 * on: `int ends[2] = {-1, -1};`. False: it cannot have succeeded. */
static bool made_or_untouched(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_CREATE, r));) {
		struct sval at = r->handle.deref && only_this_form(m, s, c, r)
		                         ? call_address(m, s, c, &r->handle)
		                         : (struct sval){0};
		const struct cell *before = at.kind ? state_cell(s, at) : NULL;
		if (before && before->v.kind == SV_CONST)
			return succeeds(m, s, c, r->when);
	}
	return true;
}

static bool apply_model(struct sim *m, struct state *s, struct call *c, const struct api_func *d)
{
	queue_called(m, s, c, d);
	if (!made_or_untouched(m, s, c, d))
		return false;
	/* Through pointers to locals a described function may write results, but it takes no handle away. */
	for (uint32_t k = 0; k < ir_nargs(c->in); k++) {
		struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, k));
		if (only_reads(m, c, k) || is_released(d, k) || is_called_with(d, k) || is_stored(d, k) ||
		    given_to_seen(m, s, c, d, k, v))
			continue;
		own_heap_written(s, &m->t, v);
		if (v.kind != SV_LOCAL)
			continue;
		own_forget_plain(m, s, v);
		state_clobber(s, v, c->i);
	}
	task_waits(m, s, c, d);
	/* Ends before beginnings: a function that replaces a handle releases the old one first. */
	uint8_t slot = 0;
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t k = 0; k < d->nroles; k++) {
			const struct api_role *r = &d->roles[k];
			bool begins = r->kind == API_ROLE_CREATE || r->kind == API_ROLE_MAKE ||
			              r->kind == API_ROLE_ENTER;
			if (begins == (pass == 1))
				apply_role(m, s, c, d, r, begins ? slot++ : 0);
		}
	if (task_abandoned(m, s, c, d))
		return false;
	timer_called(m, s, c, d);
	handed_to_entry(m, s, c, d);
	task_called(m, s, c, d);
	moved_by_call(m, s, c, d);
	return !api_role_of(d, API_ROLE_NO_RETURN) && call_comes_back(m, s, c, d);
}

/* A token is given to be looked at. */
static bool gets_token(const struct sim *m, const struct call *c, uint32_t arg)
{
	const struct ir_func *g = &m->u->funcs[c->callee];
	return c->callee && arg < g->nparams && apimodel_is_token_type(m->p->api, g->params[arg].ctype);
}

/* What the call starts gets it, or looks at it. */
static bool goes_to_operation(const struct api_func *d, uint32_t arg)
{
	const struct api_role *r = api_role_of(d, API_ROLE_SPAWN);
	return r && (arg == r->entry.arg || arg == r->data.arg || arg == r->token.arg);
}

/* Nobody knows what becomes of the arguments from `first` on, those aside that `d` says all of. */
static void give_away(struct sim *m, struct state *s, const struct call *c, const struct api_func *d,
                      uint32_t first)
{
	for (uint32_t k = first; k < ir_nargs(c->in); k++) {
		if (goes_to_operation(d, k))
			continue;
		struct sval v = sim_eval(m, s, ir_arg(m->f, c->in, k));
		if (v.kind == SV_LOCAL && error_out_is(m, c, k)) { /* written to, and not kept */
			own_forget_plain(m, s, v);
			state_clobber(s, v, c->i);
			continue;
		}
		m->giving_token = gets_token(m, c, k);
		own_publish_claims(m, s, v, c->i);
		own_publish_region(m, s, v, c->i);
		m->giving_token = false;
		if (v.kind == SV_LOCAL && moved_from(m, c, k)) {
			state_forget(s, v, 0);
			state_clobber(s, v, c->i);
		}
	}
}

static void apply_unknown(struct sim *m, struct state *s, const struct call *c, const struct api_func *d)
{
	if (!d)
		task_called_code(m, s, c, NULL);
	give_away(m, s, c, d, 0);
	own_forget_leaked(m, s);
	s->world = c->i;
}

/* The call that made an owed handle which this one gets; 0: none. */
static ir_instr touches_owed(struct sim *m, struct state *s, const struct call *c)
{
	for (uint32_t k = 0; k < ir_nargs(c->in); k++) {
		const struct obj *o = state_obj_by_key(s, sim_eval(m, s, ir_arg(m->f, c->in, k)));
		if (o && o->status == OBJ_OWNED)
			return o->site;
	}
	return 0;
}

const struct summary *sim_known_callee(struct sim *m, uint32_t callee)
{
	/* What a library's header does with its arguments is its own business, as long as no model tells. */
	if (!callee || !solve_has_body(m->sol, callee) || (m->u->funcs[callee].flags & IR_FUNC_SYSTEM))
		return NULL;
	sim_function(m->sol, callee);
	const struct summary *sum = &m->sol->funcs[callee].summary;
	return sum->known ? sum : NULL;
}

bool sim_call(struct sim *m, struct state *s, ir_instr i)
{
	struct call c = {.i = i, .in = &m->f->instrs[i]};
	c.callee = sim_callee(m, s, c.in);
	const struct ir_func *callee = &m->u->funcs[c.callee];
	c.result = c.in->result ? sim_result(m, s, i) : (struct sval){0};
	if (!call_check_holds(m, s, &c))
		return false;
	bool on = true;
	propagate_call(m, s, &c);
	deadline_call(m, s, &c);
	ended_call(m, s, i, c.callee);
	ended_share(m, s, c.in, m->p->described[c.callee]);
	ir_instr owed = touches_owed(m, s, &c);
	bool throwing = thrown_in_callee(m, i);
	if (throwing && c.in->op != IR_INVOKE)
		sim_thrown_call(m, s, i);
	if (!m->p->described[c.callee])
		scope_called(m, s, i);
	const struct trail *before = s->trail;
	struct sval error = error_out_before(m, s, &c);
	if (c.callee && m->p->described[c.callee] && m->p->described[c.callee]->by_type)
		apply_unknown(m, s, &c, m->p->described[c.callee]);
	if (c.callee && m->p->described[c.callee])
		on = apply_model(m, s, &c, m->p->described[c.callee]);
	else if (sim_known_callee(m, c.callee)) {
		moved_operations(m, s, &c);
		if (callee->flags & IR_FUNC_VARIADIC) /* its summary knows those alone that have a name */
			give_away(m, s, &c, NULL, callee->nparams);
		on = call_summary(m, s, &c, &m->sol->funcs[c.callee]);
	} else if (!c.callee || !str_starts(callee->name, "llvm."))
		apply_unknown(m, s, &c, NULL);
	on = on && error_out_after(m, s, &c, error);
	ended_after(m, s, i, c.callee);
	done_call(m, s, i, c.callee, c.result);
	if (owed && s->trail == before && !m->p->described[c.callee])
		sim_trail(m, s, TRAIL_CALL, i, false, owed);
	if (c.in->result)
		state_bind(s, c.in->result, c.result);
	if (c.in->op != IR_INVOKE && !throwing && thrown_by(m, i)) {
		thrown_here(m, s, i);
		thrown_leaves(m, s, i);
	}
	if ((c.in->flags & IR_F_NORETURN) || (callee->flags & IR_FUNC_NORETURN))
		return false;
	return on;
}
