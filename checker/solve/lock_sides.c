#include "lock_sides.h"
#include "contained.h"
#include "far.h"
#include "scan.h"
#include "spelling.h"

#include "arena.h"

#include <string.h>

#define MAX_PLACES 4

static const struct api_func *model_at(const struct solution *s, uint32_t func, ir_instr i)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return scan_model(s, f, &f->instrs[i]);
}

/* ---- who is on the other side of a call ---- */

static void push(struct wait_list *l, struct wait_item w)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->all[i].entry == w.entry && l->all[i].call == w.call && l->all[i].func == w.func &&
		    (!w.far || memcmp(&l->all[i].lock, &w.lock, sizeof w.lock) == 0))
			return;
	if (l->n < MAX_WAITS)
		l->all[l->n++] = w;
}

static bool place_among(struct handle_place p, const struct handle_place *all, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (same_place(all[k], p))
			return true;
	return false;
}

static bool any_place_in(const struct handle_place *a, uint32_t n, const struct handle_place *b, uint32_t m)
{
	for (uint32_t k = 0; k < n; k++)
		if (place_among(a[k], b, m))
			return true;
	return false;
}

/* The handler is for the signal that the call emits, where they have names. */
static bool is_for(const struct solution *s, const struct registration *r, const struct api_role *emits)
{
	const struct ir_func *f = &s->program->unit->funcs[r->func];
	if (!r->role->value.base)
		return true;
	const struct ir_value *v =
	        &f->vals[ir_strip_casts(f, scan_path(f, &f->instrs[r->at], &r->role->value))];
	return emits && v->kind == IR_VAL_STRING && *emits->name && strcmp(v->str, emits->name) == 0;
}

static uint32_t subject_places(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                               const struct api_path *path, struct handle_place *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	out[0] = place_of_path(s, func, in, path);
	uint32_t n = out[0].kind != PLACE_NONE;
	if (path->base != API_PATH_ARG)
		return n;
	if (!path->deref)
		n = who_places(s, func, ir_arg(f, in, path->arg), out, MAX_PLACES);
	struct containers in_them = contained_in(s, func, ir_arg(f, in, path->arg));
	for (uint32_t k = 0; k < in_them.n; k++)
		out[n++] = in_them.at[k];
	return n;
}

/* An element is as good as what it lies in. */
static struct access subject_of(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                                const struct api_path *path)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access a = access_of_path(s, func, in, path);
	ir_val v = a.root == ACCESS_VALUE && path->base == API_PATH_ARG ? ir_arg(f, in, path->arg) : 0;
	const struct ir_instruction *load = v ? ir_def(f, ir_strip_casts(f, v)) : NULL;
	v = load && load->op == IR_LOAD && !path->deref ? ir_operand(f, load, 0) : v;
	uint32_t param = v ? contained_in(s, func, v).param : 0;
	return param ? (struct access){.root = ACCESS_PARAM, .id = param - 1} : a;
}

struct side {
	enum lock_hazard kind;
	const struct api_path *path; /* of what is waited for or cancelled */
	const struct api_role *role;
};

static bool is_other_side(const struct solution *s, const struct registration *r, const struct side *side,
                          const struct handle_place *at, uint32_t n)
{
	switch (side->kind) {
	case LOCK_JOIN:
		return r->role->kind == API_ROLE_SPAWN && any_place_in(r->handle, r->nhandle, at, n);
	case LOCK_CANCEL:
		return r->role->kind == API_ROLE_CONNECT && is_for(s, r, side->role) &&
		       any_place_in(r->from, r->nfrom, at, n);
	default:
		return r->role->kind == API_ROLE_CONNECT &&
		       (any_place_in(r->handle, r->nhandle, at, n) || any_place_in(r->from, r->nfrom, at, n));
	}
}

