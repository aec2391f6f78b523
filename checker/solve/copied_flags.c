/*
 * copied_flags.c - loops that end by a flag which was read before they began, or that a lambda has a copy of.
 */
#include "copied.h"
#include "flag.h"
#include "place.h"
#include "scan.h"
#include "who.h"

#include <string.h>

/* What an exit of the loop depends on alone; 0: not a single instruction. */
static ir_instr deciding(const struct ir_func *f, const struct cfg_exit *e)
{
	const struct ir_instruction *t = ir_terminator(f, e->from);
	ir_val v = t->op == IR_CONDBR ? ir_operand(f, t, 0) : 0;
	int64_t c;
	for (unsigned n = 0; v && n < 8; n++) {
		const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, v));
		bool compares = in && (in->op == IR_ICMP || in->op == IR_BINOP);
		if (in && !compares)
			return (ir_instr)(in - f->instrs);
		v = compares && scan_int(f, ir_operand(f, in, 1), &c) ? ir_operand(f, in, 0) : 0;
	}
	return 0;
}

/* It is a load, made before the loop; `inside`: in it. */
static ir_instr deciding_load(const struct ir_func *f, const struct cfg *cfg, uint32_t loop,
                              const struct cfg_exit *e, bool inside)
{
	ir_instr i = deciding(f, e);
	const struct ir_instruction *in = &f->instrs[i];
	bool loads = i && (in->op == IR_LOAD || in->op == IR_ATOMIC) && in->imm <= 4;
	return loads && cfg_in_loop(cfg, loop, in->block) == inside ? i : 0;
}

/* It is what a call before the loop returned. */
static ir_instr deciding_call(const struct ir_func *f, const struct cfg *cfg, uint32_t loop,
                              const struct cfg_exit *e)
{
	ir_instr i = deciding(f, e);
	return i && ir_is_call(&f->instrs[i]) && !cfg_in_loop(cfg, loop, f->instrs[i].block) ? i : 0;
}

/* The flag: its name, and whether it is made to be written by others. */
static const char *flag_called(const struct solution *s, const struct ir_func *f, ir_val at,
                               bool *made_for_it)
{
	const struct ir_unit *u = s->program->unit;
	at = ir_strip_casts(f, at);
	const struct ir_instruction *in = ir_def(f, at);
	if (f->vals[at].kind == IR_VAL_GLOBAL) {
		const struct ir_global *g = &u->globals[f->vals[at].aux];
		*made_for_it = g->atomic || g->is_volatile;
		return g->display;
	}
	if (f->vals[at].kind == IR_VAL_PARAM) { /* the flag's address was given */
		const struct ir_param *p = &f->params[f->vals[at].aux];
		*made_for_it = strstr(p->ctype, "atomic") || strstr(p->ctype, "Atomic") ||
		               strstr(p->ctype, "volatile");
		return p->name;
	}
	const struct ir_field *field =
	        in && in->op == IR_ADDR && in->record ? ir_field_at(u, in->record, (uint32_t)in->imm) : NULL;
	*made_for_it = field && (field->atomic || field->is_volatile);
	return field ? field->name : "";
}

/* Another function puts a constant there. */
static bool find_writer(const struct solution *s, uint32_t func, struct handle_place at,
                        struct copied_state *k)
{
	const struct program *p = s->program;
	int64_t c;
	for (uint32_t g = 1; at.kind != PLACE_NONE && g < p->unit->nfuncs; g++) {
		const struct ir_func *f = &p->unit->funcs[g];
		for (ir_instr i = 1; g != func && p->cfgs[g] && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			ir_val to = in->op == IR_STORE    ? ir_operand(f, in, 1)
			            : in->op == IR_ATOMIC ? ir_operand(f, in, 0)
			                                  : 0;
			if (to && same_place(place_of(s, g, to), at) &&
			    (in->op == IR_ATOMIC || scan_int(f, ir_operand(f, in, 0), &c))) {
				k->writer = g;
				k->written = i;
				return true;
			}
		}
	}
	return false;
}

