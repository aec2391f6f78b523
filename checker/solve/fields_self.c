/*
 * fields_self.c - ends of objects that the handle in their field brings about itself.
 */
#include "fields_judged.h"

#include "mem.h"

bool judged_replaces(const struct judged *j, uint32_t func)
{
	for (uint32_t i = 0; i < j->n; i++)
		if (j->events[i].func == func && j->events[i].act == FIELD_OWN)
			return true;
	return false;
}

static bool tested_in(const struct judged *j, uint32_t func)
{
	for (uint32_t i = 0; i < j->n; i++)
		if (j->events[i].func == func && j->events[i].act == FIELD_TEST)
			return true;
	return false;
}

/* One end: does only what the handle stands for run it, apart from who starts that, where it fails, and who
 * may have seen that there is none? */
static enum self_end run_by_own_code(const struct judged *j, uint32_t end, const bool *own_code)
{
	const struct program *p = j->x->p;
	bool all = j->x->u->funcs[end].flags & IR_FUNC_STATIC;
	if (!own_code[end])
		return SELF_NO;
	for (uint32_t k = p->in_edges_of[end]; k < p->in_edges_of[end + 1]; k++) {
		uint32_t by = p->edges[p->in_edges[k]].caller;
		if (own_code[by] || judged_replaces(j, by))
			continue;
		if (!tested_in(j, by))
			return SELF_NO;
		all = false;
	}
	return all ? SELF_ALWAYS : SELF_PERHAPS;
}

/* Functions of this unit that a call of unknown code is given are its callbacks. */
static bool reach_given(const struct judged *j, uint32_t func, ir_instr call, bool *own_code)
{
	const struct ir_func *f = &j->x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[call];
	bool known = false;
	for (uint32_t n = 0; ir_is_call(in) && !scan_model(j->x->s, f, in) && n < ir_nargs(in); n++) {
		const struct ir_value *v = &f->vals[ir_strip_casts(f, ir_arg(f, in, n))];
		if (v->kind != IR_VAL_FUNC || !j->x->p->cfgs[v->aux])
			continue;
		ends_reach(j->x->p, v->aux, own_code);
		known = true;
	}
	return known;
}

/* Marks what a call takes as callbacks, and what these reach; false: nothing that is known. */
static bool reach_callbacks(const struct judged *j, uint32_t func, ir_instr call, bool *own_code)
{
	const struct program *p = j->x->p;
	bool known = reach_given(j, func, call, own_code);
	for (uint32_t k = p->edges_of[func]; k < p->edges_of[func + 1]; k++) {
		const struct call_edge *e = &p->edges[k];
		if (e->site != call || e->kind != CALL_CALLBACK || !p->cfgs[e->callee])
			continue;
		ends_reach(p, e->callee, own_code);
		known = true;
	}
	return known;
}

/* Marks what runs for the handles that the field gets, and for the operations that get them; false: nothing
 * that is known. */
static bool find_own_code(const struct judged *j, bool operations, bool *own_code)
{
	bool known = false;
	for (uint32_t i = 0; i < j->n; i++) {
		const struct field_event *e = &j->events[i];
		uint32_t entry = e->act == FIELD_OWN && e->role && stands_for_code(e->role)
		                         ? fields_entry(j->x, e)
		                         : 0;
		if (entry)
			ends_reach(j->x->p, entry, own_code);
		bool begins = operations && e->act == FIELD_START;
		known |= entry || (begins && reach_callbacks(j, e->func, e->at, own_code));
	}
	return known;
}

/* The object has an end of its own: those of objects around it come down to that one. */
static bool ends_by_itself(const struct judged *j)
{
	for (uint32_t i = 0; i < j->x->ends->all.len; i++)
		if (j->x->ends->all.data[i].record == j->key.record &&
		    j->x->ends->all.data[i].kind != END_HINT)
			return true;
	return false;
}

/* The code that the handle stands for ends the object itself: it cannot wait for its own end. Or what is
 * called when the operations are over does: then there is nothing to cancel any more. */
enum self_end judged_ends_itself(const struct judged *j, bool operations)
{
	enum self_end least = SELF_ALWAYS;
	bool ends = false, *own_code = mem_alloc(j->x->u->nfuncs);
	bool known = find_own_code(j, operations, own_code), by_itself = ends_by_itself(j);
	for (uint32_t i = 0; known && i < j->x->ends->all.len; i++) {
		const struct type_end *end = &j->x->ends->all.data[i];
		if (end->kind == END_HINT || !ends_concern(j->x, end->record, j->key.record) ||
		    (by_itself && end->record != j->key.record))
			continue;
		enum self_end s = run_by_own_code(j, end->func, own_code);
		least = s < least ? s : least;
		ends = true;
	}
	mem_release(own_code);
	return ends ? least : SELF_NO;
}

/* ---- what lasts as long as a call ---- */

