/*
 * fields.c - judges the fields of a unit: a handle that a field owns is released when the object ends, and
 * what was started with it is stopped.
 */
#include "fields_judged.h"

#include "arena.h"
#include "str.h"

#include <string.h>

/* ---- the type's end ---- */
/* An id of something connected that is given to what ends something started, or the other way round. */
static bool ends_another_kind(const struct judged *j, const struct field_event *e)
{
	const struct api_role *own = j->own->role;
	if (!own || !e->role || !e->model || e->act != FIELD_RELEASE)
		return false;
	if (api_role_of(j->own->model, API_ROLE_CONNECT))
		return !api_role_of(e->model, API_ROLE_DISCONNECT);
	const struct api_role *owed = api_role_of(j->own->model, API_ROLE_CREATE);
	return own->kind == API_ROLE_SPAWN && owed && *owed->family && e->role->kind == API_ROLE_DISCONNECT &&
	       !api_role_of(e->model, API_ROLE_RELEASE);
}

static const struct field_event *ended_in(const struct judged *j, struct field_key key, const bool *reach)
{
	uint32_t n;
	const struct field_event *all = fields_events(j->x, key, &n);
	for (uint32_t i = 0; i < n; i++)
		if ((all[i].act == FIELD_RELEASE || all[i].act == FIELD_CANCEL) && reach[all[i].func])
			return &all[i];
	return NULL;
}

static bool disconnects(const struct field_event *e)
{
	return e->model && api_role_of(e->model, API_ROLE_DISCONNECT);
}

/* Beside a handler, another handler says more than a field of any other kind. */
static const struct field_event *sibling_in(const struct judged *j, const bool *reach)
{
	const struct fields *x = j->x;
	const struct field_event *any = NULL;
	bool handler = api_role_of(j->own->model, API_ROLE_CONNECT) != NULL;
	for (uint32_t i = 0; i < x->candidates.len; i++) {
		uint64_t k = x->candidates.entries[i].key;
		struct field_key key = {(uint32_t)(k >> 32), (uint32_t)k};
		if (k == fields_key_number(j->key) || (!ends_concern(x, key.record, j->key.record) &&
		                                       !ends_concern(x, j->key.record, key.record)))
			continue;
		const struct field_event *e = ended_in(j, key, reach);
		if (e && (!handler || disconnects(e)))
			return e;
		any = any ? any : e;
	}
	return any;
}

static bool mistaken_in(const struct judged *j, const bool *reach)
{
	for (uint32_t i = 0; i < j->n; i++)
		if (reach[j->events[i].func] && ends_another_kind(j, &j->events[i]))
			return true;
	return false;
}

/* More than its name says that it ends objects. A callback that frees them does so after the end began. */
static bool is_plain_end(const struct fields *x, uint32_t func, enum end_kind kind)
{
	return func && kind <= END_DESTRUCTOR &&
	       (kind != END_FREES || !(x->u->funcs[func].flags & IR_FUNC_ADDRESS_TAKEN));
}

/* Of several ends one that is more than a name is told, then one that takes care of other fields, then the
 * surest. */
static void consider_end(struct judged *j, const struct type_end *e)
{
	ends_reach(j->x->p, e->func, j->ending);
	/* What has no source is nothing that anybody forgot to write something into. */
	if (e->kind == END_HINT || j->x->u->funcs[e->func].flags & IR_FUNC_GENERATED)
		return;
	bool *reach = mem_alloc(j->x->u->nfuncs);
	ends_reach(j->x->p, e->func, reach);
	const struct field_event *sibling = sibling_in(j, reach);
	bool tends = mistaken_in(j, reach);
	j->tended |= tends;
	mem_release(reach);
	bool better = !j->end || tends || (sibling && !j->out.sibling.func) ||
	              (!sibling == !j->out.sibling.func && e->kind < j->kind);
	bool real = is_plain_end(j->x, e->func, e->kind), had = is_plain_end(j->x, j->end, j->kind);
	if (j->end && real != had && !tends)
		better = real;
	if (!better)
		return;
	j->end = e->func;
	j->kind = e->kind;
	if (sibling) {
		j->kin = disconnects(sibling);
		j->out.sibling = (struct field_site){sibling->func, sibling->at};
		j->out.sibling_field = ir_field_name(j->x->u, sibling->key.record, sibling->key.offset);
	}
}

