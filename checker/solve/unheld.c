/*
 * unheld.c - operations that get an object as their data, keep no reference to it, and that nothing can
 * withdraw: the object may end before they do. Without regard to paths, and in doubt silent: see fields.h.
 */
#include "fields.h"
#include "stale.h"

#include "arena.h"

#include <string.h>

#define MAX_DEPTH 3 /* of calls that what the callback does with its data is followed through */

/* ---- the starts of a unit ---- */

static bool spells_record(const struct fields *x, const char *ctype, uint32_t record)
{
	return ends_spells_pointer_to(ctype, x->u->records[record].name);
}

static uint32_t record_spelled(const struct fields *x, const char *ctype)
{
	for (uint32_t r = 1; ctype && *ctype && r < x->u->nrecords; r++)
		if (x->u->records[r].nfields && spells_record(x, ctype, r))
			return r;
	return 0;
}

/* The type whose fields are used by way of a parameter, here or in what gets it. */
static uint32_t record_used(struct fields *x, uint32_t func, ir_val root, unsigned depth)
{
	const struct ir_func *f = &x->u->funcs[func];
	uint32_t found = 0;
	for (ir_instr i = 1; x->p->cfgs[func] && !found && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op == IR_ADDR && in->record &&
		    fields_root(x, func, ir_operand(f, in, 0), NULL) == root)
			return in->record;
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		for (uint32_t k = 0; callee && depth < MAX_DEPTH && !found && k < ir_nargs(in); k++)
			if (k < x->u->funcs[callee].nparams && x->u->funcs[callee].params[k].val &&
			    fields_root(x, func, ir_arg(f, in, k), NULL) == root)
				found = record_used(x, callee, x->u->funcs[callee].params[k].val, depth + 1);
	}
	return found;
}

static ir_val entry_data(const struct fields *x, uint32_t entry)
{
	uint32_t n = scan_entry_data(x->s, entry);
	return n ? x->u->funcs[entry].params[n - 1].val : 0;
}

static uint32_t record_of(struct fields *x, uint32_t func, const struct unwithdrawn *w)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_value *root = &f->vals[w->object];
	uint32_t record = root->kind == IR_VAL_PARAM ? f->params[root->aux].pointee : 0;
	record = record ? record : record_spelled(x, f->vals[ir_strip_casts(f, w->data)].ctype);
	record = record ? record : record_spelled(x, root->ctype);
	if (w->inside)
		return record;
	return record ? record : record_used(x, w->entry, entry_data(x, w->entry), 0);
}

static bool given(const struct ir_func *f, const struct ir_instruction *in, const struct api_path *p)
{
	ir_val v = p->base ? scan_path(f, in, p) : 0;
	return v && !scan_null(f, v);
}

/* It runs once, on a loop, later; it could have been given a token. */
static bool runs_later(const struct ir_func *f, const struct ir_instruction *in, const struct api_role *r)
{
	return r->runs == API_RUNS_LOOP && !r->handle.base && r->token.base && given(f, in, &r->data) &&
	       !given(f, in, &r->destroy) && !r->bound;
}

/* The place's address is given away: whoever got it may clear the place when the object ends. */
static bool place_known(struct fields *x, const struct unwithdrawn *w)
{
	const struct ir_func *f = &x->u->funcs[w->call.func];
	const struct use_index *uses = scan_uses(x->s, w->call.func);
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *at = &f->instrs[i];
		if (at->op != IR_ADDR || !at->record || at->imm != w->offset ||
		    fields_root(x, w->call.func, ir_operand(f, at, 0), NULL) != w->data)
			continue;
		for (uint32_t k = uses->first[at->result]; k < uses->first[at->result + 1]; k++) {
			enum ir_op op = f->instrs[uses->uses[k].by].op;
			if (op != IR_LOAD && (op != IR_STORE || uses->uses[k].operand != 1))
				return true;
		}
	}
	return false;
}

/* The data is new memory for this one operation; an object that the function was given is put into it, as it
 * is. */