static struct wait_item side_item(enum lock_hazard kind, uint32_t func, ir_instr i,
                                  const struct registration *reg, struct access subject)
{
	return (struct wait_item){.kind = kind,
	                          .at = i,
	                          .func = func,
	                          .call = i,
	                          .reg = reg,
	                          .entry = reg->entry,
	                          .subject = subject};
}

static void add_side(const struct solution *s, uint32_t func, ir_instr i, struct side side,
                     struct wait_list *l)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	struct registrations all = who_registered(s);
	struct handle_place at[MAX_PLACES + MAX_CONTAINERS];
	uint32_t n = all.n ? subject_places(s, func, in, side.path, at) : 0;
	if (n && side.kind == LOCK_JOIN && side.path->base == API_PATH_ARG && !side.path->deref &&
	    lock_moved(s, func, i, ir_arg(f, in, side.path->arg)))
		return;
	for (uint32_t k = 0; n && k < all.n; k++)
		if (is_other_side(s, &all.all[k], &side, at, n) &&
		    !(side.kind == LOCK_JOIN &&
		      place_other_element(
		              s, (struct handle_use){func, i, side.path},
		              (struct handle_use){all.all[k].func, all.all[k].at, &all.all[k].role->handle})))
			push(l,
			     side_item(side.kind, func, i, &all.all[k], subject_of(s, func, in, side.path)));
}

static bool is_side(const struct api_func *d, const struct api_role *r, struct side *out)
{
	switch (r->kind) {
	case API_ROLE_JOIN:
		*out = (struct side){LOCK_JOIN, &r->handle, r};
		return api_role_of(d, API_ROLE_BLOCK) != NULL;
	case API_ROLE_CANCEL:
		*out = (struct side){LOCK_CANCEL, &r->token, r};
		return r->token.base != 0;
	case API_ROLE_DISCONNECT:
		*out = (struct side){LOCK_DISCONNECT, r->id.base ? &r->id : &r->from, r};
		return r->waits != 0;
	default:
		return false;
	}
}

/* What a function of another unit waits for. */
static void add_far(const struct solution *s, uint32_t func, ir_instr i, struct wait_list *l)
{
	struct registrations all = who_registered(s);
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	struct far_calls far = {0};
	struct handle_place at[MAX_PLACES + MAX_CONTAINERS];
	if (!callee || !all.n || s->program->cfgs[callee] || !far_imported(s, callee, &far))
		return;
	for (uint32_t c = 0; c < far.n; c++) {
		const struct far_call *call = &far.all[c];
		uint32_t n = far_places(s, func, i, call, at, MAX_PLACES);
		for (uint32_t k = 0; k < call->model->nroles; k++) {
			struct side side;
			if (!is_side(call->model, &call->model->roles[k], &side) ||
			    side.path->arg != call->arg)
				continue;
			for (uint32_t e = 0; e < all.n; e++)
				if (is_other_side(s, &all.all[e], &side, at, n))
					push(l, side_item(side.kind, func, i, &all.all[e],
					                  far_subject(s, func, i, call)));
		}
	}
}

/* What ends an object with its last reference is not run while somebody has the object, as who holds its
 * lock. */
static void add_tables(const struct solution *s, uint32_t func, ir_instr i, struct wait_list *l)
{
	const struct program *p = s->program;
	uint32_t first = p->edges_of[func], end = p->edges_of[func + 1];
	while (first < end && (p->edges[first].site != i ||
	                       (p->edges[first].kind != CALL_TABLE && p->edges[first].kind != CALL_VIRTUAL)))
		first++;
	if (first == end || scan_at_last_reference(s, func, i))
		return;
	for (uint32_t e = p->edges_of[func]; e < p->edges_of[func + 1]; e++)
		if (p->edges[e].site == i &&
		    (p->edges[e].kind == CALL_TABLE || p->edges[e].kind == CALL_VIRTUAL) &&
		    !lock_quiet(s, func, i, p->edges[e].callee))
			push(l, (struct wait_item){.kind = LOCK_CALLBACK,
			                           .at = i,
			                           .func = func,
			                           .call = i,
			                           .entry = p->edges[e].callee});
}