/* Who runs an end itself may take care of fields before. */
static void add_callers(struct judged *j, uint32_t end)
{
	const struct program *p = j->x->p;
	for (uint32_t k = p->in_edges_of[end]; k < p->in_edges_of[end + 1]; k++)
		j->ending[p->edges[p->in_edges[k]].caller] = true;
}

/* Of the ends of which only the name speaks, the one that belongs to the function that puts the handle there.
 */
static void find_pair(struct judged *j)
{
	const struct fields *x = j->x;
	const char *maker = x->u->funcs[j->own->func].display;
	for (uint32_t i = 0; i < x->ends->all.len && !j->paired; i++) {
		const struct type_end *e = &x->ends->all.data[i];
		if (e->kind != END_SHAPE || e->record != j->key.record ||
		    !ends_pair(maker, x->u->funcs[e->func].display))
			continue;
		j->end = e->func;
		j->paired = true;
	}
}

static void find_end(struct judged *j)
{
	const struct fields *x = j->x;
	for (uint32_t i = 0; i < x->ends->all.len; i++)
		if (ends_concern(x, x->ends->all.data[i].record, j->key.record))
			consider_end(j, &x->ends->all.data[i]);
	for (uint32_t i = 0; i < x->ends->all.len; i++)
		if (ends_concern(x, x->ends->all.data[i].record, j->key.record))
			add_callers(j, x->ends->all.data[i].func);
	if (j->kind == END_SHAPE && j->end && !j->out.sibling.func && !j->tended)
		find_pair(j);
	j->has_end = j->end && (j->kind != END_SHAPE || j->out.sibling.func || j->tended || j->paired);
}

static bool in_class(const struct judged *j)
{
	for (uint32_t i = 0; i < j->x->ends->classes.len; i++)
		if (ends_concern(j->x, j->x->ends->classes.data[i], j->key.record))
			return true;
	return false;
}

/* ---- what the program does to the field ---- */

static bool cleared_in(const struct judged *j, uint32_t func)
{
	for (uint32_t i = 0; i < j->n; i++)
		if (j->events[i].func == func && j->events[i].act == FIELD_NONE)
			return true;
	return false;
}

/* What ends a count on an object that lives on does not end the object. */
static bool ends_a_claim(const struct judged *j, const struct field_event *e)
{
	const char *its = e->role ? e->role->family : "";
	const struct api_family *family = *its ? apimodel_family(j->x->p->api, its) : NULL;
	return family && family->claim;
}

/* A release, or what may be one: the value goes to code nobody knows, or elsewhere while the field is
 * cleared. */
static bool releases(const struct judged *j, const struct field_event *e)
{
	if (e->act == FIELD_RELEASE)
		return !ends_a_claim(j, e) && !ends_another_kind(j, e);
	return e->act == FIELD_ESCAPE || (e->act == FIELD_LEAVE && cleared_in(j, e->func));
}

struct seen {
	const struct field_event *released, *cancelled, *elsewhere;
	const struct field_event *mistaken; /* a call that ends things of another kind */
	bool escapes, mixed;
	bool tested; /* at the object's end */
};

/* Where the field gets its handle, the handle also goes elsewhere. */
static bool shared_at_once(const struct judged *j, const struct field_event *e)
{
	return e->act == FIELD_LEAVE && judged_replaces(j, e->func) &&
	       j->x->u->funcs[e->func].instrs[e->at].op == IR_STORE;
}