static void collect_inside(struct fields *x, struct unwithdrawn w)
{
	const struct ir_func *f = &x->u->funcs[w.call.func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *store = &f->instrs[i];
		const struct ir_instruction *at =
		        store->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, store, 1))) : NULL;
		bool counted = false;
		if (!at || at->op != IR_ADDR || !at->record ||
		    fields_root(x, w.call.func, ir_operand(f, at, 0), NULL) != w.data)
			continue;
		w.object = fields_root(x, w.call.func, ir_operand(f, store, 0), &counted);
		w.offset = at->imm;
		w.record = !counted && f->vals[w.object].kind == IR_VAL_PARAM ? record_of(x, w.call.func, &w)
		                                                              : 0;
		if (w.record && !place_known(x, &w))
			vec_push(&x->starts, w);
	}
}

static bool is_new_memory(const struct fields *x, const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *def = ir_def(f, v);
	const struct api_func *d = def && ir_is_call(def) ? x->p->described[ir_callee(f, def)] : NULL;
	const struct api_role *r = api_role_of(d, API_ROLE_MAKE);
	return r && r->handle.base == API_PATH_RETURN;
}

static void collect_call(struct fields *x, uint32_t func, ir_instr i, const struct api_role *r)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	struct unwithdrawn w = {.call = {func, i}, .role = r};
	bool counted = false;
	if (!runs_later(f, in, r))
		return;
	w.by_token = !scan_null(f, scan_path(f, in, &r->token));
	const struct ir_value *entry = &f->vals[ir_strip_casts(f, scan_path(f, in, &r->entry))];
	w.entry = entry->kind == IR_VAL_FUNC ? entry->aux : 0;
	w.data = scan_path(f, in, &r->data);
	w.object = fields_root(x, func, w.data, &counted);
	if (counted || !w.entry || !x->p->cfgs[w.entry])
		return;
	w.inside = !w.by_token && is_new_memory(x, f, w.object);
	if (w.inside) {
		w.data = w.object;
		collect_inside(x, w);
	}
	if (f->vals[w.object].kind != IR_VAL_PARAM)
		return;
	w.record = record_of(x, func, &w);
	if (w.record)
		vec_push(&x->starts, w);
}

void unheld_collect(struct fields *x)
{
	for (uint32_t n = 0; n < x->p->nbottom_up; n++) {
		uint32_t func = x->p->bottom_up[n];
		if (!x->p->cfgs[func] || !program_calls(x->p, func, API_ROLE_SPAWN))
			continue;
		for (PROGRAM_EACH_CALL(x->p, func, c)) {
			const struct api_func *d = x->p->described[c->callee];
			for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_SPAWN, r));)
				collect_call(x, func, c->at, r);
		}
	}
}

/* ---- does something keep the object? ---- */

/* The call works on the object besides getting it as data: then it keeps it. */
static bool works_on_it(struct fields *x, const struct unwithdrawn *w)
{
	const struct ir_func *f = &x->u->funcs[w->call.func];
	const struct ir_instruction *in = &f->instrs[w->call.at];
	for (uint32_t k = 0; k < ir_nargs(in); k++)
		if (ir_arg(f, in, k) != w->data &&
		    fields_root(x, w->call.func, ir_arg(f, in, k), NULL) == w->object)
			return true;
	return false;
}

/* Who calls the starting function has taken a reference for it. */
static bool referenced_by_callers(struct fields *x, const struct unwithdrawn *w)
{
	const struct program *p = x->p;
	uint32_t func = w->call.func, n = x->u->funcs[func].vals[w->object].aux;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		const struct ir_func *f = &x->u->funcs[e->caller];
		bool counted = false;
		if (e->kind != CALL_DIRECT || n >= ir_nargs(&f->instrs[e->site]))
			continue;
		ir_val root = fields_root(x, e->caller, ir_arg(f, &f->instrs[e->site], n), &counted);
		if (counted || fields_referenced(x, e->caller, root))
			return true;
	}
	return false;
}

/* The object is what the callback of another operation got: the reference that came with it may be handed on.
 */
static bool handed_on(struct fields *x, const struct unwithdrawn *w)
{
	const struct program *p = x->p;
	uint32_t func = w->call.func;
	if (entry_data(x, func) != w->object)
		return false;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++)
		if (p->edges[p->in_edges[k]].kind == CALL_CALLBACK &&
		    p->edges[p->in_edges[k]].runs != API_RUNS_HANDLER)
			return true;
	return false;
}

