/*
 * ended.c - what happens to handles that have ended: a second end, a use, and what makes either of them
 * unprovable.
 */
#include "queue.h"
#include "scan.h"

#include <string.h>

#define UNSEEN_SLOT 201

/* An element that each turn of the loop takes another one of. */
static bool varies(const struct sim *m, ir_val v, ir_instr i)
{
	uint32_t loop = m->cfg->loop_of[m->f->instrs[i].block];
	for (unsigned depth = 0; v && loop && depth < 8; depth++) {
		const struct ir_instruction *in = ir_def(m->f, ir_strip_casts(m->f, v));
		if (!in || (in->op != IR_LOAD && in->op != IR_ADDR))
			return in && in->op == IR_PHI && cfg_in_loop(m->cfg, loop, in->block);
		if ((in->flags & IR_F_VARIABLE) && in->op == IR_ADDR) {
			const struct ir_instruction *index =
			        ir_def(m->f, ir_strip_casts(m->f, ir_operand(m->f, in, 1)));
			if (index && cfg_in_loop(m->cfg, loop, index->block))
				return true;
		}
		v = ir_operand(m->f, in, 0);
	}
	return false;
}

struct ending ended_how(const struct sim *m, const struct api_func *d, const struct api_role *r, ir_val arg,
                        ir_instr i)
{
	unsigned how = 0;
	if (r->kind != API_ROLE_RELEASE && r->kind != API_ROLE_JOIN)
		how |= END_PLAIN;
	else if (r->kind == API_ROLE_RELEASE && apimodel_counted(m->p->api, d, r))
		how |= END_COUNTED;
	if (r->kind == API_ROLE_JOIN && varies(m, arg, i))
		how |= END_PLAIN;
	how |= r->kind == API_ROLE_JOIN ? END_JOINS : 0;
	how |= r->idempotent ? END_IDEMPOTENT : 0;
	how |= r->later ? END_LATER : 0;
	return (struct ending){.family = r->family ? r->family : "", .how = how, .arg = arg};
}

/* How many references there are is known only of what was made here. */
static bool count_known(const struct obj *o)
{
	return !o->is_param && o->slot != UNSEEN_SLOT &&
	       (!o->model || api_role_of(o->model, API_ROLE_CREATE));
}

/* What was given up of a parameter is a claim on it, not the thing itself. */
static bool is_claim_of_param(const struct obj *o)
{
	return o->is_param && o->family;
}

bool ended_watched(const struct obj *o)
{
	return o->status == OBJ_RELEASED && !o->blurred && !o->claim && !is_claim_of_param(o) && !o->old &&
	       !(o->how & (END_IDEMPOTENT | END_PLAIN)) && (!(o->how & END_COUNTED) || count_known(o));
}

/* Does the value stand for one thing on this path? What was joined, or made in an earlier turn, stands for
 * several. */
bool ended_exact(const struct sim *m, struct sval v)
{
	if (v.kind != SV_SYM)
		return true;
	const struct symbol *q = &m->t.items.data[v.id];
	switch (q->kind) {
	case SYM_PARAM:
		return true;
	case SYM_RESULT:
	case SYM_OUT:
		return !(q->b & 1);
	case SYM_MEM: /* what a call in a loop changed goes by the same name in each turn */
		return ended_exact(m, q->x) && !(q->a && m->cfg->loop_of[m->f->instrs[q->a].block]);
	case SYM_ELEM:
	case SYM_BIN:
		return ended_exact(m, q->x) && ended_exact(m, q->y);
	default:
		return false;
	}
}

/* The handle a value names, when it has ended and nothing else goes by that value now. */
static struct obj *ended_obj(struct state *s, struct sval v)
{
	struct obj *found = NULL;
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj *o = &s->objs.data[i];
		if (o->claim || !sv_eq(o->key, v))
			continue;
		if (o->status != OBJ_RELEASED)
			return NULL;
		if (ended_watched(o))
			found = o;
	}
	return found;
}

static struct obj *ended_itself(struct state *s, struct sval token)
{
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj *o = &s->objs.data[i];
		const struct api_role *made = api_role_of(o->model, API_ROLE_CREATE);
		if (ended_watched(o) && made && made->token.base == API_PATH_RETURN &&
		    sv_eq(o->result, token))
			return o;
	}
	return NULL;
}