static struct seen look(const struct judged *j)
{
	struct seen s = {0};
	for (uint32_t i = 0; i < j->n; i++) {
		const struct field_event *e = &j->events[i];
		bool ending = j->ending[e->func];
		if (releases(j, e) && ending && !s.released)
			s.released = e;
		if (e->act == FIELD_CANCEL && ending)
			s.cancelled = e;
		if (ending && ends_another_kind(j, e))
			s.mistaken = e;
		if (releases(j, e) && !ending && !judged_replaces(j, e->func) && !s.elsewhere)
			s.elsewhere = e;
		s.tested |= e->act == FIELD_TEST && ending;
		s.escapes |= e->act == FIELD_ESCAPE && ending;
		s.mixed |=
		        e->act == FIELD_PUT || (e->act == FIELD_OWN && e->doubtful) || shared_at_once(j, e);
	}
	return s;
}

/* ---- the object in other hands ---- */

/* May code that is not here, which gets this argument, know the object's fields? */
static bool knows_fields(const struct judged *j, struct field_site call, uint32_t n)
{
	const struct ir_func *f = &j->x->u->funcs[call.func];
	const struct ir_instruction *in = &f->instrs[call.at];
	const struct ir_func *to = &j->x->u->funcs[ir_callee(f, in)];
	if (f->vals[ir_arg(f, in, n)].type != IR_TYPE_PTR)
		return false;
	return !in_class(j) || (n < to->nparams && to->params[n].pointee &&
	                        ends_concern(j->x, to->params[n].pointee, j->key.record));
}

/* The n-th argument is a member that the callee may change. */
static bool changes_part(const struct judged *j, struct field_site call, uint32_t n)
{
	const struct ir_func *f = &j->x->u->funcs[call.func];
	const struct ir_instruction *in = &f->instrs[call.at];
	const struct ir_func *to = &j->x->u->funcs[ir_callee(f, in)];
	return (n >= to->nparams || !str_starts(to->params[n].ctype, "const ")) &&
	       ends_part_is(j->x, call.func, ir_arg(f, in, n), j->key.record);
}

static bool gets_object(const struct judged *j, struct field_site call, bool class)
{
	const struct ir_func *f = &j->x->u->funcs[call.func];
	const struct ir_instruction *in = &f->instrs[call.at];
	bool ending = j->ending[call.func];
	if (class && !ending)
		return false;
	for (uint32_t n = 0; n < ir_nargs(in); n++)
		if (knows_fields(j, call, n) &&
		    (ends_value_is(j->x, call.func, ir_arg(f, in, n), j->key.record) ||
		     (ending && changes_part(j, call, n))))
			return true;
	return false;
}

/* Objects of the type get to code that is not here; of a class, and members of another one, at their end. */
static bool out_of_sight(const struct judged *j)
{
	bool class = in_class(j);
	for (uint32_t i = 0; i < j->x->unknown_calls.len; i++)
		if (gets_object(j, j->x->unknown_calls.data[i], class))
			return true;
	return false;
}

/* ---- the data of what was started ---- */

enum hold { HOLD_NOTHING, HOLD_OBJECT, HOLD_OWN_REFERENCE, HOLD_OTHER };

static enum hold held_by(const struct judged *j, uint32_t func, ir_val data)
{
	const struct ir_func *f = &j->x->u->funcs[func];
	bool counted = false;
	if (!data || scan_null(f, data))
		return HOLD_NOTHING;
	ir_val root = fields_root(j->x, func, data, &counted);
	if (!judged_is_object(j, func, data))
		return HOLD_OTHER;
	return counted || fields_referenced(j->x, func, root) ? HOLD_OWN_REFERENCE : HOLD_OBJECT;
}

static bool given(const struct ir_func *f, const struct ir_instruction *in, const struct api_path *p)
{
	ir_val v = scan_path(f, in, p);
	return v && !scan_null(f, v);
}

/* What a call whose callee is not described gets behind a function of this unit is that function's data. */
static ir_val data_behind_function(const struct ir_func *f, const struct ir_instruction *in)
{
	for (uint32_t n = 0; n + 1 < ir_nargs(in); n++)
		if (f->vals[ir_strip_casts(f, ir_arg(f, in, n))].kind == IR_VAL_FUNC)
			return ir_arg(f, in, n + 1);
	return 0;
}