static bool frees(const struct api_role *r)
{
	return r->kind == API_ROLE_RELEASE || r->kind == API_ROLE_DESTROY || r->kind == API_ROLE_TAKE;
}

/* Does the function release an object of the type, or its own data? */
static bool releases_one(struct fields *x, uint32_t func, uint32_t record, ir_val data)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; x->p->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? x->p->described[ir_callee(f, in)] : NULL;
		for (uint32_t k = 0; d && k < d->nroles; k++) {
			const struct api_role *r = &d->roles[k];
			ir_val v =
			        frees(r) && r->handle.base == API_PATH_ARG ? ir_arg(f, in, r->handle.arg) : 0;
			if (v && ((record && ends_value_is(x, func, v, record)) ||
			          (data && fields_root(x, func, v, NULL) == data)))
				return true;
		}
	}
	return false;
}

/* The callback ends its data on every way, on some, or never. */
static enum api_cond ends_data(const struct fields *x, uint32_t entry)
{
	const struct summary *sum = &x->s->funcs[entry].summary;
	int data = (int)scan_entry_data(x->s, entry) - 1;
	for (uint32_t i = 0; sum->known && i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->kind == EFFECT_RELEASE && e->place.param == data && e->place.depth == 0)
			return e->when == API_ALWAYS ? API_ALWAYS : API_NEVER;
	}
	return API_ALWAYS;
}

/* Does it start anything, or put its data somewhere, for what is left to be done? */
static bool goes_on(struct fields *x, const bool *reach, uint32_t entry)
{
	const struct program *p = x->p;
	const struct func_acts *a = fields_acts(x, entry);
	uint32_t data = scan_entry_data(x->s, entry);
	if (!data || data > a->nparams || a->value[data - 1].leaves || a->value[data - 1].escapes)
		return true;
	for (uint32_t f = 1; f < x->u->nfuncs; f++)
		for (uint32_t k = p->edges_of[f]; reach[f] && k < p->edges_of[f + 1]; k++)
			if (p->edges[k].kind == CALL_CALLBACK)
				return true;
	return false;
}

/* Something that does not come of the operation ends such objects, too. */
static bool ended_elsewhere(struct fields *x, const bool *reach, uint32_t record)
{
	const struct program *p = x->p;
	for (uint32_t i = 0; i < x->ends->all.len; i++) {
		const struct type_end *e = &x->ends->all.data[i];
		if (e->kind != END_FREES || !ends_concern(x, e->record, record))
			continue;
		for (uint32_t k = p->in_edges_of[e->func]; k < p->in_edges_of[e->func + 1]; k++)
			if (!reach[p->edges[p->in_edges[k]].caller])
				return true;
	}
	return false;
}

/* What comes of the operation ends such an object: the callback, what it calls and what it starts. One that
 * does so where it has failed, leaves it alone where it has not, and does nothing more with it, is not what
 * the object lives for. */
static bool ended_by_callback(struct fields *x, const struct unwithdrawn *w)
{
	bool *reach = mem_alloc(x->u->nfuncs);
	bool found = false;
	ends_reach(x->p, w->entry, reach);
	for (uint32_t f = 1; !found && f < x->u->nfuncs; f++)
		found = reach[f] &&
		        releases_one(x, f, w->record, f == w->entry && !w->inside ? entry_data(x, f) : 0);
	if (found && !w->inside && ends_data(x, w->entry) == API_NEVER && !goes_on(x, reach, w->entry))
		found = !ended_elsewhere(x, reach, w->record);
	mem_release(reach);
	return found;
}

static bool runs_loop(const struct fields *x, uint32_t func)
{
	const struct func_facts *facts = &x->s->funcs[func];
	for (uint32_t i = 0; i < facts->nblocks; i++)
		if (facts->blocks[i].waits == API_WAITS_LOOP)
			return true;
	return false;
}

