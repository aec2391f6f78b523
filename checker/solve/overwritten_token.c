/*
 * overwritten_token.c - the token of somebody else's request that is replaced by one which is nobody's child,
 * before the request goes on: `req->c = ctx_background(); next(req);`.
 */
#include "after_stop.h"
#include "propagate.h"
#include "scan.h"
#include "words.h"

#include <string.h>

/* ---- the store ---- */

/* The field of a parameter's object that the address is; NULL: it is none, or no token. */
static const struct ir_field *token_field(const struct solution *s, const struct ir_func *f, ir_val at,
                                          struct overwritten_token *out)
{
	const struct ir_instruction *in = ir_def(f, ir_strip_casts(f, at));
	if (!in || in->op != IR_ADDR || !in->record || (in->flags & IR_F_VARIABLE))
		return NULL;
	ir_val base = ir_strip_casts(f, ir_operand(f, in, 0));
	const struct ir_field *field = ir_field_at(s->program->unit, in->record, (uint32_t)in->imm);
	if (f->vals[base].kind != IR_VAL_PARAM || !field || !program_is_token(s->program, field->ctype))
		return NULL;
	out->param = f->vals[base].aux;
	out->record = in->record;
	out->offset = in->imm;
	return field;
}

static bool same_field(const struct solution *s, const struct ir_func *f, ir_val at,
                       const struct overwritten_token *o)
{
	struct overwritten_token other;
	return token_field(s, f, at, &other) && other.param == o->param && other.record == o->record &&
	       other.offset == o->offset;
}

static bool is_compared(const struct solution *s, uint32_t func, ir_val v)
{
	const struct use_index *x = scan_uses(s, func);
	for (uint32_t k = x->first[v]; k < x->first[v + 1]; k++)
		if (s->program->unit->funcs[func].instrs[x->uses[k].by].op == IR_ICMP)
			return true;
	return false;
}

/* There may be none yet: `if (!req->c)`. */
static bool asks_for_none(const struct solution *s, uint32_t func, const struct overwritten_token *o)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (f->instrs[i].op == IR_LOAD && same_field(s, f, ir_operand(f, &f->instrs[i], 0), o) &&
		    is_compared(s, func, f->instrs[i].result))
			return true;
	return false;
}

/* ---- an object that begins here ---- */

static bool begins_objects(const char *name)
{
	static const char *const words[] = {"init",  "initialize", "new",   "create",   "make",
	                                    "setup", "reset",      "clear", "default",  "open",
	                                    "start", "prepare",    "alloc", "construct"};
	char word[MAX_WORD];
	for (const char *at = name; word_next(&at, word);)
		if (word_among(word, words, sizeof words / sizeof *words))
			return true;
	return false;
}

/* How many parts of the object the function fills in. */
static uint32_t parts_filled(const struct ir_func *f, uint32_t param)
{
	uint32_t n = 0;
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		bool writes = in->op == IR_STORE || in->op == IR_FILL || in->op == IR_COPY;
		ir_val at = writes ? ir_operand(f, in, in->op == IR_STORE) : 0;
		for (const struct ir_instruction *a;
		     at && (a = ir_def(f, at = ir_strip_casts(f, at))) && a->op == IR_ADDR;)
			at = ir_operand(f, a, 0);
		n += at && f->vals[at].kind == IR_VAL_PARAM && f->vals[at].aux == param;
	}
	return n;
}

/* ---- and goes on ---- */

static bool comes_behind(const struct cfg *cfg, ir_instr store, ir_instr i)
{
	ir_block a = cfg->func->instrs[store].block, b = cfg->func->instrs[i].block;
	return (a == b && i > store) || cfg_can_reach(cfg, a, b);
}

static bool gets_object(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in,
                        const struct overwritten_token *o)
{
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		ir_val v = ir_strip_casts(f, ir_arg(f, in, k));
		const struct ir_instruction *load = ir_def(f, v);
		if ((f->vals[v].kind == IR_VAL_PARAM && f->vals[v].aux == o->param) ||
		    (load && load->op == IR_LOAD && same_field(s, f, ir_operand(f, load, 0), o)))
			return true;
	}
	return false;
}

/* The token or its object is given to a call behind the store. */
static ir_instr goes_on(const struct solution *s, uint32_t func, ir_instr store,
                        const struct overwritten_token *o)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (ir_is_call(&f->instrs[i]) && comes_behind(s->program->cfgs[func], store, i) &&
		    gets_object(s, f, &f->instrs[i], o))
			return i;
	return 0;
}

static bool overwrites(const struct solution *s, uint32_t func, ir_instr i, struct overwritten_token *out)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = &f->instrs[i];
	if (in->op != IR_STORE || !scan_is_root(s, f, ir_operand(f, in, 0)))
		return false;
	*out = (struct overwritten_token){.func = func, .store = i};
	const struct ir_field *field = token_field(s, f, ir_operand(f, in, 1), out);
	if (!field || asks_for_none(s, func, out) || parts_filled(f, out->param) > 1)
		return false;
	out->field = field->name;
	out->root = (ir_instr)(ir_def(f, ir_strip_casts(f, ir_operand(f, in, 0))) - f->instrs);
	out->used = goes_on(s, func, i, out);
	return out->used && !after_stop(s, func, i);
}

bool solve_next_overwritten_token(const struct solution *s, struct overwritten_token *o)
{
	const struct program *p = s->program;
	uint32_t func = o->func;
	for (ir_instr i = o->store; func < p->unit->nfuncs; func++, i = 0) {
		const struct ir_func *f = &p->unit->funcs[func];
		bool may = p->cfgs[func] && program_calls(p, func, API_ROLE_BACKGROUND) &&
		           !begins_objects(f->display) && !scan_is_constructor(f) &&
		           !propagate_is_cleanup(s, func);
		while (may && ++i < f->ninstrs)
			if (overwrites(s, func, i, o))
				return true;
	}
	return false;
}