static enum hold hold_of_call(const struct judged *j, uint32_t func, ir_instr call, const struct api_role *r)
{
	const struct ir_func *f = &j->x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	if (r && given(f, in, &r->destroy))
		return HOLD_OWN_REFERENCE;
	if (r && (r->bound || r->shared))
		return HOLD_OWN_REFERENCE;
	return held_by(j, func, r ? scan_path(f, in, &r->data) : data_behind_function(f, in));
}

/* `x_load_async(self, token, done, self)`: what takes an object to work on keeps it until it is done. */
static bool works_on_object(const struct judged *j, uint32_t func, ir_instr call, const struct api_role *r)
{
	const struct ir_func *f = &j->x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	ir_val data = r ? scan_path(f, in, &r->data) : data_behind_function(f, in);
	ir_val first = ir_nargs(in) ? ir_arg(f, in, 0) : 0;
	return first && data != first &&
	       fields_root(j->x, func, first, NULL) == fields_root(j->x, func, data, NULL);
}

/* The field holds a token: cancelling it would run what is connected to it. */
static bool holds_token(const struct judged *j)
{
	const struct ir_record *r = &j->x->u->records[j->key.record];
	for (uint32_t i = 0; i < r->nfields; i++)
		if (r->fields[i].offset == j->key.offset)
			return program_is_token(j->x->p, r->fields[i].ctype);
	return false;
}

/* `x_disconnect(self->x, self->handler)` in what ends the object, as often as something was connected to the
 * field. */
static bool disconnected_by_id(const struct judged *j)
{
	uint32_t connected = 0, disconnected = 0;
	for (uint32_t i = 0; i < j->n; i++)
		connected += j->events[i].act == FIELD_START && j->events[i].role &&
		             j->events[i].role->kind == API_ROLE_CONNECT;
	for (uint32_t func = 1; func < j->x->u->nfuncs; func++) {
		const struct ir_func *f = &j->x->u->funcs[func];
		for (ir_instr i = 1; j->ending[func] && j->x->p->cfgs[func] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
			const struct api_role *r =
			        api_role_of(callee ? j->x->p->described[callee] : NULL, API_ROLE_DISCONNECT);
			disconnected += r && r->id.base && given(f, in, &r->from) &&
			                fields_read_from(j->x, func, scan_path(f, in, &r->from), j->key);
		}
	}
	return connected && disconnected >= connected;
}

/* An operation that was started with the field's handle and gets the object without a reference of its own.
 */
static const struct field_event *outliving(const struct judged *j, bool *all_counted)
{
	const struct field_event *found = NULL;
	bool unconnected = holds_token(j) || disconnected_by_id(j);
	*all_counted = false;
	for (uint32_t i = 0; i < j->n; i++) {
		const struct field_event *e = &j->events[i];
		if (e->act != FIELD_START || works_on_object(j, e->func, e->at, e->role) ||
		    (unconnected && e->role && e->role->kind == API_ROLE_CONNECT))
			continue;
		enum hold h = hold_of_call(j, e->func, e->at, e->role);
		*all_counted |= h == HOLD_OWN_REFERENCE;
		if (h == HOLD_OBJECT && !found)
			found = e;
	}
	*all_counted &= !found;
	return found;
}

/* ---- ends that the handle itself brings about ---- */

/* Is this the release of another field than the one that is judged? */
static bool of_another_field(const struct judged *j, uint32_t func, ir_val v)
{
	struct field_key k;
	ir_val object;
	return fields_key_at(j->x, func, v, &k, &object) &&
	       fields_key_number(k) != fields_key_number(j->key) &&
	       (ends_concern(j->x, k.record, j->key.record) || ends_concern(j->x, j->key.record, k.record));
}

/* May a call release this field's handle? Where it names another one, by its field or its family, it does
 * not. */
static bool may_release(const struct judged *j, uint32_t func, const struct ir_instruction *call)
{
	const struct ir_func *f = &j->x->u->funcs[func];
	const struct api_role *r = api_role_of(j->x->p->described[ir_callee(f, call)], API_ROLE_RELEASE);
	ir_val v = r ? scan_path(f, call, &r->handle) : 0;
	bool other = r && *r->family && j->out.family && strcmp(r->family, j->out.family->name) != 0;
	return v && !other && !of_another_field(j, func, v);
}