/* The function, or one that calls it, runs the loop itself: it is written to see the operation's end. */
static bool waited_for(const struct fields *x, uint32_t func)
{
	const struct program *p = x->p;
	if (runs_loop(x, func))
		return true;
	for (uint32_t k = p->in_edges_of[func]; k < p->in_edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[p->in_edges[k]];
		if (e->kind == CALL_DIRECT && runs_loop(x, e->caller))
			return true;
	}
	return false;
}

/* A variable of the unit names the one object of its type. */
static bool has_global(const struct fields *x, uint32_t record)
{
	for (uint32_t g = 1; g < x->u->nglobals; g++)
		if (x->u->globals[g].pointee == record)
			return true;
	return false;
}

static bool kept(struct fields *x, const struct unwithdrawn *w)
{
	return works_on_it(x, w) || fields_referenced(x, w->call.func, w->object) ||
	       fields_acts(x, w->call.func)->counts || referenced_by_callers(x, w) || handed_on(x, w) ||
	       waited_for(x, w->call.func) || has_global(x, w->record) || ended_by_callback(x, w);
}

/* ---- does the callback need it? ---- */

/* Does the function read or write behind the value, or give it to code that may? With `sure` unknown code
 * does not. */
static bool needs(struct fields *x, uint32_t func, ir_val root, bool sure, unsigned depth)
{
	const struct ir_func *f = &x->u->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if ((in->op == IR_LOAD && fields_root(x, func, ir_operand(f, in, 0), NULL) == root) ||
		    (in->op == IR_ADDR && fields_root(x, func, ir_operand(f, in, 0), NULL) == root))
			return true;
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		for (uint32_t k = 0; ir_is_call(in) && k < ir_nargs(in); k++) {
			if (fields_root(x, func, ir_arg(f, in, k), NULL) != root)
				continue;
			bool body = callee && x->p->cfgs[callee] && k < x->u->funcs[callee].nparams;
			bool known = body && depth < MAX_DEPTH;
			if (known ? needs(x, callee, x->u->funcs[callee].params[k].val, sure, depth + 1)
			          : !sure)
				return true;
		}
	}
	return false;
}

static bool decides(const struct ir_func *f, const struct use_index *uses, ir_val v, unsigned depth)
{
	for (uint32_t k = uses->first[v]; k < uses->first[v + 1]; k++) {
		const struct ir_instruction *in = &f->instrs[uses->uses[k].by];
		bool copy = in->op == IR_CAST || in->op == IR_ICMP || in->op == IR_BINOP || in->op == IR_PHI;
		if (in->op == IR_CONDBR || (copy && depth < 4 && decides(f, uses, in->result, depth + 1)))
			return true;
	}
	return false;
}

/* The callback asks whether the object is still there: it compares the address with others, or gives it to a
 * function that answers without looking behind it. */
static bool asks_if_alive(struct fields *x, uint32_t entry, ir_val data)
{
	const struct ir_func *f = &x->u->funcs[entry];
	const struct use_index *uses = scan_uses(x->s, entry);
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
		if (in->op == IR_ICMP) {
			ir_val a = ir_operand(f, in, 0), b = ir_operand(f, in, 1);
			bool a_is = fields_root(x, entry, a, NULL) == data,
			     b_is = fields_root(x, entry, b, NULL) == data;
			if (a_is != b_is && !scan_null(f, a) && !scan_null(f, b))
				return true;
		}
		for (uint32_t k = 0; callee && x->p->cfgs[callee] && k < ir_nargs(in); k++)
			if (k < x->u->funcs[callee].nparams && in->result &&
			    fields_root(x, entry, ir_arg(f, in, k), NULL) == data &&
			    decides(f, uses, in->result, 0) &&
			    !needs(x, callee, x->u->funcs[callee].params[k].val, true, 0))
				return true;
	}
	return false;
}

/* Is what lies in the data needed, wherever the callback reads it? */
static bool needed_inside(struct fields *x, const struct unwithdrawn *w, ir_val data)
{
	const struct ir_func *f = &x->u->funcs[w->entry];
	bool found = false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *load = &f->instrs[i];
		const struct ir_instruction *at =
		        load->op == IR_LOAD ? ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0))) : NULL;
		if (!at || at->op != IR_ADDR || at->imm != w->offset ||
		    fields_root(x, w->entry, ir_operand(f, at, 0), NULL) != data)
			continue;
		if (asks_if_alive(x, w->entry, load->result))
			return false;
		found |= needs(x, w->entry, load->result, true, 0);
	}
	return found;
}

