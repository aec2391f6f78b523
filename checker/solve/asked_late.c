/*
 * asked_late.c - clean-up behind an operation that failed, with the operation's token: whether the failure
 * is that the token is done is asked behind it.
 */
#include "scan.h"
#include "sim.h"
#include "ways.h"

#include <string.h>

#define MAX_ASKED 8

struct places {
	ir_instr at[MAX_ASKED];
	uint32_t n;
};

static void add(struct places *p, ir_instr i)
{
	if (p->n < MAX_ASKED)
		p->at[p->n++] = i;
}

/* The call asks whether an error means "cancelled": the local variable that holds the error; 0: it does not.
 */
static ir_val asked_error(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct api_func *d = scan_model(s, f, in);
	for (const struct api_role *r = NULL; d && (r = api_role_next(d, API_ROLE_RESULT, r));) {
		if (strcmp(r->means, "cancelled") != 0 || scan_test(f, in, &r->only) != TRI_TRUE)
			continue;
		const struct ir_instruction *load =
		        ir_nargs(in) ? ir_def(f, ir_strip_casts(f, ir_arg(f, in, 0))) : NULL;
		return load && load->op == IR_LOAD ? scan_local_around(f, ir_operand(f, load, 0)) : 0;
	}
	return 0;
}

/* A token of the function that a call is given, other than for its values. */
static ir_val given_token(const struct solution *s, const struct ir_func *f, const struct ir_instruction *in)
{
	const struct ir_func *callee = &s->program->unit->funcs[ir_callee(f, in)];
	for (uint32_t k = 0; k < ir_nargs(in) && k < callee->nparams; k++) {
		ir_val v = ir_strip_casts(f, ir_arg(f, in, k));
		if (program_is_token(s->program, callee->params[k].ctype) && f->vals[v].kind == IR_VAL_PARAM)
			return v;
	}
	return 0;
}

/* Places that tell what became of the operation: questions about its error or its token. */
static void find_questions(const struct solution *s, uint32_t func, ir_val error, ir_val token,
                           struct places *of_error, struct places *any)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		const struct api_func *d = ir_is_call(in) ? scan_model(s, f, in) : NULL;
		bool about_token = d && scan_gets(f, in, token) &&
		                   (api_role_of(d, API_ROLE_POLL) || api_role_of(d, API_ROLE_RENEW));
		bool about_error = d && error && asked_error(s, f, in) == error;
		if (about_error)
			add(of_error, i);
		if (about_error || about_token)
			add(any, i);
	}
}

/* The operation that fills the error and gets the token, and is followed by the clean-up and then the
 * question. */
static ir_instr operation_before(const struct solution *s, uint32_t func, ir_val token, ir_val error,
                                 ir_instr cleanup, const struct places *of_error, const struct places *any)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	for (ir_instr i = 1; i < f->ninstrs; i++) {
		const struct ir_instruction *in = &f->instrs[i];
		if (i == cleanup || !ir_is_call(in) || !scan_gets(f, in, token) || !scan_gets(f, in, error) ||
		    !ways_around(s, func, i, cleanup, any->at, any->n))
			continue;
		for (uint32_t k = 0; k < of_error->n; k++)
			if (ways_around(s, func, cleanup, of_error->at[k], &i, 1))
				return i;
	}
	return 0;
}

static void look_at(const struct solution *s, uint32_t func, ir_instr cleanup,
                    void (*each)(void *, const struct asked_late *), void *ctx)
{
	const struct ir_func *f = &s->program->unit->funcs[func];
	ir_val token = given_token(s, f, &f->instrs[cleanup]);
	for (ir_instr i = 1; token && i < f->ninstrs; i++) {
		ir_val error = ir_is_call(&f->instrs[i]) ? asked_error(s, f, &f->instrs[i]) : 0;
		struct places of_error = {0}, any = {0};
		if (!error || scan_gets(f, &f->instrs[cleanup], error) ||
		    !ways_around(s, func, cleanup, i, NULL, 0))
			continue;
		find_questions(s, func, error, token, &of_error, &any);
		ir_instr op = operation_before(s, func, token, error, cleanup, &of_error, &any);
		if (!op)
			continue;
		each(ctx, &(struct asked_late){func, op, cleanup, i, token});
		return;
	}
}

void solve_asked_late(const struct solution *s, void (*each)(void *ctx, const struct asked_late *a),
                      void *ctx)
{
	const struct program *p = s->program;
	for (uint32_t func = 1; func < p->unit->nfuncs; func++) {
		const struct ir_func *f = &p->unit->funcs[func];
		if (!p->cfgs[func] || !p->relevant[func])
			continue;
		for (PROGRAM_EACH_CALL(p, func, c)) {
			const struct ir_instruction *in = &f->instrs[c->at];
			if (c->callee && cfg_reachable(p->cfgs[func], in->block) && given_token(s, f, in) &&
			    done_is_cleanup(s, f, in, c->callee))
				look_at(s, func, c->at, each, ctx);
		}
	}
}
