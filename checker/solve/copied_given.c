/*
 * copied_given.c - flags and objects that code is given by value: what it is called or started with is a copy
 * of what others write.
 */
#include "copied.h"
#include "flag.h"
#include "place.h"
#include "scan.h"
#include "who.h"

/* ---- loops over a parameter ---- */

/* The parameter that an exit of the loop depends on alone; -1: none. */
static int deciding_param(const struct ir_func *f, const struct cfg_exit *e)
{
	const struct ir_instruction *t = ir_terminator(f, e->from);
	ir_val v = t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
	int64_t c;
	for (unsigned n = 0; v && n < 8; n++) {
		v = ir_strip_casts(f, v);
		if (f->vals[v].kind == IR_VAL_PARAM)
			return (int)f->vals[v].aux;
		const struct ir_instruction *in = ir_def(f, v);
		bool compares = in && (in->op == IR_ICMP || in->op == IR_BINOP);
		v = compares && scan_int(f, ir_operand(f, in, 1), &c) ? ir_operand(f, in, 0) : 0;
	}
	return -1;
}

static bool is_number(const struct ir_func *f, uint32_t param)
{
	const struct ir_value *v = &f->vals[f->params[param].val];
	return v->type == IR_TYPE_INT && v->bits <= 32;
}

/* Behind the call the function puts something else into its variable. */
static bool written_later(const struct solution *s, uint32_t func, ir_val local, ir_instr call,
                          struct copied_state *k)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct cfg *g = s->program->cfgs[func];
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t n = x->first[local]; n < x->first[local + 1]; n++) {
		ir_instr at = x->uses[n].by;
		const struct ir_instruction *in = &f->instrs[at];
		bool behind = in->block == f->instrs[call].block
		                      ? at > call
		                      : cfg_can_reach(g, f->instrs[call].block, in->block);
		if (behind && ((in->op == IR_STORE && x->uses[n].operand == 1) || in->op == IR_ATOMIC)) {
			k->writer = func;
			k->written = at;
			return true;
		}
	}
	return false;
}

/* The value was read where others write to. */
static void judge_loaded(const struct copies *c, struct copied_state *k, uint32_t caller, ir_val v)
{
	const struct ir_func *f = &c->s->program->unit->funcs[caller];
	const struct ir_instruction *load = ir_def(f, ir_strip_casts(f, v));
	if (!load || (load->op != IR_LOAD && load->op != IR_ATOMIC))
		return;
	k->func = caller;
	k->at = (ir_instr)(load - f->instrs);
	if (copied_from_flag(c->s, caller, ir_operand(f, load, 0), k))
		c->each(c->ctx, k);
}

/* What a thread is started with is copied, unless it is a pointer. */
static void judge_started(const struct copies *c, struct copied_state *k, const struct registration *r,
                          uint32_t param)
{
	const struct ir_func *f = &c->s->program->unit->funcs[r->func];
	const struct ir_instruction *in = &f->instrs[r->at];
	uint32_t arg = r->role->entry.arg + 1 + param;
	if (arg >= ir_nargs(in) || !scan_to_entry(r->model, r->role, arg))
		return;
	ir_val at = ir_strip_casts(f, ir_arg(f, in, arg));
	const struct ir_instruction *local = ir_def(f, at);
	k->func = r->func;
	k->at = r->at;
	if (local && local->op == IR_ALLOCA) {
		k->field = f->vals[at].name;
		if (*k->field && written_later(c->s, r->func, at, r->at, k))
			c->each(c->ctx, k);
	} else if (copied_from_flag(c->s, r->func, at, k)) {
		c->each(c->ctx, k);
	}
}

static void judge_param(const struct copies *c, uint32_t func, uint32_t loop, uint32_t param)
{
	const struct program *p = c->s->program;
	struct registrations all = who_registered(c->s);
	for (uint32_t n = p->in_edges_of[func]; n < p->in_edges_of[func + 1]; n++) {
		const struct call_edge *e = &p->edges[p->in_edges[n]];
		const struct ir_func *f = &p->unit->funcs[e->caller];
		struct copied_state k = {.kind = COPIED_FLAG, .reader = func, .loop = loop};
		if (e->kind == CALL_DIRECT)
			judge_loaded(c, &k, e->caller, ir_arg(f, &f->instrs[e->site], param));
	}
	for (uint32_t n = 0; n < all.n; n++) {
		struct copied_state k = {.kind = COPIED_FLAG, .reader = func, .loop = loop};
		if (all.all[n].entry == func && all.all[n].role->entry.base == API_PATH_ARG)
			judge_started(c, &k, &all.all[n], param);
	}
}

void copied_given(const struct copies *c, uint32_t func)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	const struct cfg *cfg = c->s->program->cfgs[func];
	for (uint32_t loop = 1; loop < cfg->nloops; loop++) {
		const struct cfg_loop *l = &cfg->loops[loop];
		for (uint32_t e = 0; e < l->nexits; e++) {
			int param = deciding_param(f, &l->exits[e]);
			if (param >= 0 && copied_each_turn(cfg, l, l->exits[e].from) &&
			    is_number(f, (uint32_t)param) && flag_goes_on(f->params[param].name)) {
				judge_param(c, func, loop, (uint32_t)param);
				break;
			}
		}
	}
}

/* ---- objects that threads are started with ---- */

void copied_into_thread(const struct copies *c, const struct registration *r)
{
	const struct ir_unit *u = c->s->program->unit;
	const struct ir_func *f = &u->funcs[r->func], *g = &u->funcs[r->entry];
	const struct ir_instruction *in = &f->instrs[r->at];
	for (uint32_t k = 0; k < g->nparams && r->role->entry.base == API_PATH_ARG; k++) {
		uint32_t arg = r->role->entry.arg + 1 + k;
		if (arg >= ir_nargs(in) || !scan_to_entry(r->model, r->role, arg))
			return;
		copied_argument(c, r->func, r->at, ir_arg(f, in, arg), r->entry, k);
	}
}