bool copied_each_turn(const struct cfg *cfg, const struct cfg_loop *l, ir_block b)
{
	for (uint32_t k = 0; k < l->nlatches; k++)
		if (!cfg_dominates(cfg, b, l->latches[k]))
			return false;
	return true;
}

bool copied_from_flag(const struct solution *s, uint32_t func, ir_val at, struct copied_state *k)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	bool made_for_it;
	k->field = flag_called(s, f, at, &made_for_it);
	bool written = find_writer(s, func, place_of(s, func, at), k);
	return *k->field && (made_for_it || (written && flag_goes_on(k->field)));
}

/* The load whose value a function returns, and nothing else; 0: there is none. */
static ir_instr returned_load(const struct solution *s, uint32_t func)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_instr found = 0;
	int64_t c;
	for (ir_instr i = 1; s->program->cfgs[func] && i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (in->op != IR_RET)
			continue;
		in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
		if (in && in->op == IR_ICMP && scan_int(f, ir_operand(f, in, 1), &c))
			in = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
		if (found || !in || in->op != IR_LOAD)
			return 0;
		found = (ir_instr)(in - f->instrs);
	}
	return found;
}

/* What an exit is decided by was asked for with a call before the loop. */
static void judge_asked_once(const struct copies *c, uint32_t func, uint32_t loop, const struct cfg_exit *e)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	ir_instr call = deciding_call(f, c->s->program->cfgs[func], loop, e);
	uint32_t callee = call ? ir_callee(f, &f->instrs[call]) : 0;
	ir_instr load = callee && !c->s->program->described[callee] ? returned_load(c->s, callee) : 0;
	struct copied_state k = {.kind = COPIED_FLAG, .func = func, .at = call, .loop = loop};
	const struct ir_func *g = &c->s->program->unit->funcs[callee];
	if (load && copied_from_flag(c->s, callee, ir_operand(g, &g->instrs[load], 0), &k))
		c->each(c->ctx, &k);
}

/* True: the copy was told of. */
static bool judge_exit(const struct copies *c, uint32_t func, uint32_t loop, const struct cfg_exit *e)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	const struct cfg *cfg = c->s->program->cfgs[func];
	ir_instr i = deciding_load(f, cfg, loop, e, false);
	if (!copied_each_turn(cfg, &cfg->loops[loop], e->from))
		return false;
	if (!i) {
		judge_asked_once(c, func, loop, e);
		return false;
	}
	struct copied_state k = {.kind = COPIED_FLAG, .func = func, .at = i, .loop = loop};
	bool made_for_it;
	const char *name = flag_called(c->s, f, ir_operand(f, &f->instrs[i], 0), &made_for_it);
	bool written = find_writer(c->s, func, place_of(c->s, func, ir_operand(f, &f->instrs[i], 0)), &k);
	const char *local = f->vals[f->instrs[i].result].name;
	if (!*name || (!made_for_it && !(written && (flag_goes_on(name) || flag_goes_on(local)))))
		return false;
	k.field = name;
	c->each(c->ctx, &k);
	return true;
}

/* Of an exit by several conditions, `while (!stop && more)`: where the first ones are asked. */
static bool judge_parts(const struct copies *c, uint32_t func, uint32_t loop, const struct cfg_exit *e)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	const struct ir_instruction *t = ir_terminator(f, e->from);
	const struct ir_instruction *phi =
	        t->op == IR_CONDBR ? ir_def(f, ir_strip_casts(f, ir_operand(f, t, 0))) : NULL;
	int64_t answer;
	for (uint32_t k = 0; phi && phi->op == IR_PHI && phi->block == e->from && k < phi->noperands; k++) {
		ir_block from = f->phi_blocks[phi->first_operand + k];
		bool leaves = scan_int(f, ir_operand(f, phi, k), &answer) &&
		              ir_succ(f, t, answer ? 0 : 1) == e->to &&
		              cfg_in_loop(c->s->program->cfgs[func], loop, from);
		if (leaves && judge_exit(c, func, loop, &(struct cfg_exit){.from = from, .to = e->from}))
			return true;
	}
	return false;
}