/* A token that its canceller frees ends with it, and so do its children that have none. */
static struct obj *ended_with(struct sim *m, struct state *s, struct sval token)
{
	struct obj *o = ended_itself(s, token);
	uint64_t parent;
	for (unsigned depth = 0; !o && depth < 8 && token.kind == SV_SYM && !token.off; depth++) {
		if (!intmap_get(&m->derived, token.id, &parent))
			break;
		token = sv_sym((sym)parent);
		o = ended_itself(s, token);
	}
	return o;
}

static void tell(struct sim *m, struct state *s, struct obj *o, enum handle_event e, ir_val value, ir_instr i)
{
	m->event_value = value;
	own_event(m, s, o, e, i);
	m->event_value = 0;
}

/* A call that is made again because it failed: `while (close(fd) < 0 && errno == EINTR)`. */
static bool retried(const struct sim *m, const struct obj *o, ir_instr i)
{
	ir_val result = m->f->instrs[i].result;
	const struct use_index *x = scan_uses(m->sol, m->func);
	return o->changed == i && result && x->first[result] < x->first[result + 1];
}

void ended_again(struct sim *m, struct state *s, struct obj *o, const struct ending *e, ir_instr i)
{
	if (!ended_watched(o) || (e->how & (END_IDEMPOTENT | END_PLAIN)) || ended_obj(s, o->key) != o)
		return;
	if (ended_exact(m, o->key) && !own_never_made(m, s, o) && !retried(m, o, i) &&
	    !turn_anew(m, e->arg, o->changed, i))
		tell(m, s, o, EVENT_RELEASE, e->arg, i);
}

void ended_unseen(struct sim *m, struct state *s, struct sval v, const struct ending *e, ir_instr i)
{
	if (varies(m, e->arg, i))
		return;
	if ((e->how & (END_COUNTED | END_IDEMPOTENT | END_PLAIN)) || !ended_exact(m, v))
		return;
	if (v.kind != SV_SYM && v.kind != SV_LOCAL && v.kind != SV_GLOBAL)
		return;
	sim_trail(m, s, TRAIL_RELEASE, i, false, 0);
	state_add_obj(s, (struct obj){.site = i,
	                              .slot = UNSEEN_SLOT,
	                              .status = OBJ_RELEASED,
	                              .key = v,
	                              .changed = i,
	                              .how = (uint8_t)e->how,
	                              .ended_as = e->family});
}

void ended_forget(struct state *s, struct sval key)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->objs.len; i++) {
		struct obj o = s->objs.data[i];
		if (o.status == OBJ_RELEASED && !o.claim && sv_eq(o.key, key)) {
			if (!o.is_param)
				continue;
			o.blurred = true;
		}
		s->objs.data[kept++] = o;
	}
	s->objs.len = kept;
}

/* ---- what a call does ---- */

static bool names(const struct api_path *p, uint32_t arg)
{
	return p->base == API_PATH_ARG && p->arg == arg && !p->deref;
}

/* What a role does with an argument: nothing, look at it or work on it, or keep it. */
enum attitude { IGNORES, USES, KEEPS };
static enum attitude attitude(const struct api_role *r, uint32_t arg)
{
	switch (r->kind) {
	case API_ROLE_POLL:
	case API_ROLE_CANCEL:
	case API_ROLE_BLOCK:
	case API_ROLE_DEADLINE:
	case API_ROLE_LOCK:
	case API_ROLE_UNLOCK:
	case API_ROLE_ENTER:
	case API_ROLE_LEAVE:
	case API_ROLE_WAIT:
	case API_ROLE_WAKE:
	case API_ROLE_CLOSE_QUEUE:
	case API_ROLE_AFFINITY:
		return names(&r->token, arg) || names(&r->handle, arg) || names(&r->fds, arg) ? USES
		                                                                              : IGNORES;
	case API_ROLE_REF:
	case API_ROLE_GET:
	case API_ROLE_SUBMIT:
		return names(&r->handle, arg) || names(&r->from, arg) ? USES : IGNORES;
	case API_ROLE_STORE:
	case API_ROLE_SEND:
		return names(&r->into, arg) ? KEEPS : IGNORES;
	case API_ROLE_SPAWN:
	case API_ROLE_TOKEN:
	case API_ROLE_DONE_FD:
		return names(&r->token, arg) ? KEEPS : IGNORES;
	case API_ROLE_TAKE:
	case API_ROLE_COMPLETE:
	case API_ROLE_WATCH:
		return names(&r->handle, arg) || names(&r->fds, arg) ? KEEPS : IGNORES;
	case API_ROLE_UNSTORE:
	case API_ROLE_DERIVE:
	case API_ROLE_VALUE:
	case API_ROLE_DETACH:
	case API_ROLE_CONNECT:
	case API_ROLE_DISCONNECT:
	case API_ROLE_RECEIVE:
		return names(&r->from, arg) ? KEEPS : IGNORES;
	default:
		return IGNORES;
	}
}

