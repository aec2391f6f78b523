/*
 * access.c - addresses as what they are reached from and by.
 */
#include "access.h"
#include "scan.h"
#include "spelling.h"

#include <string.h>

#define MAX_STEPS 32

/* ---- what a local variable holds ---- */

/* `v` lies that many bytes behind a local variable. */
static ir_val local_behind(const struct ir_func *f, ir_val v, int64_t *offset)
{
	for (unsigned n = 0; n < MAX_STEPS; n++) {
		v = ir_strip_casts(f, v);
		const struct ir_instruction *in = ir_def(f, v);
		if (!in || in->op == IR_ALLOCA)
			return in ? v : 0;
		if (in->op != IR_ADDR || (in->flags & IR_F_VARIABLE))
			return 0;
		*offset += in->imm;
		v = ir_operand(f, in, 0);
	}
	return 0;
}

struct search {
	const struct ir_func *f;
	const struct use_index *x;
	int64_t offset;
	ir_val found;
	unsigned count, budget;
};

static void stores_behind(struct search *q, ir_val base, int64_t offset)
{
	for (uint32_t k = q->x->first[base]; k < q->x->first[base + 1] && q->budget; k++, q->budget--) {
		const struct ir_instruction *in = &q->f->instrs[q->x->uses[k].by];
		if (in->op == IR_STORE && q->x->uses[k].operand == 1 && offset == q->offset) {
			q->found = ir_operand(q->f, in, 0);
			q->count++;
		} else if (in->op == IR_CAST) {
			stores_behind(q, in->result, offset);
		} else if (in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE)) {
			stores_behind(q, in->result, offset + in->imm);
		}
	}
}

/* The one value that is ever stored `offset` bytes behind an address in a local variable; 0: none, or
 * several. */
static ir_val only_store(const struct solution *s, uint32_t func, ir_val at, int64_t offset)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val local = local_behind(f, at, &offset);
	struct search q = {f, scan_uses(s, func), offset, 0, 0, 200};
	if (local)
		stores_behind(&q, local, 0);
	return q.count == 1 && q.budget ? q.found : 0;
}

ir_val access_held(const struct solution *s, uint32_t func, ir_val v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
	return in && in->op == IR_LOAD ? only_store(s, func, ir_operand(f, in, 0), 0) : 0;
}

/* ---- walking back ---- */

static ir_val same_object(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(f, in);
	const struct api_func *d = s->program->described[callee];
	const struct api_role *r = api_role_of(d, API_ROLE_ALIAS);
	if (r && r->to.base == API_PATH_RETURN)
		return scan_path(f, in, &r->from);
	r = api_role_of(d, API_ROLE_REF);
	if (r && r->to.base == API_PATH_RETURN)
		return scan_path(f, in, &r->handle);
	uint32_t param = callee && !d ? s->funcs[callee].summary.returns_param : 0;
	return param ? ir_arg(f, in, param - 1) : 0;
}

/* What all ways into the merge bring, but for NULL. */
static ir_val merged(const struct ir_func *f, const struct ir_instruction *phi)
{
	ir_val one = 0;
	for (uint32_t k = 0; k < phi->noperands; k++) {
		ir_val v = ir_strip_casts(f, ir_operand(f, phi, k));
		if (v == phi->result || scan_null(f, v))
			continue;
		if (one && one != v)
			return 0;
		one = v;
	}
	return one;
}

struct way {
	int64_t offsets[MAX_STEPS]; /* the last one first */
	uint32_t n;
	struct access a;
};

static void name_field(struct way *w, const struct ir_instruction *addr)
{
	if (w->n == 0 && addr->record) {
		w->a.record = addr->record;
		w->a.field = w->offsets[0];
	} else if (w->n == 1 && addr->record) {
		w->a.holder = addr->record;
		w->a.held_in = w->offsets[1];
	}
}

/* False: `*v` is the root. */
static bool step_back(const struct solution *s, uint32_t func, struct way *w, ir_val *v)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, *v);
	ir_val next = 0;
	if (!in)
		return false;
	if (in->op == IR_ADDR && !(in->flags & IR_F_VARIABLE)) {
		w->offsets[w->n] += in->imm;
		name_field(w, in);
		next = ir_operand(f, in, 0);
	} else if (in->op == IR_LOAD) {
		next = only_store(s, func, ir_operand(f, in, 0), 0);
		if (!next && w->n + 1 < MAX_STEPS) {
			w->offsets[++w->n] = 0;
			next = ir_operand(f, in, 0);
		}
	} else if (ir_is_call(in)) {
		next = same_object(s, f, in);
	} else if (in->op == IR_PHI) {
		next = merged(f, in);
	}
	*v = next ? next : *v;
	return next != 0;
}

