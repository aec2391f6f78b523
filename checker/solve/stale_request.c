/*
 * stale_request.c - callbacks of requests that refer to their owner, and that the owner's end cancels: the
 * request lives on, and its callback runs for a cancelled operation when the owner is gone.
 */
#include "place.h"
#include "stale.h"

#include <string.h>

#define CANCELLED (-125) /* any failure: negative */
#define MAX_PARTS 32     /* of an address */

struct request {
	struct fields *x;
	uint32_t func;             /* starts it, */
	ir_instr at;               /* here */
	struct handle_place place; /* the owner's field that holds it */
	int64_t offset;            /* where in it the owner is */
	const struct ir_func *e;   /* the callback */
	ir_val status;
	bool *owner; /* per value of the callback */
	struct stale_use *out;
};

static bool is_request(const struct request *q, uint32_t func, ir_val v, ir_val of)
{
	const struct ir_func *f = &q->x->u->funcs[func];
	v = ir_strip_casts(f, v);
	return v == of || same_place(place_of_value(q->x->s, func, v), q->place);
}

/* `request->data = owner`, for the owner whose field holds the request. */
static bool refers_to_owner(struct request *q, ir_val request)
{
	const struct ir_func *f = &q->x->u->funcs[q->func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_STORE || f->vals[ir_operand(f, in, 0)].type != IR_TYPE_PTR)
			continue;
		ir_val what = ir_strip_casts(f, ir_operand(f, in, 0)),
		       to = ir_strip_casts(f, ir_operand(f, in, 1));
		const struct ir_instruction *part = ir_def(f, to);
		bool inside = part && part->op == IR_ADDR && !(part->flags & IR_F_VARIABLE);
		q->offset = inside ? part->imm : 0;
		bool owner = f->vals[what].kind == IR_VAL_PARAM &&
		             f->params[f->vals[what].aux].pointee == q->place.id;
		if (owner && is_request(q, q->func, inside ? ir_operand(f, part, 0) : to, request))
			return true;
	}
	return false;
}

/* What the call frees, or gives a reference back to; 0: nothing. */
static ir_val given_back(const struct request *q, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = scan_model(q->x->s, f, in);
	const struct api_role *r = api_role_of(d, API_ROLE_DESTROY);
	r = r ? r : api_role_of(d, API_ROLE_RELEASE);
	return r ? ir_strip_casts(f, scan_path(f, in, &r->handle)) : 0;
}

/* A function that gives the memory of such an owner back, and cancels the request. */
static bool ended_by(struct request *q)
{
	const struct program *p = q->x->p;
	for (uint32_t g = 1; g < q->x->u->nfuncs; g++) {
		const struct ir_func *f = &q->x->u->funcs[g];
		ir_instr cancels = 0, frees = 0;
		if (!p->cfgs[g] || !f->nparams || f->params[0].pointee != q->place.id)
			continue;
		for (ir_instr i = 1; i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct api_func *d = scan_model(q->x->s, f, in);
			const struct api_role *r = api_role_of(d, API_ROLE_CANCEL);
			ir_val v = r ? scan_path(f, in, &r->handle) : 0;
			if (v && is_request(q, g, v, 0))
				cancels = i;
			if (given_back(q, f, in) == f->params[0].val)
				frees = i;
		}
		if (!cancels || !frees)
			continue;
		q->out->end = g;
		q->out->cancels = (struct field_site){g, cancels};
		return true;
	}
	return false;
}

/* ---- the callback ---- */

static ir_val base_of(const struct ir_func *f, ir_val v)
{
	v = ir_strip_casts(f, v);
	const struct ir_instruction *in = ir_def(f, v);
	for (unsigned step = 0; in && in->op == IR_ADDR && step < MAX_PARTS;
	     step++) { /* dead code may go in circles */
		v = ir_strip_casts(f, ir_operand(f, in, 0));
		in = ir_def(f, v);
	}
	return v;
}

static bool reads_owner(const struct request *q, const struct ir_instruction *in)
{
	ir_val at = in->op == IR_LOAD ? ir_strip_casts(q->e, ir_operand(q->e, in, 0)) : 0;
	const struct ir_instruction *part = at ? ir_def(q->e, at) : NULL;
	bool inside = part && part->op == IR_ADDR && !(part->flags & IR_F_VARIABLE);
	return at && (inside ? part->imm : 0) == q->offset && base_of(q->e, at) == q->e->params[0].val &&
	       q->e->vals[in->result].type == IR_TYPE_PTR;
}

static bool is_owner(const struct request *q, ir_val v)
{
	return q->owner[base_of(q->e, v)];
}

/* Gives the owner's memory back itself, or a reference: it is there until then. False too where it is never
 * read. */
static bool find_owner(struct request *q)
{
	bool any = false;
	for (ir_instr i = 1; i < q->e->ninstrs; i++)
		if (reads_owner(q, &q->e->instrs[i]))
			any = q->owner[q->e->instrs[i].result] = true;
	for (ir_instr i = 1; any && i < q->e->ninstrs; i++) {
		if (q->owner[given_back(q, q->e, &q->e->instrs[i])])
			return false;
	}
	return any;
}