/* `x_close(handle, closed)`: what `closed` ends has lost that handle already, which may be this field's. */
static bool follows_release(const struct judged *j)
{
	const struct program *p = j->x->p;
	for (uint32_t i = 0; i < j->x->ends->all.len; i++) {
		const struct type_end *end = &j->x->ends->all.data[i];
		if (!ends_concern(j->x, end->record, j->key.record))
			continue;
		for (uint32_t k = p->in_edges_of[end->func]; k < p->in_edges_of[end->func + 1]; k++) {
			const struct call_edge *e = &p->edges[p->in_edges[k]];
			if (e->kind == CALL_CALLBACK &&
			    may_release(j, e->caller, &j->x->u->funcs[e->caller].instrs[e->site]))
				return true;
		}
	}
	return false;
}

/* ---- judgement ---- */

static void fill(struct judged *j)
{
	const struct field_event *own = j->own;
	struct field_leak *l = &j->out;
	l->record = j->key.record;
	l->field = ir_field_name(j->x->u, j->key.record, j->key.offset);
	l->store = (struct field_site){own->func, own->at};
	l->model = j->x->p->described[own->callee];
	l->callee = j->x->u->funcs[own->callee].display;
	const struct api_role *owes = api_role_of(own->model, API_ROLE_CREATE);
	owes = own->role && *own->role->family ? own->role : owes;
	l->family = owes && *owes->family ? apimodel_family(j->x->p->api, owes->family) : NULL;
	l->runs = stands_for_code(own->role);
	l->end = j->end;
}

static enum field_certainty certainty(const struct judged *j, const struct seen *s)
{
	if (s->elsewhere || s->mixed)
		return FIELD_WEAK;
	if (j->tended)
		return FIELD_LIKELY;
	if (j->end && j->kind == END_SHAPE && !j->out.sibling.func && !j->paired)
		return FIELD_WEAK;
	if (!j->end || j->kind == END_SHAPE || !j->x->p->described[j->own->callee])
		return FIELD_LIKELY;
	return j->out.sibling.func ? FIELD_SURE : FIELD_LIKELY;
}

/* `x_disconnect_by_data(self)`: everything that gets the object, or that listens to one thing, at once. */
static bool disconnects_all(const struct judged *j, uint32_t func, bool handler)
{
	const struct ir_func *f = &j->x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_role *r = ir_is_call(in) ? api_role_of(j->x->p->described[ir_callee(f, in)],
		                                                        API_ROLE_DISCONNECT)
		                                          : NULL;
		if (!r || r->id.base || !given(f, in, &r->from))
			continue;
		if (handler || judged_is_object(j, func, scan_path(f, in, &r->from)))
			return true;
	}
	return false;
}

static bool all_disconnected(const struct judged *j, const struct api_role *r)
{
	for (uint32_t f = 1; f < j->x->u->nfuncs; f++)
		if (j->ending[f] && j->x->p->cfgs[f] && disconnects_all(j, f, r->kind == API_ROLE_CONNECT))
			return true;
	return false;
}

/* A source, handler or thread in a field: what matters is whether it can run when the object is gone. */
static bool judge_code(struct judged *j, enum field_certainty *c)
{
	const struct api_role *r = j->own->role;
	if (!j->x->p->described[j->own->callee]) { /* what a wrapper hands on is not looked at */
		*c = FIELD_WEAK;
		return true;
	}
	enum hold h = hold_of_call(j, j->own->func, j->own->made, r);
	if (h == HOLD_OWN_REFERENCE || all_disconnected(j, r))
		return false;
	/* Whatever it works on: a thread has to be joined or let go. */
	bool task = j->out.family && j->out.family->task;
	if (h != HOLD_OBJECT && !task)
		*c = FIELD_WEAK;
	if (h == HOLD_OBJECT || !task)
		j->out.started = j->out.store;
	/* The emitter of a handler is often the object's own and goes with it. */
	if (r->kind == API_ROLE_CONNECT && r->from.base && *c == FIELD_SURE)
		*c = FIELD_LIKELY;
	if (r->kind == API_ROLE_CONNECT && r->from.base && !j->kin)
		*c = FIELD_WEAK;
	return true;
}