static void sides_of(const struct solution *s, uint32_t func, ir_instr i, struct wait_list *l)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct api_func *d = model_at(s, func, i);
	for (uint32_t k = 0; d && k < d->nroles; k++) {
		struct side side;
		if (is_side(d, &d->roles[k], &side))
			add_side(s, func, i, side, l);
	}
	add_far(s, func, i, l);
	if (!ir_callee(f, &f->instrs[i]))
		add_tables(s, func, i, l);
}

static struct access as_caller_sees(const struct solution *s, uint32_t func, ir_instr i,
                                    const struct access *a)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access out = *a;
	if (a->root == ACCESS_PARAM)
		return access_through(s, func, ir_arg(f, &f->instrs[i], a->id), a);
	if (a->root == ACCESS_VALUE)
		out.root = ACCESS_NOWHERE;
	return out;
}

/* Waits of another unit's function for code of that unit. */
static void inherit_far(const struct solution *s, uint32_t func, ir_instr i, uint32_t callee,
                        struct wait_list *l)
{
	const struct summary *sum = &s->funcs[callee].summary;
	for (uint32_t k = 0; s->imports && s->imports[callee] && k < sum->neffects; k++) {
		const struct effect *e = &sum->effects[k];
		if (e->kind != EFFECT_AWAITS)
			continue;
		struct access lock = access_imported(s, callee, &e->place);
		push(l, (struct wait_item){.kind = e->how & HOW_KIND,
		                           .at = i,
		                           .func = func,
		                           .call = i,
		                           .far = e->chain ? e->chain : "",
		                           .lock = as_caller_sees(s, func, i, &lock),
		                           .lock_shared = e->how & HOW_SHARED});
	}
}

static void inherit_from(const struct solution *s, uint32_t func, ir_instr i, uint32_t callee,
                         struct wait_list *l)
{
	const struct wait_list *inner = callee && !s->program->described[callee] ? s->sides[callee] : NULL;
	for (uint32_t k = 0; inner && k < inner->n; k++) {
		struct wait_item w = inner->all[k];
		if (!who_possible(s, func, i, callee, w.at))
			continue;
		w.at = i;
		w.subject = as_caller_sees(s, func, i, &w.subject);
		w.lock = as_caller_sees(s, func, i, &w.lock);
		push(l, w);
	}
	if (callee && !s->program->cfgs[callee])
		inherit_far(s, func, i, callee, l);
}

static void inherit(const struct solution *s, uint32_t func, ir_instr i, struct wait_list *l)
{
	const struct program *p = s->program;
	const struct ir_func *f = &p->unit->funcs[func];
	uint32_t callee = ir_callee(f, &f->instrs[i]);
	if (callee)
		inherit_from(s, func, i, callee, l);
	for (uint32_t e = p->edges_of[func]; !callee && e < p->edges_of[func + 1]; e++)
		if (p->edges[e].site == i && p->edges[e].kind == CALL_VIRTUAL)
			inherit_from(s, func, i, p->edges[e].callee, l);
}

static void add_at(const struct solution *s, uint32_t func, ir_instr i, struct wait_list *l)
{
	sides_of(s, func, i, l);
	inherit(s, func, i, l);
}

static void list_waits(struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct wait_list l = {0};
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		if (!ir_is_call(&f->instrs[i]))
			continue;
		add_at(s, func, i, &l);
	}
	if (l.n) {
		s->sides[func] = ARENA_NEW(s->arena, struct wait_list);
		*s->sides[func] = l;
	}
}

const struct wait_list *lock_sides(const struct solution *cs, uint32_t func)
{
	struct solution *s = (struct solution *)cs; /* computed when first asked for */
	const struct program *p = s->program;
	if (!s->sides) {
		s->sides = ARENA_ARRAY(s->arena, struct wait_list *, p->unit->nfuncs);
		for (uint32_t n = 0; n < p->nbottom_up; n++)
			list_waits(s, p->bottom_up[n]);
	}
	return s->sides[func];
}