static enum attitude attitude_of(const struct api_func *d, uint32_t arg)
{
	enum attitude most = IGNORES;
	for (uint32_t i = 0; i < d->nroles; i++) {
		enum attitude a = attitude(&d->roles[i], arg);
		most = a > most ? a : most;
	}
	return most;
}

bool ended_ignores(const struct api_func *d, uint32_t arg)
{
	return attitude_of(d, arg) == IGNORES;
}

static bool ends(const struct api_func *d, uint32_t arg)
{
	for (uint32_t i = 0; i < d->nroles; i++) {
		enum api_role_kind k = d->roles[i].kind;
		bool end = k == API_ROLE_RELEASE || k == API_ROLE_JOIN || k == API_ROLE_DESTROY ||
		           k == API_ROLE_CREATE;
		if (end && names(&d->roles[i].handle, arg))
			return true;
	}
	return false;
}

/* The first argument of a function of the library that the handle comes from is what the function works on.
 */
static bool of_same_library(const struct sim *m, const struct api_func *d, const struct obj *o)
{
	const char *family = o->ended_as && *o->ended_as ? o->ended_as : o->family;
	const struct api_family *f = family && *family ? apimodel_family(m->p->api, family) : NULL;
	return f && strcmp(f->library, d->library) == 0;
}

static bool needs(const struct sim *m, uint32_t callee, uint32_t arg, const struct obj *o)
{
	const struct api_func *d = m->p->described[callee];
	if (!d || ends(d, arg) || (d->nparams >= 0 && (int)arg >= d->nparams))
		return false;
	bool plain = d->nroles == 0 || attitude_of(d, arg) != IGNORES;
	for (uint32_t i = 0; i < d->nroles; i++)
		plain |= d->roles[i].kind == API_ROLE_BLOCK;
	return attitude_of(d, arg) != IGNORES || (arg == 0 && plain && of_same_library(m, d, o));
}

/* Starts something on the handle, or with it: of one that is about to end, too late. */
static bool starts_on(const struct api_func *d, uint32_t arg)
{
	bool on = false, spawns = false;
	for (uint32_t i = 0; i < d->nroles; i++) {
		const struct api_role *r = &d->roles[i];
		spawns |= r->kind == API_ROLE_SPAWN;
		on |= (r->kind == API_ROLE_SPAWN && r->record && names(&r->data, arg)) ||
		      (r->kind == API_ROLE_STORE && names(&r->value, arg));
		if (r->kind == API_ROLE_WAKE && names(&r->handle, arg))
			return true;
	}
	return on && spawns;
}

/* Its end has been asked for, and comes when its loop runs. */
static bool too_late(struct sim *m, struct state *s, struct obj *o, uint32_t callee, uint32_t arg)
{
	const struct api_func *d = m->p->described[callee];
	return d && (o->how & END_LATER) && !(o->how & END_COUNTED) && !ends(d, arg) && starts_on(d, arg) &&
	       of_same_library(m, d, o) && ended_exact(m, o->key) && !own_never_made(m, s, o);
}

static bool usable(struct sim *m, struct state *s, struct obj *o)
{
	bool may_live = (o->how & END_LATER) || ((o->how & END_COUNTED) && o->shared);
	return may_live || !ended_exact(m, o->key) || own_never_made(m, s, o);
}