static bool judge_release(struct judged *j, const struct seen *s)
{
	bool all_counted;
	enum field_certainty c = certainty(j, s);
	const struct field_event *op = outliving(j, &all_counted);
	if (stands_for_code(j->own->role)) {
		if (!judge_code(j, &c))
			return false;
	} else if (s->elsewhere && (all_counted || s->tested)) {
		return false; /* what releases it keeps the object until then, or the end asserts that it has
		                 happened */
	}
	if (op && !j->out.started.func)
		j->out.started = (struct field_site){op->func, op->at};
	if (s->mistaken)
		j->out.mistaken = (struct field_site){s->mistaken->func, s->mistaken->at};
	if (s->elsewhere)
		j->out.elsewhere = (struct field_site){s->elsewhere->func, s->elsewhere->at};
	j->out.fault = FIELD_NOT_RELEASED;
	j->out.certainty = c;
	return true;
}

static bool judge_cancel(struct judged *j, const struct seen *s)
{
	bool all_counted;
	const struct api_family *family = j->out.family;
	const struct field_event *op = outliving(j, &all_counted);
	bool token = j->own->role && j->own->role->kind == API_ROLE_REF;
	if (token || !family || !family->cancel_needed || s->cancelled || s->escapes || !op ||
	    s->released->act != FIELD_RELEASE)
		return false;
	j->out.fault = FIELD_NOT_CANCELLED;
	j->out.started = (struct field_site){op->func, op->at};
	j->out.released = (struct field_site){s->released->func, s->released->at};
	bool handler = op->role && op->role->kind == API_ROLE_CONNECT && all_disconnected(j, op->role);
	enum self_end self = judged_ends_itself(j, true);
	j->out.certainty = s->mixed || handler || self == SELF_PERHAPS ? FIELD_WEAK : FIELD_LIKELY;
	return self != SELF_ALWAYS;
}

/* A C++ class of this file that declares no destructor, and has no member whose destructor is code. */
static bool bare_class(const struct judged *j)
{
	const struct ir_record *r = &j->x->u->records[j->key.record];
	return j->x->u->cplusplus && r->local && !r->own_destructor && j->x->u->funcs[j->own->func].nparams &&
	       j->x->u->funcs[j->own->func].params[0].pointee == j->key.record;
}

/* In the functions marked: the event that ends the handle, or may do so; NULL: it is only cancelled there, at
 * *cancel, or nothing happens to it. */
static const struct field_event *only_cancelled(const struct judged *j, const bool *in,
                                                const struct field_event **cancel)
{
	for (uint32_t i = 0; i < j->n; i++) {
		const struct field_event *e = &j->events[i];
		if (!in[e->func])
			continue;
		if (releases(j, e) || e->act == FIELD_LEAVE || e->act == FIELD_RELEASE)
			return e;
		if (e->act == FIELD_CANCEL)
			*cancel = e;
	}
	return NULL;
}

/* The cancel in an end that frees the object and leaves the release to nobody; NULL: it is none of that kind.
 */
static const struct field_event *cancel_without_release(const struct judged *j, const struct type_end *end)
{
	const struct program *p = j->x->p;
	const struct field_event *cancel = NULL;
	if (end->kind != END_FREES || !ends_concern(j->x, end->record, j->key.record))
		return NULL;
	bool *runs = mem_alloc(j->x->u->nfuncs);
	ends_reach(p, end->func, runs);
	for (uint32_t k = p->in_edges_of[end->func]; k < p->in_edges_of[end->func + 1]; k++)
		runs[p->edges[p->in_edges[k]].caller] = true;
	if (only_cancelled(j, runs, &cancel))
		cancel = NULL;
	mem_release(runs);
	return cancel;
}

/* A function that frees the object cancels the handle and never releases it, though another one does: what is
 * cancelled is still owed a release. */