void lock_sides_at(const struct solution *s, uint32_t func, ir_instr i, struct wait_list *l)
{
	lock_sides(s, func); /* what is inherited has to be there */
	add_at(s, func, i, l);
}

/* ---- which locks the other side takes ---- */

struct access lock_seen_from(const struct solution *s, const struct wait_item *w, const struct access *lock,
                             bool *one_frame, uint32_t func)
{
	struct access a = *lock;
	*one_frame = false;
	if (a.root != ACCESS_PARAM)
		return a;
	uint32_t where = w->reg ? w->reg->func : w->func;
	ir_instr at = w->reg ? w->reg->at : w->call;
	const struct ir_func *f = &s->program->unit->funcs[where];
	bool closure = w->reg && w->reg->role->entry.arg == w->reg->role->data.arg;
	uint32_t data = w->reg ? far_entry_data(s, w->entry) : 0;
	ir_val arg = !w->reg ? ir_arg(f, &f->instrs[at], a.id)
	             : w->reg->data_arg && (closure ? a.id == 0 : data == a.id + 1)
	                     ? ir_arg(f, &f->instrs[at], w->reg->data_arg - 1)
	                     : 0;
	if (!arg)
		return a;
	*one_frame = where == func;
	access_name_field(s->program->unit, record_behind(s->program->unit, f, arg), &a);
	return access_through(s, where, arg, &a);
}

/* The lock lies in the object that holds what is waited for, which the function got from its caller. */
static bool beside(const struct wait_item *w, const struct access *lock, struct access *out)
{
	const struct handle_place *at = w->kind == LOCK_JOIN ? w->reg->handle : w->reg->from;
	uint32_t n = w->kind == LOCK_JOIN ? w->reg->nhandle : w->reg->nfrom;
	*out = w->subject;
	if (out->root != ACCESS_PARAM || !lock->record)
		return false;
	for (uint32_t k = 0; k < n; k++) {
		if (at[k].kind != PLACE_FIELD || at[k].id != lock->record)
			continue;
		if (out->depth && !out->offset[out->depth]) /* it was loaded from there */
			out->depth--;
		out->offset[out->depth] += lock->field - at[k].offset;
		return true;
	}
	return false;
}

uint32_t lock_sides_effects(const struct solution *s, uint32_t func, struct effect *out, uint32_t room)
{
	const struct wait_list *l = lock_sides(s, func);
	struct lock_take all[MAX_TAKES];
	uint32_t made = 0;
	for (uint32_t i = 0; l && i < l->n; i++) {
		const struct wait_item *w = &l->all[i];
		struct effect e = {.kind = EFFECT_AWAITS, .when = API_ALWAYS, .value = {.param = -2}};
		if (w->far && made < room && access_to_place(&w->lock, &e.place)) {
			e.how = (uint8_t)(w->kind | (w->lock_shared ? HOW_SHARED : 0));
			e.chain = w->far;
			out[made++] = e;
		}
		for (uint32_t k = 0, n = w->reg && !w->far ? locks_taken(s, w->entry, all) : 0; k < n; k++) {
			bool one_frame;
			struct access lock = lock_seen_from(s, w, &all[k].lock, &one_frame, func), a;
			bool known = lock.root == ACCESS_GLOBAL || (one_frame && lock.root == ACCESS_PARAM)
			                     ? (a = lock, true)
			                     : beside(w, &lock, &a);
			if (all[k].waits || all[k].recursive || !known || made == room ||
			    !access_to_place(&a, &e.place))
				continue;
			e.how = (uint8_t)(w->kind | (all[k].shared ? HOW_SHARED : 0));
			e.chain = s->program->unit->funcs[w->entry].display;
			out[made++] = e;
		}
	}
	return made;
}
