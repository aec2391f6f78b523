/*
 * raced.c - callbacks that end the same wait: whoever runs a loop until one of them leaves it knows nothing
 * of the others, unless it asks, or withdraws them.
 */
#include "scan.h"
#include "task.h"

#include <string.h>

#define MAX_CALLS 2 /* from a callback to the call that leaves the loop */

static bool same_address(const struct ir_func *f, ir_val a, ir_val b)
{
	const struct ir_instruction *x = ir_def(f, a = ir_strip_casts(f, a)),
	                            *y = ir_def(f, b = ir_strip_casts(f, b));
	return a == b || (x && y && x->op == IR_ADDR && y->op == IR_ADDR && x->record &&
	                  x->record == y->record && x->imm == y->imm);
}

bool scan_counts(const struct ir_func *f, const struct ir_instruction *st)
{
	const struct ir_instruction *sum =
	        st->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, st, 0))) : NULL;
	for (uint32_t k = 0; sum && sum->op == IR_BINOP && k < sum->noperands; k++) {
		const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, ir_operand(f, sum, k)));
		if (load && load->op == IR_LOAD &&
		    same_address(f, ir_operand(f, load, 0), ir_operand(f, st, 1)))
			return true;
	}
	return false;
}

/* `data->left--`: several callbacks count, and one of them is the last. */
static bool counts(const struct ir_func *f)
{
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (scan_counts(f, &f->instrs[i]))
			return true;
	return false;
}

static bool wakes(const struct sim *m, uint32_t func, unsigned depth)
{
	const struct ir_func *f = &m->u->funcs[func];
	const struct cfg *cfg = m->p->cfgs[func];
	for (ir_instr i = 1; cfg && i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		bool always = callee && cfg_postdominates(cfg, f->instrs[i].block, cfg->rpo[0]);
		if (!callee || (!always && counts(f)))
			continue;
		if (api_role_of(m->p->described[callee], API_ROLE_WAKE) ||
		    (callee && depth < MAX_CALLS && wakes(m, callee, depth + 1)))
			return true;
	}
	return false;
}

static bool leaves_loop(const struct sim *m, const struct obj *o)
{
	return o->kind == OBJ_OP && o->status == OBJ_OWNED && o->entry && o->started_by &&
	       o->started_by->runs == API_RUNS_LOOP && wakes(m, o->entry, 0);
}

static bool covers_timer(const struct api_func *d)
{
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_DEADLINE, r));)
		if (strcmp(r->covers, "timer") == 0)
			return true;
	return false;
}

static bool cancels(const struct sim *m, const struct ir_func *f)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		uint32_t callee = ir_is_call(&f->instrs[i]) ? ir_callee(f, &f->instrs[i]) : 0;
		if (callee && api_role_of(m->p->described[callee], API_ROLE_CANCEL))
			return true;
	}
	return false;
}

static bool returns_only_nonzero(const struct ir_func *f)
{
	bool any = false;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		int64_t n = 0;
		if (f->instrs[i].op != IR_RET)
			continue;
		any = f->instrs[i].noperands && scan_int(f, ir_operand(f, &f->instrs[i], 0), &n) && n != 0;
		if (!any)
			return false;
	}
	return any;
}

/* A timer that only watches over what is waited for: it fires again and again, or cancels that when it takes
 * too long. Whoever ends the wait leaves it behind. */
static bool guards(const struct sim *m, const struct obj *o)
{
	const struct ir_instruction *in = &m->f->instrs[o->site];
	const struct api_func *d = ir_is_call(in) ? m->p->described[ir_callee(m->f, in)] : NULL;
	return o->kind == OBJ_OP && o->status == OBJ_OWNED && o->entry && m->p->cfgs[o->entry] &&
	       o->started_by && o->started_by->runs == API_RUNS_LOOP && covers_timer(d) &&
	       (cancels(m, &m->u->funcs[o->entry]) ||
	        (o->started_by->ends == API_ZERO && returns_only_nonzero(&m->u->funcs[o->entry])));
}

void task_loop_left(struct sim *m, struct state *s, ir_instr i)
{
	const struct obj *first = NULL;
	bool several = false;
	for (uint32_t k = 0; k < s->objs.len; k++) {
		const struct obj *o = &s->objs.data[k];
		if (!leaves_loop(m, o))
			continue;
		several |= first && first->entry != o->entry;
		first = first ? first : o;
	}
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind != OBJ_OP || o->status != OBJ_OWNED)
			continue;
		if ((several && leaves_loop(m, o)) || (first && first->entry != o->entry && guards(m, o))) {
			o->refs = OP_RACED;
			continue;
		}
		o->status = OBJ_RELEASED;
		o->changed = i;
	}
}

/* A value that lies in the memory of an operation, or is the one it was given. */
static bool belongs(const struct sim *m, const struct obj *o, struct sval given, struct sval v)
{
	return sv_eq(given, v) ||
	       (o->saved.kind == SV_SYM && v.kind == SV_SYM && sv_mentions(&m->t, v, o->saved.id));
}

static void withdraw(struct obj *o, ir_instr i)
{
	o->status = OBJ_RELEASED;
	o->changed = i;
}

/* Is it what ends such operations: an id, or the handle by the call that their family names? */
static bool fits(const struct sim *m, const struct obj *o, struct sval v, const struct api_func *d)
{
	const struct api_family *f = o->family && *o->family ? apimodel_family(m->p->api, o->family) : NULL;
	bool id = v.kind == SV_SYM && !m->t.items.data[v.id].pointer;
	return o->started_by->handle.base && (id || !d || (f && strcmp(f->release, d->name) == 0));
}

void task_withdrawn(struct sim *m, struct state *s, struct sval v, const struct api_func *d,
                    enum api_role_kind role, ir_instr i)
{
	for (uint32_t k = 0; k < s->objs.len; k++) {
		struct obj *o = &s->objs.data[k];
		if (o->kind != OBJ_OP || o->status != OBJ_OWNED || o->refs != OP_RACED)
			continue;
		bool token = role == API_ROLE_CANCEL && o->token.kind && o->token.kind != SV_CONST;
		if ((token && belongs(m, o, o->token, v)) ||
		    (role != API_ROLE_DESTROY && belongs(m, o, o->key, v) && fits(m, o, v, d)))
			withdraw(o, i);
	}
}