static bool judge_cancelled_only(struct judged *j, const struct seen *s)
{
	const struct field_event *cancel = NULL;
	uint32_t i = 0;
	if (stands_for_code(j->own->role) || !s->cancelled || s->mixed)
		return false;
	while (i < j->x->ends->all.len && !(cancel = cancel_without_release(j, &j->x->ends->all.data[i])))
		i++;
	if (!cancel || out_of_sight(j))
		return false;
	j->end = j->out.end = j->x->ends->all.data[i].func;
	j->out.fault = FIELD_NOT_RELEASED;
	j->out.certainty = FIELD_LIKELY;
	j->out.cancelled = (struct field_site){cancel->func, cancel->at};
	j->out.elsewhere = (struct field_site){s->released->func, s->released->at};
	return true;
}

/* A function that sets an object back is none of its ends, but what it releases it has to stop, too. */
static bool judge_reset(struct judged *j, const struct seen *s)
{
	for (uint32_t i = 0; i < j->x->ends->all.len; i++) {
		const struct type_end *end = &j->x->ends->all.data[i];
		if (end->kind != END_HINT || end->func != s->released->func ||
		    !ends_concern(j->x, end->record, j->key.record))
			continue;
		j->end = j->out.end = end->func;
		return judge_cancel(j, s);
	}
	return false;
}

static bool judge_again(struct judged *j, const struct seen *s)
{
	struct field_site call;
	if (s->mixed || s->escapes || !fields_armed_again(j->x, j->key, &call))
		return false;
	j->end = j->out.end = call.func;
	j->out.fault = FIELD_STARTED_AGAIN;
	j->out.started = call;
	j->out.released = (struct field_site){s->released->func, s->released->at};
	j->out.certainty = FIELD_LIKELY;
	return true;
}

/* The destructor only gives up what the object stands for. */
static bool only_gives_up(const struct judged *j, uint32_t record)
{
	const struct ir_unit *u = j->x->u;
	for (uint32_t g = 1; g < u->nfuncs; g++)
		if (api_role_of(j->x->p->described[g], API_ROLE_ABANDON) && u->funcs[g].nparams &&
		    u->funcs[g].params[0].pointee == record)
			return true;
	return false;
}

/* Its class has a destructor, which no object of this unit may have needed. */
static bool class_ends_it(const struct judged *j)
{
	const struct ir_record *r = &j->x->u->records[j->key.record];
	for (uint32_t i = 0; i < r->nfields; i++) {
		const struct ir_field *f = &r->fields[i];
		if (f->record && f->offset <= j->key.offset && j->key.offset < f->offset + f->size &&
		    j->x->u->records[f->record].own_destructor && !only_gives_up(j, f->record))
			return true;
	}
	return false;
}

static bool has_release(const struct fields *x, struct field_key key)
{
	uint32_t n;
	const struct field_event *all = fields_events(x, key, &n);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].act == FIELD_RELEASE)
			return true;
	return false;
}

/* One handle is put into fields of two objects: the one that releases it owns it. */
static bool owned_by_another(const struct judged *j)
{
	const struct fields *x = j->x;
	for (uint32_t i = 0; i < x->events.len; i++) {
		const struct field_event *e = &x->events.data[i];
		if (e->act == FIELD_OWN && e->func == j->own->func && e->made == j->own->made &&
		    e->key.record != j->key.record && has_release(x, e->key))
			return true;
	}
	return false;
}

static bool judge(struct judged *j)
{
	if (class_ends_it(j) || judged_ended_at_once(j))
		return false;
	find_end(j);
	fill(j);
	struct seen s = look(j);
	if (judged_part_tended(j))
		return false;
	if (!j->has_end && s.released)
		return judge_reset(j, &s);
	if (!j->has_end && (j->end || (!in_class(j) && !bare_class(j))))
		return false;
	if (s.released)
		return judge_cancelled_only(j, &s) || judge_cancel(j, &s) || judge_again(j, &s);
	if (s.cancelled && j->own->role && j->own->role->kind == API_ROLE_SPAWN)
		return false;
	enum self_end self = judged_ends_itself(j, false);
	if (self == SELF_ALWAYS || judged_keeps_owner(j) || owned_by_another(j) || follows_release(j) ||
	    out_of_sight(j) || !judge_release(j, &s))
		return false;
	if (self == SELF_PERHAPS)
		j->out.certainty = FIELD_WEAK;
	return true;
}