static bool changed_at(const struct symtab *t, struct sval v, ir_instr i)
{
	if (v.kind != SV_SYM)
		return false;
	const struct symbol *q = &t->items.data[v.id];
	return (q->kind == SYM_MEM && q->a == i) || changed_at(t, q->x, i) || changed_at(t, q->y, i);
}

/* Memory is named by the call that last changed it: when that call runs again, the name stands for something
 * else. */
static void blur_changed(struct sim *m, struct state *s, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (s->objs.data[k].status == OBJ_RELEASED && changed_at(&m->t, s->objs.data[k].key, i))
			s->objs.data[k].blurred = true;
}

static bool from_memory(const struct symtab *t, struct sval v)
{
	return v.kind == SV_SYM && t->items.data[v.id].kind == SYM_MEM;
}

/* Other code runs meanwhile: it may put something new where the handle was. */
static bool lets_others_run(const struct api_func *d)
{
	for (uint32_t i = 0; i < d->nroles; i++) {
		const struct api_role *r = &d->roles[i];
		bool waits = r->kind == API_ROLE_BLOCK && r->waits != API_WAITS_DISK &&
		             r->waits != API_WAITS_THREAD;
		if (waits || r->kind == API_ROLE_UNLOCK || r->kind == API_ROLE_LOCK ||
		    (r->kind == API_ROLE_SPAWN && r->runs == API_RUNS_INLINE))
			return true;
	}
	return false;
}

/* Code that nobody knows and that gets more than text and numbers. */
static bool may_reach_memory(struct sim *m, struct state *s, const struct ir_instruction *in)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		struct sval v = sim_eval(m, s, ir_arg(m->f, in, k));
		bool pointer = m->f->vals[ir_arg(m->f, in, k)].type == IR_TYPE_PTR;
		if (pointer && v.kind != SV_STR && v.kind != SV_CONST)
			return true;
	}
	return false;
}

/* What call i itself has ended stays so. */
static void blur_memory(struct sim *m, struct state *s, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->status == OBJ_RELEASED && o->changed != i && from_memory(&m->t, o->key))
			o->blurred = true;
	}
}

static bool read_at_offset(const struct symtab *t, struct sval v, int64_t offset)
{
	for (; from_memory(t, v); v = t->items.data[v.id].x)
		if (t->items.data[v.id].x.off == offset)
			return true;
	return false;
}

/* Another object's field of the same offset may be the same field; and what a pointer in the object leads to,
 * as in
 * `*elem->prev = elem->next`, may be any. */
static void blur_aliases(struct sim *m, struct state *s, const struct summary *sum)
{
	for (uint32_t e = 0; e < sum->neffects; e++) {
		const struct effect_place *p = &sum->effects[e].place;
		if (sum->effects[e].kind != EFFECT_WRITE || p->global)
			continue;
		for (uint32_t k = 0; k < s->objs.len; k++) {
			struct obj *o = &s->objs.data[k];
			bool linked =
			        p->depth >= 2 && p->offset[p->depth - 1] == 0 && from_memory(&m->t, o->key);
			if (o->status == OBJ_RELEASED &&
			    (linked || read_at_offset(&m->t, o->key, p->offset[p->depth - 1])))
				o->blurred = true;
		}
	}
}

static bool any_watched(const struct state *s)
{
	for (uint32_t k = 0; k < s->objs.len; k++)
		if (ended_watched(&s->objs.data[k]))
			return true;
	return false;
}

static void look_for_uses(struct sim *m, struct state *s, ir_instr i, uint32_t callee)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		struct sval v = sim_eval(m, s, ir_arg(m->f, in, k));
		struct obj *o = ended_obj(s, v);
		if (!o && v.kind == SV_SYM)
			o = ended_with(m, s, v);
		bool dead = o && !usable(m, s, o) && needs(m, callee, k, o);
		if (o && (dead || too_late(m, s, o, callee, k)) &&
		    !turn_anew(m, ir_arg(m->f, in, k), o->changed, i))
			tell(m, s, o, EVENT_USE, ir_arg(m->f, in, k), i);
	}
}

/* Is the handle its place: memory of its user's, which can be set up again? */
static bool is_place(const struct obj *o)
{
	return o->key.kind == SV_LOCAL || o->key.kind == SV_GLOBAL || o->key.off || (o->how & END_LATER);
}