static bool needed(struct fields *x, const struct unwithdrawn *w)
{
	ir_val data = entry_data(x, w->entry);
	if (data && w->inside)
		return needed_inside(x, w, data);
	return data && needs(x, w->entry, data, false, 0) && !asks_if_alive(x, w->entry, data);
}

/* ---- judgement ---- */

/* The surest function that ends an object of the type; those that only a name tells of do not count. */
static const struct type_end *end_of(const struct fields *x, uint32_t record)
{
	const struct type_end *found = NULL;
	for (uint32_t i = 0; i < x->ends->all.len; i++) {
		const struct type_end *e = &x->ends->all.data[i];
		bool sure = e->kind == END_SLOT || e->kind == END_FREES || e->kind == END_DESTRUCTOR;
		if (sure && ends_concern(x, e->record, record) && (!found || e->kind < found->kind))
			found = e;
	}
	return found;
}

/* Where the end of an object cancels something; func 0: nowhere. `*waits`: it waits for something. */
static struct field_site cancels(const struct fields *x, uint32_t end, bool *waits)
{
	struct field_site found = {0};
	bool *reach = mem_alloc(x->u->nfuncs);
	ends_reach(x->p, end, reach);
	for (uint32_t func = 1; func < x->u->nfuncs; func++) {
		*waits |= reach[func] && runs_loop(x, func);
		if (!reach[func] || found.func || !x->p->cfgs[func])
			continue;
		for (PROGRAM_EACH_CALL(x->p, func, c))
			if (!found.func && api_role_of(x->p->described[c->callee], API_ROLE_CANCEL))
				found = (struct field_site){func, c->at};
	}
	mem_release(reach);
	return found;
}

/* The callback gives the object to code that is not here, which may be what lets it end. */
static bool shown_around(struct fields *x, uint32_t entry)
{
	const struct func_acts *a = fields_acts(x, entry);
	uint32_t n = scan_entry_data(x->s, entry);
	return n && n <= a->nparams && a->value[n - 1].escapes;
}

static bool judge(struct fields *x, const struct unwithdrawn *w, struct unheld_data *out)
{
	const struct type_end *end = end_of(x, w->record);
	bool waits = false;
	if (!end || !needed(x, w) || kept(x, w))
		return false;
	struct field_site other = cancels(x, end->func, &waits);
	uint32_t callee =
	        ir_callee(&x->u->funcs[w->call.func], &x->u->funcs[w->call.func].instrs[w->call.at]);
	*out = (struct unheld_data){.start = w->call,
	                            .record = w->record,
	                            .object = w->object,
	                            .entry = w->entry,
	                            .end = end->func,
	                            .cancels = other,
	                            .model = x->p->described[callee],
	                            .callee = x->u->funcs[callee].display,
	                            .certainty = FIELD_LIKELY};
	if (w->inside && !other.func)
		return false;
	if (shown_around(x, w->entry) && !other.func)
		out->certainty = FIELD_WEAK;
	return !waits;
}

void unheld_judge(struct fields *x, struct field_faults *out)
{
	struct unheld_data *all = ARENA_ARRAY(x->s->arena, struct unheld_data, x->starts.len + 1);
	for (uint32_t i = 0; i < x->starts.len; i++)
		out->nunheld +=
		        !x->starts.data[i].by_token && judge(x, &x->starts.data[i], &all[out->nunheld]);
	out->unheld = all;
}

/* ---- operations that a token withdraws ---- */

/* The token lies in the object. */
static bool token_of_object(struct fields *x, const struct unwithdrawn *w)
{
	const struct ir_func *f = &x->u->funcs[w->call.func];
	ir_val v = ir_strip_casts(f, scan_path(f, &f->instrs[w->call.at], &w->role->token));
	for (unsigned depth = 0; v && depth < 8; depth++) {
		const struct ir_instruction *in = ir_def(f, v);
		if (fields_root(x, w->call.func, v, NULL) == w->object)
			return true;
		if (!in || (in->op != IR_LOAD && in->op != IR_ADDR))
			return false;
		v = ir_strip_casts(f, ir_operand(f, in, 0));
	}
	return false;
}