static void judge_loop(const struct copies *c, uint32_t func, uint32_t loop)
{
	const struct cfg_loop *l = &c->s->program->cfgs[func]->loops[loop];
	for (uint32_t e = 0; e < l->nexits; e++)
		if (judge_exit(c, func, loop, &l->exits[e]) || judge_parts(c, func, loop, &l->exits[e]))
			return;
}

/* ---- lambdas ---- */

/* The closure's own field, which is no reference. */
static bool is_captured_value(const struct ir_func *f, const struct ir_instruction *load, int64_t *offset)
{
	const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, ir_operand(f, load, 0)));
	ir_val base = at && at->op == IR_ADDR ? ir_strip_casts(f, ir_operand(f, at, 0)) : 0;
	*offset = at ? at->imm : 0;
	return base && f->vals[base].kind == IR_VAL_PARAM && f->vals[base].aux == 0;
}

static bool lambda_writes(const struct ir_func *f, int64_t offset)
{
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct ir_instruction *at =
		        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1))) : NULL;
		if (at && at->op == IR_ADDR && at->imm == offset &&
		    f->vals[ir_strip_casts(f, ir_operand(f, at, 0))].kind == IR_VAL_PARAM)
			return true;
	}
	return false;
}

/* Where the closure is filled. False: with a parameter, which nobody else can write to. */
static bool find_capture(const struct solution *s, uint32_t lambda, int64_t offset, struct copied_state *k)
{
	struct registrations all = who_registered(s);
	for (uint32_t n = 0; n < all.n; n++) {
		const struct registration *r = &all.all[n];
		const struct ir_func *f = &s->program->unit->funcs[r->func];
		ir_val closure = r->entry == lambda && r->data_arg
		                         ? ir_strip_casts(f, ir_arg(f, &f->instrs[r->at], r->data_arg - 1))
		                         : 0;
		for (ir_instr i = 1; closure && i < f->ninstrs; i++) {
			const struct ir_instruction *in = &f->instrs[i];
			const struct ir_instruction *at =
			        in->op == IR_STORE ? ir_def(f, ir_strip_casts(f, ir_operand(f, in, 1)))
			                           : NULL;
			if (at && at->op == IR_ADDR && at->imm == offset &&
			    ir_strip_casts(f, ir_operand(f, at, 0)) == closure) {
				k->reader = k->func;
				k->read = k->at;
				k->func = r->func;
				k->at = i;
				ir_val v = ir_strip_casts(f, ir_operand(f, in, 0));
				return f->vals[v].kind != IR_VAL_PARAM;
			}
		}
	}
	return true;
}

static void judge_lambda_loop(const struct copies *c, uint32_t func, uint32_t loop)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	const struct cfg *cfg = c->s->program->cfgs[func];
	const struct cfg_loop *l = &cfg->loops[loop];
	int64_t offset;
	for (uint32_t e = 0; e < l->nexits; e++) {
		ir_instr i = deciding_load(f, cfg, loop, &l->exits[e], true);
		const struct ir_instruction *in = &f->instrs[i];
		if (!i || !is_captured_value(f, in, &offset) || lambda_writes(f, offset))
			continue;
		const struct ir_instruction *at = ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0)));
		const struct ir_field *field =
		        at->record ? ir_field_at(c->s->program->unit, at->record, (uint32_t)at->imm) : NULL;
		if (!field || field->pointee || field->size > 4)
			continue;
		struct copied_state k = {
		        .kind = COPIED_CAPTURE, .func = func, .at = i, .loop = loop, .field = field->name};
		if (find_capture(c->s, func, offset, &k))
			c->each(c->ctx, &k);
		return;
	}
}

void copied_flags(const struct copies *c, uint32_t func)
{
	const struct ir_func *f = &c->s->program->unit->funcs[func];
	const struct cfg *cfg = c->s->program->cfgs[func];
	copied_given(c, func);
	for (uint32_t loop = 1; loop < cfg->nloops; loop++) {
		if (scan_is_lambda(f))
			judge_lambda_loop(c, func, loop);
		if (!copied_loop_is_short(c->s, func, loop))
			judge_loop(c, func, loop);
	}
}
