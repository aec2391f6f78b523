/*
 * stop_case.c - what the case of a stop event does before its `break`: it may set the condition that the loop
 * asks, or the stop may be that of something else than the loop.
 */
#include "stop_case.h"
#include "access.h"
#include "who.h"
#include "words.h"

#include <string.h>

#define MAX_TERMS 6 /* depth of a condition */

/* ---- what an instruction writes ---- */

static ir_val written(const struct ir_func *f, const struct ir_instruction *in)
{
	switch (in->op) {
	case IR_STORE:
		return ir_operand(f, in, 1);
	case IR_ATOMIC:
	case IR_CMPXCHG:
	case IR_COPY:
	case IR_FILL:
		return ir_operand(f, in, 0);
	default:
		return 0;
	}
}

/* Two names of one place, or of a place in objects of which nobody knows whether they are one. */
static bool may_be_same(const struct access *a, const struct access *b)
{
	enum access_match m = access_match(a, b, true);
	bool told_apart = a->root && b->root && a->root != ACCESS_VALUE && b->root != ACCESS_VALUE;
	return m == ACCESS_SAME || (m == ACCESS_SAME_FIELD && !told_apart);
}

static bool summary_writes(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                           const struct summary *sum, const struct access *flag)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (uint32_t i = 0; i < sum->neffects; i++) {
		const struct effect *e = &sum->effects[i];
		if (e->kind != EFFECT_WRITE && e->kind != EFFECT_STORE)
			continue;
		struct access a = access_from_place(&e->place);
		if (!e->place.global && e->place.param >= 0)
			a = access_through(s, func, ir_arg(f, in, (uint32_t)e->place.param), &a);
		else if (!e->place.global)
			continue;
		if (may_be_same(&a, flag))
			return true;
	}
	for (uint32_t k = 0; k < ir_nargs(in) && k < 64; k++) {
		struct access a = access_of(s, func, ir_arg(f, in, k));
		if (sum->scatters >> k & 1 && access_same_root(&a, flag))
			return true;
	}
	return false;
}

/* The same of code that nothing described happens in, and that was therefore not simulated. */
static bool body_writes(const struct solution *s, uint32_t callee, const struct access *flag)
{
	struct reach r = who_reaches(s, callee);
	for (uint32_t k = 0; k < r.n; k++) {
		uint32_t func = r.all[k].func;
		const struct ir_func *g = &s->program->unit->funcs[func];
		for (ir_instr i = 1; i < g->ninstrs; i++) {
			ir_val to = written(g, &g->instrs[i]);
			struct access a = to ? access_of(s, func, to) : (struct access){0};
			if (to && access_match(&a, flag, false))
				return true;
		}
	}
	return false;
}

/* ---- what a call may do ---- */

static bool unknown_code(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	uint32_t callee = ir_callee(f, in);
	return !callee || (!s->program->described[callee] && !solve_has_body(s, callee));
}

/* It gets the object that the place lies in, or everybody knows that. */
static bool gets_object(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                        const struct access *place)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	if (place->root == ACCESS_GLOBAL && !s->program->unit->globals[place->id].is_static)
		return true;
	for (uint32_t k = 0; k < ir_nargs(in); k++) {
		struct access a = access_of(s, func, ir_arg(f, in, k));
		if (access_same_root(&a, place))
			return true;
	}
	return false;
}

static bool cancels(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	if (api_role_of(scan_model(s, f, in), API_ROLE_CANCEL))
		return true;
	uint32_t callee = ir_callee(f, in);
	if (!callee || !s->program->cfgs[callee])
		return false;
	struct reach r = who_reaches(s, callee);
	return who_reach_has(s, &r, API_ROLE_CANCEL);
}

/* ---- the condition of the loop ---- */

static bool sets_flag(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                      const struct access *flag)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	uint32_t callee = ir_is_call(in) ? ir_callee(f, in) : 0;
	ir_val to = written(f, in);
	if (to) {
		struct access a = access_of(s, func, to);
		return may_be_same(&a, flag);
	}
	if (!ir_is_call(in))
		return false;
	if (callee && solve_has_body(s, callee) && s->funcs[callee].summary.known)
		return summary_writes(s, func, in, &s->funcs[callee].summary, flag);
	if (callee && s->program->cfgs[callee])
		return body_writes(s, callee, flag);
	return unknown_code(s, f, in) && gets_object(s, func, in, flag);
}

static bool ends_token(const struct solution *s, uint32_t func, const struct ir_instruction *in,
                       const struct access *token)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	return ir_is_call(in) &&
	       (cancels(s, f, in) || (unknown_code(s, f, in) && gets_object(s, func, in, token)));
}