static const struct field_event *first_own(const struct judged *j)
{
	const struct field_event *found = NULL;
	for (uint32_t i = 0; i < j->n; i++)
		if (j->events[i].act == FIELD_OWN && (!found || found->doubtful))
			found = &j->events[i];
	return found;
}

static void find_leaks(struct fields *x, struct field_faults *out)
{
	VEC(struct field_leak) leaks = {0};
	for (uint32_t i = 0; i < x->candidates.len; i++) {
		uint64_t key = x->candidates.entries[i].key;
		struct judged j = {.x = x, .key = {(uint32_t)(key >> 32), (uint32_t)key}};
		j.events = fields_events(x, j.key, &j.n);
		j.own = first_own(&j);
		j.ending = mem_alloc(x->u->nfuncs);
		if (j.own && judge(&j))
			vec_push(&leaks, j.out);
		mem_release(j.ending);
	}
	struct field_leak *copy = ARENA_ARRAY(x->s->arena, struct field_leak, leaks.len + 1);
	if (leaks.len)
		memcpy(copy, leaks.data, leaks.len * sizeof *copy);
	out->leaks = copy;
	out->nleaks = leaks.len;
	vec_release(&leaks);
}

static void judge_stores(struct fields *x, struct field_faults *out)
{
	struct field_stale *stale = ARENA_ARRAY(x->s->arena, struct field_stale, x->events.len + 1);
	struct field_overwrite *over = ARENA_ARRAY(x->s->arena, struct field_overwrite, x->events.len + 1);
	struct field_left *left = ARENA_ARRAY(x->s->arena, struct field_left, x->events.len + 1);
	for (uint32_t i = 0; i < x->events.len; i++) {
		const struct field_event *e = &x->events.data[i];
		if (e->act != FIELD_OWN || e->part)
			continue;
		out->nleft += fields_left_running(x, e, &left[out->nleft]);
		out->nstale += fields_stale_id(x, e, &stale[out->nstale]);
		out->noverwrites += fields_overwrites(x, e, &over[out->noverwrites]);
	}
	out->stale = stale;
	out->left = left;
	out->overwrites = over;
}

static void list_ends(struct fields *x, struct field_faults *out)
{
	struct ended_type *all = ARENA_ARRAY(x->s->arena, struct ended_type, x->ends->all.len + 1);
	for (uint32_t i = 0; i < x->ends->all.len; i++) {
		const struct type_end *e = &x->ends->all.data[i];
		if (e->kind <= END_DESTRUCTOR)
			all[out->nended++] = (struct ended_type){e->record, e->func};
	}
	out->ended = all;
}

uint32_t solve_type_end(const struct solution *s, uint32_t record)
{
	const struct field_faults *fields = solve_fields(s);
	for (uint32_t i = 0; record && i < fields->nended; i++)
		if (fields->ended[i].record == record)
			return fields->ended[i].func;
	return 0;
}

const struct field_faults *solve_fields(const struct solution *s)
{
	if (s->fields)
		return s->fields;
	struct fields x = {.s = (struct solution *)s, .p = s->program, .u = s->program->unit};
	struct field_faults *out = ARENA_NEW(s->arena, struct field_faults);
	x.acts = ARENA_ARRAY(s->arena, struct func_acts, x.u->nfuncs);
	if (x.p->any_relevant) {
		fields_collect(&x);
		unheld_collect(&x);
	}
	if (x.p->any_relevant) {
		ends_collect(&x);
		find_leaks(&x, out);
		judge_stores(&x, out);
		unheld_judge(&x, out);
		stale_judge(&x, out);
		list_ends(&x, out);
	}
	vec_release(&x.events);
	vec_release(&x.unknown_calls);
	vec_release(&x.starts);
	intmap_release(&x.objects);
	intmap_release(&x.owned_at);
	intmap_release(&x.candidates);
	ends_release(&x);
	return ((struct solution *)s)->fields = out;
}