/* A condition on what the creating call returned: where it failed there is nothing to end. */
static bool asks_creator(const struct ir_func *f, const struct ir_instruction *t, ir_val made)
{
	ir_val v = t->op == IR_CONDBR ? ir_strip_casts(f, ir_operand(f, t, 0)) : 0;
	const struct ir_instruction *cmp = v ? ir_def(f, v) : NULL;
	if (cmp && cmp->op == IR_ICMP)
		v = ir_strip_casts(f, ir_operand(f, cmp, 0));
	return v && v == made;
}

/* Every way from the creation of the handle to the end of the function leads through its release. */
static bool always_follows(const struct judged *j, const struct field_event *own,
                           const struct field_event *end)
{
	const struct ir_func *f = &j->x->u->funcs[own->func];
	const struct cfg *g = j->x->p->cfgs[own->func];
	ir_instr made = own->made ? own->made : own->at;
	ir_block from = f->instrs[made].block, to = f->instrs[end->at].block;
	if (from == to)
		return end->at > made;
	if (!cfg_dominates(g, from, to))
		return false;
	bool *seen = mem_alloc(f->nblocks);
	VEC(ir_block) todo = {0};
	bool all = true;
	vec_push(&todo, from);
	for (uint32_t n = 0; all && n < todo.len; n++) {
		const struct ir_instruction *t = ir_terminator(f, todo.data[n]);
		bool asks = asks_creator(f, t, ir_strip_casts(f, f->instrs[made].result));
		all = t->op != IR_RET;
		for (uint32_t k = 0; k < t->nsuccs; k++) {
			ir_block b = ir_succ(f, t, k);
			if (b == to || seen[b] || (asks && !cfg_can_reach(g, b, to)))
				continue;
			seen[b] = true;
			vec_push(&todo, b);
		}
	}
	vec_release(&todo);
	mem_release(seen);
	return all;
}

bool judged_ended_at_once(const struct judged *j)
{
	for (uint32_t i = 0; i < j->n; i++) {
		const struct field_event *own = &j->events[i];
		bool ended = own->act != FIELD_OWN;
		for (uint32_t k = 0; !ended && k < j->n; k++)
			ended = j->events[k].act == FIELD_RELEASE && j->events[k].func == own->func &&
			        always_follows(j, own, &j->events[k]);
		if (!ended)
			return false;
	}
	return true;
}

/* It works on such a part alone: whose it is say those that call it. */
static bool gets(const struct ir_unit *u, uint32_t func, uint32_t record)
{
	for (uint32_t i = 0; i < u->funcs[func].nparams; i++)
		if (u->funcs[func].params[i].pointee == record)
			return true;
	return false;
}

/* A part of the object is ended member by member. */
bool judged_part_tended(const struct judged *j)
{
	const struct fields *x = j->x;
	uint32_t part = j->own->part ? fields_part_at(x->u, j->key) : 0;
	for (uint32_t i = 0; part && i < x->events.len; i++) {
		const struct field_event *e = &x->events.data[i];
		bool ends = e->act == FIELD_RELEASE || e->act == FIELD_ESCAPE || e->act == FIELD_CANCEL;
		if (ends && e->key.record == part && j->ending[e->func] && !gets(x->u, e->func, part))
			return true;
	}
	return false;
}

/* ---- handles that keep their object ---- */

bool judged_is_object(const struct judged *j, uint32_t func, ir_val v)
{
	const struct fields *x = j->x;
	if (ends_value_is(j->x, func, v, j->key.record))
		return true;
	for (uint32_t i = 0; i < x->ends->links.len; i++)
		if (ends_concern(x, x->ends->links.data[i].outer, j->key.record) &&
		    ends_value_is(j->x, func, v, x->ends->links.data[i].outer))
			return true;
	return false;
}

/* A parameter of the function is counted there: `made->owner = x_ref(owner)`. */
static bool counts_param(const struct judged *j, uint32_t func, uint32_t param)
{
	const struct ir_func *g = &j->x->u->funcs[func];
	return func && j->x->p->cfgs[func] && param < g->nparams && g->params[param].val &&
	       fields_referenced(j->x, func, g->params[param].val);
}

bool judged_keeps_owner(const struct judged *j)
{
	const struct ir_func *f = &j->x->u->funcs[j->own->func];
	const struct ir_instruction *in = &f->instrs[j->own->made];
	for (uint32_t n = 0; j->own->made && ir_is_call(in) && n < ir_nargs(in); n++) {
		ir_val v = ir_arg(f, in, n);
		bool counted = false;
		if (f->vals[v].type != IR_TYPE_PTR || !judged_is_object(j, j->own->func, v))
			continue;
		fields_root(j->x, j->own->func, v, &counted);
		if (counted || counts_param(j, ir_callee(f, in), n))
			return true;
	}
	return false;
}