static bool releases_data(struct fields *x, uint32_t entry)
{
	return releases_one(x, entry, 0, entry_data(x, entry));
}

static bool judge_stale(struct fields *x, const struct unwithdrawn *w, struct stale_use *out)
{
	const struct ir_func *f = &x->u->funcs[w->call.func];
	const struct type_end *end = end_of(x, w->record);
	bool waits = false;
	uint32_t callee = ir_callee(f, &f->instrs[w->call.at]);
	*out = (struct stale_use){.start = w->call, .entry = w->entry, .record = w->record};
	out->model = x->p->described[callee];
	out->callee = x->u->funcs[callee].display;
	ir_val data = entry_data(x, w->entry);
	if (!data || !token_of_object(x, w) || kept(x, w) || releases_data(x, w->entry) ||
	    asks_if_alive(x, w->entry, data))
		return false;
	if (end) {
		out->end = end->func;
		out->cancels = cancels(x, end->func, &waits);
	}
	if (waits || !stale_walk(x, w->entry, data, false, NULL, out) || out->kind == STALE_RESULT)
		return false;
	return out->cancels.func || (out->asked && out->kind == STALE_AFTER && !out->gives_back);
}

/* The role by which the call starts the callback. */
static const struct api_role *start_of(const struct ir_func *f, const struct api_func *d,
                                       const struct ir_instruction *in, uint32_t entry)
{
	for (const struct api_role *r = NULL; (r = api_role_next(d, API_ROLE_SPAWN, r));) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, scan_path(f, in, &r->entry))];
		if (v->kind == IR_VAL_FUNC && v->aux == entry)
			return r;
	}
	return NULL;
}

/* What becomes of a failed operation's result, whoever owns the object. */
static bool judge_result(struct fields *x, uint32_t entry, const struct call_edge *e, struct stale_use *out)
{
	const struct ir_func *f = &x->u->funcs[e->caller];
	uint32_t callee = ir_callee(f, &f->instrs[e->site]);
	*out = (struct stale_use){.start = {e->caller, e->site}, .entry = entry};
	out->model = callee ? x->p->described[callee] : NULL;
	out->callee = callee ? x->u->funcs[callee].display : "";
	return out->model && stale_walk(x, entry, entry_data(x, entry), true,
	                                start_of(f, out->model, &f->instrs[e->site], entry), out);
}

void stale_judge(struct fields *x, struct field_faults *out)
{
	VEC(struct stale_use) all = {0};
	struct stale_use u;
	for (uint32_t i = 0; i < x->starts.len; i++)
		if (x->starts.data[i].by_token && judge_stale(x, &x->starts.data[i], &u))
			vec_push(&all, u);
	for (uint32_t f = 1; f < x->u->nfuncs; f++)
		for (uint32_t k = x->p->in_edges_of[f]; x->p->cfgs[f] && k < x->p->in_edges_of[f + 1]; k++) {
			const struct call_edge *e = &x->p->edges[x->p->in_edges[k]];
			if (e->kind == CALL_CALLBACK && e->runs == API_RUNS_LOOP &&
			    judge_result(x, f, e, &u)) {
				vec_push(&all, u);
				break;
			}
		}
	for (uint32_t f = 1; f < x->u->nfuncs; f++)
		for (PROGRAM_EACH_CALL(x->p, f, c))
			if (x->p->cfgs[f] &&
			    (stale_loses_result(x, f, c->at, &u) || stale_request(x, f, c->at, &u)))
				vec_push(&all, u);
	struct stale_use *kept_uses = ARENA_ARRAY(x->s->arena, struct stale_use, all.len + 1);
	if (all.len)
		memcpy(kept_uses, all.data, all.len * sizeof *kept_uses);
	out->stale_uses = kept_uses;
	out->nstale_uses = all.len;
	vec_release(&all);
}