static bool uses_owner(const struct request *q, const struct ir_instruction *in)
{
	if (in->op == IR_LOAD)
		return is_owner(q, ir_operand(q->e, in, 0));
	if (in->op == IR_STORE)
		return is_owner(q, ir_operand(q->e, in, 1));
	for (uint32_t k = 0; ir_is_call(in) && !scan_is_marker(q->x->s, q->e, in) && k < ir_nargs(in); k++)
		if (is_owner(q, ir_arg(q->e, in, k)))
			return true;
	return false;
}

/* A function of the program's own is told of the outcome. */
static bool hands_status_on(const struct request *q, const struct ir_instruction *in)
{
	for (uint32_t k = 0; ir_is_call(in) && !scan_model(q->x->s, q->e, in) && k < ir_nargs(in); k++)
		if (ir_strip_casts(q->e, ir_arg(q->e, in, k)) == q->status)
			return true;
	return false;
}

static bool asks_status(const struct request *q, ir_val cond, int64_t *answer)
{
	const struct ir_instruction *in = ir_def(q->e, ir_strip_casts(q->e, cond));
	int64_t with;
	if (!in || in->op != IR_ICMP || ir_strip_casts(q->e, ir_operand(q->e, in, 0)) != q->status ||
	    !scan_int(q->e, ir_operand(q->e, in, 1), &with))
		return false;
	*answer = ir_compare((enum ir_pred)in->sub, CANCELLED, with);
	return true;
}

struct way {
	ir_block b;
	bool asked;
};

static bool walk(struct request *q)
{
	bool *seen = mem_alloc(2 * (size_t)q->e->nblocks);
	VEC(struct way) todo = {0};
	vec_push(&todo, (struct way){q->x->p->cfgs[q->out->entry]->rpo[0], false});
	for (uint32_t n = 0; n < todo.len; n++) {
		struct way w = todo.data[n];
		const struct ir_basic_block *b = &q->e->blocks[w.b];
		const struct ir_instruction *t = ir_terminator(q->e, w.b);
		ir_instr i = b->first;
		while (i < b->first + b->count && !uses_owner(q, &q->e->instrs[i]) &&
		       !hands_status_on(q, &q->e->instrs[i]))
			i++;
		if (i < b->first + b->count && uses_owner(q, &q->e->instrs[i]) && !q->out->use) {
			q->out->use = i;
			q->out->kind = w.asked ? STALE_AFTER : STALE_BEFORE;
		}
		int64_t yes = 0;
		bool asks = t->op == IR_CONDBR && asks_status(q, ir_operand(q->e, t, 0), &yes);
		for (uint32_t k = 0; i == b->first + b->count && k < t->nsuccs; k++) {
			struct way next = {ir_succ(q->e, t, k), w.asked || asks};
			if ((asks && (k == 0) != (yes != 0)) || seen[2 * next.b + next.asked])
				continue;
			seen[2 * next.b + next.asked] = true;
			vec_push(&todo, next);
		}
		q->out->asked |= asks;
	}
	mem_release(seen);
	vec_release(&todo);
	return q->out->use != 0;
}

bool stale_request(struct fields *x, uint32_t func, ir_instr i, struct stale_use *out)
{
	const struct ir_func *f = &x->u->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	const struct api_func *d = scan_model(x->s, f, in);
	const struct api_role *r = NULL;
	while (d && (r = api_role_next(d, API_ROLE_SPAWN, r)) && !(r->record && r->runs == API_RUNS_LOOP))
		;
	ir_val v = r ? ir_strip_casts(f, scan_path(f, in, &r->data)) : 0;
	const struct ir_value *entry = v ? &f->vals[ir_strip_casts(f, scan_path(f, in, &r->entry))] : NULL;
	if (!entry || entry->kind != IR_VAL_FUNC || !x->p->cfgs[entry->aux] ||
	    !x->u->funcs[entry->aux].nparams)
		return false;
	struct request q = {.x = x, .func = func, .at = i, .out = out, .e = &x->u->funcs[entry->aux]};
	q.place = place_of_value(x->s, func, v);
	for (uint32_t k = 1; k < q.e->nparams && !q.status; k++)
		if (q.e->vals[q.e->params[k].val].type == IR_TYPE_INT)
			q.status = q.e->params[k].val;
	*out = (struct stale_use){.start = {func, i}, .entry = entry->aux, .model = d};
	out->callee = x->u->funcs[ir_callee(f, in)].display;
	if (q.place.kind != PLACE_FIELD || !q.status || !refers_to_owner(&q, v) || !ended_by(&q))
		return false;
	out->record = q.place.id;
	q.owner = mem_alloc(q.e->nvals);
	bool found = find_owner(&q) && walk(&q);
	mem_release(q.owner);
	return found;
}