/* The first term that is asked; `*is_token` says what it is. */
static bool asked_place(const struct solution *s, uint32_t func, ir_val term, struct access *place,
                        bool *is_token)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	const struct ir_instruction *in = ir_def(f, term);
	if (in->op == IR_LOAD) {
		*place = access_of(s, func, ir_operand(f, in, 0));
		*is_token = false;
		return in->flags & (IR_F_VOLATILE | IR_F_ATOMIC);
	}
	const struct api_role *r = ir_is_call(in) ? api_role_of(scan_model(s, f, in), API_ROLE_POLL) : NULL;
	if (r) {
		*place = access_of_path(s, func, in, &r->token);
		*is_token = true;
	}
	return r;
}

static bool answers_term(const struct solution *s, uint32_t func, const bool *blocks, ir_val cond,
                         unsigned depth)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val term = ir_strip_casts(f, cond);
	const struct ir_instruction *in = ir_def(f, term);
	struct access place;
	bool is_token;
	if (!in || depth > MAX_TERMS)
		return false;
	if (asked_place(s, func, term, &place, &is_token)) {
		for (ir_instr i = 1; i < f->ninstrs; i++)
			if (blocks[f->instrs[i].block] &&
			    (is_token ? ends_token(s, func, &f->instrs[i], &place)
			              : sets_flag(s, func, &f->instrs[i], &place)))
				return true;
		return false;
	}
	for (uint32_t k = 0; !ir_is_call(in) && k < in->noperands; k++)
		if (answers_term(s, func, blocks, ir_operand(f, in, k), depth + 1))
			return true;
	return false;
}

bool stop_case_answers(const struct solution *s, uint32_t func, const bool *blocks, ir_val cond)
{
	return answers_term(s, func, blocks, cond, 0);
}

/* ---- the stop of something else ---- */

/* Memory that was there before the loop began, and that others can see. */
static bool is_older(const struct solution *s, uint32_t func, ir_val at, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	struct access a = access_of(s, func, at);
	if (a.root != ACCESS_VALUE)
		return a.root == ACCESS_PARAM || a.root == ACCESS_GLOBAL;
	const struct ir_instruction *in = ir_def(f, a.id);
	return in && in->op != IR_ALLOCA && !cfg_in_loop(s->program->cfgs[func], loop, in->block);
}

/* `stderr`, `std::cout`: what is told to them is no stop of anything. */
static bool is_of_system(const struct solution *s, uint32_t func, ir_val at)
{
	const struct ir_unit *u = s->program->unit;
	struct access a = access_of(s, func, at);
	return a.root == ACCESS_GLOBAL && u->files[u->locs[u->globals[a.id].loc].file].system;
}

/* The callee gets it to read it. */
static bool only_read(const struct ir_unit *u, uint32_t callee, uint32_t arg)
{
	const struct ir_func *g = &u->funcs[callee];
	const char *type = arg < g->nparams ? g->params[arg].ctype : "";
	const char *star = strpbrk(type, "*&");
	return strncmp(type, "const ", 6) == 0 && star && !star[1];
}

static bool acts_on(const struct solution *s, uint32_t func, const struct ir_instruction *in, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val to = written(f, in);
	if (to || !ir_is_call(in))
		return to && is_older(s, func, to, loop);
	uint32_t callee = ir_callee(f, in);
	bool own = callee && !s->program->described[callee];
	for (uint32_t k = 0; own && k < ir_nargs(in); k++) {
		ir_val arg = ir_strip_casts(f, ir_arg(f, in, k));
		if (f->vals[arg].type == IR_TYPE_PTR && f->vals[arg].kind != IR_VAL_STRING &&
		    is_older(s, func, arg, loop) && !is_of_system(s, func, arg) &&
		    !only_read(s->program->unit, callee, k))
			return true;
	}
	return false;
}

bool stop_case_acts_on(const struct solution *s, uint32_t func, const bool *blocks, uint32_t loop)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++)
		if (blocks[f->instrs[i].block] && acts_on(s, func, &f->instrs[i], loop))
			return true;
	return false;
}

bool stop_case_is_end_of(const char *label, const char *other)
{
	static const char *const begins[] = {"start", "play", "run",    "resume", "begin",
	                                     "open",  "go",   "record", "launch", "enable"};
	/* Who quits or exits is the one who is told so. */
	static const char *const ends[] = {"stop", "halt", "abort", "cancel", "cancelled", "canceled"};
	char a[MAX_WORD], b[MAX_WORD], next_a[MAX_WORD], next_b[MAX_WORD];
	bool more_a = word_next(&label, a), more_b = word_next(&other, b);
	while (more_a && more_b) {
		more_a = word_next(&label, next_a);
		more_b = word_next(&other, next_b);
		if (!more_a && !more_b)
			return word_among(a, ends, sizeof ends / sizeof *ends) &&
			       word_among(b, begins, sizeof begins / sizeof *begins);
		if (strcmp(a, b) != 0)
			return false;
		strcpy(a, next_a);
		strcpy(b, next_b);
	}
	return false;
}