/* The same steps from the same values, whatever was written in between. */
static bool same_steps(const struct ir_func *f, ir_val a, ir_val b, unsigned depth)
{
	a = ir_strip_casts(f, a);
	b = ir_strip_casts(f, b);
	const struct ir_instruction *x = ir_def(f, a), *y = ir_def(f, b);
	if (a == b || depth > 6 || !x || !y || x->op != y->op || (x->op != IR_ADDR && x->op != IR_LOAD) ||
	    x->imm != y->imm || x->noperands != y->noperands)
		return a == b;
	for (uint32_t k = 0; k < x->noperands; k++)
		if (!same_steps(f, ir_operand(f, x, k), ir_operand(f, y, k), depth + 1))
			return false;
	return true;
}

/* `all[i]` in two places is one element: the first of its like stands for all. */
static ir_val first_alike(const struct ir_func *f, ir_val v)
{
	const struct ir_instruction *in = ir_def(f, v);
	if (!in || in->op != IR_ADDR || !(in->flags & IR_F_VARIABLE))
		return v;
	for (const struct ir_instruction *o = f->instrs + 1; o < in; o++)
		if (o->op == IR_ADDR && o->flags & IR_F_VARIABLE && same_steps(f, o->result, v, 0))
			return o->result;
	return v;
}

static void end_way(struct way *w, const struct ir_func *f, ir_val root)
{
	root = first_alike(f, root);
	const struct ir_value *v = &f->vals[root];
	w->a.root = v->kind == IR_VAL_PARAM    ? ACCESS_PARAM
	            : v->kind == IR_VAL_GLOBAL ? ACCESS_GLOBAL
	                                       : ACCESS_VALUE;
	w->a.id = w->a.root == ACCESS_VALUE ? root : v->aux;
	if (w->a.root == ACCESS_GLOBAL)
		w->offsets[w->n] += v->imm;
	w->a.depth = (uint8_t)w->n;
	if (w->n > MAX_ACCESS_DEPTH || !root)
		w->a.root = ACCESS_NOWHERE;
	for (uint32_t k = 0; k <= w->n && w->n <= MAX_ACCESS_DEPTH; k++)
		w->a.offset[k] = w->offsets[w->n - k];
}

struct access access_of(const struct solution *s, uint32_t func, ir_val at)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct way w = {0};
	ir_val v = ir_strip_casts(f, at);
	for (unsigned n = 0; n < MAX_STEPS && step_back(s, func, &w, &v); n++)
		v = ir_strip_casts(f, v);
	end_way(&w, f, v);
	w.a.bare = w.a.record && s->program->unit->records[w.a.record].nfields == 1;
	return w.a;
}

/* ---- through calls ---- */

/* The pointer at `a` + offset is followed. */
static struct access follow(struct access a, int64_t offset)
{
	if (a.root && a.depth < MAX_ACCESS_DEPTH) {
		a.offset[a.depth] += offset;
		a.offset[++a.depth] = 0;
	} else {
		a.root = ACCESS_NOWHERE;
	}
	a.holder = a.record;
	a.held_in = a.field + offset;
	a.record = 0;
	a.field = 0;
	a.bare = false;
	return a;
}

struct access access_of_path(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                             const struct api_path *path)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct program *p = s->program;
	ir_val v = path->base == API_PATH_RETURN ? ir_returned(f, in)
	           : path->base == API_PATH_ARG  ? ir_arg(f, in, path->arg)
	                                         : 0;
	int64_t offset = 0;
	if (!v)
		return (struct access){0};
	if (!path->deref)
		return access_of(s, func, v);
	const struct ir_func *to = &p->unit->funcs[ir_callee(f, in)];
	const struct ir_record *r = path->field && path->arg < to->nparams
	                                    ? &p->unit->records[to->params[path->arg].pointee]
	                                    : NULL;
	for (uint32_t k = 0; r && k < r->nfields; k++)
		if (strcmp(r->fields[k].name, path->field) == 0)
			offset = r->fields[k].offset;
	ir_val stored = only_store(s, func, v, offset);
	return stored ? access_of(s, func, stored) : follow(access_of(s, func, v), offset);
}