static bool lies_behind(const struct symtab *t, struct sval v, struct sval base)
{
	while (from_memory(t, v)) {
		v = t->items.data[v.id].x;
		if (v.kind == base.kind && v.id == base.id)
			return true;
	}
	return false;
}

/* Frees or releases what it is given: nothing is set up there. */
static bool only_ends(const struct api_func *d, uint32_t arg)
{
	for (uint32_t i = 0; i < d->nroles; i++)
		if ((d->roles[i].kind == API_ROLE_RELEASE || d->roles[i].kind == API_ROLE_DESTROY) &&
		    names(&d->roles[i].handle, arg))
			return true;
	return false;
}

/* A call that gets an address may set up what lies there. What a model says nothing of are the results that a
 * described function writes; what code does with a handle's own place, its summary does not tell. */
void ended_after(struct sim *m, struct state *s, ir_instr i, uint32_t callee)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	bool described = m->p->described[callee] != NULL;
	const struct summary *sum = described ? NULL : sim_known_callee(m, callee);
	if (described ? lets_others_run(m->p->described[callee]) : sum && sum->yields) {
		blur_memory(m, s, i);
		s->yielded = true;
	}
	complete_made_anew(m, s, in);
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (!ended_watched(o) || o->changed == i)
			continue;
		for (uint32_t a = 0; a < ir_nargs(in); a++) {
			struct sval v = sim_eval(m, s, ir_arg(m->f, in, a));
			o->blurred |= described ? lies_behind(&m->t, o->key, v) &&
			                                  !only_ends(m->p->described[callee], a)
			                        : is_place(o) && v.kind == o->key.kind && v.id == o->key.id;
		}
	}
}

/* It ends something only after other code could run. */
static bool ends_later(const struct summary *sum)
{
	for (uint32_t e = 0; sum->yields && e < sum->neffects; e++)
		if (sum->effects[e].kind == EFFECT_RELEASE && (sum->effects[e].how & END_DELAYED))
			return true;
	return false;
}

void ended_call(struct sim *m, struct state *s, ir_instr i, uint32_t callee)
{
	const struct ir_instruction *in = &m->f->instrs[i];
	const struct api_func *d = m->p->described[callee];
	const struct summary *sum = d ? NULL : sim_known_callee(m, callee);
	bool yields = d ? lets_others_run(d) : sum ? sum->yields : may_reach_memory(m, s, in);
	m->yields |= yields;
	s->yielded |= yields && !d && !sum;
	if (yields || (sum && sum->scatters))
		queue_replaced(m, s);
	if (!any_watched(s))
		return;
	if (m->cfg->loop_of[in->block])
		blur_changed(m, s, i);
	look_for_uses(m, s, i, callee);
	if (!d && (!sum ? yields : sum->scatters || ends_later(sum)))
		blur_memory(m, s, 0);
	else if (sum)
		blur_aliases(m, s, sum);
}

void ended_share(struct sim *m, struct state *s, const struct ir_instruction *in, const struct api_func *d)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		struct obj *o = state_obj_by_key(s, sim_eval(m, s, ir_arg(m->f, in, k)));
		if (o && o->status == OBJ_OWNED && !(d && (ends(d, k) || attitude_of(d, k) == USES)))
			o->shared = true;
	}
}

/* ---- memory ---- */

/* Is the memory behind the handle the library's, gone with the release? */
static bool frees_memory(const struct sim *m, const struct obj *o)
{
	const char *family = o->ended_as && *o->ended_as ? o->ended_as : o->family;
	return !(o->how & END_JOINS) && !(family && apimodel_in_place(m->p->api, family));
}

void ended_access(struct sim *m, struct state *s, struct sval at, ir_val value, ir_instr i)
{
	for (uint32_t k = 0; at.kind == SV_SYM && k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->status != OBJ_RELEASED || o->key.kind != SV_SYM || o->key.id != at.id || o->key.off)
			continue;
		if (!ended_watched(o) || ended_obj(s, o->key) != o || usable(m, s, o) ||
		    !frees_memory(m, o) || turn_anew(m, value, o->changed, i))
			continue;
		tell(m, s, o, EVENT_USE, value, i);
		return;
	}
}