struct access access_through(const struct solution *s, uint32_t func, ir_val arg, const struct access *a)
{
	struct access out = access_of(s, func, arg);
	uint8_t k = 0;
	while (k < a->depth) {
		ir_val stored = only_store(s, func, arg, a->offset[k]);
		if (!stored)
			break;
		out = access_of(s, func, arg = stored);
		k++;
	}
	for (; k < a->depth; k++)
		out = follow(out, a->offset[k]);
	if (out.root)
		out.offset[out.depth] += a->offset[a->depth];
	if (out.record && (!a->depth || !a->record))
		out.field += a->offset[a->depth];
	if (!out.record) {
		out.record = a->record;
		out.field = a->field;
		out.bare = a->bare;
	}
	if (a->depth) {
		out.holder = a->holder;
		out.held_in = a->held_in;
	}
	return out;
}

/* ---- comparing ---- */

bool access_known(const struct access *a)
{
	return a->root || a->record;
}

bool access_same_root(const struct access *a, const struct access *b)
{
	return a->root && a->root == b->root && a->id == b->id;
}

static bool same_way(const struct access *a, const struct access *b)
{
	bool same = a->depth == b->depth;
	for (unsigned k = 0; same && k <= a->depth; k++)
		same = a->offset[k] == b->offset[k];
	return same;
}

enum access_match access_match(const struct access *a, const struct access *b, bool one_frame)
{
	bool global = a->root == ACCESS_GLOBAL && b->root == ACCESS_GLOBAL;
	if ((one_frame || global) &&
	    access_same_root(a, b)) /* one may lead back to the other by a longer way */
		if (same_way(a, b) || a->depth == b->depth)
			return same_way(a, b) ? ACCESS_SAME : ACCESS_OTHER;
	if (global && !a->depth && !b->depth)
		return ACCESS_OTHER;
	/* `w->io` and `w->state`, of one type; what has several owners is kept in fields of several types. */
	if (a->holder && b->holder &&
	    (a->holder == b->holder ? a->held_in != b->held_in : a->bare && b->bare))
		return ACCESS_OTHER;
	return a->record && a->record == b->record && a->field == b->field ? ACCESS_SAME_FIELD : ACCESS_OTHER;
}

/* ---- in summaries ---- */

bool access_to_place(const struct access *a, struct effect_place *p)
{
	*p = (struct effect_place){.param = -2};
	if (a->root == ACCESS_GLOBAL && !a->depth) {
		p->global = a->id;
		p->offset[0] = a->offset[0];
		return true;
	}
	if (a->root != ACCESS_PARAM || a->depth + 1u > sizeof p->offset / sizeof *p->offset)
		return false;
	p->param = (int)a->id;
	p->depth = (uint8_t)(a->depth + 1);
	for (unsigned k = 0; k <= a->depth; k++)
		p->offset[k] = a->offset[k];
	return true;
}

struct access access_from_place(const struct effect_place *p)
{
	struct access a = {.root = p->global ? ACCESS_GLOBAL : ACCESS_PARAM,
	                   .id = p->global ? p->global : (uint32_t)p->param,
	                   .depth = p->global || !p->depth ? 0 : (uint8_t)(p->depth - 1)};
	for (unsigned k = 0; k <= a.depth; k++)
		a.offset[k] = p->offset[k];
	return a;
}

void access_name_field(const struct ir_unit *u, uint32_t record, struct access *a)
{
	if (a->record || a->root != ACCESS_PARAM)
		return;
	for (unsigned k = 0; k < a->depth; k++) {
		a->holder = record;
		a->held_in = a->offset[k];
		record = record_pointed_to(u, record, a->offset[k]);
	}
	a->record = record;
	a->bare = record && u->records[record].nfields == 1;
	a->field = record ? a->offset[a->depth] : 0;
}

struct access access_imported(const struct solution *s, uint32_t func, const struct effect_place *p)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access a = access_from_place(p);
	if (p->param >= 0 && (uint32_t)p->param < f->nparams)
		access_name_field(s->program->unit, f->params[p->param].pointee, &a);
	return a;
}
